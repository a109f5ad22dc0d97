"""Measured values beside their goals, as a table and as JSON."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from rich.table import Table

NO_UNIT = "times"
"""The unit of a ratio."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value; `goal` is what it should not exceed, or reach; None for a figure without one."""

    name: str
    value: float | None
    unit: str
    goal: float | None = None
    at_least: bool = False

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None without a goal or a value."""
        if self.value is None or self.goal is None:
            return None
        return self.value >= self.goal if self.at_least else self.value <= self.goal


def at_least(name: str, value: float, goal: float | None) -> Figure:
    """A ratio that should reach its goal."""
    return Figure(name, value, NO_UNIT, goal, at_least=True)


def at_most(name: str, value: float, goal: float | None) -> Figure:
    """A ratio that should not exceed its goal."""
    return Figure(name, value, NO_UNIT, goal)


def as_json(figures: Sequence[Figure], left_out: Sequence[str]) -> str:
    """One object: the machine, the figures, and what was not measured and why."""
    shown = [asdict(figure) | {"met": figure.met} for figure in figures]
    return json.dumps({"machine": machine(), "figures": shown, "not_measured": list(left_out)})


def as_table(figures: Sequence[Figure]) -> Table:
    """A line a figure."""
    table = Table(title=f"samtid bench, {machine()}")
    for name in ("figure", "measured", "goal", "met"):
        table.add_column(name, justify="left" if name == "figure" else "right")
    words = {True: "yes", False: "NO", None: ""}
    for figure in figures:
        table.add_row(figure.name, _measured(figure), _goal(figure), words[figure.met])
    return table


def machine() -> str:
    """What was measured on."""
    python = platform.python_version()
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors, Python {python}"


def _measured(figure: Figure) -> str:
    if figure.value is None:
        return ""
    digits = 2 if figure.unit == NO_UNIT else 1
    return f"{figure.value:.{digits}f} {figure.unit}"


def _goal(figure: Figure) -> str:
    if figure.goal is None:
        return ""
    return f"{'at least' if figure.at_least else 'at most'} {figure.goal:g} {figure.unit}"
