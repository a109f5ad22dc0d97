"""The facts that figures are made of fall out of daily work, written with each decision."""

from __future__ import annotations

from datetime import date, time, timedelta

from schedules.domain.cases import Gender, Urgency
from schedules.domain.figures.facts import Attendance, Ending, MeetingState
from schedules.domain.figures.month import Month
from schedules.services.cancel_meeting import cancel_meeting, preview_cancel
from schedules.services.decide_booking import withdraw_referral
from schedules.services.move_meeting import NewTime, move_meeting, preview_move
from tests.support.meeting_days import after_meeting, facts, meeting_of, report
from tests.support.raised import absent, booking_of, call_parties, decline, open_home, raise_case
from tests.support.raising import raised, town
from tests.support.rig import Rig

__all__ = ["town"]
NOVEMBER = Month(2026, 11)


def settled(town: Rig) -> list[str]:
    """What became of the meetings that are not just planned."""
    states = [m.state for m in facts(town).meetings]
    return sorted(state.value for state in states if state is not MeetingState.PLANNED)


def test_a_case_is_counted_when_it_is_raised_and_its_gender_when_that_is_said(town: Rig) -> None:
    maja = raised(town)
    (case,), (referral,) = facts(town).cases, facts(town).referrals
    assert (case.party, case.gender, case.raised) == ("kommun_tierp", Gender.UNKNOWN, NOVEMBER)
    assert (referral.requested, referral.urgency) == (("fk", "af"), Urgency.ORDINARY)
    assert case.municipality == "Tierp"
    maja.fill("gender", "woman")
    maja.submit()
    (known,) = facts(town).cases
    assert (known.id, known.gender) == (case.id, Gender.WOMAN)


def test_a_case_that_is_taken_back_was_broken_off(town: Rig) -> None:
    reference = raise_case(town)
    withdraw_referral(town.office, "maja", booking_of(town, reference))
    (case,) = facts(town).cases
    assert (case.ending, case.ended) == (Ending.BROKEN_OFF, NOVEMBER)


def test_an_answer_and_its_days_are_counted(town: Rig) -> None:
    call_parties(town)
    town.pass_time(days=2)
    town.actor("nasrin").click("invitation_accept")
    calls = {call.party: call for call in facts(town).calls}
    assert calls["fk"].days_to_answer == 2
    assert calls["fk"].attendance is Attendance.NOT_REPORTED
    assert calls["kommun_tierp"].days_to_answer is None


def test_not_our_case_is_no_absence(town: Rig) -> None:
    reference = call_parties(town, others=["fk", "af"])
    decline(town, "daniel", "not_our_case")
    assert {c.party: c.attendance for c in facts(town).calls}["af"] is Attendance.NOT_OUR_CASE
    after_meeting(town, reference)
    report(town, reference, present=["kommun_tierp"])
    assert {c.party: c.attendance for c in facts(town).calls} == {
        "kommun_tierp": Attendance.CAME,
        "fk": Attendance.STAYED_AWAY,
        "af": Attendance.NOT_OUR_CASE,
    }


def test_a_party_without_which_the_meeting_was_held_has_stayed_away(town: Rig) -> None:
    absent(town, "sofia")  # nobody is left
    reference = call_parties(town, others=["fk", "af"])
    decline(town, "daniel", "absent")
    town.settle()
    helena = town.actor("helena")
    helena.click("seat_without", where="message")
    helena.submit()
    after_meeting(town, reference)
    report(town, reference, present=["kommun_tierp", "fk"])
    assert {c.party: c.attendance for c in facts(town).calls}["af"] is Attendance.STAYED_AWAY


def test_a_deputy_counts_for_the_party(town: Rig) -> None:
    reference = call_parties(town)
    decline(town, "nasrin", "absent")
    town.settle()
    town.actor("johan").click("invitation_accept")
    after_meeting(town, reference)
    report(town, reference)  # as it was filled in from the answers
    assert {c.party: c.attendance for c in facts(town).calls}["fk"] is Attendance.CAME


def test_a_cancelled_meeting_is_counted_and_its_case_is_called_once(town: Rig) -> None:
    reference = call_parties(town)
    meeting = meeting_of(town, reference)
    plan = preview_cancel(town.office, "helena", meeting.id).fingerprint
    cancel_meeting(town.office, "helena", meeting.id, plan)
    assert settled(town) == ["cancelled"]
    after_meeting(town, reference)
    report(town, reference, present=["kommun_tierp", "fk"])
    assert [c.attendance for c in facts(town).calls] == [Attendance.CAME] * 2


def test_a_meeting_moved_to_another_day_is_moved_there_and_held_here(town: Rig) -> None:
    reference = call_parties(town)
    meeting = meeting_of(town, reference)
    wanted = NewTime(meeting.day + timedelta(days=2), time(9), meeting.place, meeting.link)
    plan = preview_move(town.office, "helena", meeting.id, wanted).fingerprint
    move_meeting(town.office, "helena", meeting.id, wanted, plan)
    assert settled(town) == ["moved"]
    after_meeting(town, reference)
    report(town, reference)
    assert settled(town) == ["held", "moved"]


def test_a_meeting_without_cases_is_planned_and_then_let_go(town: Rig) -> None:
    """Planned counts from the day its agenda is due."""
    open_home(town, "helena")
    with town.office.unit_of_work() as uow:
        first, second = uow.plan.meetings("tierp", date(2026, 11, 23))[:2]
    town.until(first.starts_at)
    assert {m.state for m in facts(town).meetings} == {MeetingState.PLANNED}
    town.until(second.starts_at - timedelta(days=2))
    town.actor("helena").click("meeting_release", second.id)
    assert settled(town) == ["released"]
