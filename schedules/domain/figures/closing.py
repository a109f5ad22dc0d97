"""Months that are closed, like books: once a report has taken a month in, its counts on that page stay.

What is written later about a closed month is counted in the first month after the closed ones. Without that a
report asked for again would differ from the first by whoever came late, and so would a longer period from the
shorter one in it: a group under five, by subtraction (docs/figures.md).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from schedules.domain.figures.month import Month, Period
from schedules.domain.figures.tally import GENDERS, Tally, When

Counts = Mapping[tuple[str, str], int]
"""A month's counts by what is counted and gender; noughts are left out."""
Closed = Mapping[Month, Counts]
"""The closed months of a page."""

OPEN: Closed = {}
"""Nothing has been reported yet."""


def booked(counts: Tally, closed: Closed) -> Tally:
    """The counts as the page's reports give them: closed months as they were, the difference carried on."""
    if not closed:
        return counts
    found = Tally(list(counts.rows))
    carried = max(closed).plus(1)
    before = {name for month in closed.values() for name, _ in month}
    for name in counts.counts.keys() | before:
        found.counts[name] = _booked(counts.counts.get(name, Counter()), name, closed, carried)
    return found


def closing(counts: Tally, period: Period, closed: Closed) -> dict[Month, dict[tuple[str, str], int]]:
    """The months that a report of the period closes, with their counts; `counts` are booked ones."""
    months = (Month.numbered(n) for n in range(period.since.number, period.until.number + 1))
    found: dict[Month, dict[tuple[str, str], int]] = {month: {} for month in months if month not in closed}
    for name, counted in counts.counts.items():
        for (gender, month), count in counted.items():
            if month in found and count:
                found[month][name, gender] = count
    return found


def parties_of(closed: Closed, tables: Iterable[str]) -> frozenset[str]:
    """The parties that closed months have rows of in these tables, even if no fact names them any more."""
    rows = {name.partition(":") for month in closed.values() for name, _ in month}
    wanted = frozenset(tables)
    return frozenset(of for table, _, of in rows if table in wanted)


def _booked(counted: Counter[When], name: str, closed: Closed, carried: Month) -> Counter[When]:
    found = Counter({(gender, month): n for (gender, month), n in counted.items() if month not in closed})
    for gender in GENDERS:
        late = sum(n for (who, month), n in counted.items() if who == gender and month in closed)
        for month, counts in closed.items():
            was = counts.get((name, gender), 0)
            found[gender, month] = was
            late -= was
        found[gender, carried] += late
    return Counter({when: n for when, n in found.items() if n})
