"""Workdays and quiet hours (DESIGN.md, "Time")."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedules.domain.workdays import add_workdays, is_weekend, is_workday, quiet_until, workdays_between
from schedules.swedish.closed_days import SwedishHolidays

STOCKHOLM = ZoneInfo("Europe/Stockholm")
is_holiday = SwedishHolidays().is_holiday
days = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 1, 1),
        date(2026, 1, 6),
        date(2026, 4, 3),  # Good Friday
        date(2026, 4, 6),
        date(2027, 3, 29),  # Easter Monday
        date(2026, 5, 1),
        date(2026, 5, 14),  # Ascension Day
        date(2028, 6, 6),  # National Day, a Tuesday
        date(2026, 6, 19),  # Midsummer Eve
        date(2027, 6, 25),
        date(2026, 12, 24),
        date(2026, 12, 25),
        date(2026, 12, 31),
        date(2027, 12, 31),
    ],
)
def test_red_days_and_eves_are_holidays_and_no_workdays(day: date) -> None:
    assert is_holiday(day)
    assert not is_weekend(day)
    assert not is_workday(day, is_holiday)


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 1, 5),
        date(2026, 4, 2),  # Maundy Thursday
        date(2026, 4, 30),
        date(2026, 5, 15),  # a bridge day is a workday all the same
        date(2026, 12, 23),
        date(2026, 12, 28),
        date(2026, 6, 18),
    ],
)
def test_days_beside_them_are_workdays(day: date) -> None:
    assert not is_holiday(day)
    assert is_workday(day, is_holiday)


def test_an_ordinary_weekend_is_no_holiday_but_no_workday_either() -> None:
    saturday = date(2026, 9, 5)
    assert is_weekend(saturday)
    assert not is_holiday(saturday)
    assert not is_workday(saturday, is_holiday)


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        (date(2026, 9, 1), 7, date(2026, 9, 10)),
        (date(2026, 9, 4), 1, date(2026, 9, 7)),  # Friday to Monday
        (date(2026, 9, 5), 1, date(2026, 9, 7)),  # from a Saturday too
        (date(2026, 9, 7), -1, date(2026, 9, 4)),
        (date(2026, 9, 6), -1, date(2026, 9, 4)),
        (date(2026, 12, 23), 1, date(2026, 12, 28)),  # over Christmas
        (date(2026, 12, 30), 1, date(2027, 1, 4)),  # over New Year
        (date(2027, 3, 25), 1, date(2027, 3, 30)),  # over Easter
        (date(2027, 3, 30), -1, date(2027, 3, 25)),
        (date(2026, 9, 1), 0, date(2026, 9, 1)),
        (date(2026, 9, 5), 0, date(2026, 9, 5)),  # nothing moves nothing, also on a Saturday
    ],
)
def test_spans_exclude_the_first_day(day: date, n: int, expected: date) -> None:
    assert add_workdays(day, n, is_holiday) == expected


@given(days, st.integers(-60, 60))
def test_between_undoes_add(day: date, n: int) -> None:
    reached = add_workdays(day, n, is_holiday)
    assert workdays_between(day, reached, is_holiday) == n
    assert n == 0 or is_workday(reached, is_holiday)


@given(days, st.integers(0, 90))
def test_between_counts_what_a_calendar_shows(day: date, length: int) -> None:
    after = [day + timedelta(days=n) for n in range(1, length + 1)]
    expected = sum(1 for d in after if d.isoweekday() <= 5 and not is_holiday(d))
    assert workdays_between(day, day + timedelta(days=length), is_holiday) == expected


def _local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=STOCKHOLM)  # type: ignore[arg-type, misc]  # year, month, day, hour, minute


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        (_local(2026, 9, 1, 8, 0), _local(2026, 9, 1, 8, 0)),
        (_local(2026, 9, 1, 12, 34), _local(2026, 9, 1, 12, 34)),
        (_local(2026, 9, 1, 16, 59), _local(2026, 9, 1, 16, 59)),
        (_local(2026, 9, 1, 17, 0), _local(2026, 9, 2, 8, 0)),
        (_local(2026, 9, 1, 7, 59), _local(2026, 9, 1, 8, 0)),
        (_local(2026, 9, 4, 20, 0), _local(2026, 9, 7, 8, 0)),
        (_local(2026, 9, 5, 10, 0), _local(2026, 9, 7, 8, 0)),
        (_local(2026, 12, 23, 18, 0), _local(2026, 12, 28, 8, 0)),
        (_local(2026, 3, 28, 12, 0), _local(2026, 3, 30, 8, 0)),  # over the change to summer time
        (_local(2026, 10, 23, 17, 30), _local(2026, 10, 26, 8, 0)),  # over the change back
    ],
)
def test_reminders_wait_for_working_hours(instant: datetime, expected: datetime) -> None:
    held = quiet_until(instant.astimezone(UTC), STOCKHOLM, is_holiday)
    assert held == expected
    assert held.tzinfo is UTC


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        quiet_until(datetime(2026, 9, 1, 9), STOCKHOLM, is_holiday)  # noqa: DTZ001 - the point


@given(st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - bounds are naive by hypothesis' contract
def test_quiet_until_is_the_first_working_instant(instant: datetime) -> None:
    held = quiet_until(instant, STOCKHOLM, is_holiday)
    local = held.astimezone(STOCKHOLM)
    assert held >= instant
    assert 8 <= local.hour < 17
    assert is_workday(local.date(), is_holiday)
    assert held == instant or (local.hour, local.minute, local.second, local.microsecond) == (8, 0, 0, 0)
    probe = instant
    while probe < held:
        there = probe.astimezone(STOCKHOLM)
        assert not (8 <= there.hour < 17 and is_workday(there.date(), is_holiday))
        probe += timedelta(minutes=30)
