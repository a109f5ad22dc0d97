"""What follows a report at once: a new meeting of the same case, or a new time for one not taken up."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from schedules.domain.figures.facts import Attendance, MeetingState, Outcome, TookPart
from schedules.domain.meeting_report import ReportCase, Result
from schedules.domain.plan import MeetingStatus
from schedules.domain.workdays import add_workdays
from schedules.errors import Outdated, Refused
from schedules.services.report_meeting import open_report as open_report_of
from schedules.services.report_meeting import report_case
from tests.support.attendee_calendars import Calendars, Span
from tests.support.meeting_days import (
    after_meeting,
    choose_outcome,
    facts,
    meeting_of,
    open_meeting,
    open_report,
    report,
)
from tests.support.raised import booking_of, buttons, call_parties, cards, day_of, modal, text_of, value
from tests.support.raising import offered, town
from tests.support.rig import Rig

__all__ = ["town"]


def test_a_new_meeting_is_booked_at_once_for_the_same_case(town: Rig) -> None:
    reference = call_parties(town, others=["fk", "af"])
    first, before = after_meeting(town, reference), booking_of(town, reference)
    report(town, reference, "new_meeting", present=["fk", "af"], took_part="in_room", next_parties=["fk"])
    assert "Ny tid: " in modal(town, "helena")
    town.settle()
    second = meeting_of(town, reference)
    assert second.day > first.day
    assert booking_of(town, reference) != before
    with town.office.unit_of_work() as uow:
        booking = uow.plan.booking(booking_of(town, reference))
        assert booking is not None
        assert [seat.party for seat in booking.seats] == ["kommun_tierp", "fk"]
        assert booking.status.value == "booked"
    assert value(town, "SELECT count(*) FROM referral") == 1
    assert value(town, "SELECT count(*) FROM case_record") == 1
    assert town.mails("nasrin")[-1]["Subject"].count(reference) == 1
    assert not [m for m in town.mails("nasrin") if b"METHOD:CANCEL" in m.as_bytes()]


def test_the_figures_tell_a_follow_on_from_a_first_meeting(town: Rig) -> None:
    reference = call_parties(town)
    first = after_meeting(town, reference)
    report(town, reference, "new_meeting", present=["kommun_tierp", "fk"], next_parties=["fk"])
    after_meeting(town, reference)
    report(town, reference, "plan_agreed", present=["fk"])
    found = facts(town)
    assert sorted((o.follow_on, o.outcome.value) for o in found.outcomes) == [
        (False, "new_meeting"),
        (True, "plan_agreed"),
    ]
    (raised,) = found.referrals
    assert raised.waiting_days == (first.day - date(2026, 11, 23)).days, "the first meeting counts"
    assert len(found.cases) == 1


def test_the_new_meeting_is_not_before_the_day_that_was_wished(town: Rig) -> None:
    reference = call_parties(town)
    after_meeting(town, reference)
    report(town, reference, "new_meeting", next_parties=["fk"], next_from="2027-02-15")
    assert day_of(town, reference) >= "2027-02-15"


def test_only_parties_that_the_consent_names_come_to_the_new_meeting(town: Rig) -> None:
    reference = call_parties(town)
    meeting = after_meeting(town, reference)
    helena = open_meeting(town, "helena", meeting.id)
    open_report(helena, booking_of(town, reference))
    choose_outcome(helena, "new_meeting")
    assert offered(helena, "next_parties") == ["fk"]


def test_a_case_that_was_not_taken_up_gets_the_next_time(town: Rig) -> None:
    reference = call_parties(town)
    first, before = after_meeting(town, reference), booking_of(town, reference)
    report(town, reference, "not_held", not_held="person_absent")
    town.settle()
    assert meeting_of(town, reference).day > first.day
    assert booking_of(town, reference) != before
    found = facts(town)
    (outcome,) = found.outcomes
    assert (outcome.outcome, outcome.present) == (Outcome.NOT_HELD, ())
    assert {c.attendance for c in found.calls} == {Attendance.MEETING_CANCELLED}
    assert [m.state for m in found.meetings if m.state is not MeetingState.PLANNED] == [
        MeetingState.CANCELLED
    ]
    (raised,) = found.referrals
    assert raised.met is None
    with town.office.unit_of_work() as uow:
        stored = uow.plan.meeting(first.id)
        assert stored is not None
        assert stored.status is MeetingStatus.CANCELLED
    (entry,) = coming(town, "nasrin", first.starts_at - timedelta(days=1))
    assert entry[0] == meeting_of(town, reference).starts_at, "the time that was not held is in no calendar"


def coming(town: Rig, who: str, since: datetime) -> list[Span]:
    """What stands in the person's calendar, by their mails alone."""
    calendars, address = Calendars(), town.person(who).email or ""
    for mail in town.mails(who):
        calendars.receive(address, mail.as_bytes())
    return sorted(calendars.spans(since).values())


