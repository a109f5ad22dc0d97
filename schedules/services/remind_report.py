"""A meeting that is not reported: the coordinator is reminded, later the process leader sees it."""

from __future__ import annotations

from schedules.domain.organisation import Team
from schedules.domain.schedule import REPORTED_WITHIN_WORKDAYS
from schedules.domain.workdays import add_workdays
from schedules.ports import UnitOfWork
from schedules.services.coordination import coordinator_now
from schedules.services.facts import meeting_facts, meeting_of
from schedules.services.letters import About, language_of, tell
from schedules.services.office import Office
from schedules.texts.meeting_day import report_due


def remind_report(uow: UnitOfWork, office: Office, team: Team, meeting_id: str) -> bool:
    """Remind whoever coordinates today of the meeting's cases without a report. False if there is none."""
    missing = [one for one in uow.plan.unreported(team.id, office.now()) if one.meeting == meeting_id]
    coordinator = coordinator_now(uow, office, team)
    if not missing or coordinator is None:
        return False
    facts = meeting_facts(team, meeting_of(uow, meeting_id))
    message = report_due(facts, meeting_id, len(missing), language_of(coordinator, team, office))
    tell(uow, office, coordinator, message, f"report:{meeting_id}", About(meeting=meeting_id))
    return True


def long_unreported(uow: UnitOfWork, office: Office, team: Team) -> int:
    """How many of the team's meetings have lacked a report for more than five workdays."""
    meetings = {booking.meeting for booking in uow.plan.unreported(team.id, office.now())}
    days = [meeting_of(uow, meeting).day for meeting in meetings]
    last = [add_workdays(day, REPORTED_WITHIN_WORKDAYS, office.is_holiday) for day in days]
    return sum(day < office.today() for day in last)
