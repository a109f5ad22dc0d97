"""The shortest stream that still fails in the same place, found by leaving out commands."""

from __future__ import annotations

import traceback
from collections import Counter
from collections.abc import Callable
from time import monotonic
from typing import TypeVar

T = TypeVar("T")
SECONDS = 60


def shortest(attempt: Callable[[list[T], Counter[str]], None], steps: list[T], failure: Exception) -> list[T]:
    """Leave out ever smaller parts for as long as the same line fails; a minute's work at most."""
    wanted, until = _where(failure), monotonic() + SECONDS
    size = len(steps) // 2
    while size and monotonic() < until:
        at = 0
        while at < len(steps):
            fewer = steps[:at] + steps[at + size :]
            if _failure(attempt, fewer) == wanted:
                steps = fewer
            else:
                at += size
        size //= 2
    return steps


def _failure(attempt: Callable[[list[T], Counter[str]], None], steps: list[T]) -> object:
    try:
        attempt(steps, Counter())
    except Exception as failure:  # noqa: BLE001  whatever it is, it is compared with the one looked for
        return _where(failure)
    return None


def _where(failure: Exception) -> tuple[str, str, int | None]:
    """The kind of failure and the line of ours in which it came up."""
    frames = traceback.extract_tb(failure.__traceback__)
    ours = [frame for frame in frames if "site-packages" not in frame.filename]
    return type(failure).__name__, ours[-1].filename, ours[-1].lineno
