"""A representative is away: the deputy is called without anyone doing more, and everybody hears once."""

from __future__ import annotations

import pytest

from schedules.domain.plan import Answer
from schedules.errors import NotAllowed
from schedules.services.absence import EnterAbsence, preview_absence, take_back_absence
from tests.support.duties import (
    absence_form,
    absence_of,
    answer_of,
    away,
    booking,
    busy_is_right,
    calendar,
    seats,
)
from tests.support.raised import (
    booking_of,
    call_parties,
    day_of,
    direct,
    modal,
    open_home,
    page,
    raise_case,
    silence,
    text_of,
    texts,
)
from tests.support.rig import Rig

DAY = "2026-12-08"


def test_the_deputy_is_called_and_the_first_ones_part_is_cancelled(town: Rig) -> None:
    case = call_parties(town)
    before = silence(town)
    shown = away(town, "nasrin", DAY, "2026-12-11")
    assert case in shown
    assert "Johan Öberg kommer i stället" in shown
    assert seats(town, case)["fk"] == "johan"
    uid = booking(town, case).uid
    assert (calendar(town, "nasrin")[uid], calendar(town, "johan")[uid]) == ("CANCEL", "REQUEST")
    after = silence(town)
    # One message and one mail to the deputy, the cancellation to the first, one message to the referrer.
    assert {who: after[who] - before[who] for who in after if after[who] != before[who]} == {
        "johan": 2,
        "nasrin": 1,
        "maja": 1,
    }
    assert busy_is_right(town)


def test_the_one_message_can_be_answered_and_the_referrer_knows_whom_to_tell(town: Rig) -> None:
    case = call_parties(town)
    away(town, "nasrin", DAY, DAY)
    assert "Du tar över platsen för Försäkringskassan" in text_of(direct(town, "johan")[-1])
    assert "Johan Öberg kommer i stället för Nasrin Ahmadi" in text_of(direct(town, "maja")[-1])
    town.actor("johan").click("invitation_accept")
    town.settle()
    assert answer_of(town, case, "johan") is Answer.ACCEPTED


def test_several_cases_in_the_period_make_one_message(town: Rig) -> None:
    cases = [call_parties(town), call_parties(town)]
    before = len(texts(town, "johan"))
    away(town, "nasrin", DAY, "2026-12-31")
    (told,) = direct(town, "johan")[before:]
    assert all(case in text_of(told) for case in cases)
    assert set(calendar(town, "johan").values()) == {"REQUEST"}


def test_a_proposal_changes_hands_too_and_nobody_is_called_yet(town: Rig) -> None:
    case = raise_case(town)
    town.settle()
    shown = away(town, "nasrin", DAY, DAY)
    assert "Johan Öberg kommer att kallas" in shown
    assert seats(town, case)["fk"] == "johan"
    assert town.mails("johan") == []
    town.actor("helena").click("booking_confirm")
    town.settle()
    assert set(calendar(town, "johan").values()) == {"REQUEST"}
    assert calendar(town, "nasrin") == {}


def test_without_a_deputy_the_coordinator_gets_one_list_with_ways_out(town: Rig) -> None:
    called = call_parties(town)
    proposed = raise_case(town)
    town.settle()
    away(town, "johan", DAY, DAY)
    before = len(texts(town, "helena"))
    shown = away(town, "nasrin", DAY, DAY)
    assert "ingen annan är ledig" in shown
    (told,) = direct(town, "helena")[before:]
    assert called in text_of(told)
    assert proposed in text_of(told)
    assert "2 ärenden saknar någon" in text_of(told)
    assert answer_of(town, called, "nasrin") is Answer.DECLINED
    open_home(town, "helena")
    assert page(town, "helena").count("Nasrin Ahmadi, Försäkringskassan, kan inte komma.") == 2
    town.actor("helena").click("booking_move", booking_of(town, called), message=told)
    actor = town.actor("helena")
    assert actor.modal is not None
    option = next(b["element"]["options"][0] for b in actor.modal.blocks if b.get("element"))
    actor.fill("slot", option["value"])
    actor.submit()
    town.settle()
    assert day_of(town, called) == "2026-12-22"
    assert busy_is_right(town)


