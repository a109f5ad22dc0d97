"""Rows that wait within their transaction to be written together: one statement for many costs as much as for one.

What is read is read as if they were written, since whatever touches their table writes them first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.sql import visitors

Refusal = Callable[[], AbstractContextManager[None]]

_TOUCHED: WeakKeyDictionary[sa.Executable, frozenset[sa.FromClause]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of one statement; `refusal` turns what a constraint refuses into our own error."""

    statement: sa.Insert | sa.Update
    refusal: Refusal
    rows: list[dict[str, Any]] = field(default_factory=list)


class Waiting:
    """The batches of one transaction."""

    def __init__(self) -> None:
        self._batches: dict[sa.Executable, Batch] = {}
        self._tables: set[sa.FromClause] = set()

    def add(self, statement: sa.Insert | sa.Update, row: dict[str, Any], refusal: Refusal) -> None:
        """Let a row wait; every row of a statement has the same columns."""
        batch = self._batches.get(statement)
        if batch is None:
            batch = self._batches[statement] = Batch(statement, refusal)
            self._tables.add(statement.table)
        batch.rows.append(row)

    def rows(self, statement: sa.Insert | sa.Update) -> list[dict[str, Any]]:
        """The rows that wait for a statement; they may still be changed."""
        batch = self._batches.get(statement)
        return batch.rows if batch else []

    def concern(self, statement: sa.Executable) -> bool:
        """Whether a statement must find them written."""
        return bool(self._tables) and not self._tables.isdisjoint(_touched(statement))

    def take(self) -> Iterator[Batch]:
        """All of them, whatever a row refers to before it; nothing waits any more."""
        batches, self._batches = list(self._batches.values()), {}
        self._tables = set()
        if len(batches) > 1:
            order = {table: n for n, table in enumerate(_metadata(batches[0]).sorted_tables)}
            batches.sort(key=lambda batch: order[batch.statement.table])  # type: ignore[index]  # ours are tables
        return iter(batches)


def none_refused() -> AbstractContextManager[None]:
    """The refusal of rows that no constraint of ours refuses."""
    return nullcontext()


def _touched(statement: sa.Executable) -> frozenset[sa.FromClause]:
    """The tables that a statement names, and those that the named ones refer to."""
    found = _TOUCHED.get(statement)
    if found is None:
        named = {one for one in visitors.iterate(statement) if isinstance(one, sa.Table)}
        referred = {key.column.table for table in named for key in table.foreign_keys}
        found = _TOUCHED[statement] = frozenset(named | referred)
    return found


def _metadata(batch: Batch) -> sa.MetaData:
    return batch.statement.table.metadata  # type: ignore[attr-defined, no-any-return]  # ours are tables
