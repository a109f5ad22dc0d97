"""Workdays and working hours, in which every span and reminder is counted (DESIGN.md, "Time")."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

IsHoliday = Callable[[date], bool]

WORK_BEGINS = time(8)
WORK_ENDS = time(17)

_SATURDAY = 5
_DAY = timedelta(days=1)


def is_weekend(day: date) -> bool:
    """Whether `day` is a Saturday or Sunday."""
    return day.weekday() >= _SATURDAY


def is_workday(day: date, is_holiday: IsHoliday) -> bool:
    """Whether `day` is Monday to Friday and no public or de-facto holiday."""
    return not is_weekend(day) and not is_holiday(day)


def add_workdays(day: date, n: int, is_holiday: IsHoliday) -> date:
    """The n-th workday after `day` (before it when n is negative); `day` itself is not counted.

    n = 0 gives `day` back as it is, also when it is not a workday: a span of nothing moves nothing.
    """
    step = _DAY if n > 0 else -_DAY
    left = abs(n)
    while left:
        day += step
        left -= is_workday(day, is_holiday)
    return day


def workdays_between(first: date, last: date, is_holiday: IsHoliday) -> int:
    """How many workdays after `first` up to and including `last`; negative when `last` is earlier.

    Undoes `add_workdays`: workdays_between(d, add_workdays(d, n)) == n.
    """
    step = 1 if first <= last else -1
    span = range(step, (last - first).days + step, step)
    return step * sum(is_workday(first + timedelta(days=n), is_holiday) for n in span)


def quiet_until(instant: datetime, zone: ZoneInfo, is_holiday: IsHoliday) -> datetime:
    """The first instant from `instant` on that is outside the quiet hours: 8-17 local on a workday.

    Aware in, aware UTC out. 17:00 sharp is quiet already. Holds back reminders, never answers.

    Raises:
        ValueError: `instant` is naive.
    """
    if instant.tzinfo is None:
        raise ValueError("an aware instant is needed")
    local = instant.astimezone(zone)
    day = local.date()
    if is_workday(day, is_holiday):
        if WORK_BEGINS <= local.time() < WORK_ENDS:
            return instant.astimezone(UTC)
        if local.time() < WORK_BEGINS:
            return datetime.combine(day, WORK_BEGINS, zone).astimezone(UTC)
    following = add_workdays(day, 1, is_holiday)
    return datetime.combine(following, WORK_BEGINS, zone).astimezone(UTC)
