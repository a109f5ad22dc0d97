"""What an absence or a handover changes in the plan: worked out from the store as it then stands, and done.

The absence or the handover is written first; a preview writes it as well, and rolls back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from schedules.domain.organisation import Team
from schedules.domain.plan import Answer, Booking, BookingStatus, Invitation, MeetingStatus, Role, Seat
from schedules.ports import UnitOfWork
from schedules.services.authority import referral_of
from schedules.services.call_parties import replace_representative
from schedules.services.called import Called
from schedules.services.cards import Cards, renew_card
from schedules.services.coordination import coordinator_at
from schedules.services.deputies import said_no, seated
from schedules.services.horizon import Horizon, load_horizon
from schedules.services.office import Office
from schedules.services.proposal_card import show_proposal

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class DutyChange:
    """What changes about one live booking; person and party ids.

    `party` is the seat that the person cannot keep, None if it has none here; `deputy` who takes it, None:
    nobody is free. `leader` is the new coordinator of the meeting's day instead of `former`, both None if
    it stays the same. `beside` is the party for which the person is asked beside somebody silent, and is no
    longer; `deputy` is asked instead.
    """

    called: Called
    party: str | None
    deputy: str | None
    leader: str | None = None
    former: str | None = None
    beside: str | None = None

    @property
    def uncovered(self) -> bool:
        """Whether the coordinator has to act: the party has nobody."""
        return self.party is not None and self.deputy is None


def plan_duty(
    uow: UnitOfWork, office: Office, teams: Iterable[Team], person: str, first: str | None = None
) -> tuple[DutyChange, ...]:
    """What changes for the person's bookings in the teams, by time.

    Args:
        uow: where the absence or handover is written already.
        office: for the time.
        teams: those that the person serves.
        person: who cannot keep their seats on the days that the store says.
        first: who is asked before the party's others, if free.
    """
    found: list[DutyChange] = []
    given: list[tuple[str, Span]] = []  # times given to deputies here, also in another team
    for horizon, called in _live(uow, office, teams):
        change = _change(uow, horizon, called, person, first, given)
        if change is not None:
            found.append(change)
            if change.deputy is not None:
                given.append((change.deputy, _span(called)))
    return tuple(found)


def _live(uow: UnitOfWork, office: Office, teams: Iterable[Team]) -> Iterator[tuple[Horizon, Called]]:
    live = []
    for team in teams:
        horizon = load_horizon(uow, office, team, under_way=True)
        for meeting in horizon.meetings.values():
            if meeting.status is MeetingStatus.PLANNED:
                for booking in uow.plan.live_bookings(meeting.id):
                    referral = referral_of(uow, booking.referral)
                    live.append((horizon, Called(team, referral, booking, meeting)))
    to_come = (pair for pair in live if _span(pair[1])[0] > office.now())
    return iter(sorted(to_come, key=lambda pair: (_span(pair[1]), pair[1].booking.id)))


def _span(called: Called) -> Span:
    slot = called.meeting.slot(called.booking.slot)
    return slot.starts_at, slot.ends_at


def _change(
    uow: UnitOfWork,
    horizon: Horizon,
    called: Called,
    person: str,
    first: str | None,
    given: list[tuple[str, Span]],
) -> DutyChange | None:
    offer = next(o for o in horizon.offers if o.id == called.meeting.id)
    left = [s for s in called.booking.seats if person not in offer.attending.get(s.party, ())]
    seat = next((s for s in left if person in {s.representative, s.stand_in}), None)
    leader, former = _leaders(uow, called)
    if seat is None:
        return DutyChange(called, None, None, leader, former) if leader is not None else None
    start, end = _span(called)
    cannot = {person, *said_no(uow, called), *seated(called, seat.party)}
    others = [p for p in offer.attending.get(seat.party, ()) if p not in cannot]
    in_order = sorted(others, key=lambda p: (p != first, p != seat.stand_in))
    free = (p for p in in_order if horizon.busy.free(p, start, end) and _not_given(p, start, end, given))
    deputy = next(free, None)
    if seat.representative == person:
        return DutyChange(called, seat.party, deputy, leader, former)
    return DutyChange(called, None, deputy, leader, former, beside=seat.party)


def _not_given(person: str, start: datetime, end: datetime, given: list[tuple[str, Span]]) -> bool:
    return all(who != person or end <= s or e <= start for who, (s, e) in given)


def _leaders(uow: UnitOfWork, called: Called) -> tuple[str | None, str | None]:
    """Who coordinates on the meeting's day, and who is called as coordinator now, if not the same."""
    invited = [i.person for i in uow.plan.invitations(called.booking.id) if Role.COORDINATOR in i.roles]
    leader = coordinator_at(uow, called.team, called.meeting.day)
    return (leader, invited[0]) if invited and leader not in invited else (None, None)


