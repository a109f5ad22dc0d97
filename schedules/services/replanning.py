"""New times for the cases of meetings that fall away or move: one plan, one transaction, one message each.

What cancelling, moving and closing share. The plan is optimal and moves no other case (domain/replan.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from schedules.domain.assignment import Busy, Choice, MeetingOffer, PassedOver
from schedules.domain.authority import Command
from schedules.domain.cases import Referral, ReferralStatus
from schedules.domain.facts import CaseFacts, MeetingFacts, PassedOverFacts, TimeOffer
from schedules.domain.organisation import Team
from schedules.domain.plan import Booking, BookingStatus, Meeting, MeetingStatus
from schedules.domain.replan import Displaced, replan
from schedules.domain.schedule import calls_at
from schedules.errors import Outdated, SamtidError
from schedules.ports import UnitOfWork
from schedules.services.authority import Subject, referral_of, require, team_of
from schedules.services.call_parties import end_calls, update_calls
from schedules.services.called import Called, load_called
from schedules.services.facts import case_facts, meeting_of
from schedules.services.flags import goal_date, tell_flags, with_time
from schedules.services.horizon import Horizon, passed_over_names, wish_of
from schedules.services.keep_facts import call_kept
from schedules.services.office import Office
from schedules.services.proposal_card import close_proposal, show_proposal
from schedules.services.propose import book_waiting, people_freed, plan_call, seats_of
from schedules.services.release_question import withdraw_question
from schedules.services.tell_changes import Change
from schedules.texts.decision import Decided


class PlanChanged(SamtidError):
    """The plan has changed since the preview."""

    def __init__(self, preview: PlanPreview) -> None:
        super().__init__(subject=preview.subject)
        self.preview = preview


@dataclass(frozen=True, slots=True)
class CaseMove:
    """Where one case goes; `after` is None when it has to wait, `before` when it has waited.

    `instead` holds (party, who cannot come, who is called instead) where the seat goes to somebody else.
    """

    reference: str
    before: CaseFacts | None
    after: TimeOffer | None
    passed_over: tuple[PassedOverFacts, ...] = ()
    stays: bool = False
    instead: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PlanPreview:
    """What would happen now. The same `fingerprint` means the same plan.

    `subject` is the meeting's or team's id; `facts` are the meetings that it is about, a moved or extra one
    at its new time. `proven` is False only if the search for the best plan was given up.
    """

    subject: str
    facts: tuple[MeetingFacts, ...]
    moves: tuple[CaseMove, ...]
    fingerprint: str
    proven: bool = True


@dataclass(frozen=True, slots=True)
class Planned:
    """A case, where it goes (None: it waits), and why not to an earlier meeting."""

    called: Called
    choice: Choice | None
    passed_over: tuple[PassedOver, ...] = ()


@dataclass(frozen=True, slots=True)
class CasePlan:
    """Where all cases go, within the horizon in which that was found."""

    horizon: Horizon
    cases: tuple[Planned, ...]
    proven: bool = True


def changeable(
    uow: UnitOfWork, office: Office, command: Command, actor: str, meeting_id: str
) -> tuple[Team, Meeting]:
    """The meeting that the coordinator wants to change. Raises NotFound, NotAllowed, Outdated."""
    meeting = meeting_of(uow, meeting_id)
    team = team_of(uow, meeting.team)
    require(uow, command, actor, Subject(meeting_id, team))
    if meeting.status is not MeetingStatus.PLANNED or meeting.starts_at <= office.now():
        raise Outdated(meeting=meeting_id)
    return team, meeting


def cases_at(uow: UnitOfWork, meetings: Iterable[Meeting]) -> tuple[Called, ...]:
    """The cases with a live booking at the meetings."""
    return tuple(load_called(uow, b.id) for m in meetings for b in uow.plan.live_bookings(m.id))


def plan_cases(
    uow: UnitOfWork,
    office: Office,
    team: Team,
    horizon: Horizon,
    cases: Sequence[Called],
    gone: Collection[str],
    staying: Sequence[Planned] = (),
) -> CasePlan:
    """The best plan for the cases.

    Args:
        uow: the transaction.
        office: the ports.
        team: whose meetings they are.
        horizon: the team's meetings, one that moves at its new time.
        cases: those that need another time.
        gone: ids of meetings that are not held.
        staying: cases whose time is settled, at a meeting that moves.
    """
    everybody = [*cases, *(one.called for one in staying)]
    offers = [_offer(o, gone, everybody, staying) for o in horizon.offers]
    busy = seated(without(horizon.busy, everybody), horizon, staying)
    found = replan([_displaced(uow, office, team, one) for one in cases], offers, busy)
    moved = {m.referral: (m.choice, m.passed_over) for m in found.moves}
    waiting = dict(found.waiting)
    planned = (Planned(c, *moved.get(c.referral.id, (None, waiting.get(c.referral.id, ())))) for c in cases)
    return CasePlan(horizon, (*staying, *planned), found.proven)


def without(busy: Busy, cases: Sequence[Called]) -> Busy:
    """When people are busy if the cases were not booked; a person is in one place at a time."""
    freed = [
        (seat.representative, slot.starts_at, slot.ends_at)
        for one in cases
        for slot in [one.meeting.slot(one.booking.slot)]
        for seat in one.booking.seats
    ]
    return Busy(
        {
            who: [(s, e) for s, e in spans if not any(who == p and s < z and a < e for p, a, z in freed)]
            for who, spans in busy.intervals.items()
        }
    )


def seated(busy: Busy, horizon: Horizon, planned: Sequence[Planned]) -> Busy:
    """And when the planned cases are booked."""
    intervals = {who: list(spans) for who, spans in busy.intervals.items()}
    for one in planned:
        if one.choice is not None:
            for _, who in one.choice.representatives:
                intervals.setdefault(who, []).append(horizon.span(one.choice))
    return Busy(intervals)


def _offer(
    offer: MeetingOffer, gone: Collection[str], displaced: Sequence[Called], staying: Sequence[Planned]
) -> MeetingOffer:
    if offer.id in gone:
        return replace(offer, status=MeetingStatus.CANCELLED)
    left = {one.booking.slot for one in displaced}
    held = {one.choice.slot for one in staying if one.choice is not None}
    if not left.intersection(slot.id for slot in offer.slots):
        return offer
    slots = (replace(s, taken=s.id in held or (s.taken and s.id not in left)) for s in offer.slots)
    return replace(offer, slots=tuple(slots))


def _displaced(uow: UnitOfWork, office: Office, team: Team, called: Called) -> Displaced:
    referral = called.referral
    start = uow.cases.protected(referral.id).sick_leave_start
    return Displaced(
        referral.id, wish_of(office, team, referral), goal_date(team, start), referral.submitted_at
    )


# --- showing it --------------------------------------------------------------------------------------


def preview_of(
    uow: UnitOfWork, team: Team, subject: str, facts: tuple[MeetingFacts, ...], plan: CasePlan
) -> PlanPreview:
    """The plan in open facts."""
    moves = tuple(_case_move(uow, team, plan.horizon, one) for one in plan.cases)
    return PlanPreview(subject, facts, moves, _fingerprint(subject, facts, plan), plan.proven)


def _case_move(uow: UnitOfWork, team: Team, horizon: Horizon, one: Planned) -> CaseMove:
    called = one.called
    stays = one.choice is not None and one.choice.meeting == called.meeting.id
    return CaseMove(
        reference=called.referral.reference,
        before=case_facts(uow, team, called.referral, called.booking, called.meeting),
        after=horizon.time_offer(one.choice) if one.choice else None,
        passed_over=passed_over_names(uow, one.passed_over),
        stays=stays,
        instead=_instead(uow, called.booking, one.choice) if stays and one.choice else (),
    )


def _instead(uow: UnitOfWork, booking: Booking, choice: Choice) -> tuple[tuple[str, str, str], ...]:
    before = {seat.party: seat.representative for seat in booking.seats}
    changed = [(p, before[p], who) for p, who in choice.representatives if before.get(p, who) != who]
    parties = uow.organisation.parties([p for p, _, _ in changed])
    people = uow.organisation.people([who for _, old, new in changed for who in (old, new)])
    return tuple((parties[p].name, people[old].name, people[new].name) for p, old, new in changed)


def _fingerprint(subject: str, facts: tuple[MeetingFacts, ...], plan: CasePlan) -> str:
    cases = [
        (one.called.booking.id, one.called.booking.sequence, one.choice.slot if one.choice else "", seats)
        for one in plan.cases
        for seats in [one.choice.representatives if one.choice else ()]
    ]
    return sha256(repr((subject, facts, sorted(cases))).encode()).hexdigest()


# --- carrying it out ---------------------------------------------------------------------------------


def carry_out(uow: UnitOfWork, office: Office, team: Team, plan: CasePlan) -> list[Change]:
    """Move every case, then book whoever waits into what has become free. The meetings are saved already."""
    _let_go(uow, plan)
    changes = [_carry_out(uow, office, plan.horizon, one) for one in plan.cases]
    book_waiting(uow, office, team)
    people_freed(uow, office, team)
    return changes


def _let_go(uow: UnitOfWork, plan: CasePlan) -> None:
    """Nobody holds a slot or is busy while the cases change places, since constraints look at each row."""
    for one in plan.cases:
        slot = one.called.meeting.slot(one.called.booking.slot)
        let_go = replace(one.called.booking, status=BookingStatus.CANCELLED)
        uow.plan.save_booking(let_go, slot.starts_at, slot.ends_at)


def _carry_out(uow: UnitOfWork, office: Office, horizon: Horizon, one: Planned) -> Change:
    called = one.called
    before = case_facts(uow, called.team, called.referral, called.booking, called.meeting)
    people = tuple(i.person for i in uow.plan.invitations(called.booking.id))
    if one.choice is None:
        _let_wait(uow, office, called)
        return Change(called.referral, before, None, people)
    booking = _move(uow, office, horizon, called, one.choice)
    meeting = horizon.meetings[booking.meeting]
    referral = with_time(uow, called.team, called.referral, meeting.day)
    if referral != called.referral:
        uow.cases.save_referral(referral)
    tell_flags(uow, office, Called(called.team, referral, booking, meeting), called.referral.flags)
    withdraw_question(uow, office, called.team, meeting)
    now_called = tuple(i.person for i in uow.plan.invitations(booking.id))
    return Change(referral, before, booking, tuple(dict.fromkeys((*people, *now_called))))


def _move(uow: UnitOfWork, office: Office, horizon: Horizon, called: Called, choice: Choice) -> Booking:
    proposed = called.booking.status is BookingStatus.PROPOSED
    meeting = horizon.meetings[choice.meeting]
    deadline = calls_at(office.now(), meeting, called.team.rules, office.zone, office.is_holiday)
    booking = replace(
        called.booking,
        meeting=choice.meeting,
        slot=choice.slot,
        seats=seats_of(choice),
        sequence=called.booking.sequence + (0 if proposed else 1),
        calls_at=deadline if proposed else None,
    )
    uow.plan.save_booking(booking, *horizon.span(choice))
    moved = Called(called.team, called.referral, booking, meeting)
    if proposed:
        plan_call(uow, booking)
        show_proposal(uow, office, moved, edit=True)
    else:
        update_calls(uow, office, moved, called.booking, was=called.meeting, quiet=True)
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
    else:
        call_kept(uow, office, called, cancelled=True)
    end_calls(uow, office, replace(called, booking=ended))
    waiting = replace(referral_of(uow, called.referral.id), status=ReferralStatus.WAITING)
    uow.cases.save_referral(waiting)
    return waiting
