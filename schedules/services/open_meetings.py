"""What follows when a team's meetings are new or changed: their agendas are planned, the waiting booked."""

from __future__ import annotations

from collections.abc import Collection

from schedules.domain.organisation import Team
from schedules.domain.plan import MeetingStatus
from schedules.ports import UnitOfWork
from schedules.services.call_parties import plan_meeting
from schedules.services.office import Office
from schedules.services.propose import book_waiting


def open_meetings(uow: UnitOfWork, office: Office, team: Team, freed: Collection[str]) -> None:
    """Within the transaction that made the meetings."""
    coming = [
        meeting
        for meeting in uow.plan.meetings(team.id, office.today())
        if meeting.status is MeetingStatus.PLANNED and meeting.starts_at > office.now()
    ]
    for meeting in coming:
        plan_meeting(uow, office, team, meeting)
    book_waiting(uow, office, team, freed)
