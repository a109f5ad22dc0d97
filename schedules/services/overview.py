"""The association's teams in counts, for the process leader and the administrator."""

from __future__ import annotations

from schedules.domain.authority import Command
from schedules.domain.cases import ReferralStatus
from schedules.domain.home import TeamOverview
from schedules.domain.organisation import Person, Team
from schedules.ports import UnitOfWork
from schedules.services.authority import Subject, may
from schedules.services.coming import in_counts
from schedules.services.office import Office
from schedules.services.remind_report import long_unreported

ASSOCIATION = "association"


def overview_of(uow: UnitOfWork, office: Office, acting: Person) -> tuple[TeamOverview, ...]:
    """Every team's counts and next meetings; nothing for somebody who may not see them."""
    if not may(uow, Command.OVERSEE, acting, Subject(ASSOCIATION)):
        return ()
    organisation = uow.organisation.load()
    return tuple(_team(uow, office, team) for team in organisation.teams) if organisation else ()


def _team(uow: UnitOfWork, office: Office, team: Team) -> TeamOverview:
    cases = uow.cases.of_team(team.id, [ReferralStatus.ACTIVE, ReferralStatus.WAITING])
    waiting = sum(case.status is ReferralStatus.WAITING for case in cases)
    leader = uow.organisation.people([team.coordinator]).get(team.coordinator)
    return TeamOverview(
        team=team.name,
        coordinator=leader.name if leader else "",
        live=len(cases) - waiting,
        waiting=waiting,
        meetings=in_counts(uow, office, team),
        unreported=long_unreported(uow, office, team),
    )
