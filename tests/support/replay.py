"""An office whose months pass by commands alone: what is due on the way is done when it is due."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from schedules.services.run_due import run_due
from tests.support.looking import Looking
from tests.support.random_office import RandomOffice


@dataclass
class Replay:
    """The office, the clock that is moved, and how much the ticks did."""

    it: RandomOffice
    ticks: int = 0
    done: int = 0
    failures: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.looking = Looking(self.it.database)

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
        ((at,),) = self.looking.rows("SELECT min(at) FROM due WHERE outcome = 'open'")
        return datetime.fromisoformat(at).replace(tzinfo=UTC) if at else None
