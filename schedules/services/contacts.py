"""The contact list: whom to reach in a team, in the order in which they are called."""

from __future__ import annotations

from collections.abc import Mapping

from schedules.domain.home import PartyContacts, Reach, TeamContacts
from schedules.domain.organisation import Person, Team
from schedules.ports import UnitOfWork
from schedules.services.authority import person
from schedules.services.coordination import coordinator_at
from schedules.services.office import Office


def contacts(office: Office, actor: str) -> tuple[TeamContacts, ...]:
    """Whom to reach in each team of the person's party, and in those that the person leads."""
    with office.unit_of_work() as uow:
        acting = person(uow, actor)
        teams = {
            team.id: team
            for team in (
                *uow.organisation.teams_of(acting.party),
                *uow.organisation.teams_led_by(actor),
            )
        }
        return tuple(_team(uow, office, team) for team in teams.values())


def _team(uow: UnitOfWork, office: Office, team: Team) -> TeamContacts:
    today = office.today()
    members = [m for m in team.parties if m.until is None or m.until >= today]
    leaders = (team.coordinator, *team.coordinator_deputies)
    acting = coordinator_at(uow, team, today)
    people = uow.organisation.people({*leaders, *(p for m in members for p in m.representatives)})
    bounced = frozenset(uow.organisation.bounced(people))
    parties = uow.organisation.parties([m.party for m in members])
    reach = {one: _reach(found, bounced) for one, found in people.items()}
    return TeamContacts(
        team=team.name,
        coordinator=reach.get(acting, Reach("")),
        deputies=_in_order(tuple(p for p in leaders if p != acting), reach),
        parties=tuple(
            PartyContacts(parties[m.party].name, m.rhythm, _in_order(m.representatives, reach))
            for m in members
            if m.party in parties
        ),
    )


def _in_order(ids: tuple[str, ...], reach: Mapping[str, Reach]) -> tuple[Reach, ...]:
    return tuple(reach[one] for one in ids if one in reach)


def _reach(one: Person, bounced: frozenset[str]) -> Reach:
    slack = one.slack[0] if one.slack else None
    return Reach(one.name, one.phone, one.email, slack, one.id in bounced)
