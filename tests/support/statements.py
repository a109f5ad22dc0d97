"""What is asked of the databases of this process."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from schedules.store.prepared import HEARERS

Statement = tuple[str, Any]


@contextmanager
def statements() -> Iterator[list[Statement]]:
    """Every query and change, with the driver's parameters, as long as the block lasts."""
    seen: list[Statement] = []

    def note(sql: str, rows: Sequence[Any]) -> None:
        if sql.split(maxsplit=1)[0] in {"SELECT", "WITH", "UPDATE", "INSERT", "DELETE"}:
            seen.append((sql, tuple(rows[0]) if isinstance(rows[0], list) else rows[0]))

    HEARERS.append(note)
    try:
        yield seen
    finally:
        HEARERS.remove(note)
