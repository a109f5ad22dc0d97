"""Apply an organisation file: three-way into the organisation, then its series into the plan."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from schedules.domain.apply_preview import ApplyPreview, TeamMeetings
from schedules.domain.authority import Command
from schedules.domain.meeting_changes import MeetingChanges, plan_meetings
from schedules.domain.organisation import Organisation, Team
from schedules.domain.plan import Meeting
from schedules.domain.three_way import Merge, Path, keep_items, merge
from schedules.ports import Clock, UnitOfWork, UnitOfWorkFactory
from schedules.services.authority import Subject, require

TermMeetings = Callable[[Team, ZoneInfo, date], Sequence[Meeting]]
FillWaiting = Callable[[UnitOfWork, Team, Collection[str]], object]
AUDIT_ACTION = "organisation_applied"
COMMAND_LINE = "cli"
APPLYING = "organisation.applying"
"""The setting that whoever applies a file writes first: teams that are not there yet cannot be locked."""


@dataclass(frozen=True)
class ApplyOrganisation:
    """The command: the file's organisation, and who applies it (a person's id, or `cli`).

    `only_if_empty`: an example, which must not be merged into what somebody else applied meanwhile.
    """

    organisation: Organisation
    actor: str = COMMAND_LINE
    only_if_empty: bool = False


def preview(
    command: ApplyOrganisation, uow_factory: UnitOfWorkFactory, clock: Clock, term_meetings: TermMeetings
) -> ApplyPreview:
    """What `apply_organisation` would do now. Writes nothing.

    Args:
        command: what to apply.
        uow_factory: opens a transaction.
        clock: for the day from which meetings are compared.
        term_meetings: the meetings of a team's series (team, the association's zone, local date from which).
    """
    with uow_factory() as uow:
        return _work_out(uow, command.organisation, clock, term_meetings)


def apply_organisation(
    command: ApplyOrganisation,
    uow_factory: UnitOfWorkFactory,
    clock: Clock,
    term_meetings: TermMeetings,
    fill_waiting: FillWaiting | None = None,
) -> ApplyPreview:
    """Apply the file in one transaction and tell what was done. The same file again changes nothing.

    Args:
        command: what to apply.
        uow_factory: opens a transaction.
        clock: for the day from which meetings are compared.
        term_meetings: the meetings of a team's series (team, the association's zone, local date from which).
        fill_waiting: books a team's waiting referrals into what became free (ids of meetings); called in the
            transaction for each team that was changed or got other meetings (DESIGN.md, "Time").

    Raises:
        LockTimeout: somebody else is changing a team's plan.
        NotAllowed: neither an administrator nor the command line.
    """
    teams = _team_ids(uow_factory, command.organisation)
    with uow_factory() as uow:
        uow.settings.set(APPLYING, command.actor)
        uow.lock_teams(teams)
        if command.actor != COMMAND_LINE:
            association = Subject(command.organisation.association)
            require(uow, Command.APPLY_ORGANISATION, command.actor, association)
        found = _work_out(uow, command.organisation, clock, term_meetings)
        if command.only_if_empty and uow.organisation.association() is not None:
            return found
        if found.nothing and uow.organisation.applied_file() == command.organisation:
            return found
        _write(uow, command, found, clock)
        if fill_waiting:
            for team, meetings in _with_new_times(found):
                fill_waiting(uow, team, meetings)
        uow.commit()
    return found


def _team_ids(uow_factory: UnitOfWorkFactory, wanted: Organisation) -> set[str]:
    """The teams of the file and of the database: all are locked, in one go, before the plan is read.

    Read in a transaction of its own: on SQLite one that has read may no longer become the writer.
    """
    with uow_factory() as uow:
        current = uow.organisation.load()
    return {team.id for team in (*wanted.teams, *(current.teams if current else ()))}


def _with_new_times(found: ApplyPreview) -> Iterator[tuple[Team, list[str]]]:
    """Teams in which a time may suit now that did not before, with the meetings that are new or changed.

    A changed team counts as well: another rhythm, lead time or representative opens times, too.
    """
    new = {
        changed.team: [meeting.id for meeting in (*changed.meetings.add, *changed.meetings.update)]
        for changed in found.meetings
    }
    touched = {change.path[1] for change in found.merge.changes if change.path[0] == "teams"}
    for team in found.merge.result.teams:
        if new.get(team.id) or team.id in touched:
            yield team, new.get(team.id, [])


# --- working it out ------------------------------------------------------------------------------------


def _work_out(
    uow: UnitOfWork, wanted: Organisation, clock: Clock, term_meetings: TermMeetings
) -> ApplyPreview:
    current = uow.organisation.load()
    found = merge(uow.organisation.applied_file(), wanted, current)
    if current is not None:
        found = keep_items(found, current, _needed(uow, found, clock))
    meetings = _meetings(uow, found.result, current, clock, term_meetings)
    return ApplyPreview(found, meetings)


def _needed(uow: UnitOfWork, found: Merge, clock: Clock) -> set[Path]:
    """Teams with live bookings and people with coming meetings, which the file would remove."""
    now = clock.now()
    today = now.astimezone(ZoneInfo(found.result.timezone)).date()
    removed = [change.path for change in found.changes if change.after is None]
    teams = {p for p in removed if p[0] == "teams" and _is_booked(uow, p[-1], today)}
    people = {p for p in removed if p[0] == "people" and uow.plan.coming_meetings_of(p[-1], now)}
    return teams | people


def _is_booked(uow: UnitOfWork, team: str, today: date) -> bool:
    """Whether a coming meeting of the team holds a live booking; those of past meetings stay live too."""
    booked = uow.plan.meetings_with_live_bookings(team)
    return any(meeting.id in booked for meeting in uow.plan.meetings(team, today))


def _meetings(
    uow: UnitOfWork,
    result: Organisation,
    current: Organisation | None,
    clock: Clock,
    term_meetings: TermMeetings,
) -> tuple[TeamMeetings, ...]:
    zone = ZoneInfo(result.timezone)
    today = clock.now().astimezone(zone).date()
    staying = {team.id for team in result.teams}
    gone = [team.id for team in (current.teams if current else ()) if team.id not in staying]
    wanted = {team.id: term_meetings(team, zone, today) for team in result.teams} | dict.fromkeys(gone, ())
    found = [TeamMeetings(team, _compare(uow, team, plan, today)) for team, plan in wanted.items()]
    return tuple(team for team in found if team.meetings != MeetingChanges())


def _compare(uow: UnitOfWork, team: str, wanted: Sequence[Meeting], today: date) -> MeetingChanges:
    return plan_meetings(
        uow.plan.meetings(team, today),
        wanted,
        uow.plan.meetings_with_live_bookings(team),
        uow.plan.meetings_ever_booked(team),
        today,
    )


# --- writing it ----------------------------------------------------------------------------------------


def _write(uow: UnitOfWork, command: ApplyOrganisation, found: ApplyPreview, clock: Clock) -> None:
    if found.merge.changes:
        uow.organisation.save(found.merge.result)
    uow.organisation.save_applied_file(command.organisation)
    for team in found.meetings:
        _write_meetings(uow, team.meetings)
    association = command.organisation.association
    uow.audit.record(command.actor, None, AUDIT_ACTION, association, clock.now())


def _write_meetings(uow: UnitOfWork, changes: MeetingChanges) -> None:
    """Removals first, so that no two rows of one occasion stand side by side."""
    for meeting in changes.remove:
        uow.plan.remove_meeting(meeting.id)
    for meeting in (*changes.update, *changes.add):
        uow.plan.save_meeting(meeting)
