"""The stretches of months that periods cut out of a run of months."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from schedules.domain.figures.month import Month, Period


def stretches(periods: Iterable[Period], months: Sequence[Month]) -> Iterator[list[Month]]:
    """Neighbouring months that lie in just the same periods."""
    asked = set(periods)
    for _, found in groupby(months, key=lambda month: frozenset(one for one in asked if month in one)):
        yield list(found)
