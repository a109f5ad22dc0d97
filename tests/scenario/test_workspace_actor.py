"""A person's steps through the stand-in, over signed HTTP, with a Bolt app on the other side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.echo_bot import every_input
from tests.support.office import Office, opened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with opened(tmp_path) as found:
        yield found


def test_a_command_opens_a_form_and_its_state_holds_every_input(office: Office) -> None:
    person = office.actor()
    assert person.command("/echo", "lyft").ok
    assert person.modal is not None
    assert {name: next(iter(value.values())) for name, value in person.values.items()} == {
        "team": {"type": "static_select", "selected_option": every_input()[1]["element"]["initial_option"]},
        "question": {"type": "plain_text_input", "value": None},
        "reference": {"type": "plain_text_input", "value": None},
        "parties": {"type": "checkboxes", "selected_options": every_input()[4]["element"]["initial_options"]},
        "urgency": {"type": "radio_buttons", "selected_option": None},
        "categories": {"type": "multi_static_select", "selected_options": []},
        "day": {"type": "datepicker", "selected_date": "2026-11-23"},
        "time": {"type": "timepicker", "selected_time": None},
        "year": {"type": "number_input", "value": None},
        "mail": {"type": "email_text_input", "value": None},
        "owner": {"type": "users_select", "selected_user": None},
        "people": {"type": "multi_users_select", "selected_users": []},
        "place": {"type": "external_select", "selected_option": None},
        "places": {"type": "multi_external_select", "selected_options": []},
        "channel": {"type": "channels_select", "selected_channel": None},
        "talk": {"type": "conversations_select", "selected_conversation": None},
    }
    heard = office.bot.heard[0]
    assert (heard["command"], heard["text"], heard["user_id"]) == ("/echo", "lyft", "U0001")
    assert heard["channel_name"] == "directmessage"


def test_what_was_filled_in_reaches_the_bot(office: Office) -> None:
    person = office.actor()
    person.shortcut("new")
    given = {"question": "Vad kan arbetsgivaren göra?", "urgency": "green", "categories": ["red", "blue"]}
    chosen = {"owner": "U0002", "people": ["U0003"], "place": "tierp", "places": ["burlöv"], "time": "13:30"}
    for name, value in {**given, **chosen, "year": "1980", "parties": []}.items():
        person.fill(name, value)
    person.fill("parties", ["green"])
    person.submit()
    assert person.modal is None
    sent = office.bot.heard[-1]
    values = {name: next(iter(value.values())) for name, value in sent["view"]["state"]["values"].items()}
    assert sent["type"] == "view_submission"
    assert values["question"]["value"] == "Vad kan arbetsgivaren göra?"
    assert values["urgency"]["selected_option"]["value"] == "green"
    assert [one["value"] for one in values["categories"]["selected_options"]] == ["red", "blue"]
    assert [one["value"] for one in values["parties"]["selected_options"]] == ["green"]
    assert values["owner"]["selected_user"] == "U0002"
    assert values["people"]["selected_users"] == ["U0003"]
    assert values["place"]["selected_option"]["text"]["text"] == "Tierp"
    assert [one["value"] for one in values["places"]["selected_options"]] == ["burlöv"]
    assert values["time"]["selected_time"] == "13:30"
    assert values["team"]["selected_option"]["value"] == "green"
    assert office.workspace.problems() == ()


def test_slacks_own_checks_come_before_the_bot(office: Office) -> None:
    person = office.actor()
    person.command("/echo")
    person.fill("year", "nitton")
    person.fill("mail", "ingen adress")
    person.fill("question", "x")
    person.submit()
    assert person.errors == {
        "year": "Skriv ett tal.",
        "mail": "Skriv en e-postadress.",
        "question": "Skriv minst 3 tecken.",
    }
    assert [one for one in office.bot.heard if one.get("type") == "view_submission"] == []


def test_errors_stand_beside_the_field_and_keep_what_was_typed(office: Office) -> None:
    person = office.actor()
    person.command("/echo")
    person.fill("reference", "A-1")
    person.fill("question", "errors")
    person.submit()
    assert person.errors == {"question": "Skriv inte personnummer här."}
    assert person.values["reference"]["reference"]["value"] == "A-1"
    person.fill("question", "En annan fråga")
    person.submit()
    assert person.modal is None


def test_dispatch_action_updates_the_form_without_losing_what_was_typed(office: Office) -> None:
    person = office.actor()
    person.command("/echo")
    person.fill("question", "Min fråga")
    before = person.modal
    person.fill("team", "blue")
    assert person.modal is not None
    assert before is not None
    assert person.modal.id == before.id
    assert person.modal.body["hash"] != before.body["hash"]
    assert person.modal.blocks[2]["text"]["text"] == "Team: blue"
    assert person.values["question"]["question"]["value"] == "Min fråga"
    sent = office.bot.heard[-1]
    assert sent["container"] == {"type": "view", "view_id": before.id}
    assert sent["actions"][0]["selected_option"]["value"] == "blue"
    assert sent["actions"][0]["block_id"] == "team"
    assert sent["view"]["state"]["values"]["question"]["question"]["value"] == "Min fråga"


@pytest.mark.parametrize(("word", "depth", "same"), [("update", 1, True), ("push", 2, False)])
def test_the_ack_can_update_or_push(office: Office, word: str, depth: int, *, same: bool) -> None:
    person = office.actor()
    person.command("/echo")
    assert (first := person.modal) is not None
    person.fill("question", word)
    person.submit()
    assert (top := person.modal) is not None
    assert top.body["callback_id"] == "second"
    assert (top.id == first.id) is same
    assert len(office.workspace.core.views.stack("U0001")) == depth
    assert top.body["root_view_id"] == first.id
    assert top.body["previous_view_id"] == (None if same else first.id)


def test_an_empty_ack_closes_the_pushed_view_and_clear_closes_all(office: Office) -> None:
    person = office.actor()
    person.command("/echo")
    person.fill("question", "push")
    person.submit()
    person.fill("note", "ja")
    person.submit()
    assert person.modal is not None
    assert person.modal.body["callback_id"] == "form"
    person.fill("question", "clear")
    person.submit()
    assert person.modal is None


def test_closing_is_told_where_the_view_asked_for_it(office: Office) -> None:
    person = office.actor()
    person.command("/echo")
    person.close()
    assert person.modal is None
    assert office.bot.heard[-1]["type"] == "view_closed"
    assert office.bot.heard[-1]["is_cleared"] is False
    person.command("/echo")
    person.close(everything=True)
    assert office.bot.heard[-1]["is_cleared"] is True


def test_a_missing_ack_shows_trouble_and_keeps_the_form(tmp_path: Path) -> None:
    with opened(tmp_path) as office:
        person = office.actor()
        person.command("/echo")
        person.fill("question", "silence")
        person.submit()
        assert (top := person.modal) is not None
        assert top.failed
        assert person.values["question"]["question"]["value"] == "silence"
        assert office.workspace.problems()[-1].where == "view_submission"


def test_a_late_ack_counts_as_none(office: Office) -> None:
    person = office.actor()
    person.command("/echo")
    person.fill("question", "wait")
    office.workspace.core.courier._client.timeout = 0.05  # instead of three real seconds
    person.submit()
    office.bot.let_go.set()
    assert person.modal is not None
    assert person.modal.failed
    assert office.workspace.problems()[-1].text == "operation_timeout"


def test_errors_for_a_field_that_is_none_are_a_problem(office: Office) -> None:
    person = office.actor()
    person.command("/echo")
    person.fill("question", "stranger")
    person.submit()
    assert person.modal is not None
    assert person.modal.failed
    assert "no input block has this `block_id`" in office.workspace.problems()[-1].text


def test_an_ack_with_a_body_is_an_ephemeral_message(office: Office) -> None:
    person = office.actor()
    person.command("/echo", "hjälp", channel="C0001")
    assert [one.body["text"] for one in person.ephemerals("C0001")] == ["Skriv `/echo` så öppnas formuläret."]
    assert office.actor("U0002").messages("C0001") == []


def test_a_button_in_a_message_answers_through_its_response_url(office: Office) -> None:
    person = office.actor()
    person.command("/echo", "bjud")
    message = person.messages()[-1]
    person.click("accept", "inv1")
    sent = office.bot.heard[-1]
    assert sent["container"]["message_ts"] == message.ts
    assert sent["channel"] == {"id": person.direct_message, "name": "directmessage"}
    assert sent["actions"][0]["value"] == "inv1"
    assert sent["message"]["blocks"][1]["block_id"] == "answers"
    assert [one.body for one in person.messages()] == [{"text": "Du kommer."}]
    with pytest.raises(LookupError):
        person.click("accept")


def test_an_overflow_menu_sends_its_option(office: Office) -> None:
    person = office.actor()
    person.command("/echo", "bjud")
    person.click("more", "deputise")
    assert office.bot.heard[-1]["actions"][0]["selected_option"]["value"] == "deputise"


def test_the_home_tab_is_published_and_clicked(office: Office) -> None:
    person = office.actor()
    home = person.open_home()
    assert home is not None
    event = office.bot.heard[0]
    assert event["event"]["type"] == "app_home_opened"
    assert event["event"]["tab"] == "home"
    assert "view" not in event["event"]
    person.click("show", "m1")
    assert office.bot.heard[-1]["container"] == {"type": "view", "view_id": home.id}
    person.open_home()
    assert office.bot.heard[-1]["event"]["view"]["id"] == home.id


def test_somebody_waits_without_polling_for_what_comes_after_the_ack(office: Office) -> None:
    person = office.actor()
    person.command("/echo", "senare")
    assert person.messages() == []
    office.bot.let_go.set()
    person.until(lambda: bool(person.messages()))
    with pytest.raises(TimeoutError):
        person.until(lambda: False, seconds=0)


def test_what_was_said_and_typed_survives_a_restart(tmp_path: Path) -> None:
    with opened(tmp_path) as office:
        person = office.actor()
        person.command("/echo")
        person.fill("reference", "A-1")
        person.say("Hej")
        person.open_home()
        office.workspace.mailbox.deliver("ASA@kommun.example", b"Subject: x\r\n\r\ny")
    with opened(tmp_path) as office:
        person = office.actor()
        assert person.values["reference"]["reference"]["value"] == "A-1"
        assert [one.body["text"] for one in person.messages()] == ["Hej"]
        assert person.home is not None
        assert [one.raw for one in office.workspace.mailbox.messages("asa@kommun.example")] == [
            b"Subject: x\r\n\r\ny"
        ]


def test_the_events_url_is_verified_and_a_wrong_signature_refused(office: Office) -> None:
    from bot.workspace import actions

    assert actions.verify_url(office.workspace.core)
    office.workspace.core.courier._secret = "another"
    assert office.actor().open_home() is None
    assert office.workspace.problems()[-1].text == "http_error 401"
