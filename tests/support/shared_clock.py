"""A clock that is moved by hand and read by several processes: eight bytes in a file."""

from __future__ import annotations

import mmap
from datetime import UTC, datetime, timedelta
from pathlib import Path

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BYTES = 8
MICROSECOND = timedelta(microseconds=1)


class SharedClock:
    """Stands still until it is moved; whoever opens the same file has the same time."""

    def __init__(self, file: Path, at: datetime | None = None) -> None:
        if at is not None:
            file.write_bytes(_written(at))
        with file.open("r+b") as opened:
            self._memory = mmap.mmap(opened.fileno(), BYTES)

    @property
    def at(self) -> datetime:
        """The instant, aware UTC."""
        return EPOCH + MICROSECOND * int.from_bytes(self._memory[:BYTES], "big", signed=True)

    @at.setter
    def at(self, instant: datetime) -> None:
        self._memory[:BYTES] = _written(instant)

    def now(self) -> datetime:
        return self.at

    def advance(self, by: timedelta) -> None:
        self.at += by


def _written(instant: datetime) -> bytes:
    return ((instant - EPOCH) // MICROSECOND).to_bytes(BYTES, "big", signed=True)
