"""Keep the de-identified facts that reports read: one function an event, called where it is decided.

A fact is written whole each time, from what stands in the database in the same transaction. A case's fact is
written before or with any fact that names the case (domain/figures/facts.py).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from schedules.domain.cases import Gender, Referral, Support
from schedules.domain.figures.facts import (
    Attendance,
    CallFact,
    CaseFact,
    Ending,
    FollowUpFact,
    MeetingFact,
    MeetingState,
    OutcomeFact,
    ReferralFact,
    TookPart,
    follow_up_id,
)
from schedules.domain.figures.month import Month
from schedules.domain.follow_up import AnswerFollowUp
from schedules.domain.meeting_report import CaseReport, Result
from schedules.domain.organisation import Team
from schedules.domain.plan import Answer, Booking, DeclineReason, Meeting
from schedules.ports import UnitOfWork
from schedules.services.called import Called
from schedules.services.facts import meeting_of
from schedules.services.flags import goal_date
from schedules.services.office import Office


def case_raised(uow: UnitOfWork, office: Office, team: Team, referral: Referral) -> None:
    """A new case was raised."""
    uow.facts.write(_case(uow, office, team, referral), _referral(office, team, referral), first=True)


def case_kept(uow: UnitOfWork, office: Office, team: Team, referral: Referral) -> None:
    """A case was mended, its details saved, or what it asks for changed.

    Once the case has met, what was asked for the first time stands.
    """
    asked_for = () if had_meeting(uow, referral.id) else (_referral(office, team, referral),)
    uow.facts.write(_case(uow, office, team, referral), *asked_for)


def case_ended(
    uow: UnitOfWork, office: Office, team: Team, referral: Referral, day: date, ending: Ending
) -> None:
    """The case has left the team, on that local day."""
    uow.facts.write(_case(uow, office, team, referral, Month.of(day), ending))


def had_meeting(uow: UnitOfWork, referral: str) -> bool:
    """Whether a time of the referral's has taken place."""
    return any(report.held for report in uow.outcomes.of_referral(referral))


def meeting_kept(
    uow: UnitOfWork, team: Team, meeting: Meeting, state: MeetingState, occasion: str = ""
) -> None:
    """A meeting was planned, held, cancelled or released; `occasion` is one that it has been moved from."""
    held = cases_held(uow, meeting.id)
    uow.facts.write(
        MeetingFact(
            id=f"{meeting.id}{occasion}",
            team=team.id,
            municipality=team.municipality,
            month=Month.of(meeting.day),
            state=state,
            slots_offered=len(meeting.slots),
            slots_used=0 if occasion else held,
        )
    )


def cases_held(uow: UnitOfWork, meeting: str) -> int:
    """How many cases were taken up at the meeting, those that have been erased since among them."""
    held = [report for report in uow.outcomes.of_meeting(meeting) if report.held]
    return len(held) + uow.erasure.held_at(meeting)


def meeting_moved(uow: UnitOfWork, team: Team, before: Meeting, after: Meeting) -> None:
    """A meeting was moved to another day: the day it had counts as moved, the new one is planned."""
    if before.day != after.day:
        meeting_kept(uow, team, before, MeetingState.MOVED, f":{before.day}")


def call_kept(
    uow: UnitOfWork,
    office: Office,
    called: Called,
    present: Collection[str] | None = None,
    *,
    cancelled: bool = False,
) -> None:
    """A call was answered, attendance was reported (`present`), or the time did not take place.

    A party that has said "not our case" and was not there has not stayed away; one that said no, and
    without which the meeting was held, has.
    """
    not_theirs = _not_their_case(uow, called.booking)
    parties = dict.fromkeys((*(seat.party for seat in called.booking.seats), *_said_no(uow, called)))
    named = uow.organisation.parties(parties)
    facts = []
    for party in parties:
        if party in named:
            state = _attendance(party, present, not_theirs, cancelled=cancelled)
            body = named[party].organisation or party
            facts.append(_call(uow, office, called, party, body, state))
    uow.facts.write(*facts)


def outcome_kept(uow: UnitOfWork, office: Office, called: Called, report: CaseReport, result: Result) -> None:
    """What came of a case's time was reported, or the person has been told since."""
    before = [r for r in uow.outcomes.of_referral(report.referral) if r.reported_at < report.reported_at]
    follow_on = any(earlier.held for earlier in before)
    if result.held and not follow_on:
        uow.facts.write(_met(uow, office, called))
    parties = uow.organisation.parties(result.present)
    uow.facts.write(
        OutcomeFact(
            id=report.booking,
            case=called.referral.case,
            team=called.team.id,
            municipality=called.team.municipality,
            month=Month.of(called.meeting.day),
            outcome=result.outcome,
            present=result.present,
            organisations=len({parties[p].organisation or p for p in result.present if p in parties}),
            took_part=result.took_part or TookPart.NO,
            feedback=report.feedback,
            decisions=result.decisions,
            missed=result.missed,
            follow_on=follow_on,
        )
    )


