"""The page in Chromium: what a person sees, hears of and reaches with the keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.chromium import WIDE, Chromium, calm, serious
from tests.support.echo_bot import COLOURS, plain
from tests.support.office import Office, opened
from tests.support.sample_mail import sample_mail

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture
def office(tmp_path: Path, chromium: Chromium) -> Iterator[Office]:
    """The office; in the end no script has failed, and the pages' own security policy forbade nothing."""
    with opened(tmp_path) as found:
        yield found
        complaints = [text for kind, text in chromium.tabs().heard if _is_complaint(kind, text)]
        chromium.clear()
        assert complaints == []


def _is_complaint(kind: str, text: str) -> bool:
    return kind == "pageerror" or (
        kind != "requestfailed" and ("Content Security Policy" in text or "htmx" in text)
    )


def visit(chromium: Chromium, office: Office, query: str = "?as=U0001") -> Page:
    """Open the page as somebody and wait until it hears of changes; its errors fail the test."""
    page = chromium.tabs().open(WIDE, 5000)
    go(page, office, query)
    return page


def go(page: Page, office: Office, query: str) -> None:
    """The same in a tab that is open."""
    page.goto(f"{office.url}/{query}")
    if "as=" in query:
        page.wait_for_selector("body[data-live]")


def command(page: Page, text: str) -> None:
    page.fill("#say", text)
    page.keyboard.press("Enter")


def focused(page: Page) -> str:
    found: str = page.evaluate("document.activeElement.id || document.activeElement.tagName")
    return found


