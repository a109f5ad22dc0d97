"""Who is called to a booking, and in which roles."""

from __future__ import annotations

from dataclasses import dataclass

from schedules.domain.cases import Referral
from schedules.domain.plan import Booking, Invitation, Role


@dataclass(frozen=True, slots=True)
class Call:
    """One person to be called (person and party ids); `party` only for a representative."""

    person: str
    party: str | None
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class CallChanges:
    """How the calls of a booking change: who is new, who stays, who drops out."""

    new: tuple[Call, ...]
    staying: tuple[tuple[Invitation, Call], ...]
    leaving: tuple[Invitation, ...]


def calls_for(coordinator: str, referral: Referral, booking: Booking) -> tuple[Call, ...]:
    """One call per person, roles merged: representatives first, then referrer, owner and coordinator.

    `coordinator` is who coordinates the team on the meeting's day.
    """
    roles: dict[str, list[Role]] = {}
    party: dict[str, str] = {}
    for seat in booking.seats:
        for person in (seat.representative, seat.stand_in):
            if person is not None:
                roles.setdefault(person, []).append(Role.REPRESENTATIVE)
                party[person] = seat.party
    for other, role in (
        (referral.referrer, Role.REFERRER),
        (referral.owner, Role.OWNER),
        (coordinator, Role.COORDINATOR),
    ):
        roles.setdefault(other, []).append(role)
    return tuple(Call(person, party.get(person), tuple(r)) for person, r in roles.items())


def changes(invited: tuple[Invitation, ...], wanted: tuple[Call, ...]) -> CallChanges:
    """Compare who is invited with who is to be called."""
    by_person = {i.person: i for i in invited}
    wanted_people = {c.person for c in wanted}
    return CallChanges(
        new=tuple(c for c in wanted if c.person not in by_person),
        staying=tuple((by_person[c.person], c) for c in wanted if c.person in by_person),
        leaving=tuple(i for i in invited if i.person not in wanted_people),
    )
