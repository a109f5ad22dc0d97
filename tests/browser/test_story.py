"""The story of a first day, in Chromium against the program as people start it, in both languages."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from babel.dates import format_date

from schedules.texts.words import Words
from tests.support.chromium import WIDE, Chromium, Tabs, calm, serious
from tests.support.samtid_process import ROOT, Installation

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("story")]
MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # 09:00 in Stockholm; the next meeting is the day after
MAJA, SAMUEL, HELENA, NASRIN, DANIEL, MIRJAM = "U0004", "U0005", "U0002", "U0009", "U0012", "U0015"
STRANGER = "U0999"
IMAGES = ROOT / "docs" / "images"
COMPLAINTS = {"pageerror", "error", "warning"}
PATIENCE = 30_000  # milliseconds: a tick comes every second, and the machine may be busy
SWEDISH = re.compile(
    r"\b(ärende\w*|möte\w*|kallels\w+|kl|och|är|inte|välj|plats|påminnelse|handläggare)\b", re.IGNORECASE
)


@dataclass
class Stage:
    """The tabs of one language, and the program's address."""

    tabs: Tabs
    url: str
    language: str

    def __post_init__(self) -> None:
        self.words = Words(self.language)

    def open(self) -> Page:
        """A tab. Without transitions axe-core never sees a colour on its way from light to dark."""
        return self.tabs.open(WIDE, PATIENCE, reduced_motion="reduce")

    def visit(self, person: str, at: str = "") -> Page:
        """Open the page as somebody and wait until it hears of changes."""
        page = self.open()
        page.goto(f"{self.url}/?as={person}&at={at}")
        page.wait_for_selector("body[data-live]")
        return page

    def close(self, *pages: Page) -> None:
        """Nothing red on these pages, nothing in the console; then leave them."""
        for page in pages:
            assert page.locator(".problems").count() == 0
            self.tabs.put_back(page)
        assert [text for kind, text in self.tabs.heard if kind in COMPLAINTS] == []


def set_on(chromium: Chromium, url: str, language: str) -> Stage:
    """The stage for a reader of the language."""
    from playwright.sync_api import expect

    expect.set_options(timeout=PATIENCE)
    return Stage(chromium.tabs("sv-SE" if language == "sv" else "en-GB"), url, language)


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    found = Installation(tmp_path)
    found.begin_at(MONDAY)
    return found


def see(place: Locator, words: str) -> None:
    """Wait until the place says this."""
    from playwright.sync_api import expect

    expect(place).to_contain_text(words)


def gone(place: Locator) -> None:
    from playwright.sync_api import expect

    expect(place).to_have_count(0)


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def accessible(page: Page) -> None:
    """What axe-core finds serious or critical: nothing. In dark, too, by test_workspace_page."""
    assert serious(page) == []


def picture(page: Page, name: str) -> None:
    """Leave a picture for the README, when asked to."""
    if os.environ.get("SAMTID_SCREENSHOTS"):
        IMAGES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=IMAGES / f"{name}.png")


def reach(page: Page, goal: Locator) -> None:
    """Press Tab until the goal has the focus."""
    for _ in range(40):
        if goal.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {goal}")


def press(page: Page, goal: Locator, key: str = "Space") -> None:
    """Reach the goal by keyboard and press a key there."""
    calm(page)  # the answer before may have changed the form
    reach(page, goal)
    page.keyboard.press(key)


def type_day(page: Page, goal: Locator, day: str) -> None:
    """Type a date: the browser's own settings decide in which order it wants the parts."""
    reach(page, goal)
    for order in ("%m%d%Y", "%Y%m%d", "%d%m%Y"):
        page.keyboard.type(date.fromisoformat(day).strftime(order))
        if goal.input_value() == day:
            return
        goal.evaluate("one => { one.value = ''; one.blur(); one.focus(); }")
    raise AssertionError("the browser takes no date")


