"""Report a case's time at a meeting: who was there, what came of it, and what follows at once.

A new meeting is a new booking of the same referral: case, consent and place in the queue stay. A time that
did not take place is cancelled in the calendars, and the case gets the next suitable one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from schedules.domain.authority import Command
from schedules.domain.cases import PersonTakesPart, Protected, Referral, ReferralStatus
from schedules.domain.coming import counts_as_coming
from schedules.domain.facts import CaseFacts
from schedules.domain.figures.facts import Ending, MeetingState, Outcome, TookPart
from schedules.domain.meeting_report import CaseReport, ReportCase, Result
from schedules.domain.organisation import Team
from schedules.domain.plan import Booking, BookingStatus, MeetingStatus
from schedules.domain.workdays import add_workdays
from schedules.errors import Outdated, Refused
from schedules.ports import DueKind, UnitOfWork
from schedules.services.authority import Subject, require
from schedules.services.call_parties import end_calls
from schedules.services.called import Called, booking_of, load_called
from schedules.services.cards import Cards
from schedules.services.decide_booking import confirm, team_of_booking
from schedules.services.facts import case_facts, meeting_of
from schedules.services.feedback import tell_result
from schedules.services.follow_up import plan_follow_up
from schedules.services.free_text import require_clean
from schedules.services.keep_facts import (
    call_kept,
    case_ended,
    case_kept,
    cases_held,
    meeting_kept,
    outcome_kept,
)
from schedules.services.office import Office
from schedules.services.propose import book_or_wait
from schedules.texts.decision import Decided

NamedId = tuple[str, str]

_TAKES_PART = {
    PersonTakesPart.IN_ROOM: TookPart.IN_ROOM,
    PersonTakesPart.ONLINE: TookPart.ONLINE,
    PersonTakesPart.NO: TookPart.NO,
}


@dataclass(frozen=True, slots=True)
class ReportShown:
    """What the form is filled with: from the answers, until it says otherwise. Parties as (id, name).

    `result` is what was reported before, where that is to be changed. `called` are those with a seat,
    `coming` those of them that have said that they come. `may_come` are the parties of the team that the
    consent names, besides the case's own, and `wanted` those of them asked for now. `team` are all parties,
    of which one may have been missed.
    """

    booking: str
    meeting: str
    facts: CaseFacts
    called: tuple[NamedId, ...]
    coming: tuple[str, ...]
    took_part: TookPart | None
    team: tuple[NamedId, ...]
    may_come: tuple[NamedId, ...]
    wanted: tuple[str, ...]
    result: Result | None = None


@dataclass(frozen=True, slots=True)
class Reported:
    """What a report led to. `next` is the new time; `waits`: none suits yet. `repeated`: it was reported."""

    meeting: str
    reference: str
    next: CaseFacts | None = None
    waits: bool = False
    repeated: bool = False


def open_report(office: Office, actor: str, booking_id: str) -> ReportShown:
    """The form of a case whose time has ended. Raises NotFound, NotAllowed, Outdated."""
    with office.unit_of_work() as uow:
        called = load_called(uow, booking_id)
        require(uow, Command.REPORT_MEETING, actor, _about(called))
        _require_ended(office, called)
        return report_shown(uow, called)


def report_case(office: Office, command: ReportCase) -> Reported:
    """Store the report and carry out what follows, in one transaction.

    The same booking again changes nothing and says so.

    Raises:
        Refused: a field to be mended; nothing is stored.
        NotFound, NotAllowed, LockTimeout; Outdated: the time has not ended, or was given up before.
    """
    require_clean(office, agreed=command.result.agreed)
    team = team_of_booking(office, command.booking)
    return office.change_plan(team, lambda uow: _report(uow, office, command))


def _report(uow: UnitOfWork, office: Office, command: ReportCase) -> Reported:
    called = load_called(uow, command.booking)
    acting = require(uow, Command.REPORT_MEETING, command.actor, _about(called))
    if uow.outcomes.of_booking(command.booking) is not None:
        return _repeated(uow, called)
    _require_ended(office, called)
    result = _checked(uow, called, command.result)
    report = CaseReport(
        booking=called.booking.id,
        referral=called.referral.id,
        meeting=called.meeting.id,
        team=called.team.id,
        held=result.held,
        feedback=result.feedback,
        reported_by=command.actor,
        reported_at=office.now(),
    )
    uow.outcomes.add(report, result)
    uow.audit.record(command.actor, acting.party, "meeting.report", called.booking.id, office.now())
    case_kept(uow, office, called.team, called.referral)
    call_kept(uow, office, called, result.present, cancelled=not result.held)
    outcome_kept(uow, office, called, report, result)
    _settle_meeting(uow, called)
    booking = _follow(uow, office, called, result)
    plan_follow_up(uow, office, called, result)
    tell_result(uow, office, called, report)
    return _reported(uow, called, booking, result)


def _about(called: Called) -> Subject:
    return Subject(called.booking.id, called.team, called.referral)


def _require_ended(office: Office, called: Called) -> None:
    slot = called.meeting.slot(called.booking.slot)
    if called.booking.status is not BookingStatus.BOOKED or slot.ends_at > office.now():
        raise Outdated(booking=called.booking.id)


def _repeated(uow: UnitOfWork, called: Called) -> Reported:
    booking = uow.plan.live_booking(called.referral.id)
    facts = _facts(uow, called, booking) if booking else None
    waits = booking is None and called.referral.status is ReferralStatus.WAITING
    return Reported(called.meeting.id, called.referral.reference, facts, waits, repeated=True)


def _reported(uow: UnitOfWork, called: Called, booking: Booking | None, result: Result) -> Reported:
    again = result.outcome in {Outcome.NEW_MEETING, Outcome.NOT_HELD}
    facts = _facts(uow, called, booking) if booking else None
    return Reported(called.meeting.id, called.referral.reference, facts, again and booking is None)


def _facts(uow: UnitOfWork, called: Called, booking: Booking) -> CaseFacts:
    return case_facts(uow, called.team, load_called(uow, booking.id).referral, booking)


# --- what is filled in, and what may be ----------------------------------------------------------------


def report_shown(uow: UnitOfWork, called: Called) -> ReportShown:
    """What the form of a case's time is filled with."""
    team, referral, booking = called.team, called.referral, called.booking
    consented = _may_come(team, referral, uow.cases.protected(referral.id))
    seated = [seat.party for seat in booking.seats]
    named = uow.organisation.parties({*seated, *(m.party for m in team.parties), *consented})
    return ReportShown(
        booking=booking.id,
        meeting=called.meeting.id,
        facts=case_facts(uow, team, referral, booking, called.meeting),
        called=tuple((p, named[p].name) for p in seated if p in named),
        coming=_coming(uow, called),
        took_part=_TAKES_PART.get(referral.person_takes_part),
        team=tuple((m.party, named[m.party].name) for m in team.parties if m.party in named),
        may_come=tuple((p, named[p].name) for p in consented if p in named),
        wanted=tuple(p for p in referral.parties[1:] if p in consented),
    )


