"""A seat that was declined, as the coordinator decides about it: what every way needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from schedules.domain.authority import Command
from schedules.domain.facts import CaseFacts
from schedules.domain.organisation import Person
from schedules.domain.plan import Answer, Decline, DeclineReason
from schedules.errors import Outdated
from schedules.ports import UnitOfWork
from schedules.services.authority import Subject, require
from schedules.services.called import Called
from schedules.services.deputies import record_no
from schedules.services.facts import case_facts
from schedules.services.invited import Invited, current_invited, seat_of, team_of_invitation
from schedules.services.office import Office
from schedules.services.ways_without_party import decline_of
from schedules.texts.missing import NoRepresentative

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Missing:
    """A declined seat as the coordinator looks at it; names, and open facts."""

    invitation: str
    case: CaseFacts
    party: str
    person: str
    reason: DeclineReason | None


@dataclass(frozen=True, slots=True)
class DeclinedSeat:
    """The declined call, who decides about it, and the no that is on record."""

    invited: Invited
    acting: Person
    decline: Decline | None

    @property
    def called(self) -> Called:
        """The booking it calls to."""
        return self.invited.called

    @property
    def party(self) -> str:
        """The party's id."""
        return self.invited.invitation.party or ""

    @property
    def not_theirs(self) -> bool:
        """Whether the answer was "not our case"."""
        return self.decline is not None and self.decline.reason is DeclineReason.NOT_OUR_CASE


def declined_seat(uow: UnitOfWork, office: Office, actor: str, public_id: str) -> DeclinedSeat:
    """The seat whose call was declined. Raises NotFound, NotAllowed, Outdated (the meeting has begun)."""
    invited = current_invited(uow, public_id)
    about = Subject(invited.invitation.id, invited.called.team, invited.called.referral)
    acting = require(uow, Command.SETTLE_SEAT, actor, about)
    declined = invited.invitation.answer is Answer.DECLINED and invited.invitation.must_answer
    if not declined or invited.called.meeting.starts_at <= office.now():
        raise Outdated(invitation=invited.invitation.id)
    seat_of(invited)
    return DeclinedSeat(invited, acting, decline_of(uow, invited.invitation))


def act_on(
    office: Office, actor: str, public_id: str, action: str, work: Callable[[UnitOfWork, DeclinedSeat], T]
) -> T:
    """Decide about the seat, on record as `action`. Raises as `declined_seat`."""

    def within(uow: UnitOfWork) -> T:
        found = declined_seat(uow, office, actor, public_id)
        uow.audit.record(actor, found.acting.party, action, found.invited.invitation.id, office.now())
        return work(uow, found)

    return office.change_plan(team_of_invitation(office, public_id), within)


def on_record(uow: UnitOfWork, office: Office, found: DeclinedSeat) -> Decline:
    """The no that was said; that of an absence or a handover becomes one when somebody acts on it."""
    if found.decline is not None:
        return found.decline
    return record_no(uow, office, found.invited, None, None)


def missing_of(uow: UnitOfWork, found: DeclinedSeat) -> Missing:
    """The seat in words."""
    called, who = found.called, words_about(uow, found)
    case = case_facts(uow, called.team, called.referral, called.booking)
    return Missing(found.invited.invitation.public_id, case, who.party, who.person, who.reason)


def words_about(uow: UnitOfWork, found: DeclinedSeat) -> NoRepresentative:
    """Who said no, for which party, and why."""
    decliner = uow.organisation.people([found.invited.invitation.person])
    name = decliner[found.invited.invitation.person].name if decliner else ""
    return NoRepresentative(name, party_name(uow, found), found.decline.reason if found.decline else None)


def party_name(uow: UnitOfWork, found: DeclinedSeat) -> str:
    """The party's name."""
    party = uow.organisation.parties([found.party]).get(found.party)
    return party.name if party else ""
