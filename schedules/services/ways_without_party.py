"""What can be done about a seat that was declined: which ways there are, and who the party's contact is."""

from __future__ import annotations

from schedules.domain.organisation import Person
from schedules.domain.plan import Booking, Decline, DeclineReason, Invitation
from schedules.ports import UnitOfWork
from schedules.services.called import Called

MOVE = "seat_move"
WITHOUT = "seat_without"
CONTACT = "seat_contact"
AGAIN = "seat_again"


def decline_of(uow: UnitOfWork, invitation: Invitation) -> Decline | None:
    """The newest no to this call."""
    said = [d for d in uow.plan.declines(invitation.booking) if d.invitation == invitation.id]
    return said[-1] if said else None


def ways_without(
    uow: UnitOfWork, called: Called, invitation: Invitation, reason: DeclineReason | None
) -> tuple[str, ...]:
    """The actions that the coordinator can choose between, the likeliest first."""
    without = (WITHOUT,) if _others(called.booking, invitation.party) else ()
    if reason is DeclineReason.NOT_OUR_CASE:
        return (*without, AGAIN, MOVE)
    asks = (CONTACT,) if contact_of(uow, called, invitation.party or "") else ()
    return (MOVE, *without, *asks)


def _others(booking: Booking, party: str | None) -> bool:
    """Whether it is still a meeting without the party."""
    return any(seat.party != party for seat in booking.seats)


def contact_of(uow: UnitOfWork, called: Called, party_id: str) -> Person | None:
    """The party's contact of the file, else its first representative in the team; never who said no.

    Whether they are busy at the time does not matter: they are asked to find somebody.
    """
    party = uow.organisation.parties([party_id]).get(party_id)
    membership = called.team.membership(party_id)
    said_no = {d.person for d in uow.plan.declines(called.booking.id) if d.meeting == called.meeting.id}
    said_no |= {seat.representative for seat in called.booking.seats if seat.party == party_id}
    first = (party.contact,) if party and party.contact else ()
    order = [p for p in (*first, *(membership.representatives if membership else ())) if p not in said_no]
    people = uow.organisation.people(order)
    return next((people[p] for p in order if p in people), None)