def _coming(uow: UnitOfWork, called: Called) -> tuple[str, ...]:
    """The parties of which somebody has said yes, or need not say it; a deputy counts for the party."""
    calls = [i for i in uow.plan.invitations(called.booking.id) if i.must_answer]
    people = uow.organisation.people([i.person for i in calls])
    coming = {
        i.party for i in calls if counts_as_coming(i, called.booking, called.team, people.get(i.person))
    }
    return tuple(seat.party for seat in called.booking.seats if seat.party in coming)


def _may_come(team: Team, referral: Referral, protected: Protected) -> tuple[str, ...]:
    """Whom a new meeting may have besides the case's own party: the team's parties that the consent names."""
    named = protected.consent.parties
    return tuple(m.party for m in team.parties if m.party in named and m.party != referral.parties[0])


def _checked(uow: UnitOfWork, called: Called, result: Result) -> Result:
    """The result without what its outcome does not ask for. Raises Refused."""
    if not result.held:
        if result.not_held is None:
            raise Refused({"not_held": "choose"})
        return Result(Outcome.NOT_HELD, not_held=result.not_held)
    require_taken_up(called, result)
    if result.outcome is not Outcome.NEW_MEETING:
        return replace(result, not_held=None, next_parties=(), next_from=None)
    covered = _may_come(called.team, called.referral, uow.cases.protected(called.referral.id))
    if not result.next_parties:
        raise Refused({"next_parties": "no_other_party"})
    if not set(result.next_parties) <= set(covered):
        raise Refused({"next_parties": "next_outside_consent"})
    return replace(result, not_held=None)