def seriously_wrong(page: Page) -> list[str]:
    """What axe-core finds in the light and in the dark."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    found = serious(page)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    return found + [f"dark {one}" for one in serious(page)]


def test_a_person_is_chosen_and_fills_in_a_form(chromium: Chromium, office: Office) -> None:
    page = visit(chromium, office, "")
    page.get_by_role("link", name="Åsa Lind").click()
    page.wait_for_selector("body[data-live]")
    page.click("#say")
    page.keyboard.type("/e")
    page.get_by_role("option", name="/echo").wait_for()
    page.keyboard.press("Tab")
    page.keyboard.type("lyft")
    page.keyboard.press("Enter")
    modal = page.get_by_role("dialog", name="Lyft ett ärende")
    modal.wait_for()
    question = modal.get_by_label("Vad ska mötet ge svar på?")
    question.fill("errors")
    modal.get_by_label("Grön").first.check()
    modal.get_by_role("button", name="Lyft ärendet").click()
    page.wait_for_selector("#modal .error")
    assert question.get_attribute("aria-invalid") == "true"
    described = (question.get_attribute("aria-describedby") or "").split()
    assert page.locator("#" + described[-1]).inner_text() == "Skriv inte personnummer här."
    assert question.input_value() == "errors"
    assert focused(page) == question.get_attribute("id")
    question.fill("Vad kan arbetsgivaren göra?")
    modal.get_by_role("button", name="Lyft ärendet").click()
    modal.wait_for(state="hidden")
    values = office.bot.last("view_submission")["view"]["state"]["values"]
    assert values["question"]["question"]["value"] == "Vad kan arbetsgivaren göra?"
    assert [one["value"] for one in values["parties"]["parties"]["selected_options"]] == ["red", "green"]


def test_every_kind_of_input_reaches_the_bot(chromium: Chromium, office: Office) -> None:
    page = visit(chromium, office)
    page.locator("#shortcuts summary").click()
    page.get_by_role("button", name="Lyft ett ärende").click()
    modal = page.get_by_role("dialog", name="Lyft ett ärende")
    modal.get_by_label("Vad ska mötet ge svar på?").fill("En fråga")
    modal.get_by_role("group", name="Hur bråttom är det?").get_by_label("Röd").check()
    modal.get_by_role("group", name="Frågor").get_by_label("Blå").check()
    modal.get_by_label("Datum").fill("2026-12-01")
    modal.get_by_label("Klockslag").fill("13:30")
    modal.get_by_label("År").fill("1980")
    modal.get_by_label("E-post").fill("a@b.se")
    modal.get_by_label("Ärendets ägare").select_option("U0002")
    modal.get_by_role("group", name="Personer").get_by_label("Grace Bell").check()
    place = modal.get_by_label("Plats (frivilligt)")
    place.locator("option", has_text="Tierp").wait_for(state="attached")
    place.select_option("tierp")
    modal.get_by_role("group", name="Platser").get_by_label("Burlöv").check()
    modal.get_by_label("Kanal").select_option("C0001")
    modal.get_by_role("button", name="Lyft ärendet").click()
    modal.wait_for(state="hidden")
    sent = office.bot.last("view_submission")["view"]["state"]["values"]
    values = {name: next(iter(value.values())) for name, value in sent.items()}
    assert values["urgency"]["selected_option"]["value"] == "red"
    assert values["categories"]["selected_options"][0]["value"] == "blue"
    assert (values["day"]["selected_date"], values["time"]["selected_time"]) == ("2026-12-01", "13:30")
    assert (values["year"]["value"], values["mail"]["value"]) == ("1980", "a@b.se")
    assert (values["owner"]["selected_user"], values["people"]["selected_users"]) == ("U0002", ["U0003"])
    assert values["place"]["selected_option"]["value"] == "tierp"
    assert values["places"]["selected_options"][0]["value"] == "burlöv"
    assert values["channel"]["selected_channel"] == "C0001"
    assert office.workspace.problems() == ()


def test_the_form_changes_with_a_choice_and_keeps_what_was_typed(chromium: Chromium, office: Office) -> None:
    page = visit(chromium, office)
    command(page, "/echo")
    question = page.get_by_label("Vad ska mötet ge svar på?")
    question.fill("Redan skrivet")
    page.get_by_label("Team", exact=True).select_option("blue")
    page.get_by_text("Team: blue").wait_for()
    assert question.input_value() == "Redan skrivet"
    assert page.get_by_label("Team", exact=True).input_value() == "blue"


def test_the_modal_by_keyboard(chromium: Chromium, office: Office) -> None:
    page = visit(chromium, office)
    command(page, "/echo")
    modal = page.get_by_role("dialog", name="Lyft ett ärende")
    modal.wait_for()
    page.wait_for_function("document.querySelector('#modal').contains(document.activeElement)")
    page.keyboard.press("Escape")
    modal.wait_for(state="hidden")
    page.wait_for_function("document.activeElement.id === 'say'")
    assert office.bot.last("view_closed")["view"]["callback_id"] == "form"


def test_a_form_that_takes_anothers_place_is_seen_from_its_top(chromium: Chromium, office: Office) -> None:
    page = visit(chromium, office)
    command(page, "/echo")
    page.get_by_label("Vad ska mötet ge svar på?").fill("long")
    page.get_by_label("Team", exact=True).select_option("blue")
    page.get_by_text("Team: blue").wait_for()
    body = page.locator("#modal .modalbody")
    page.get_by_label("Samtal").focus()
    far = body.evaluate("one => one.scrollTop")
    with page.expect_response("**/modal/show**"):
        page.evaluate("htmx.trigger(document.body, 'refresh')")
    calm(page)
    assert far > 0
    assert body.evaluate("one => one.scrollTop") == far
    page.click("#modal-submit")
    page.get_by_text("Bokat.").wait_for()
    page.wait_for_function("document.activeElement.id === 'modal-title'")
    assert body.evaluate("one => one.scrollTop") == 0


def test_a_pushed_view_lies_on_the_first(chromium: Chromium, office: Office) -> None:
    page = visit(chromium, office)
    command(page, "/echo")
    page.get_by_label("Vad ska mötet ge svar på?").fill("push")
    page.click("#modal-submit")
    page.get_by_text("Bokat.").wait_for()
    page.click("#modal-close")
    page.get_by_label("Vad ska mötet ge svar på?").wait_for()
    page.click("#modal-x")
    page.get_by_role("dialog").wait_for(state="hidden")


def test_trouble_is_said_and_the_form_kept(chromium: Chromium, office: Office) -> None:
    page = visit(chromium, office)
    command(page, "/echo")
    page.get_by_label("Vad ska mötet ge svar på?").fill("silence")
    page.click("#modal-submit")
    page.get_by_text("We had some trouble connecting. Try again?").wait_for()
    assert page.get_by_label("Vad ska mötet ge svar på?").input_value() == "silence"
    page.locator("#problems").get_by_text("http_error 404").wait_for()


def test_messages_arrive_and_their_buttons_work(chromium: Chromium, office: Office) -> None:
    page = visit(chromium, office)
    office.actor().command("/echo", "bjud")
    page.get_by_role("button", name="Jag kan inte").wait_for()
    page.get_by_role("button", name="Jag kan inte").click()
    box = page.get_by_role("dialog", name="Tacka nej?")
    box.get_by_text("Samordnaren får veta det.").wait_for()
    box.get_by_role("button", name="Ångra").click()
    assert [one for one in office.bot.heard if one.get("type") == "block_actions"] == []
    page.get_by_role("button", name="Jag kan inte").click()
    box.get_by_role("button", name="Ja, tacka nej").click()
    page.get_by_text("Du kan inte.").wait_for()
    assert page.get_by_role("button", name="Jag kan inte").count() == 0


def test_a_click_holds_while_the_page_is_drawn_anew(chromium: Chromium, office: Office) -> None:
    page = visit(chromium, office)
    office.actor().command("/echo", "bjud")
    button = page.get_by_role("button", name="Jag kan inte")
    button.hover()
    page.mouse.down()
    office.actor().say("Ett ord till")
    page.get_by_text("Ett ord till").wait_for()
    page.mouse.up()
    page.get_by_role("dialog", name="Tacka nej?").wait_for()
    office.actor().say("Och ett")
    page.get_by_text("Och ett").wait_for(state="attached")
    page.get_by_role("button", name="Ja, tacka nej").click()
    page.get_by_text("Du kan inte.").wait_for()


def test_an_open_menu_and_the_caret_stay_while_the_page_is_drawn_anew(
    chromium: Chromium, office: Office
) -> None:
    page = visit(chromium, office, "?as=U0001&at=home")
    page.get_by_role("heading", name="Kommande möten").wait_for()
    overflow = {"type": "overflow", "action_id": "more", "options": COLOURS}
    view: dict[str, Any] = {
        "type": "home",
        "blocks": [{"type": "actions", "block_id": "b", "elements": [overflow]}],
    }
    office.workspace.core.views.publish("U0001", view)
    page.locator("#home details.menu summary").click()
    view["blocks"].append({"type": "section", "text": plain("Nytt på sidan")})
    office.workspace.core.views.publish("U0001", view)
    page.get_by_text("Nytt på sidan").wait_for()
    with page.expect_response("**/ui/click**"):
        page.get_by_role("button", name="Blå").click()
    assert office.bot.last("block_actions")["actions"][0]["selected_option"]["value"] == "blue"

    go(page, office, "?as=U0001")
    command(page, "/echo")
    question = page.get_by_label("Vad ska mötet ge svar på?")
    question.fill("Vad kan göra?")
    for _ in range(len(" göra?")):
        page.keyboard.press("ArrowLeft")
    page.keyboard.type(" arbetsgivaren")
    with page.expect_response("**/modal/show**"):
        page.evaluate("htmx.trigger(document.body, 'refresh')")
    page.keyboard.type(" själv")
    assert question.input_value() == "Vad kan arbetsgivaren själv göra?"


def test_two_tabs_are_two_people(chromium: Chromium, office: Office) -> None:
    one, two = visit(chromium, office), visit(chromium, office, "?as=U0003&at=C0001")
    assert two.get_by_text("Only for trying things out.").is_visible()
    assert one.get_by_text("Endast för att prova.").is_visible()
    command(two, "Hello <b>all</b>")
    one.bring_to_front()
    one.get_by_role("link", name="samverkan-tierp 1 olästa").click()
    one.get_by_text("Hello <b>all</b>").wait_for()
    assert one.get_by_role("link", name="samverkan-tierp").inner_text().strip().endswith("samverkan-tierp")
    two.bring_to_front()
    command(two, "/echo hjälp")
    two.get_by_text("Only visible to you").wait_for()
    assert one.get_by_text("så öppnas formuläret").count() == 0


def test_the_home_tab(chromium: Chromium, office: Office) -> None:
    page = visit(chromium, office)
    page.get_by_role("link", name="Samtid · Hem").click()
    page.get_by_role("heading", name="Kommande möten").wait_for()
    with page.expect_response("**/ui/click**"):
        page.get_by_role("button", name="Visa").click()
    assert office.bot.last("block_actions")["container"]["type"] == "view"


def test_choices_outside_a_form(chromium: Chromium, office: Office) -> None:
    """Checkboxes and selects on the Home tab tell the bot at once, with everything that is chosen."""
    page = visit(chromium, office, "?as=U0001&at=home")
    page.get_by_role("heading", name="Kommande möten").wait_for()
    boxes = {"type": "checkboxes", "action_id": "pick", "options": COLOURS, "initial_options": COLOURS[:1]}
    select = {
        "type": "static_select",
        "action_id": "choose",
        "options": COLOURS,
        "placeholder": plain("Färg"),
    }
    view = {"type": "home", "blocks": [{"type": "actions", "block_id": "b", "elements": [boxes, select]}]}
    office.workspace.core.views.publish("U0001", view)
    with page.expect_response("**/ui/click**"):
        page.get_by_label("Blå").check()
    chosen = office.bot.last("block_actions")["actions"][0]["selected_options"]
    assert [one["value"] for one in chosen] == ["red", "blue"]
    with page.expect_response("**/ui/click**"):
        page.get_by_label("Färg").select_option("green")
    assert office.bot.last("block_actions")["actions"][0]["selected_option"]["value"] == "green"
    held = office.bot.last("block_actions")["view"]["state"]["values"]["b"]["pick"]["selected_options"]
    assert [one["value"] for one in held] == ["red", "blue"]


def test_a_mail_is_read_and_its_script_does_not_run(chromium: Chromium, office: Office) -> None:
    page = visit(chromium, office)
    office.workspace.mailbox.deliver("asa@kommun.example", sample_mail())
    page.get_by_role("link", name="E-post 1 olästa").click()
    page.get_by_role("link", name="Samverkansmöte Tierp").click()
    card = page.get_by_role("region", name="Kalenderdel")
    card.get_by_text("Kalenderdel · METHOD:REQUEST").wait_for()
    card.get_by_text("tisdag 1 december 2026 kl. 13:30–14:00").wait_for()
    frame = page.frame_locator("iframe")
    frame.get_by_role("heading", name="Samverkansmöte").wait_for()
    assert page.title() != "broken out"
    card.get_by_text("Visa hela kalenderfilen").click()
    assert "BEGIN:VCALENDAR" in card.inner_text()


def test_the_clock_moves(chromium: Chromium, office: Office) -> None:
    page = visit(chromium, office)
    page.get_by_role("button", name="Fram en dag").click()
    page.get_by_text("tisdag 24 november 2026 kl. 09:00").wait_for()
    page.get_by_text("Påminnelse, TIE-2026-014").wait_for()
    page.get_by_role("button", name="Till nästa händelse").click()
    page.get_by_text("torsdag 26 november 2026 kl. 08:00").wait_for()
    page.get_by_text("Inget väntar").wait_for()


def test_a_violation_is_a_red_line_until_it_is_cleared(chromium: Chromium, office: Office) -> None:
    page = visit(chromium, office)
    command(page, "/echo trasig")
    page.get_by_text("must be less than 25 characters [json-pointer:/view/title/text]").wait_for()
    page.get_by_role("button", name="Ta bort").click()
    page.locator(".problems").wait_for(state="hidden")


def test_axe_finds_nothing_serious(chromium: Chromium, office: Office) -> None:
    person = office.actor()
    person.say("Hej")
    person.command("/echo", "hjälp")
    person.command("/echo", "bjud")
    office.workspace.mailbox.deliver("asa@kommun.example", sample_mail())
    person.open_home()
    office.workspace.core.problem("views.open", "[ERROR] an example")
    page = visit(chromium, office, "")
    found = seriously_wrong(page)
    for query in ("?as=U0001&at=home", "?as=U0001&at=mail&mail=1", "?as=U0003&at=C0001", "?as=U0001"):
        go(page, office, query)
        found += seriously_wrong(page)
    page.get_by_role("button", name="Jag kan inte").click()
    found += seriously_wrong(page)
    page.click("#confirm-no")
    command(page, "/echo")
    page.get_by_role("dialog", name="Lyft ett ärende").wait_for()
    page.click("#modal-submit")
    page.wait_for_selector("#modal .error")
    found += seriously_wrong(page)
    assert found == []


def test_a_narrow_window_scrolls_in_one_direction(chromium: Chromium, office: Office) -> None:
    page = visit(chromium, office, "?as=U0001&at=C0001")
    page.set_viewport_size({"width": 360, "height": 720})
    assert page.evaluate("document.documentElement.scrollWidth") == 360
