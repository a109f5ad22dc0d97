"""Close a period: all its meetings are cancelled at once, with one plan for all their cases."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from schedules.domain.authority import Command
from schedules.domain.organisation import Closure, Team
from schedules.domain.plan import Meeting, MeetingStatus
from schedules.errors import Refused
from schedules.ports import UnitOfWork
from schedules.services.authority import Subject, person, require, team_of
from schedules.services.cancel_meeting import end_meeting
from schedules.services.facts import meeting_facts
from schedules.services.free_text import require_clean
from schedules.services.horizon import load_horizon
from schedules.services.office import Office
from schedules.services.replanning import (
    CasePlan,
    PlanChanged,
    PlanPreview,
    carry_out,
    cases_at,
    plan_cases,
    preview_of,
)
from schedules.services.tell_changes import tell_changes
from schedules.texts.changes import News, NewsKind


@dataclass(frozen=True, slots=True)
class Period:
    """Local days, both included. The reason stands in the organisation; it is never sent."""

    first: date
    last: date
    reason: str


def preview_close(office: Office, actor: str, team_id: str, period: Period) -> PlanPreview:
    """Which meetings would be cancelled, and where their cases go. Raises Refused, NotFound, NotAllowed."""
    with office.unit_of_work() as uow:
        team, meetings = _allowed(uow, office, actor, team_id, period)
        return _preview(uow, team, meetings, _plan(uow, office, team, meetings))


def close_period(office: Office, actor: str, team_id: str, period: Period, fingerprint: str) -> PlanPreview:
    """Cancel the period's meetings and remember the closure, for meetings yet to be planned.

    Raises:
        PlanChanged: another plan would be carried out now; it holds the new preview, nothing is changed.
        Refused, NotFound, NotAllowed.
    """

    def work(uow: UnitOfWork) -> PlanPreview:
        team, meetings = _allowed(uow, office, actor, team_id, period)
        plan = _plan(uow, office, team, meetings)
        preview = _preview(uow, team, meetings, plan)
        if preview.fingerprint != fingerprint:
            raise PlanChanged(preview)
        acting = person(uow, actor)
        uow.audit.record(actor, acting.party, "team.close_period", team_id, office.now())
        _remember(uow, team_id, period)
        for meeting in meetings:
            uow.audit.record(actor, acting.party, "meeting.cancel", meeting.id, office.now())
            end_meeting(uow, office, team, meeting)
        changes = carry_out(uow, office, team, plan)
        if meetings:
            facts = meeting_facts(team, meetings[0])
            news = News(NewsKind.CLOSED, facts, first=period.first, last=period.last)
            tell_changes(uow, office, team, news, changes, meetings[0].id)
        return preview

    return office.change_plan(team_id, work)


def _allowed(
    uow: UnitOfWork, office: Office, actor: str, team_id: str, period: Period
) -> tuple[Team, tuple[Meeting, ...]]:
    team = team_of(uow, team_id)
    require(uow, Command.CLOSE_PERIOD, actor, Subject(team_id, team))
    require_clean(office, reason=period.reason)
    if period.last < period.first:
        raise Refused({"last": "period_backwards"})
    if period.last < office.today():
        raise Refused({"last": "meeting_passed"})
    meetings = tuple(
        m
        for m in uow.plan.meetings(team_id, office.today())
        if m.status is MeetingStatus.PLANNED
        and m.starts_at > office.now()
        and period.first <= m.day <= period.last
    )
    return team, meetings


def _plan(uow: UnitOfWork, office: Office, team: Team, meetings: tuple[Meeting, ...]) -> CasePlan:
    horizon = load_horizon(uow, office, team)
    return plan_cases(uow, office, team, horizon, cases_at(uow, meetings), {m.id for m in meetings})


def _preview(uow: UnitOfWork, team: Team, meetings: tuple[Meeting, ...], plan: CasePlan) -> PlanPreview:
    return preview_of(uow, team, team.id, tuple(meeting_facts(team, m) for m in meetings), plan)


def _remember(uow: UnitOfWork, team_id: str, period: Period) -> None:
    """As if it stood in the organisation file; an apply lists the difference and leaves it."""
    organisation = uow.organisation.load()
    if organisation is None:
        return
    closure = Closure(period.first, period.last, period.reason)
    teams = tuple(
        replace(t, closures=(*t.closures, closure)) if t.id == team_id and closure not in t.closures else t
        for t in organisation.teams
    )
    uow.organisation.save(replace(organisation, teams=teams))
