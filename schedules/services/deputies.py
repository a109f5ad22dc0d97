"""The party's other representatives: who is free, and how a seat passes to one of them."""

from __future__ import annotations

from dataclasses import replace

from schedules.domain.organisation import Person
from schedules.domain.plan import Decline, DeclineReason, Seat
from schedules.errors import Refused
from schedules.ports import UnitOfWork
from schedules.services.call_parties import replace_representative
from schedules.services.called import Called
from schedules.services.horizon import Horizon, load_horizon
from schedules.services.invited import Invited, seat_of
from schedules.services.office import Office, new_id
from schedules.services.propose import people_freed


def free_deputies(uow: UnitOfWork, office: Office, invited: Invited) -> tuple[Person, ...]:
    """The party's other representatives who are free at the time, in the team's order.

    Whoever has declined the case at this meeting, or sits in it for another party, is not free for it.
    """
    called, party = invited.called, invited.invitation.party or ""
    horizon = load_horizon(uow, office, called.team, called.booking.id)
    slot = called.meeting.slot(called.booking.slot)
    taken = {invited.invitation.person, *said_no(uow, called), *seated(called, party)}
    attending = [p for p in _attending(horizon, called, party) if p not in taken]
    free = [p for p in attending if horizon.busy.free(p, slot.starts_at, slot.ends_at)]
    people = uow.organisation.people(free)
    return tuple(people[p] for p in free if p in people)


def comes_for_party(uow: UnitOfWork, office: Office, invited: Invited) -> bool:
    """Whether the person is still one of the party's representatives on the meeting's day, and not away."""
    called, invitation = invited.called, invited.invitation
    horizon = load_horizon(uow, office, called.team, called.booking.id)
    return invitation.person in _attending(horizon, called, invitation.party or "")


def _attending(horizon: Horizon, called: Called, party: str) -> tuple[str, ...]:
    offer = next((o for o in horizon.offers if o.id == called.meeting.id), None)
    return offer.attending.get(party, ()) if offer and called.team.membership(party) else ()


def said_no(uow: UnitOfWork, called: Called) -> frozenset[str]:
    """Who has said no to the case at this meeting."""
    declines = uow.plan.declines(called.booking.id)
    return frozenset(d.person for d in declines if d.meeting == called.meeting.id)


def seated(called: Called, party: str) -> frozenset[str]:
    """Whoever holds a seat, and whoever stands in for another party."""
    others = [seat.stand_in for seat in called.booking.seats if seat.party != party and seat.stand_in]
    return frozenset((*(seat.representative for seat in called.booking.seats), *others))


def is_free(uow: UnitOfWork, called: Called, person: str) -> bool:
    """Whether a person who is called without a seat could take one: they sit nowhere else at the time."""
    slot = called.meeting.slot(called.booking.slot)
    busy = uow.plan.busy([person], slot.starts_at, slot.ends_at, called.booking.id).get(person)
    seated = {seat.representative for seat in called.booking.seats}
    return not busy and person not in seated


def send_deputy(uow: UnitOfWork, office: Office, invited: Invited, acting: Person, deputy: str) -> Invited:
    """Give the seat to the deputy, however that was said. Raises Refused: not a free representative."""
    if deputy not in {p.id for p in free_deputies(uow, office, invited)}:
        raise Refused({"deputy": "deputy_not_free"})
    uow.audit.record(acting.id, acting.party, "invitation.deputise", invited.invitation.id, office.now())
    seat = seat_of(invited)
    record_no(uow, office, invited, None, deputy)
    if seat.stand_in == invited.invitation.person:
        reseat(uow, office, invited.called, replace(seat, stand_in=deputy))
    else:
        pass_seat(uow, office, invited.called, seat.party, deputy)
    return invited


def settle_seat(uow: UnitOfWork, office: Office, accepted: Invited) -> Invited:
    """Of two who were asked one has said that they come: the seat is theirs, the other's part ends.

    A stand-in who has been called elsewhere at the time since then is let go instead: a person is in one
    place at a time.
    """
    called, seat, person = accepted.called, seat_of(accepted), accepted.invitation.person
    if seat.stand_in is None:
        return accepted
    if seat.stand_in == person and is_free(uow, called, person):
        changed = reseat(uow, office, called, Seat(seat.party, person))
        people_freed(uow, office, called.team, here=True)
    else:
        changed = reseat(uow, office, called, replace(seat, stand_in=None))
    return replace(accepted, called=changed)


def record_no(
    uow: UnitOfWork, office: Office, invited: Invited, reason: DeclineReason | None, deputy: str | None
) -> Decline:
    """Keep that a representative does not come to this meeting for this case, and why."""
    invitation, booking = invited.invitation, invited.called.booking
    decline = Decline(
        id=new_id(),
        invitation=invitation.id,
        booking=booking.id,
        meeting=booking.meeting,
        party=invitation.party or "",
        person=invitation.person,
        reason=reason,
        deputy=deputy,
        called_at=invitation.called_at,
        declined_at=office.now(),
    )
    uow.plan.save_decline(decline)
    return decline


def pass_seat(uow: UnitOfWork, office: Office, called: Called, party: str, deputy: str) -> None:
    """Call the deputy to the party's seat; whoever held it, or stood in, is taken out of it."""
    reseat(uow, office, called, Seat(party, deputy))
    people_freed(uow, office, called.team, here=True)


def reseat(uow: UnitOfWork, office: Office, called: Called, seat: Seat) -> Called:
    """Put another seat in the place of its party's; only those concerned hear of it.

    Raises:
        SlotTaken: the new representative is somewhere else at the time.
    """
    seats = tuple(seat if s.party == seat.party else s for s in called.booking.seats)
    changed = with_seats(uow, called, seats)
    replace_representative(uow, office, changed)
    return changed


def with_seats(uow: UnitOfWork, called: Called, seats: tuple[Seat, ...]) -> Called:
    """Save the booking with those seats and the next SEQUENCE; nobody is told yet. Raises SlotTaken."""
    booking = replace(called.booking, sequence=called.booking.sequence + 1, seats=seats)
    slot = called.meeting.slot(booking.slot)
    uow.plan.save_booking(booking, slot.starts_at, slot.ends_at)
    return replace(called, booking=booking)