def follow_up_kept(
    uow: UnitOfWork, office: Office, team: Team, referral: Referral, answer: AnswerFollowUp
) -> None:
    """A follow-up was answered; nothing but the fact keeps what."""
    uow.facts.write(
        FollowUpFact(
            id=follow_up_id(referral.case),
            case=referral.case,
            team=team.id,
            municipality=team.municipality,
            month=Month.of(office.today()),
            before=uow.cases.protected(referral.id).support or Support.UNKNOWN,
            after=answer.support,
            by_caseworker=answer.readiness_caseworker,
            by_person=answer.readiness_person,
        )
    )


def _case(
    uow: UnitOfWork,
    office: Office,
    team: Team,
    referral: Referral,
    ended: Month | None = None,
    ending: Ending | None = None,
) -> CaseFact:
    return CaseFact(
        id=referral.case,
        team=team.id,
        municipality=team.municipality,
        party=referral.parties[0],
        gender=uow.cases.protected(referral.id).gender or Gender.UNKNOWN,
        raised=_submitted(office, referral),
        ended=ended,
        ending=ending,
    )


def _submitted(office: Office, referral: Referral) -> Month:
    return Month.of(office.local(referral.submitted_at).date())


def _referral(office: Office, team: Team, referral: Referral) -> ReferralFact:
    return ReferralFact(
        id=referral.id,
        case=referral.case,
        team=team.id,
        municipality=team.municipality,
        party=referral.parties[0],
        month=_submitted(office, referral),
        urgency=referral.urgency,
        requested=referral.parties[1:],
    )


def _met(uow: UnitOfWork, office: Office, called: Called) -> ReferralFact:
    referral, day = called.referral, called.meeting.day
    goal = goal_date(called.team, uow.cases.protected(referral.id).sick_leave_start)
    return replace(
        _referral(office, called.team, referral),
        met=Month.of(day),
        waiting_days=(day - office.local(referral.submitted_at).date()).days,
        within_goal=None if goal is None else day <= goal,
    )


def _call(
    uow: UnitOfWork, office: Office, called: Called, party: str, organisation: str, state: Attendance
) -> CallFact:
    meeting = meeting_of(uow, called.booking.meeting)
    return CallFact(
        id=f"{called.booking.id}:{party}",
        meeting=meeting.id,
        team=called.team.id,
        municipality=called.team.municipality,
        party=party,
        organisation=organisation,
        month=Month.of(meeting.day),
        attendance=state,
        days_to_answer=_days_to_answer(uow, office, called.booking, party),
    )


def _attendance(
    party: str, present: Collection[str] | None, not_theirs: Collection[str], *, cancelled: bool
) -> Attendance:
    if cancelled:
        return Attendance.MEETING_CANCELLED
    if present is not None and party in present:
        return Attendance.CAME
    if party in not_theirs:
        return Attendance.NOT_OUR_CASE
    return Attendance.NOT_REPORTED if present is None else Attendance.STAYED_AWAY


def _said_no(uow: UnitOfWork, called: Called) -> list[str]:
    """The parties that are still asked for and have said no to this meeting, with a seat or without one."""
    here = (d for d in uow.plan.declines(called.booking.id) if d.meeting == called.meeting.id)
    return [d.party for d in here if d.party in called.referral.parties]


def _not_their_case(uow: UnitOfWork, booking: Booking) -> frozenset[str]:
    """The parties whose latest word on the case is that it is not theirs."""
    said = {decline.party: decline.reason for decline in uow.plan.declines(booking.id)}
    came = {
        i.party for i in uow.plan.invitations(booking.id) if i.must_answer and i.answer is Answer.ACCEPTED
    }
    return frozenset(p for p, why in said.items() if why is DeclineReason.NOT_OUR_CASE and p not in came)


def _days_to_answer(uow: UnitOfWork, office: Office, booking: Booking, party: str) -> int | None:
    """Calendar days from the party's call to its first answer, whoever of its people gave it."""
    given = [
        (i.called_at, i.answered_at)
        for i in uow.plan.invitations(booking.id)
        if i.party == party and i.must_answer and i.answered_at
    ]
    given += [(d.called_at, d.declined_at) for d in uow.plan.declines(booking.id) if d.party == party]
    if not given:
        return None
    called_at, answered_at = min(asked for asked, _ in given), min(answered for _, answered in given)
    return (office.local(answered_at).date() - office.local(called_at).date()).days
