"""A meeting at another time, and one outside every series. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from schedules.domain.calendar import NewId, closed_reason, slots_of
from schedules.domain.organisation import MeetingSeries, Team
from schedules.domain.plan import Meeting, MeetingStatus
from schedules.domain.workdays import IsHoliday, add_workdays, workdays_between

GRID = 5  # minutes: a person's time is held in steps of five (promise 1)


class Obstacle(StrEnum):
    """Why a meeting cannot be at a time; the name of a refusal."""

    PASSED = "meeting_passed"
    CLOSED = "meeting_closed"
    MIDNIGHT = "meeting_midnight"
    GRID = "meeting_grid"
    OVERLAPS = "meeting_overlaps"

    @property
    def at_start(self) -> bool:
        """Whether another time of the same day would do."""
        return self in {Obstacle.MIDNIGHT, Obstacle.GRID, Obstacle.OVERLAPS}


@dataclass(frozen=True, slots=True)
class ExtraMeeting:
    """What the coordinator asks for. `start` is local wall time; `minutes` is each slot's length."""

    day: date
    start: time
    slots: int
    minutes: int
    place: str = ""
    link: str | None = None


def extra_meeting(team: Team, wanted: ExtraMeeting, zone: ZoneInfo, new_id: NewId) -> Meeting:
    """A meeting outside every series: everyone takes part (DESIGN.md, "Time"), and no slot is reserved."""
    identity = new_id()
    rule = MeetingSeries(wanted.day, wanted.start, wanted.slots, wanted.minutes, wanted.day)
    slots = slots_of(identity, wanted.day, rule, zone, new_id)
    return Meeting(
        id=identity,
        team=team.id,
        day=wanted.day,
        start=wanted.start,
        end=slots[-1].end,
        starts_at=slots[0].starts_at,
        ends_at=slots[-1].ends_at,
        place=wanted.place,
        link=wanted.link,
        status=MeetingStatus.PLANNED,
        series_anchor=None,
        series_weeks=0,
        occurrence=None,
        reserve_released_on=None,
        slots=slots,
    )


def moved_meeting(meeting: Meeting, day: date, start: time, zone: ZoneInfo, is_holiday: IsHoliday) -> Meeting:
    """The meeting with its slots, their ids and lengths, from another local wall time on.

    The reserve is released as many workdays before as it was. The series' own time is remembered.
    """
    shift = datetime.combine(day, start) - datetime.combine(meeting.day, meeting.start)

    def at(moment: time) -> tuple[time, datetime]:
        local = datetime.combine(meeting.day, moment) + shift
        return local.time(), local.replace(tzinfo=zone).astimezone(UTC)

    slots = []
    for slot in meeting.slots:
        (begins, begins_at), (ends, ends_at) = at(slot.start), at(slot.end)
        slots.append(replace(slot, start=begins, end=ends, starts_at=begins_at, ends_at=ends_at))
    (_, starts_at), (end, ends_at) = at(meeting.start), at(meeting.end)
    released = meeting.reserve_released_on
    if released is not None:
        released = add_workdays(day, -workdays_between(released, meeting.day, is_holiday), is_holiday)
    return replace(
        by_hand(meeting),
        day=day,
        start=start,
        end=end,
        starts_at=starts_at,
        ends_at=ends_at,
        reserve_released_on=released,
        slots=tuple(slots),
    )


def by_hand(meeting: Meeting) -> Meeting:
    """Marked as changed in the program, so that no file changes it back."""
    return replace(meeting, scheduled_at=meeting.scheduled_at or meeting.starts_at)


def obstacle(
    team: Team, meeting: Meeting, others: Sequence[Meeting], now: datetime, is_holiday: IsHoliday
) -> Obstacle | None:
    """Why the team cannot meet then, or None.

    Args:
        team: its closures count.
        meeting: at the time that is wanted.
        others: the team's meetings; itself among them does not matter.
        now: aware UTC.
        is_holiday: see `ports.ClosedDays`.
    """
    if meeting.starts_at <= now:
        return Obstacle.PASSED
    if meeting.start.minute % GRID:
        return Obstacle.GRID
    if meeting.end <= meeting.start or meeting.ends_at - meeting.starts_at > timedelta(days=1):
        return Obstacle.MIDNIGHT
    if closed_reason(meeting.day, team.closures, is_holiday) is not None:
        return Obstacle.CLOSED
    planned = [m for m in others if m.id != meeting.id and m.status is MeetingStatus.PLANNED]
    if any(m.starts_at < meeting.ends_at and meeting.starts_at < m.ends_at for m in planned):
        return Obstacle.OVERLAPS
    return None