def raise_by_keyboard(stage: Stage, page: Page) -> None:
    """Open, fill in and submit the form without touching the mouse."""
    w, form = stage.words, page.get_by_role("dialog", name=stage.words("referral_submit.title"))
    reach(page, page.locator("#say"))
    page.keyboard.type("/samtid lyft")
    page.keyboard.press("Enter")
    see(form, w("referral_submit.protected_identity.label"))
    field = form.get_by_role
    with page.expect_response(re.compile("/ui/modal/show")):  # the form follows, though nothing in it changes
        press(page, field("radio", name=w("referral_submit.protected_identity.no"), exact=True))
    press(page, form.get_by_label("Försäkringskassan", exact=True))
    see(form, "Personen har skriftligt samtyckt till att Tierps kommun och Försäkringskassan")
    press(page, form.get_by_label("Arbetsförmedlingen", exact=True))
    see(form, "Tierps kommun, Försäkringskassan och Arbetsförmedlingen")
    press(page, form.get_by_label(w("referral_submit.consent.given"), exact=True))
    type_day(page, form.get_by_label(w("referral_submit.consent_date.label")), "2026-11-20")
    press(page, form.get_by_label(w("category.work_ability"), exact=True))
    reach(page, form.get_by_label(w("referral_submit.question.label")))
    page.keyboard.type("Hur kan vi samordna stödet så att återgången till arbetet håller?")
    press(page, form.get_by_label(w("takes_part.in_room"), exact=True))
    accessible(page)
    press(page, form.get_by_role("button", name=w("referral_submit.submit")), "Enter")


def raise_by_mouse(stage: Stage, page: Page) -> None:
    """Open the form, be told what is missing, fill it in, submit."""
    w, form = stage.words, page.get_by_role("dialog", name=stage.words("referral_submit.title"))
    page.fill("#say", "/samtid refer")
    page.click("text=Send")
    form.get_by_role("radio", name="No", exact=True).check()
    form.get_by_label("Försäkringskassan", exact=True).check()
    form.get_by_label("Arbetsförmedlingen", exact=True).check()
    see(form, "Tierps kommun, Försäkringskassan and Arbetsförmedlingen")
    form.get_by_label(w("referral_submit.consent.given")).check()
    form.get_by_label(w("referral_submit.consent_date.label")).fill("2026-11-20")
    form.get_by_label(w("category.work_ability"), exact=True).check()
    question = form.get_by_label(w("referral_submit.question.label"))
    question.fill("Call 070-174 06 05 about the plan")
    form.get_by_label(w("takes_part.in_room"), exact=True).check()
    form.get_by_role("button", name=w("referral_submit.submit")).click()
    form.locator(".error").wait_for()
    assert question.input_value() == "Call 070-174 06 05 about the plan"
    accessible(page)
    question.fill("How can we plan the way back to work together?")
    form.get_by_role("button", name=w("referral_submit.submit")).click()


def until_seen(page: Page, words: str, next_button: str, day: str) -> None:
    """Move the clock from one due thing to the next until, on that day, the conversation says this.

    What is sent is on its way for a moment: to move on meanwhile would go past it. Of several things that are
    due at once the page names any.
    """
    from playwright.sync_api import expect

    messages, due = page.locator("#messages"), page.locator("#due")
    for _ in range(30):
        waiting = due.inner_text()
        button(page, next_button).click()
        expect(due).not_to_have_text(waiting)
        if day in waiting:
            with suppress(AssertionError):
                expect(messages).to_contain_text(words, timeout=10_000)
                return
    raise AssertionError(f"never seen: {words}")


@dataclass(frozen=True)
class Tale:
    """The words of one language that the story turns on, and who tells it."""

    language: str
    referrer: str
    guest: str
    party: str
    time: str
    too_near: str
    tell: Callable[[Stage, Page], None]
    mail: str
    next: str
    day: str
    new_time: str = ""
    new_day: str = ""