def test_why_it_was_not_taken_up_has_to_be_said(town: Rig) -> None:
    reference = call_parties(town)
    meeting = after_meeting(town, reference)
    helena = open_meeting(town, "helena", meeting.id)
    open_report(helena, booking_of(town, reference))
    choose_outcome(helena, "not_held")
    helena.submit()
    assert list(helena.errors) == ["not_held"]


def test_a_party_outside_the_consent_is_refused_by_the_service_too(town: Rig) -> None:
    """The form does not offer it; a form that was open when the consent changed may still send it."""
    reference = call_parties(town)
    after_meeting(town, reference)
    booking = booking_of(town, reference)
    for parties in (("af",), ()):
        wanted = Result(Outcome.NEW_MEETING, took_part=TookPart.NO, next_parties=parties)
        with pytest.raises(Refused) as refused:
            report_case(town.office, ReportCase("helena", booking, wanted))
        assert list(refused.value.fields) == ["next_parties"]
    assert value(town, "SELECT count(*) FROM case_report") == 0


def test_a_time_that_has_not_ended_is_not_reported(town: Rig) -> None:
    reference = call_parties(town)
    meeting = meeting_of(town, reference)
    town.until(meeting.starts_at)
    with pytest.raises(Outdated):
        open_report_of(town.office, "helena", booking_of(town, reference))
    done = Result(Outcome.NO_FURTHER, took_part=TookPart.NO)
    with pytest.raises(Outdated):
        report_case(town.office, ReportCase("helena", booking_of(town, reference), done))


def test_the_lead_time_counts_from_the_report(town: Rig) -> None:
    """Those who are called anew have as long to prepare as for a first meeting."""
    reference = call_parties(town)
    after_meeting(town, reference)
    town.pass_time(days=8)  # the next meeting is four workdays away
    report(town, reference, "new_meeting", next_parties=["fk"])
    lead = next(team for team in town.organisation.teams if team.id == "tierp").rules.lead_workdays
    soonest = add_workdays(town.office.today(), lead, town.office.is_holiday)
    assert day_of(town, reference) >= soonest.isoformat()


@pytest.mark.parametrize("outcome", ["new_meeting", "not_held"])
def test_who_knows_whom_it_concerns_need_not_be_told_again(town: Rig, outcome: str) -> None:
    reference = call_parties(town)
    town.actor("nasrin").click("identity_known")
    after_meeting(town, reference)
    if outcome == "not_held":
        report(town, reference, outcome, not_held="called_off")
    else:
        report(town, reference, outcome, next_parties=["fk"])
    town.settle()
    card = cards(town, "nasrin")[-1]
    assert "invitation_accept" in buttons(card)
    assert "identity_known" not in buttons(card)
    told = text_of(cards(town, "maja")[-1])
    assert "Nasrin Ahmadi" not in told.partition("Kontakta")[2].partition("berätta")[0]
