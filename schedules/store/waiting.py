"""Rows that wait within their transaction to be written together, which costs as much as for one.

What is read is read as if they were written, since whatever touches their table writes them first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import cache
from typing import Any, cast
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.sql import visitors
from sqlalchemy.sql.expression import UpdateBase

from schedules.store.tables import LETTER

Refusal = Callable[[], AbstractContextManager[None]]

_CONCERNED: WeakKeyDictionary[sa.Executable, frozenset[sa.FromClause]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of one statement; `refusal` turns what a constraint refuses into our own error."""

    statement: sa.Executable
    refusal: Refusal
    rows: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class _Growing:
    refusal: Refusal
    rows: list[dict[str, Any]] = field(default_factory=list)


class Waiting:
    """The batches of one transaction."""

    def __init__(self) -> None:
        self._batches: dict[sa.FromClause, dict[sa.Executable, _Growing]] = {}

    def add(self, statement: sa.Insert | sa.Update, row: dict[str, Any], refusal: Refusal) -> None:
        """Let a row wait; every row of a statement has the same columns."""
        batches = self._batches.setdefault(statement.table, {})
        if statement not in batches:
            batches[statement] = _Growing(refusal)
        batches[statement].rows.append(row)

    def rows(self, statement: sa.Insert | sa.Update) -> list[dict[str, Any]]:
        """The rows that wait for a statement; they may still be changed."""
        batch = self._batches.get(statement.table, {}).get(statement)
        return batch.rows if batch else []

    def take(self, statement: sa.Executable | None = None) -> list[Batch]:
        """Those that a statement must find written, or all; what a row refers to comes before it."""
        if not self._batches:
            return []
        tables = set(self._batches) if statement is None else self._needed(statement)
        return [
            Batch(statement, growing.refusal, growing.rows)
            for table in (sorted(tables, key=_order().__getitem__) if len(tables) > 1 else tables)
            for statement, growing in self._batches.pop(table).items()
        ]

    def _needed(self, statement: sa.Executable) -> set[sa.FromClause]:
        """The tables of which a statement must find the rows, and those to which these rows refer."""
        found = self._batches.keys() & _concerned(statement)
        return found | {table for one in found for table in self._batches.keys() & _referred(one)}


def none_refused() -> AbstractContextManager[None]:
    """The refusal of rows that no constraint of ours refuses."""
    return nullcontext()


def _concerned(statement: sa.Executable) -> frozenset[sa.FromClause]:
    """The tables that a statement names; for a change also what these refer to, and what refers to them."""
    found = _CONCERNED.get(statement)
    if found is None:
        found = _CONCERNED[statement] = frozenset(_look_at(statement))
    return found


def _look_at(statement: sa.Executable) -> set[sa.FromClause]:
    named = {
        one for one in visitors.iterate(cast("sa.ClauseElement", statement)) if isinstance(one, sa.Table)
    }
    if not named:  # words of SQL may name any
        return set(LETTER.metadata.sorted_tables)
    found: set[sa.FromClause] = {*named}
    if isinstance(statement, UpdateBase):
        found |= {other for table in named for other in _referred(table)}
    if isinstance(statement, sa.Update | sa.Delete):
        found |= {table for table in LETTER.metadata.sorted_tables if not named.isdisjoint(_referred(table))}
    return found


@cache
def _referred(table: sa.Table) -> frozenset[sa.Table]:
    """What a table's rows need to be there, directly or not."""
    direct = {key.column.table for key in table.foreign_keys} - {table}
    return frozenset(direct.union(*map(_referred, direct)))


@cache
def _order() -> dict[sa.FromClause, int]:
    """Our tables, each after those that it refers to."""
    return {table: number for number, table in enumerate(LETTER.metadata.sorted_tables)}
