"""Cancel a meeting: see where each case goes, and why there, then confirm it all in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from schedules.domain.assignment import Busy, Choice, PassedOver
from schedules.domain.authority import Command
from schedules.domain.cases import Referral, ReferralStatus
from schedules.domain.facts import CaseFacts, MeetingFacts, PassedOverFacts, TimeOffer
from schedules.domain.organisation import Person, Team
from schedules.domain.plan import Booking, BookingStatus, Meeting, MeetingStatus
from schedules.domain.replan import Displaced, replan
from schedules.errors import Outdated, SamtidError
from schedules.ports import DueKind, UnitOfWork
from schedules.services.authority import Subject, referral_of, require, team_of
from schedules.services.call_parties import end_calls, update_calls
from schedules.services.called import Called, load_called
from schedules.services.facts import case_facts, meeting_facts, meeting_of
from schedules.services.flags import goal_date, tell_flags, with_time
from schedules.services.horizon import Horizon, load_horizon, passed_over_names, wish_of
from schedules.services.office import Office
from schedules.services.proposal_card import close_proposal, show_proposal
from schedules.services.propose import plan_call, seats_of
from schedules.services.tell_changes import Change, tell_changes
from schedules.texts.decision import Decided

MEETING_DUES = (DueKind.AGENDA, DueKind.DAY_BEFORE, DueKind.MORNING)


class PlanChanged(SamtidError):
    """The plan has changed since the preview."""

    def __init__(self, preview: CancelPreview) -> None:
        super().__init__(meeting=preview.meeting)
        self.preview = preview


@dataclass(frozen=True, slots=True)
class CaseMove:
    """Where one case goes; `after` is None when it has to wait."""

    reference: str
    before: CaseFacts
    after: TimeOffer | None
    passed_over: tuple[PassedOverFacts, ...]


@dataclass(frozen=True, slots=True)
class CancelPreview:
    """What cancelling would do now. The same `fingerprint` means the same plan."""

    meeting: str
    facts: MeetingFacts
    moves: tuple[CaseMove, ...]
    fingerprint: str


@dataclass(frozen=True, slots=True)
class _Planned:
    called: Called
    choice: Choice | None
    passed_over: tuple[PassedOver, ...]


def preview_cancel(office: Office, actor: str, meeting_id: str) -> CancelPreview:
    """Where each case of the meeting would go. Raises NotFound, NotAllowed, Outdated."""
    with office.unit_of_work() as uow:
        _, team, meeting = _allowed(uow, office, actor, meeting_id)
        horizon, planned = _plan(uow, office, team, meeting)
        return _preview(uow, team, meeting, horizon, planned)


def cancel_meeting(office: Office, actor: str, meeting_id: str, fingerprint: str) -> CancelPreview:
    """Carry out the plan that was previewed; each person affected gets one message.

    Raises:
        PlanChanged: another plan would be carried out now; it holds the new preview, nothing is changed.
        NotFound, NotAllowed, Outdated.
    """
    with office.unit_of_work() as uow:
        team_id = meeting_of(uow, meeting_id).team

    def work(uow: UnitOfWork) -> CancelPreview:
        acting, team, meeting = _allowed(uow, office, actor, meeting_id)
        horizon, planned = _plan(uow, office, team, meeting)
        preview = _preview(uow, team, meeting, horizon, planned)
        if preview.fingerprint != fingerprint:
            raise PlanChanged(preview)
        uow.audit.record(actor, acting.party, "meeting.cancel", meeting.id, office.now())
        uow.plan.save_meeting(replace(meeting, status=MeetingStatus.CANCELLED))
        uow.due.drop_for(meeting.id, MEETING_DUES, office.now(), "cancelled")
        changes = [_carry_out(uow, office, horizon, one) for one in planned]
        tell_changes(uow, office, team, meeting, changes)
        return preview

    return office.change_plan(team_id, work)


def _allowed(uow: UnitOfWork, office: Office, actor: str, meeting_id: str) -> tuple[Person, Team, Meeting]:
    meeting = meeting_of(uow, meeting_id)
    team = team_of(uow, meeting.team)
    acting = require(uow, Command.CANCEL_MEETING, actor, Subject(meeting_id, team))
    if meeting.status is not MeetingStatus.PLANNED or meeting.starts_at <= office.now():
        raise Outdated(meeting=meeting_id)
    return acting, team, meeting


def _plan(
    uow: UnitOfWork, office: Office, team: Team, meeting: Meeting
) -> tuple[Horizon, tuple[_Planned, ...]]:
    """The optimal plan: no other case is moved (schedules/domain/replan.py)."""
    calls = {b.referral: load_called(uow, b.id) for b in uow.plan.live_bookings(meeting.id)}
    horizon = load_horizon(uow, office, team)
    offers = [replace(o, status=MeetingStatus.CANCELLED) if o.id == meeting.id else o for o in horizon.offers]
    displaced = [_displaced(uow, office, called) for called in calls.values()]
    found = replan(displaced, offers, _free_of(meeting, horizon.busy))
    moved = {m.referral: (m.choice, m.passed_over) for m in found.moves}
    waiting = dict(found.waiting)
    return horizon, tuple(
        _Planned(called, *moved.get(referral, (None, waiting.get(referral, ()))))
        for referral, called in calls.items()
    )


def _free_of(meeting: Meeting, busy: Busy) -> Busy:
    """Nobody is at the cancelled meeting; at its time nobody can be anywhere else either."""
    return Busy(
        {
            who: [(s, e) for s, e in spans if e <= meeting.starts_at or meeting.ends_at <= s]
            for who, spans in busy.intervals.items()
        }
    )


def _displaced(uow: UnitOfWork, office: Office, called: Called) -> Displaced:
    referral = called.referral
    start = uow.cases.protected(referral.id).sick_leave_start
    goal = goal_date(called.team, start)
    return Displaced(referral.id, wish_of(office, called.team, referral), goal, referral.submitted_at)


def _preview(
    uow: UnitOfWork, team: Team, meeting: Meeting, horizon: Horizon, planned: Sequence[_Planned]
) -> CancelPreview:
    moves = tuple(
        CaseMove(
            reference=one.called.referral.reference,
            before=case_facts(uow, team, one.called.referral, one.called.booking),
            after=horizon.time_offer(one.choice) if one.choice else None,
            passed_over=passed_over_names(uow, one.passed_over),
        )
        for one in planned
    )
    return CancelPreview(meeting.id, meeting_facts(team, meeting), moves, _fingerprint(planned))


def _fingerprint(planned: Sequence[_Planned]) -> str:
    plan = [
        (one.called.booking.id, one.called.booking.sequence, one.choice.slot if one.choice else "", seats)
        for one in planned
        for seats in [one.choice.representatives if one.choice else ()]
    ]
    return sha256(repr(sorted(plan)).encode()).hexdigest()


def _carry_out(uow: UnitOfWork, office: Office, horizon: Horizon, one: _Planned) -> Change:
    before = case_facts(uow, one.called.team, one.called.referral, one.called.booking)
    people = tuple(i.person for i in uow.plan.invitations(one.called.booking.id))
    if one.choice is None:
        _let_wait(uow, office, one.called)
        return Change(one.called.referral, before, None, people)
    booking = _move(uow, office, horizon, one.called, one.choice)
    meeting = horizon.meetings[booking.meeting]
    referral = with_time(uow, one.called.team, one.called.referral, meeting.day)
    if referral != one.called.referral:
        uow.cases.save_referral(referral)
    tell_flags(uow, office, Called(one.called.team, referral, booking, meeting), one.called.referral.flags)
    now_called = tuple(i.person for i in uow.plan.invitations(booking.id))
    return Change(referral, before, booking, tuple(dict.fromkeys((*people, *now_called))))


def _move(uow: UnitOfWork, office: Office, horizon: Horizon, called: Called, choice: Choice) -> Booking:
    proposed = called.booking.status is BookingStatus.PROPOSED
    booking = replace(
        called.booking,
        meeting=choice.meeting,
        slot=choice.slot,
        seats=seats_of(choice),
        sequence=called.booking.sequence + (0 if proposed else 1),
    )
    uow.plan.save_booking(booking, *horizon.span(choice))
    moved = Called(called.team, called.referral, booking, horizon.meetings[choice.meeting])
    if proposed:
        plan_call(uow, booking)
        show_proposal(uow, office, moved, edit=True)
    else:
        update_calls(uow, office, moved, called.booking, quiet=True)
    return booking


def _let_wait(uow: UnitOfWork, office: Office, called: Called) -> Referral:
    """No time suits: the booking ends, the case waits and is booked by itself when one does."""
    slot = called.meeting.slot(called.booking.slot)
    ended = replace(
        called.booking,
        status=BookingStatus.CANCELLED,
        sequence=called.booking.sequence + 1,
        calls_at=None,
    )
    uow.plan.save_booking(ended, slot.starts_at, slot.ends_at)
    if called.booking.status is BookingStatus.PROPOSED:
        close_proposal(uow, office, called, Decided.WAITS)
    end_calls(uow, office, replace(called, booking=ended))
    waiting = replace(referral_of(uow, called.referral.id), status=ReferralStatus.WAITING)
    uow.cases.save_referral(waiting)
    return waiting
