"""A team's meeting series, and whether two of them would meet at the same time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, time, timedelta

from schedules.domain.organisation import MeetingSeries
from schedules.orgfile import values
from schedules.orgfile.entry import Entry
from schedules.orgfile.problems import Report

SERIES_KEYS = (
    "anchor",
    "start",
    "slots",
    "slot_minutes",
    "weeks",
    "until",
    "reserve_slots",
    "reserve_release_workdays",
)
NEEDED = ("anchor", "start", "slots", "slot_minutes", "until")
SATURDAY = 5
DAY_MINUTES = 24 * 60
LONGEST = timedelta(days=3 * 366)  # a series is a term's rule; a slip in the year must not plan a century


def read_series(
    entries: list[Entry], is_holiday: Callable[[date], bool], report: Report
) -> tuple[MeetingSeries, ...]:
    """The series, each checked by itself and against the others."""
    found = [(entry, _series(entry, is_holiday)) for entry in entries]
    sound = [(entry, series) for entry, series in found if entry.good(*NEEDED) and entry.sound("weeks")]
    for position, (entry, series) in enumerate(sound):
        for earlier_entry, earlier in sound[:position]:
            if common := common_day(earlier, series):
                report.add(entry.line("anchor"), "overlap", day=common, first=earlier_entry.line("anchor"))
                break
    return tuple(series for _entry, series in found)


def _series(entry: Entry, is_holiday: Callable[[date], bool]) -> MeetingSeries:
    plan = MeetingSeries(
        anchor=entry.required("anchor", values.day, date.min),
        start=entry.required("start", values.wall_time, time.min),
        slots=entry.required("slots", values.number(1, 50), 1),
        slot_minutes=entry.required("slot_minutes", values.number(5, 480, step=values.GRID_MINUTES), 5),
        until=entry.required("until", values.day, date.min),
        weeks=entry.default("weeks", values.number(1, 52), 2),
        reserve_slots=entry.default("reserve_slots", values.number(0, 50), 0),
        reserve_release_workdays=entry.default("reserve_release_workdays", values.number(0, 260), 3),
    )
    _check_days(entry, plan, is_holiday)
    _check_slots(entry, plan)
    return plan


def _check_days(entry: Entry, plan: MeetingSeries, is_holiday: Callable[[date], bool]) -> None:
    if entry.good("anchor", "until") and plan.until < plan.anchor:
        facts = {"first_key": "anchor", "first": plan.anchor, "last_key": "until", "last": plan.until}
        entry.bad("until", "ends_before", **facts)
    elif entry.good("anchor", "until") and plan.until - plan.anchor > LONGEST:
        entry.bad("until", "series_too_long", last=plan.until, limit=plan.anchor + LONGEST)
    if entry.good("anchor") and plan.anchor.weekday() >= SATURDAY:
        entry.bad("anchor", "weekend", day=plan.anchor, weekday=plan.anchor.weekday())
    elif entry.good("anchor") and is_holiday(plan.anchor):
        entry.bad("anchor", "holiday", day=plan.anchor)


def _check_slots(entry: Entry, plan: MeetingSeries) -> None:
    minutes = plan.slots * plan.slot_minutes
    if entry.good("start", "slots", "slot_minutes") and _minute(plan.start) + minutes >= DAY_MINUTES:
        entry.bad("start", "past_midnight", start=f"{plan.start:%H:%M}", minutes=minutes)
    if entry.good("slots", "reserve_slots") and plan.reserve_slots > plan.slots:
        facts = {"key": "reserve_slots", "value": plan.reserve_slots, "other": "slots", "limit": plan.slots}
        entry.bad("reserve_slots", "above", **facts)


def common_day(one: MeetingSeries, other: MeetingSeries) -> date | None:
    """The first day on which both series meet with times that overlap, closed days included."""
    if _minute(one.start) >= _end(other) or _minute(other.start) >= _end(one):
        return None
    return min(set(_days(one)) & set(_days(other)), default=None)


def _days(series: MeetingSeries) -> Iterator[date]:
    day = series.anchor
    while day <= series.until:
        yield day
        day += timedelta(weeks=series.weeks)


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def _end(series: MeetingSeries) -> int:
    return _minute(series.start) + series.slots * series.slot_minutes