def test_a_proposal_that_confirms_itself_does_not_wait_for_who_is_away(town: Rig) -> None:
    case = raise_case(town)
    town.settle()
    away(town, "johan", DAY, DAY)
    away(town, "nasrin", DAY, DAY)
    town.actor("helena").click("booking_confirm")
    town.settle()
    assert answer_of(town, case, "nasrin") is Answer.DECLINED


def test_the_coordinator_enters_it_for_somebody(town: Rig) -> None:
    case = call_parties(town)
    away(town, "helena", DAY, DAY, person="nasrin")
    assert seats(town, case)["fk"] == "johan"
    assert "Johan Öberg kommer i stället för dig" in text_of(direct(town, "nasrin")[-1])


def test_new_bookings_avoid_it(town: Rig) -> None:
    away(town, "nasrin", DAY, DAY)
    assert seats(town, call_parties(town))["fk"] == "johan"


def test_it_can_be_seen_changed_and_taken_back(town: Rig) -> None:
    case = call_parties(town)
    away(town, "nasrin", "2026-12-21", "2026-12-23")
    assert seats(town, case)["fk"] == "nasrin"
    assert "Du är borta från och med 21 december 2026" in page(town, "nasrin")
    actor = absence_form(town, "nasrin", DAY, DAY, change=absence_of(town, "nasrin"))
    actor.submit()
    town.settle()
    assert seats(town, case)["fk"] == "johan"
    assert "Du är borta från och med 8 december 2026" in page(town, "nasrin")
    town.actor("nasrin").click("absence_take_back", absence_of(town, "nasrin"), where="home")
    town.settle()
    assert "Du är borta" not in page(town, "nasrin")
    assert seats(town, case)["fk"] == "johan"  # whoever has taken over keeps it


def test_taking_it_back_opens_the_answer_and_books_who_waits(town: Rig) -> None:
    called = call_parties(town)
    away(town, "johan", "2026-11-24", "2029-06-30")
    away(town, "nasrin", "2026-11-24", "2029-06-30")
    waiting = raise_case(town)
    town.settle()
    assert answer_of(town, called, "nasrin") is Answer.DECLINED
    town.actor("nasrin").click("absence_take_back", absence_of(town, "nasrin"), where="home")
    town.settle()
    assert answer_of(town, called, "nasrin") is Answer.NEEDS_ACTION
    assert seats(town, waiting)["fk"] == "nasrin"
    assert busy_is_right(town)


def test_what_has_changed_since_the_preview_is_shown_anew(town: Rig) -> None:
    actor = absence_form(town, "nasrin", DAY, DAY)
    assert "Inget som är bokat påverkas" in modal(town, "nasrin")
    case = call_parties(town)
    actor.submit()
    assert "Något har ändrats" in modal(town, "nasrin")
    assert case in modal(town, "nasrin")
    assert seats(town, case)["fk"] == "nasrin"
    actor.submit()
    assert actor.modal is None
    assert seats(town, case)["fk"] == "johan"


def test_dates_that_cannot_be_meant_are_told_beside_the_field(town: Rig) -> None:
    actor = absence_form(town, "nasrin", DAY, "2026-12-01")
    assert actor.errors == {"to_date": "Sista dagen är före den första."}
    actor.close()
    actor = absence_form(town, "nasrin", "2026-11-01", "2026-11-02")
    assert actor.errors == {"to_date": "Dagen har redan varit."}


def test_only_oneself_or_the_coordinator(town: Rig) -> None:
    today = town.office.today()
    for actor in ("daniel", "maja", "karin"):
        with pytest.raises(NotAllowed):
            preview_absence(town.office, EnterAbsence(actor, "mirjam", today, today))
    away(town, "nasrin", DAY, DAY)
    with pytest.raises(NotAllowed):
        take_back_absence(town.office, "daniel", absence_of(town, "nasrin"))