def fingerprint(changes: Iterable[DutyChange]) -> str:
    """The same for the same changes of the same bookings."""
    plan = [
        (c.called.booking.id, c.called.booking.sequence, c.party, c.deputy, c.leader, c.beside)
        for c in changes
    ]
    return sha256(repr(sorted(plan, key=repr)).encode()).hexdigest()


def carry_out(uow: UnitOfWork, office: Office, change: DutyChange, person: str, cause: str) -> Called:
    """Make the change; the booking as it is afterwards. `cause` stands as who answered for the person."""
    called = change.called
    if change.uncovered:
        _cannot_come(uow, office, called, person, cause)
    if change.deputy is None and change.leader is None and change.beside is None:
        return called
    booked = called.booking.status is BookingStatus.BOOKED
    booking = replace(
        called.booking,
        sequence=called.booking.sequence + (1 if booked else 0),
        seats=_seats(called.booking, change),
    )
    uow.plan.save_booking(booking, *_span(called))
    changed = replace(called, booking=booking)
    if booked:
        # Who is asked beside somebody silent has a card that says so, and nothing else to hear of.
        replace_representative(uow, office, changed, quiet=change.beside is None)
        _renew_silent(uow, office, changed, change)
    else:
        show_proposal(uow, office, changed, edit=True)
    return changed


def _renew_silent(uow: UnitOfWork, office: Office, called: Called, change: DutyChange) -> None:
    """The card of the silent one says who else is asked."""
    for seat in called.booking.seats:
        if seat.party == change.beside:
            renew_card(uow, office, called.meeting, seat.representative, notify=False)


def _seats(booking: Booking, change: DutyChange) -> tuple[Seat, ...]:
    if change.beside is not None:
        return tuple(
            replace(s, stand_in=change.deputy) if s.party == change.beside else s for s in booking.seats
        )
    if change.deputy is None:
        return booking.seats
    return tuple(Seat(s.party, change.deputy) if s.party == change.party else s for s in booking.seats)


def _cannot_come(uow: UnitOfWork, office: Office, called: Called, person: str, cause: str) -> None:
    """Nobody takes the seat: the person's answer is no, so that nobody waits for it or reminds of it."""
    invitation = _invitation(uow, called, person)
    if invitation is not None and invitation.answer is not Answer.DECLINED:
        _answer(uow, office, called, replace(invitation, answer=Answer.DECLINED, answered_by=cause))


def come_back(uow: UnitOfWork, office: Office, called: Called, person: str, cause: str) -> None:
    """The person is there after all: what was answered for that cause is open again."""
    invitation = _invitation(uow, called, person)
    if invitation is not None and invitation.answered_by == cause:
        uow.plan.remove_declines(invitation.id)
        _answer(uow, office, called, replace(invitation, answer=Answer.NEEDS_ACTION, answered_by=None))


def pass_on_answer(uow: UnitOfWork, called: Called, cause: str, other: str) -> None:
    """Two things keep somebody away: the no of the one that ends stands for the other."""
    for invitation in uow.plan.invitations(called.booking.id):
        if invitation.answered_by == cause:
            uow.plan.save_invitation(replace(invitation, answered_by=other))


def _answer(uow: UnitOfWork, office: Office, called: Called, invitation: Invitation) -> None:
    uow.plan.save_invitation(replace(invitation, answered_at=office.now()))
    cards = Cards(uow, office, called.meeting)
    for other in uow.plan.invitations(called.booking.id):
        cards.renew(other.person, notify=False)


def _invitation(uow: UnitOfWork, called: Called, person: str) -> Invitation | None:
    found = uow.plan.invitations(called.booking.id)
    return next((i for i in found if i.person == person and i.must_answer), None)


def live_calls(uow: UnitOfWork, office: Office, teams: Iterable[Team]) -> tuple[Called, ...]:
    """Every live booking of the teams whose time has not begun, by time."""
    return tuple(called for _, called in _live(uow, office, teams))