TALES = (
    Tale(
        "sv",
        MAJA,
        NASRIN,
        "Försäkringskassan",
        "Tisdag 8 december kl. 13:00–13:30",
        "Tisdag 24 november är för nära",
        raise_by_keyboard,
        "E-post",
        "Till nästa händelse",
        "Fram en dag",
    ),
    Tale(
        "en",
        SAMUEL,
        DANIEL,
        "Arbetsförmedlingen",
        "Tuesday 8 December, 13:00–13:30",
        "Tuesday 24 November is too soon",
        raise_by_mouse,
        "Mail",
        "To the next event",
        "Forward a day",
        "Tuesday 22 December, 13:00–13:30",
        "22 December",
    ),
)


@pytest.mark.parametrize("tale", TALES, ids=lambda tale: tale.language)
def test_story(chromium: Chromium, installation: Installation, tale: Tale) -> None:
    running = installation.start()
    try:
        stage = set_on(chromium, installation.url, tale.language)
        assert installation.url in running.said
        _first_page(stage)
        _choose_language(stage)
        referrer = _raise(stage, tale)
        _confirm(stage, tale)
        _answer(stage, tale, referrer)
        _remind(stage, tale)
        if tale.language == "en":
            _cancel(stage, tale)
        _only_the_requested(stage)
        stage.tabs.clear()
        # What Ctrl-C leaves unsaid: no traceback, no warning, nothing.
        assert running.interrupt() == (0, "", "")
        if tale.language == "sv":
            _starts_again(chromium, installation, tale)
    finally:
        running.kill()


def _first_page(stage: Stage) -> None:
    """Somebody new sees what to do first, in the own language."""
    page = stage.open()
    page.goto(f"{stage.url}/?lang={stage.language}")
    see(page.locator(".guide"), stage.words("local.guide.raise"))
    accessible(page)
    stage.close(page)


def _choose_language(stage: Stage) -> None:
    """The coordinator's file says Swedish; on the Home tab she chooses for herself."""
    page = stage.visit(HELENA, "home")
    page.get_by_label("Språk").select_option(stage.language)
    see(page.locator("#home"), stage.words("home.nothing_to_decide"))
    stage.close(page)


def _raise(stage: Stage, tale: Tale) -> Page:
    """The case gets its time, and the reason why it is not earlier."""
    w, page = stage.words, stage.visit(tale.referrer)
    tale.tell(stage, page)
    done = page.get_by_role("dialog", name=w("referral_details.title"))
    see(done, tale.time)
    see(done, tale.too_near)
    see(done, f"{tale.party}:")
    assert "Mirjam Sandberg" not in done.inner_text()
    accessible(page)
    page.keyboard.press("Escape")
    done.wait_for(state="hidden")
    return page


def _confirm(stage: Stage, tale: Tale) -> None:
    """The coordinator reads the proposal in the own language and confirms it."""
    home = stage.visit(HELENA, "home")
    see(home.locator("#home"), stage.words("home.proposals"))
    see(home.locator("#home"), tale.time)
    accessible(home)
    page = stage.visit(HELENA)
    see(page.locator("#messages"), "TIE-2026-001")
    picture(page, "workspace") if stage.language == "sv" else None
    confirm = stage.words("button.confirm")
    button(page, confirm).click()
    gone(button(page, confirm))
    gone(button(home, confirm))
    stage.close(home, page)


def _answer(stage: Stage, tale: Tale, referrer: Page) -> None:
    """The requested parties are called by chat and mail, and say that they come."""
    w = stage.words
    for person in (NASRIN, DANIEL, HELENA):
        page = stage.visit(person)
        mine = person == tale.guest
        if mine:
            _read_the_mail(stage, tale)
            accessible(page)
            _in_own_language(stage, page)
        come = page.get_by_role("button", name=re.compile("^(Jag kommer|I’m coming)$")).first
        come.click()
        gone(page.get_by_role("button", name=re.compile("^(Jag kommer|I’m coming)$")))
        if mine:
            see(page.locator("#messages"), w("card.answered.accepted"))
        stage.close(page)
    see(referrer.locator("#messages"), w("all_accepted.title"))
    _in_own_language(stage, referrer)
    stage.close(referrer)


