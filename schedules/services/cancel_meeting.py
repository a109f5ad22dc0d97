"""Cancel a meeting: see where each case goes, and why there, then confirm it all in one transaction."""

from __future__ import annotations

from dataclasses import replace

from schedules.domain.authority import Command
from schedules.domain.figures.facts import MeetingState
from schedules.domain.organisation import Team
from schedules.domain.plan import Meeting, MeetingStatus
from schedules.ports import UnitOfWork
from schedules.services.authority import person
from schedules.services.call_parties import MEETING_DUES
from schedules.services.facts import meeting_facts, meeting_of
from schedules.services.horizon import load_horizon
from schedules.services.keep_facts import meeting_kept
from schedules.services.office import Office
from schedules.services.release_question import withdraw_question
from schedules.services.replanning import (
    CasePlan,
    PlanChanged,
    PlanPreview,
    carry_out,
    cases_at,
    changeable,
    plan_cases,
    preview_of,
)
from schedules.services.tell_changes import tell_changes
from schedules.texts.changes import News, NewsKind

__all__ = ["PlanChanged", "cancel_meeting", "preview_cancel"]


def preview_cancel(office: Office, actor: str, meeting_id: str) -> PlanPreview:
    """Where each case of the meeting would go. Raises NotFound, NotAllowed, Outdated."""
    with office.unit_of_work() as uow:
        team, meeting = changeable(uow, office, Command.CANCEL_MEETING, actor, meeting_id)
        return _preview(uow, team, meeting, _plan(uow, office, team, meeting))


def cancel_meeting(office: Office, actor: str, meeting_id: str, fingerprint: str) -> PlanPreview:
    """Carry out the plan that was previewed; each person affected gets one message.

    Raises:
        PlanChanged: another plan would be carried out now; it holds the new preview, nothing is changed.
        NotFound, NotAllowed, Outdated.
    """
    with office.unit_of_work() as uow:
        team_id = meeting_of(uow, meeting_id).team

    def work(uow: UnitOfWork) -> PlanPreview:
        team, meeting = changeable(uow, office, Command.CANCEL_MEETING, actor, meeting_id)
        plan = _plan(uow, office, team, meeting)
        preview = _preview(uow, team, meeting, plan)
        if preview.fingerprint != fingerprint:
            raise PlanChanged(preview)
        acting = person(uow, actor)
        uow.audit.record(actor, acting.party, "meeting.cancel", meeting.id, office.now())
        end_meeting(uow, office, team, meeting)
        changes = carry_out(uow, office, team, plan)
        news = News(NewsKind.CANCELLED, meeting_facts(team, meeting))
        tell_changes(uow, office, team, news, changes, meeting.id)
        return preview

    return office.change_plan(team_id, work)


def end_meeting(
    uow: UnitOfWork,
    office: Office,
    team: Team,
    meeting: Meeting,
    state: MeetingState = MeetingState.CANCELLED,
) -> None:
    """The meeting is not held: what is due for it is dropped, and nobody is asked about it any more.

    `state` is what became of it, in the figures.
    """
    uow.plan.save_meeting(replace(meeting, status=MeetingStatus.CANCELLED))
    meeting_kept(uow, team, meeting, state)
    uow.due.drop_for(meeting.id, MEETING_DUES, office.now(), "cancelled")
    withdraw_question(uow, office, team, meeting, cancelled=True)


def _plan(uow: UnitOfWork, office: Office, team: Team, meeting: Meeting) -> CasePlan:
    horizon = load_horizon(uow, office, team)
    return plan_cases(uow, office, team, horizon, cases_at(uow, [meeting]), {meeting.id})


def _preview(uow: UnitOfWork, team: Team, meeting: Meeting, plan: CasePlan) -> PlanPreview:
    return preview_of(uow, team, meeting.id, (meeting_facts(team, meeting),), plan)
