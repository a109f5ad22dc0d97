"""Counters for `/metrics`: numbers only, no ids."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from types import TracebackType

from prometheus_client import CollectorRegistry, Counter, generate_latest

REST = 0.05
"""Seconds after the last answer until nobody is taken to be at a form: the next one often follows at once."""


class OpenRequests:
    """How many people wait for an answer just now; a context manager around each request."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._number = 0
        self._answered = clock() - REST

    def __enter__(self) -> None:
        with self._lock:
            self._number += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._number -= 1
            self._answered = self._clock()

    def wait_for_rest(self, seconds: float) -> bool:
        """Wait until nobody has waited for `REST` seconds, at most that long; whether it came to that."""
        until = self._clock() + seconds
        while (rested := self._rested_at()) > (now := self._clock()):
            if now >= until:
                return False
            # Not told of each answer: to be woken just then would take the time of whoever is answered.
            time.sleep(min(rested, until) - now)
        return True

    def _rested_at(self) -> float:
        """When there may be rest, as things stand."""
        with self._lock:
            return (self._clock() if self._number else self._answered) + REST


class Metrics:
    """One process's counters."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.open_requests = OpenRequests()
        self.due = Counter("samtid_due_closed", "Due rows that were closed", registry=self._registry)
        self.ticks_failed = Counter("samtid_ticks_failed", "Ticks that failed", registry=self._registry)
        self.outbox = Counter(
            "samtid_outbox",
            "Outbox rows by channel and result",
            ["channel", "result"],
            registry=self._registry,
        )
        self.requests = Counter("samtid_slack_requests", "Requests from Slack", registry=self._registry)

    def text(self) -> bytes:
        """All of them in Prometheus's text format."""
        return generate_latest(self._registry)
