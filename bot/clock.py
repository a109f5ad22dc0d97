"""What time it is: real, or moved forward in the local workspace."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from schedules.ports import UnitOfWorkFactory

OFFSET = "clock.offset_seconds"


class RealClock:
    """The machine's time."""

    def now(self) -> datetime:
        """The present instant, aware UTC."""
        return datetime.now(UTC)


class MovableClock:
    """The machine's time plus an offset that is kept in the database. For decisions, never for leases."""

    def __init__(self, unit_of_work: UnitOfWorkFactory) -> None:
        self._unit_of_work = unit_of_work
        with unit_of_work() as uow:
            self._offset = timedelta(seconds=float(uow.settings.get(OFFSET) or 0))

    def now(self) -> datetime:
        """The moved instant, aware UTC."""
        return datetime.now(UTC) + self._offset

    def advance(self, by: timedelta) -> None:
        """Move forward; going back would undo what has been sent. Raises ValueError for a negative span."""
        if by < timedelta(0):
            raise ValueError(by)
        moved = self._offset + by
        with self._unit_of_work() as uow:
            uow.settings.set(OFFSET, str(moved.total_seconds()))
            uow.commit()
        self._offset = moved
