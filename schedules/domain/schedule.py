"""When things are due, from a meeting's or a booking's time. Local rules in, UTC instants out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from schedules.domain.organisation import Rules
from schedules.domain.plan import Meeting
from schedules.domain.workdays import add_workdays, quiet_until

IsHoliday = Callable[[date], bool]

AGENDA_AT = time(8)
DAY_BEFORE_AT = time(9)
MORNING_AT = time(8)
RELEASED_AT = time(8)
UNANSWERED_AFTER_WORKDAYS = 3
UNANSWERED_BEFORE_WORKDAYS = 5
DETAILS_AFTER_WORKDAYS = 2
REPORTED_WITHIN_WORKDAYS = 5


def at(day: date, moment: time, zone: ZoneInfo) -> datetime:
    """A local wall time as a UTC instant."""
    return datetime.combine(day, moment, zone).astimezone(UTC)


def agenda_at(meeting: Meeting, rules: Rules, zone: ZoneInfo, is_holiday: IsHoliday) -> datetime:
    """When the agenda (ärendelista) leaves."""
    return at(add_workdays(meeting.day, -rules.agenda_workdays, is_holiday), AGENDA_AT, zone)


def day_before_at(meeting: Meeting, zone: ZoneInfo, is_holiday: IsHoliday) -> datetime:
    """The workday before at nine."""
    return at(add_workdays(meeting.day, -1, is_holiday), DAY_BEFORE_AT, zone)


def morning_at(meeting: Meeting, zone: ZoneInfo) -> datetime:
    """At eight in the morning, or an hour before a meeting that starts earlier than nine."""
    return min(at(meeting.day, MORNING_AT, zone), meeting.starts_at - timedelta(hours=1))


def report_at(meeting: Meeting, zone: ZoneInfo, is_holiday: IsHoliday) -> datetime:
    """When the coordinator of a meeting that is not reported is reminded: the next workday at nine."""
    return at(add_workdays(meeting.day, 1, is_holiday), DAY_BEFORE_AT, zone)


def released_at(meeting: Meeting, zone: ZoneInfo) -> datetime | None:
    """When the slots reserved for urgent cases go to whoever waits; None if the meeting keeps none."""
    day = meeting.reserve_released_on
    return at(day, RELEASED_AT, zone) if day is not None else None


def first_reminder_at(called_at: datetime, zone: ZoneInfo, is_holiday: IsHoliday) -> datetime:
    """Three workdays after the call, in working hours."""
    return _workdays_later(called_at, UNANSWERED_AFTER_WORKDAYS, zone, is_holiday)


def second_reminder_at(meeting: Meeting, zone: ZoneInfo, is_holiday: IsHoliday) -> datetime:
    """Five workdays before the meeting at nine."""
    return at(add_workdays(meeting.day, -UNANSWERED_BEFORE_WORKDAYS, is_holiday), DAY_BEFORE_AT, zone)


def details_at(submitted_at: datetime, zone: ZoneInfo, is_holiday: IsHoliday) -> datetime:
    """Two workdays after submission, in working hours."""
    return _workdays_later(submitted_at, DETAILS_AFTER_WORKDAYS, zone, is_holiday)


def asked_after(day: date) -> int:
    """The round of the question for missing details that follows a submission on `day`.

    A returned case is submitted again, and a booking moves: each submission and each meeting asks once.
    """
    return 2 * day.toordinal()


def asked_before(day: date) -> int:
    """The round of the question before a meeting on `day`."""
    return 2 * day.toordinal() + 1


def lapses_at(now: datetime, meeting: Meeting, zone: ZoneInfo, is_holiday: IsHoliday) -> datetime:
    """When a held time that only the coordinator confirms goes to others: the workday before at nine.

    For a time that was given later than that: the meeting's morning, or when it starts.
    """
    times = (day_before_at(meeting, zone, is_holiday), morning_at(meeting, zone))
    return next((time for time in times if time > now), meeting.starts_at)


def calls_at(
    now: datetime, meeting: Meeting, rules: Rules, zone: ZoneInfo, is_holiday: IsHoliday
) -> datetime | None:
    """When a proposed booking confirms itself; None: never, it lapses if nobody confirms it.

    With a confirming coordinator: so many workdays later, in working hours. If that is later than the workday
    before the meeting, it lapses instead; unless the coordinator has had less than one workday to decide:
    then it confirms itself at the latest a day before the meeting starts. Without a confirming coordinator:
    when the referrer's minutes have passed.
    """
    minutes = now + timedelta(minutes=rules.invite_delay_minutes)
    if not rules.coordinator_confirms:
        return minutes
    if not rules.confirms_by_itself:
        return None
    wanted = _workdays_later(now, rules.confirm_by_itself_workdays, zone, is_holiday)
    lapses = day_before_at(meeting, zone, is_holiday)
    if wanted > lapses >= _workdays_later(now, 1, zone, is_holiday):
        return None
    return min(wanted, max(minutes, meeting.starts_at - timedelta(days=1)))


def _workdays_later(now: datetime, workdays: int, zone: ZoneInfo, is_holiday: IsHoliday) -> datetime:
    """The same wall time so many workdays later, in working hours."""
    local = now.astimezone(zone)
    day = add_workdays(local.date(), workdays, is_holiday)
    return quiet_until(datetime.combine(day, local.time(), zone).astimezone(UTC), zone, is_holiday)
