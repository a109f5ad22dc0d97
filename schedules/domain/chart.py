"""A chart as data: what it shows and the words on it. Drawing it is somebody else's work."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bars:
    """One bar for each row of the chart; `said` is the number beside it, or why there is none.

    `label` names the bars where there are several for each row. `values` of nothing are None.
    """

    label: str
    values: tuple[int | None, ...]
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A line across all bars, and its words: a goal."""

    value: int
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars side by side for each row. `name` is good for a file, `alt` says all of the figures in words.

    `most` is the largest value that can be; without it the longest bar decides.
    """

    name: str
    title: str
    subtitle: str
    rows: tuple[str, ...]
    bars: tuple[Bars, ...]
    alt: str
    goal: Mark | None = None
    most: int | None = None
