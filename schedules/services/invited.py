"""An invitation with the booking that it calls to, and who may answer it."""

from __future__ import annotations

from dataclasses import dataclass

from schedules.domain.authority import Command
from schedules.domain.organisation import Person
from schedules.domain.plan import BookingStatus, Invitation, Seat
from schedules.errors import NotFound, Outdated
from schedules.ports import UnitOfWork
from schedules.services.authority import Subject, require
from schedules.services.called import Called, load_called
from schedules.services.office import Office


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation with the booking that it calls to."""

    invitation: Invitation
    called: Called


def seat_of(invited: Invited) -> Seat:
    """The seat that a representative is called to. Raises Outdated if the booking has none for the party."""
    for seat in invited.called.booking.seats:
        if seat.party == invited.invitation.party:
            return seat
    raise Outdated(invitation=invited.invitation.id)


def find_invited(uow: UnitOfWork, public_id: str) -> Invited:
    """The invitation that a public id, old or current, leads to. Raises NotFound."""
    invitation = uow.plan.invitation(public_id)
    if invitation is None:
        raise NotFound(invitation=public_id)
    return Invited(invitation, load_called(uow, invitation.booking))


def current_invited(uow: UnitOfWork, public_id: str) -> Invited:
    """The same, if the call and the time are still those of the button. Raises NotFound, Outdated."""
    invited = find_invited(uow, public_id)
    ended = not invited.invitation.live or invited.called.booking.status is not BookingStatus.BOOKED
    if ended or invited.invitation.public_id != public_id:
        raise Outdated(invitation=invited.invitation.id)
    return invited


def to_answer(uow: UnitOfWork, office: Office, actor: str, public_id: str) -> tuple[Invited, Person]:
    """A call that can still be answered, and who answers it. Raises NotFound, NotAllowed, Outdated."""
    invited = current_invited(uow, public_id)
    acting = require_for(uow, Command.ANSWER, invited, actor)
    if invited.called.meeting.ends_at <= office.now():
        raise Outdated(invitation=invited.invitation.id)
    return invited, acting


def team_of_invitation(office: Office, public_id: str) -> str:
    """The team whose lock an answer needs. Raises NotFound."""
    with office.unit_of_work() as uow:
        team = uow.plan.team_of(public_id)
    if team is None:
        raise NotFound(invitation=public_id)
    return team


def require_for(uow: UnitOfWork, command: Command, invited: Invited, actor: str) -> Person:
    """The acting person, if they may do that with this one call. Raises NotAllowed."""
    called, invitation = invited.called, invited.invitation
    about = Subject(invitation.id, called.team, called.referral, (invitation,))
    return require(uow, command, actor, about)
