"""Who is away, and nobody else of the party is free: the coordinator's ways are those after any no."""

from __future__ import annotations

from schedules.domain.figures.facts import Attendance
from schedules.domain.plan import Answer
from tests.support.duties import absence_of, answer_of, away, seats
from tests.support.meeting_days import after_meeting, facts, report
from tests.support.raised import (
    call_parties,
    cards,
    column,
    decline,
    direct,
    modal,
    open_home,
    page,
    text_of,
    texts,
)
from tests.support.rig import Rig

DAY = "2026-12-08"


def uncovered(r: Rig) -> str:
    """A called case for which both representatives of Försäkringskassan are away."""
    reference = call_parties(r, others=["fk", "af"])
    away(r, "johan", DAY, DAY)
    away(r, "nasrin", DAY, DAY)
    open_home(r, "helena")
    return reference


def not_theirs_and_then_away(r: Rig) -> str:
    """Nasrin has answered "not our case" before she and Johan went away."""
    reference = call_parties(r, others=["fk", "af"])
    decline(r, "nasrin", "not_our_case")
    r.settle()
    away(r, "johan", DAY, DAY)
    away(r, "nasrin", DAY, DAY)
    return reference


def test_the_partys_contact_can_be_asked(town: Rig) -> None:
    reference = uncovered(town)
    helena = town.actor("helena")
    helena.click("seat_contact", where="home")
    helena.submit()
    town.settle()
    assert "men ingen som är kallad kan komma" in text_of(direct(town, "johan")[-1])
    open_home(town, "helena")
    assert "Johan Öberg fick frågan om någon annan kan komma måndag 23 november" in page(town, "helena")
    town.actor("nasrin").click("absence_take_back", absence_of(town, "nasrin"), where="home")
    town.settle()
    assert answer_of(town, reference, "nasrin") is Answer.NEEDS_ACTION
    assert column(town, "SELECT reason FROM decline") == []


def test_a_party_without_which_the_meeting_was_held_has_stayed_away(town: Rig) -> None:
    reference = uncovered(town)
    town.actor("helena").click("seat_without", where="home")
    town.actor("helena").submit()
    after_meeting(town, reference)
    report(town, reference, present=["kommun_tierp", "af"])
    assert {c.party: c.attendance for c in facts(town).calls}["fk"] is Attendance.STAYED_AWAY


def test_whoever_has_gone_away_is_not_asked_again_about_a_case_that_is_theirs_after_all(town: Rig) -> None:
    reference = not_theirs_and_then_away(town)
    open_home(town, "helena")
    before = len(texts(town, "nasrin"))
    town.actor("helena").click("seat_again", where="home")
    shown = modal(town, "helena")
    assert "Nasrin Ahmadi kommer inte den dagen, och ingen annan från Försäkringskassan är ledig." in shown
    town.actor("helena").submit()
    town.settle()
    assert answer_of(town, reference, "nasrin") is Answer.DECLINED
    assert len(texts(town, "nasrin")) == before
    assert column(town, "SELECT reason FROM decline") == []
    assert "kan inte vara med" in text_of(direct(town, "helena")[-1])
    town.actor("nasrin").click("absence_take_back", absence_of(town, "nasrin"), where="home")
    town.settle()
    assert answer_of(town, reference, "nasrin") is Answer.NEEDS_ACTION


def test_a_case_that_is_theirs_after_all_goes_to_whoever_is_there(town: Rig) -> None:
    reference = not_theirs_and_then_away(town)
    town.actor("johan").click("absence_take_back", absence_of(town, "johan"), where="home")
    town.settle()
    open_home(town, "helena")
    town.actor("helena").click("seat_again", where="home")
    shown = modal(town, "helena")
    assert "Nasrin Ahmadi kommer inte den dagen. Johan Öberg kallas i stället." in shown
    town.actor("helena").submit()
    town.settle()
    assert seats(town, reference)["fk"] == "johan"
    assert reference in text_of(cards(town, "johan")[0])
    assert cards(town, "nasrin") == []
