"""When the data of a case are to go (gallring): months by the calendar, from the case's last event."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from schedules.domain.figures.month import Month
from schedules.domain.organisation import Retention

MONTHS = 12


class Reach(StrEnum):
    """How much of a case goes. The values stand in the audit trail."""

    PROTECTED = "protected"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The latest local days: what happened last on one of them or before is old enough to go."""

    protected: date
    all: date
    audit: date


def deadlines(today: date, retention: Retention) -> Deadlines:
    """What is old enough today by the file's months and years."""
    return Deadlines(
        protected=last_ripe_day(today, retention.protected_months),
        all=last_ripe_day(today, retention.all_months),
        audit=last_ripe_day(today, retention.audit_years * MONTHS),
    )


def reach_of(last: date, limits: Deadlines) -> Reach | None:
    """How much of a case goes whose last event was on that day; None: nothing yet."""
    if last <= limits.all:
        return Reach.ALL
    return Reach.PROTECTED if last <= limits.protected else None


def last_ripe_day(today: date, months: int) -> date:
    """The latest day that lies `months` months back. A month after 31 January is the end of February."""
    year, month = divmod(today.year * MONTHS + today.month - 1 - months, MONTHS)
    longest = monthrange(year, month + 1)[1]
    ends = today.day == monthrange(today.year, today.month)[1]
    return date(year, month + 1, longest if ends else min(today.day, longest))


def last_event(latest: date, ended: Month | None) -> date:
    """The day from which the months count: the latest known event's, or the end of a later month.

    Of some endings only the month is known: then no day of it is counted as passed before it is over.
    """
    if ended is None or ended <= Month.of(latest):
        return latest
    first = ended.first_day
    return first.replace(day=monthrange(first.year, first.month)[1])