def _read_the_mail(stage: Stage, tale: Tale) -> None:
    page = stage.visit(tale.guest, "mail")
    page.locator("#mails a").first.click()
    card = page.locator("section.card")
    see(card, "METHOD:REQUEST")
    see(card, "13:00–13:30")
    see(card, tale.party)
    page.frame_locator("iframe").get_by_text("TIE-2026-001").first.wait_for()
    accessible(page)
    _in_own_language(stage, page)
    stage.close(page)


def _remind(stage: Stage, tale: Tale) -> None:
    """The clock moves on: the agenda, the reminder of the day before, the link in the morning."""
    w, page = stage.words, stage.visit(tale.guest)
    until_seen(page, w("agenda.title", day=_day(stage)), tale.next, _short(date(2026, 12, 1), stage))
    day_before = w.count("day_before.text", 1, day=_day(stage), spans="13:00–13:30")
    until_seen(page, day_before, tale.next, _short(date(2026, 12, 7), stage))
    button(page, tale.day).click()
    see(page.locator("#messages"), w("morning.title"))
    _in_own_language(stage, page)
    stage.close(page)


def _cancel(stage: Stage, tale: Tale) -> None:
    """The meeting falls away in the morning: the case has a new time, those called one message."""
    w, guest = stage.words, stage.visit(tale.guest)
    messages = guest.locator("#messages")
    title = w("changes.title.cancelled", day=_day(stage))
    gone(messages.get_by_text(title))
    home = stage.visit(HELENA, "home")
    button(home, w("interface.button.meeting_cancel")).first.click()
    preview = home.get_by_role("dialog", name=w("plan_preview.title.meeting_cancel"))
    see(preview, w("plan_preview.nothing_yet"))
    see(preview, tale.new_time)
    accessible(home)
    preview.get_by_role("button", name=w("plan_preview.submit.meeting_cancel"), exact=True).click()
    preview.wait_for(state="hidden")
    see(messages, tale.new_day)
    see(messages, title)
    _in_own_language(stage, guest)
    mail = stage.visit(tale.guest, "mail")
    from playwright.sync_api import expect

    expect(mail.locator("#mails a")).to_have_count(2)
    mail.locator("#mails a").first.click()
    card = mail.locator("section.card")
    see(card, "METHOD:REQUEST")
    see(card, tale.new_day)
    card.get_by_text("SEQUENCE").first.wait_for(state="attached")
    stage.close(guest, home, mail)


def _short(day: date, stage: Stage) -> str:
    """As the page's clock says it: "1 dec."."""
    return format_date(day, "d MMM", locale=stage.language)


def _day(stage: Stage) -> str:
    return stage.words.day(date(2026, 12, 8))


def _only_the_requested(stage: Stage) -> None:
    """Who was not asked for has heard nothing, by chat or by mail; a stranger is refused."""
    page = stage.visit(MIRJAM)
    assert page.locator("#messages article").count() == 0
    mail = stage.visit(MIRJAM, "mail")
    assert mail.locator("#mails a").count() == 0
    stranger = stage.visit(STRANGER)
    stranger.fill("#say", "/samtid lyft")
    stranger.keyboard.press("Enter")
    see(stranger.get_by_role("dialog", name="Samtid"), "Birgitta Ståhl")
    assert stranger.locator("#modal input:not([type=hidden])").count() == 0
    stage.close(page, mail, stranger)


def _in_own_language(stage: Stage, page: Page) -> None:
    """An English reader's page has no Swedish in it but names."""
    if stage.language == "en":
        assert SWEDISH.findall(page.inner_text("body")) == []


def _starts_again(chromium: Chromium, installation: Installation, tale: Tale) -> None:
    """The next start has everything: cases, messages, mails, the clock."""
    again = installation.start()
    try:
        stage = set_on(chromium, installation.url, tale.language)
        page = stage.visit(tale.guest)
        see(page.locator("#messages"), stage.words("card.answered.accepted"))
        see(page.locator("#clock"), "8 december" if tale.language == "sv" else "8 December")
        mail = stage.visit(tale.guest, "mail")
        see(mail.locator("#mails"), "TIE-2026-001")
        stage.close(page, mail)
        stage.tabs.clear()
        assert again.interrupt() == (0, "", "")
    finally:
        again.kill()
