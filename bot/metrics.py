"""Counters for `/metrics`: numbers only, no ids."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, generate_latest


class Metrics:
    """One process's counters."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
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
