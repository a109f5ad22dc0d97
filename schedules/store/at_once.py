"""Rows for several tables inserted by one statement, on PostgreSQL.

psycopg goes to the server for each row of `executemany`, and at each step on the way a thread lets go of the
interpreter. A submission takes 13 statements so, and 18 with journeys for each row otherwise
(tests/contract/test_statements_of_commands.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, TypeAlias, cast

import sqlalchemy as sa

from schedules.store.waiting import Batch, Refusal, none_refused

MOST = 50
"""Parameters of one statement; a longer one psycopg would read anew each time."""

_JOINING: ContextVar[bool] = ContextVar("joining", default=True)

Shape: TypeAlias = tuple[sa.Insert, int, tuple[str, ...]]
"""A statement, how many rows it inserts, and the columns that they give."""


@dataclass(frozen=True, slots=True)
class _One:
    """One statement, and the names of its parameters in the order of batches, rows and columns."""

    statement: sa.Insert
    names: tuple[str, ...]


@contextmanager
def each_alone() -> Iterator[None]:
    """Join nothing meanwhile in this thread, for measurements that ask for each row's own statement."""
    before = _JOINING.set(False)
    try:
        yield
    finally:
        _JOINING.reset(before)


def joined(batches: Sequence[Batch]) -> Iterator[Batch]:
    """The batches in their order, those as one that a single statement can write."""
    if not _JOINING.get():
        yield from batches
        return
    group: list[Batch] = []
    room = 0
    for batch in batches:
        takes = _parameters(batch)
        if group and (takes is None or takes > room or _table(batch) in map(_table, group)):
            yield _as_one(group)
            group, room = [], 0
        if not group:
            room = 0 if takes is None else MOST
        group.append(batch)
        room -= takes or 0
    if group:
        yield _as_one(group)


def _as_one(group: list[Batch]) -> Batch:
    if len(group) == 1 and (len(group[0].rows) == 1 or _parameters(group[0]) is None):
        return group[0]
    one = _join(tuple([_shape(batch) for batch in group]))
    rows = ((row, batch.rows[0]) for batch in group for row in batch.rows)
    values = [row[name] for row, names in rows for name in names]
    return Batch(one.statement, _refusal_of(group), [dict(zip(one.names, values, strict=True))])


def _refusal_of(group: Sequence[Batch]) -> Refusal:
    @contextmanager
    def each() -> Iterator[None]:
        with ExitStack() as stack:
            for batch in group:
                stack.enter_context(batch.refusal())
            yield

    return each if any(batch.refusal is not none_refused for batch in group) else none_refused


def _shape(batch: Batch) -> Shape:
    return cast("sa.Insert", batch.statement), len(batch.rows), tuple(batch.rows[0])


def _table(batch: Batch) -> sa.FromClause:
    return cast("sa.Insert", batch.statement).table


def _parameters(batch: Batch) -> int | None:
    """How many it takes; None if its rows cannot go in one statement."""
    statement, rows = batch.statement, batch.rows
    number = len(rows[0]) * len(rows)
    if number > MOST or not isinstance(statement, sa.Insert) or not _row_by_row(statement):
        return None
    if not rows[0].keys() <= _columns(statement.table) or _twice(statement.table, rows):
        return None
    return number


@lru_cache(maxsize=1000)
def _join(shapes: tuple[Shape, ...]) -> _One:
    parts, names = [], []
    for part, (statement, number, columns) in enumerate(shapes):
        its = [[f"part{part}_row{row}_{column}" for column in columns] for row in range(number)]
        names += [name for row in its for name in row]
        parts.append(statement.values([_row(statement.table, columns, row) for row in its]))
    first, last = parts[:-1], parts[-1]
    return _One(last.add_cte(*(one.cte(f"part{n}") for n, one in enumerate(first))), tuple(names))


def _row(table: sa.FromClause, columns: Sequence[str], names: Sequence[str]) -> dict[str, Any]:
    given = zip(columns, names, strict=True)
    return {column: sa.bindparam(name, type_=table.columns[column].type) for column, name in given}


@lru_cache(maxsize=1000)
def _row_by_row(statement: sa.Insert) -> bool:
    """Whether it inserts just what it is given; others say themselves what they insert."""
    try:
        statement.values([dict.fromkeys(statement.table.columns.keys())]).compile()
    except sa.exc.InvalidRequestError:
        return False
    return True


def _twice(table: sa.FromClause, rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether two rows have a key in common: one upsert does not change again what it has inserted."""
    if len(rows) == 1:
        return False
    given = [key for key in _keys(table) if key <= rows[0].keys()]
    return any(len({tuple([row[name] for name in key]) for row in rows}) < len(rows) for key in given)


@cache
def _columns(table: sa.FromClause) -> frozenset[str]:
    return frozenset(table.columns.keys())


@cache
def _keys(table: sa.FromClause) -> list[frozenset[str]]:
    """What no two rows of a table share."""
    named = cast("sa.Table", table)
    unique = [one.columns for one in named.constraints if isinstance(one, sa.UniqueConstraint)]
    indexed = [index.columns for index in named.indexes if index.unique]
    return [frozenset(key.keys()) for key in (named.primary_key.columns, *unique, *indexed)]
