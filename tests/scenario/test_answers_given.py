"""Section 5: answers, deputies, answers by phone, and what nobody should be able to do with a button."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.calendars import assert_calendars_are_right, events
from tests.support.raised import (
    absent,
    buttons,
    call_parties,
    cards,
    choose_time,
    column,
    day_of,
    decline,
    direct,
    modal,
    open_home,
    page,
    raise_case,
    silence,
    text_of,
    texts,
    value,
)
from tests.support.rig import Rig, rig

ALL_COME = "har svarat att de kommer"
CANNOT = "kan inte vara med"


@pytest.fixture
def r(tmp_path: Path) -> Iterator[Rig]:
    with rig(tmp_path) as found:
        yield found
        assert found.local.workspace.problems() == ()
        assert_calendars_are_right(found)


def answer_of(r: Rig, who: str) -> str:
    return str(value(r, "SELECT answer FROM invitation WHERE person = :who AND live", who=who))


def count(r: Rig, who: str, words: str) -> int:
    return sum(words in text for text in texts(r, who))


def test_answer_updates_the_message_in_place(r: Rig) -> None:
    call_parties(r)
    (before,) = cards(r, "nasrin")
    r.actor("nasrin").click("invitation_accept")
    r.settle()
    (after,) = cards(r, "nasrin")
    assert after.ts == before.ts
    assert "Du har svarat att du kommer." in text_of(after)
    assert "invitation_accept" not in buttons(after)
    assert "invitation_decline" in buttons(after)


def test_coordinators_page_is_live_once_opened(r: Rig) -> None:
    call_parties(r)
    assert value(r, "SELECT count(*) FROM outbox WHERE kind = 'home'") == 0
    open_home(r, "helena")
    assert "Nasrin Ahmadi, Försäkringskassan (TIE-2026-001)" in page(r, "helena")
    before = page(r, "helena")
    r.actor("nasrin").click("invitation_accept")
    r.settle()
    after = page(r, "helena")
    assert after != before
    assert line_with(after, "Nasrin Ahmadi") != line_with(before, "Nasrin Ahmadi")


def line_with(said: str, words: str) -> str:
    return next(line for line in said.splitlines() if words in line)


def test_coordinators_page_shows_what_needs_a_decision(r: Rig) -> None:
    open_home(r, "helena")
    raise_case(r)
    r.settle()
    assert "Maja Björk" in page(r, "helena")
    r.actor("helena").click("booking_confirm", where="home")
    r.settle()
    assert value(r, "SELECT status FROM booking") == "booked"
    absent(r, "johan")
    decline(r, "nasrin")
    r.settle()
    assert "Nasrin Ahmadi, Försäkringskassan, kan inte komma." in page(r, "helena")
    r.actor("helena").click("seat_move", where="home")
    assert "Nästa tid som passar" in modal(r, "helena")


def test_referrer_is_told_once_when_all_have_accepted(r: Rig) -> None:
    absent(r, "johan")
    absent(r, "amir")
    call_parties(r)
    r.actor("nasrin").click("invitation_accept")
    r.settle()
    assert count(r, "maja", ALL_COME) == 0
    r.actor("helena").click("invitation_accept")
    r.settle()
    assert count(r, "maja", ALL_COME) == 1
    decline(r, "nasrin")
    decline(r, "helena")
    r.settle()
    r.actor("nasrin").click("invitation_accept")
    r.actor("helena").click("invitation_accept")
    r.settle()
    assert count(r, "maja", ALL_COME) == 1


def test_decline_tells_coordinator_and_referrer_with_the_way_to_the_next_time(r: Rig) -> None:
    absent(r, "johan")
    reference = call_parties(r)
    before = day_of(r, reference)
    decline(r, "nasrin")
    r.settle()
    for who in ("helena", "maja"):
        message = direct(r, who)[-1]
        assert f"Nasrin Ahmadi (Försäkringskassan) {CANNOT}" in message.body["text"]
        assert "ästa tid som passar" in text_of(message)
    r.actor("maja").click("booking_move", message=direct(r, "maja")[-1])
    choose_time(r, "maja")
    r.settle()
    assert day_of(r, reference) > before
    assert set(column(r, "SELECT answer FROM invitation WHERE live")) == {"needs-action"}


def test_deputy_takes_the_seat_and_the_others_calendars_are_left_alone(r: Rig) -> None:
    reference = call_parties(r)
    helena = len(r.mails("helena"))
    r.actor("nasrin").click("invitation_deputise")
    r.actor("nasrin").fill("deputy", "johan")
    r.actor("nasrin").submit()
    r.settle()
    assert reference in text_of(cards(r, "johan")[0])
    assert cards(r, "nasrin") == []
    assert [method for method, _ in events(r.mails("nasrin"))] == ["REQUEST", "CANCEL"]
    assert [method for method, _ in events(r.mails("johan"))] == ["REQUEST"]
    assert len(r.mails("helena")) == helena


def test_referrer_hears_of_the_deputy_who_is_to_be_told_whom_it_concerns(r: Rig) -> None:
    call_parties(r)
    (old,) = cards(r, "maja")
    r.actor("nasrin").click("invitation_deputise")
    r.actor("nasrin").fill("deputy", "johan")
    r.actor("nasrin").submit()
    r.settle()
    (card,) = cards(r, "maja")
    assert card.ts != old.ts
    assert "Johan Öberg (Försäkringskassan)" in text_of(card)
    assert "Nasrin" not in text_of(card)


def test_coordinator_records_an_answer_for_somebody_who_phoned(r: Rig) -> None:
    call_parties(r)
    open_home(r, "helena")
    helena = r.actor("helena")
    helena.click("answer_record", where="home")
    public_id = value(r, "SELECT public_id FROM invitation WHERE person = 'nasrin'")
    helena.fill("invitation", public_id)
    helena.fill("answer", "accepted")
    helena.submit()
    r.settle()
    assert answer_of(r, "nasrin") == "accepted"
    assert value(r, "SELECT answered_by FROM invitation WHERE person = 'nasrin'") == "helena"
    assert value(r, "SELECT actor FROM audit WHERE action = 'invitation.accepted'") == "helena"
    assert "Du har svarat att du kommer." in text_of(cards(r, "nasrin")[0])


# --- buttons that are pressed twice, late or by somebody else -----------------------------------------


@pytest.mark.parametrize("action", ["invitation_accept", "identity_known"])
def test_pressing_twice_is_pressing_once(r: Rig, action: str) -> None:
    call_parties(r)
    (card,) = cards(r, "nasrin")
    r.actor("nasrin").click(action, message=card)
    r.settle()
    before = silence(r), value(r, "SELECT count(*) FROM audit"), value(r, "SELECT count(*) FROM outbox")
    r.actor("nasrin").click(action, message=card)
    r.settle()
    after = silence(r), value(r, "SELECT count(*) FROM audit"), value(r, "SELECT count(*) FROM outbox")
    assert after == before


def test_confirming_twice_calls_once(r: Rig) -> None:
    raise_case(r)
    r.settle()
    proposal = direct(r, "helena")[-1]
    for _ in range(2):
        r.actor("helena").click("booking_confirm", message=proposal)
    r.settle()
    assert len(events(r.mails("nasrin"))) == 1
    assert len(cards(r, "nasrin")) == 1


@pytest.mark.parametrize(
    "action", ["invitation_accept", "invitation_decline", "invitation_deputise", "identity_known"]
)
@pytest.mark.parametrize("who", ["maja", "sofia", "U0999"])
def test_button_of_somebody_else_does_nothing_and_says_so(r: Rig, action: str, who: str) -> None:
    call_parties(r)
    (card,) = cards(r, "nasrin")
    r.actor(who).click(action, message=card)
    r.settle()
    assert answer_of(r, "nasrin") == "needs-action"
    assert (
        value(r, "SELECT count(*) FROM invitation WHERE identity_known_at IS NOT NULL AND person = 'nasrin'")
        == 0
    )
    assert len(modal(r, who)) > 30


def test_only_the_coordinator_confirms(r: Rig) -> None:
    raise_case(r)
    r.settle()
    r.actor("maja").click("booking_confirm", message=direct(r, "helena")[-1])
    assert value(r, "SELECT status FROM booking") == "proposed"
    assert modal(r, "maja")


def test_answer_after_the_case_was_taken_back_changes_nothing(r: Rig) -> None:
    call_parties(r)
    (card,) = cards(r, "nasrin")
    r.actor("maja").click("case_show")
    r.actor("maja").click("booking_withdraw")
    r.settle()
    r.actor("nasrin").click("invitation_accept", message=card)
    r.settle()
    assert column(r, "SELECT answer FROM invitation WHERE answer = 'accepted'") == []
    assert modal(r, "nasrin")
