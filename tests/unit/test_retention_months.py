"""When a case's data are old enough to go: months by the calendar (DESIGN.md, the organisation file)."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

import pytest

from schedules.domain.figures.month import Month
from schedules.domain.organisation import Retention
from schedules.domain.retention import Reach, deadlines, last_event, last_ripe_day, reach_of


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last of a shorter month: counted one by one."""
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return date(year, month, min(day.day, monthrange(year, month)[1]))


@pytest.mark.parametrize("months", [1, 6, 12, 36])
def test_a_day_is_ripe_when_its_months_have_passed(months: int) -> None:
    for number in range(800):
        today = date(2028, 1, 1) + timedelta(days=number)
        last = last_ripe_day(today, months)
        assert months_later(last, months) <= today < months_later(last + timedelta(days=1), months), today


def test_the_protected_fields_go_first_and_both_at_once_where_the_months_are_the_same() -> None:
    limits = deadlines(date(2029, 12, 8), Retention("1", 12, 36, 5))
    assert limits.audit == date(2024, 12, 8)
    assert reach_of(date(2026, 12, 8), limits) is Reach.ALL
    assert reach_of(date(2026, 12, 9), limits) is Reach.PROTECTED
    assert reach_of(date(2028, 12, 8), limits) is Reach.PROTECTED
    assert reach_of(date(2028, 12, 9), limits) is None
    same = deadlines(date(2029, 12, 8), Retention("1", 12, 12, 5))
    assert reach_of(date(2028, 12, 8), same) is Reach.ALL


def test_of_a_month_no_day_has_passed_before_it_is_over() -> None:
    raised = date(2026, 12, 8)
    assert last_event(raised, None) == raised
    assert last_event(raised, Month(2026, 12)) == raised
    assert last_event(raised, Month(2026, 11)) == raised
    assert last_event(raised, Month(2028, 2)) == date(2028, 2, 29)
