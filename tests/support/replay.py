"""An office whose months pass by commands alone: what is due on the way is done when it is due."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from datetime import datetime
from weakref import finalize

from schedules.services.run_due import run_due
from tests.support.random_office import RandomOffice


@dataclass
class Replay:
    """The office, the clock that is moved, and how much the ticks did."""

    it: RandomOffice
    ticks: int = 0
    done: int = 0
    failures: list[str] = field(default_factory=list)
    _next_due: tuple[int, datetime | None] = (-1, None)

    def __post_init__(self) -> None:
        """A connection of its own tells whether anything was written since it was asked last."""
        self._watch = sqlite3.connect(str(self.it.database._engine.url.database))
        finalize(self, self._watch.close)

    def until(self, instant: datetime) -> None:
        """Move the clock to an instant (aware UTC), stopping at each thing that is due on the way."""
        self.work_until(instant)
        self.it.deliver()

    def work_until(self, instant: datetime) -> None:
        """The same, but what is owed is left to be delivered."""
        clock = self.it.clock
        while (due := self._next()) is not None and due <= instant and not self.failures:
            clock.at = max(due, clock.at)
            self._tick()
        clock.at = max(instant, clock.at)

    def _tick(self) -> None:
        """Do what is due at this instant; what that leaves, or makes due, is the next tick's."""
        report = run_due(self.it.office)
        self.ticks += 1
        self.done += report.closed
        self.failures += report.failures

    def _next(self) -> datetime | None:
        """When the next thing is due: asked again only when something was written."""
        (version,) = self._watch.execute("PRAGMA data_version").fetchone()
        if version != self._next_due[0]:
            with self.it.office.unit_of_work() as uow:
                found = uow.due.next_at()
            self._next_due = version, found[0] if found else None
        return self._next_due[1]
