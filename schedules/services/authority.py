"""Who may do what. Everything else is refused with `NotAllowed`."""

from __future__ import annotations

from schedules.domain.cases import Referral
from schedules.domain.organisation import Person, Team
from schedules.domain.plan import Invitation
from schedules.errors import NotAllowed, NotFound
from schedules.ports import UnitOfWork


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


def require_coordinator(team: Team, actor: str) -> None:
    """Raise NotAllowed unless the person coordinates the team."""
    if not coordinates(team, actor):
        raise NotAllowed(person=actor, team=team.id)


def require_case_worker(team: Team, referral: Referral, actor: str) -> None:
    """Raise NotAllowed unless the person carries the case or coordinates the team."""
    if not (carries(referral, actor) or coordinates(team, actor)):
        raise NotAllowed(person=actor, referral=referral.id)


def require_reader(team: Team, referral: Referral, invitations: tuple[Invitation, ...], actor: str) -> None:
    """Raise NotAllowed unless the person may see the protected fields (DESIGN.md, the table of levels)."""
    if not (
        carries(referral, actor)
        or coordinates(team, actor)
        or any(i.person == actor and i.live for i in invitations)
    ):
        raise NotAllowed(person=actor, referral=referral.id)