def require_taken_up(called: Called, result: Result) -> None:
    """What every time that took place must say. Raises Refused."""
    if result.took_part is None:
        raise Refused({"took_part": "choose"})
    seated = {seat.party for seat in called.booking.seats}
    if not set(result.present) <= seated:
        raise Refused({"present": "choose"})


# --- what follows --------------------------------------------------------------------------------------


def _settle_meeting(uow: UnitOfWork, called: Called) -> None:
    """One case that was taken up makes it a meeting held; it was not, when all its cases say so."""
    meeting = meeting_of(uow, called.meeting.id)
    left = [b for b in uow.plan.live_bookings(meeting.id) if b.id != called.booking.id]
    if cases_held(uow, meeting.id):
        if meeting.status is not MeetingStatus.HELD:
            uow.plan.save_meeting(replace(meeting, status=MeetingStatus.HELD))
        meeting_kept(uow, called.team, meeting, MeetingState.HELD)
    elif not left:
        uow.plan.save_meeting(replace(meeting, status=MeetingStatus.CANCELLED))
        meeting_kept(uow, called.team, meeting, MeetingState.CANCELLED)


def _follow(uow: UnitOfWork, office: Office, called: Called, result: Result) -> Booking | None:
    knowing = _who_knows(uow, called.booking)
    if not result.held:
        _give_up(uow, office, called)
        return _book_at_once(uow, office, called.team, called.referral, knowing)
    slot = called.meeting.slot(called.booking.slot)
    fulfilled = replace(called.booking, status=BookingStatus.FULFILLED)
    uow.plan.save_booking(fulfilled, slot.starts_at, slot.ends_at)
    if result.outcome is Outcome.NEW_MEETING:
        wanted = _wanted(office, called, result)
        uow.cases.save_referral(wanted)
        return _book_at_once(uow, office, called.team, wanted, knowing)
    completed = replace(called.referral, status=ReferralStatus.COMPLETED)
    uow.cases.save_referral(completed)
    uow.due.drop_for(completed.id, [DueKind.DETAILS], office.now(), "reported")
    case_ended(uow, office, called.team, completed, called.meeting.day, Ending.ENDED)
    return None


def _wanted(office: Office, called: Called, result: Result) -> Referral:
    """The referral as the new meeting needs it; the team's lead time counts from today once more."""
    lead = add_workdays(office.today(), called.team.rules.lead_workdays, office.is_holiday)
    own = called.referral.parties[0]
    first: date = max(lead, result.next_from) if result.next_from else lead
    return replace(called.referral, parties=(own, *result.next_parties), not_before=first)


def _give_up(uow: UnitOfWork, office: Office, called: Called) -> None:
    """The time ends in every calendar: it did not take place."""
    slot, booking = called.meeting.slot(called.booking.slot), called.booking
    ended = replace(booking, status=BookingStatus.CANCELLED, sequence=booking.sequence + 1)
    uow.plan.save_booking(ended, slot.starts_at, slot.ends_at)
    end_calls(uow, office, replace(called, booking=ended))


def _who_knows(uow: UnitOfWork, booking: Booking) -> dict[str, datetime]:
    """Who has said, and when, that they know whom the case concerns."""
    calls = uow.plan.invitations(booking.id)
    return {i.person: i.identity_known_at for i in calls if i.identity_known_at is not None}


def _book_at_once(
    uow: UnitOfWork, office: Office, team: Team, referral: Referral, knowing: Mapping[str, datetime]
) -> Booking | None:
    """The next suitable time, the parties called: whoever confirms times has asked for it. None: it waits.

    Nobody is told anew whom the case concerns who knows it already.
    """
    placed = book_or_wait(uow, office, team, referral)
    booking = placed.booking
    if booking is None:
        return None
    meeting = placed.horizon.meetings[booking.meeting]
    proposed = Called(team, load_called(uow, booking.id).referral, booking, meeting)
    confirm(uow, office, proposed, Decided.CONFIRMED)
    calls = uow.plan.invitations(booking.id)
    for call in calls:
        if call.identity_known_at is None and call.person in knowing:
            uow.plan.save_invitation(replace(call, identity_known_at=knowing[call.person]))
    cards = Cards(uow, office, meeting)
    for call in calls:
        cards.renew(call.person, notify=False)
    return booking_of(uow, booking.id)
