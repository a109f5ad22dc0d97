"""Asks the one table who may do what (schedules/domain/authority.py). The only place that refuses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from schedules.domain.authority import MAY, ON_SEALED, Capacity, Command
from schedules.domain.cases import Referral
from schedules.domain.organisation import Person, Team
from schedules.domain.plan import Invitation
from schedules.errors import CaseSealed, NotAllowed, NotAllowedHere, NotFound
from schedules.ports import UnitOfWork
from schedules.services.sealed import require_open


@dataclass(frozen=True, slots=True)
class Subject:
    """What a command is about. `id` is ours, and stands in the audit trail when it is refused.

    `invitations` are the live calls that make their people its representatives; `person` and `teams` are
    whose duties it is about, and in which teams.
    """

    id: str
    team: Team | None = None
    referral: Referral | None = None
    invitations: tuple[Invitation, ...] = ()
    person: str | None = None
    teams: tuple[Team, ...] = ()


def require(uow: UnitOfWork, command: Command, actor: str, subject: Subject) -> Person:
    """The acting person, if the table lets them.

    Raises NotAllowed; that it was refused is on record once the transaction is rolled back (refusals.py).
    So too CaseSealed, to whom the table would let: the case is blocked or erased (sealed.py).
    """
    acting = uow.organisation.people([actor]).get(actor)
    if acting is None or not may(uow, command, acting, subject):
        raise refused(command, actor, subject.id)
    if subject.referral is not None and command not in ON_SEALED:
        require_open(uow, command, actor, subject.referral, subject.id)
    return acting


def refused(command: Command, actor: str, subject: str) -> NotAllowed:
    """The refusal, for whoever found by other means that the table lets the person do nothing of the kind."""
    return NotAllowed(person=actor, action=command.value, subject=subject)


def may(uow: UnitOfWork, command: Command, acting: Person, subject: Subject) -> bool:
    """Whether the table lets the person do it: what they may not do is not offered to them either."""
    return any(_HELD[one](uow, acting, subject) for one in MAY[command])


def require_in_form(uow: UnitOfWork, command: Command, actor: str, subject: Subject, **said: str) -> Person:
    """The same for a form's field: what is refused is `said` beside it. Raises NotAllowedHere."""
    try:
        return require(uow, command, actor, subject)
    except CaseSealed:
        raise
    except NotAllowed as refused:
        raise NotAllowedHere(said, **refused.ids) from None


def _works_with(uow: UnitOfWork, acting: Person, subject: Subject) -> bool:
    if subject.referral is not None:
        return carries(subject.referral, acting.id)
    if subject.team is not None:
        return subject.team.membership(acting.party) is not None
    return bool(uow.organisation.teams_of(acting.party))


def _is_called(uow: UnitOfWork, acting: Person, subject: Subject) -> bool:
    del uow
    called = any(i.person == acting.id and i.live for i in subject.invitations)
    return called or (acting.id == subject.person and bool(subject.teams))


def _coordinates(uow: UnitOfWork, acting: Person, subject: Subject) -> bool:
    del uow
    teams = (*subject.teams, *([subject.team] if subject.team else []))
    return any(coordinates(team, acting.id) for team in teams)


def _leads_the_process(uow: UnitOfWork, acting: Person, subject: Subject) -> bool:
    del subject
    association = uow.organisation.association()
    return association is not None and acting.id in association.process_leaders


def _administers(uow: UnitOfWork, acting: Person, subject: Subject) -> bool:
    del subject
    association = uow.organisation.association()
    return association is not None and acting.id in association.administrators


_HELD: Mapping[Capacity, Callable[[UnitOfWork, Person, Subject], bool]] = {
    Capacity.CASEWORKER: _works_with,
    Capacity.REPRESENTATIVE: _is_called,
    Capacity.COORDINATOR: _coordinates,
    Capacity.PROCESS_LEADER: _leads_the_process,
    Capacity.ADMINISTRATOR: _administers,
}


def person(uow: UnitOfWork, person_id: str) -> Person:
    """The acting person. Raises NotAllowed if it is nobody we know."""
    found = uow.organisation.people([person_id]).get(person_id)
    if found is None:
        raise NotAllowed(person=person_id)
    return found


def team_of(uow: UnitOfWork, team_id: str) -> Team:
    """The team. Raises NotFound."""
    team = uow.organisation.team(team_id)
    if team is None:
        raise NotFound(team=team_id)
    return team


def referral_of(uow: UnitOfWork, referral_id: str) -> Referral:
    """The referral. Raises NotFound."""
    referral = uow.cases.referral(referral_id)
    if referral is None:
        raise NotFound(referral=referral_id)
    return referral


def coordinates(team: Team, actor: str) -> bool:
    """Whether the person is the team's coordinator or a deputy."""
    return actor == team.coordinator or actor in team.coordinator_deputies


def carries(referral: Referral, actor: str) -> bool:
    """Whether the person raised or owns the case."""
    return actor in {referral.referrer, referral.owner}
