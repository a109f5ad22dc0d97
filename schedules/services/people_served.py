"""Whose duties somebody may change besides their own: the people of the teams that they coordinate."""

from __future__ import annotations

from schedules.domain.organisation import Person, Team
from schedules.ports import UnitOfWork


def people_of(team: Team) -> tuple[str, ...]:
    """Everybody who leads the team or represents a party in it, each once."""
    seated = (person for membership in team.parties for person in membership.representatives)
    return tuple(dict.fromkeys((team.coordinator, *team.coordinator_deputies, *seated)))


def people_led(uow: UnitOfWork, actor: str) -> tuple[Person, ...]:
    """The people of the teams that the person coordinates, by name."""
    ids = {p for team in uow.organisation.teams_led_by(actor) for p in people_of(team)}
    return tuple(sorted(uow.organisation.people(ids).values(), key=lambda p: p.name))
