"""Threads that start at the same instant."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Outcome = TypeVar("Outcome")


def race(runners: Sequence[Callable[[], Outcome]]) -> list[Outcome]:
    """What each of the runners gave; all are let go together by a barrier."""
    barrier = threading.Barrier(len(runners))

    def run(runner: Callable[[], Outcome]) -> Outcome:
        barrier.wait(timeout=30)
        return runner()

    with ThreadPoolExecutor(len(runners)) as pool:
        return list(pool.map(run, runners))
