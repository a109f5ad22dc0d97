"""Counters for `/metrics`: numbers only, no ids."""

from __future__ import annotations

import threading
from types import TracebackType

from prometheus_client import CollectorRegistry, Counter, generate_latest


class OpenRequests:
    """How many people wait for an answer just now; a context manager around each request."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._number = 0

    def __enter__(self) -> None:
        with self._changed:
            self._number += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._changed:
            self._number -= 1
            self._changed.notify_all()

    def wait_for_none(self, seconds: float) -> bool:
        """Wait until nobody waits, at most that long; whether it came to that."""
        with self._changed:
            return self._changed.wait_for(lambda: self._number == 0, seconds)


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
