"""Who coordinates a team: on a meeting's day, and today. Whoever calls, tells or asks looks here."""

from __future__ import annotations

from datetime import date

from schedules.domain.duty import coordinator_on
from schedules.domain.organisation import Person, Team
from schedules.ports import UnitOfWork
from schedules.services.office import Office


def coordinator_at(uow: UnitOfWork, team: Team, day: date) -> str:
    """The person id of who coordinates the team on that local day: the first of its leaders who is there."""
    handovers = uow.plan.handovers(team.id)
    leaders = {team.coordinator, *team.coordinator_deputies, *(h.successor for h in handovers)}
    return coordinator_on(team, day, uow.plan.absences(leaders, day), handovers)


def coordinator_now(uow: UnitOfWork, office: Office, team: Team) -> Person | None:
    """Who is told and asked today; None if it is nobody we know."""
    acting = coordinator_at(uow, team, office.today())
    return uow.organisation.people([acting]).get(acting)
