"""Rows for several tables inserted by one statement, on PostgreSQL.

psycopg goes to the server for each row of `executemany`, and at each step on the way a thread lets go of the
interpreter. A submission takes 10 statements so (tests/contract/test_statements_of_commands.py); before there
was this it took 18, some of them once a row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, TypeAlias, cast

import sqlalchemy as sa
from sqlalchemy.sql import visitors

from schedules.store.waiting import Batch, Refusal, none_refused

MOST = 50
"""Parameters of one statement; a longer one psycopg would read anew each time."""

_JOINING: ContextVar[bool] = ContextVar("joining", default=True)

Shape: TypeAlias = tuple[sa.Insert, bool, tuple[str, ...]]
"""A statement, whether it inserts several rows, and the names of what they give."""


@dataclass(frozen=True, slots=True)
class _One:
    """One statement, and the names of its parameters in the order of batches and columns."""

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
        if group and (takes is None or takes > room or any(_hinders(one, batch) for one in group)):
            yield _as_one(group)
            group, room = [], 0
        if not group:
            room = 0 if takes is None else MOST
        group.append(batch)
        room -= takes or 0
    if group:
        yield _as_one(group)


def _hinders(one: Batch, other: Batch) -> bool:
    """Whether two inserts of one statement would miss or mix up what the other inserts or is given.

    No part of a statement sees what another writes; what says itself what it inserts names its parameters.
    """
    if _table(one) is _table(other):
        return True
    reads, other_reads = _reads(_insert(one)), _reads(_insert(other))
    if reads is not None and other_reads is not None:
        return True
    return _table(other) in (reads or ()) or _table(one) in (other_reads or ())


def _as_one(group: list[Batch]) -> Batch:
    if len(group) == 1 and (len(group[0].rows) == 1 or _parameters(group[0]) is None):
        return group[0]
    one = _join(tuple([_shape(batch) for batch in group]))
    values = [value for batch in group for value in _values(batch)]
    return Batch(one.statement, _refusal_of(group), [dict(zip(one.names, values, strict=True))])


def _values(batch: Batch) -> list[Any]:
    """One of each column: of several rows a list."""
    names = batch.rows[0]
    if len(batch.rows) == 1:
        return [*names.values()]
    return [[row[name] for row in batch.rows] for name in names]


def _refusal_of(group: Sequence[Batch]) -> Refusal:
    @contextmanager
    def each() -> Iterator[None]:
        with ExitStack() as stack:
            for batch in group:
                stack.enter_context(batch.refusal())
            yield

    return each if any(batch.refusal is not none_refused for batch in group) else none_refused


def _shape(batch: Batch) -> Shape:
    return _insert(batch), len(batch.rows) > 1, tuple(batch.rows[0])


def _insert(batch: Batch) -> sa.Insert:
    return cast("sa.Insert", batch.statement)


def _table(batch: Batch) -> sa.FromClause:
    return _insert(batch).table


def _parameters(batch: Batch) -> int | None:
    """How many it takes; None if its rows cannot go in one statement with others."""
    statement, rows = batch.statement, batch.rows
    if not isinstance(statement, sa.Insert) or len(rows[0]) > MOST:
        return None
    if len(rows) > 1 and not (_takes_lists(statement, tuple(rows[0])) and not _twice(statement.table, rows)):
        return None
    return len(rows[0])


@lru_cache(maxsize=1000)
def _join(shapes: tuple[Shape, ...]) -> _One:
    parts: list[sa.Insert] = []
    names: list[str] = []
    for number, (statement, several, columns) in enumerate(shapes):
        own = _columns(statement.table)
        its = {name: f"part{number}_{name}" if name in own else name for name in columns}
        parts.append(_part(statement, its, several=several))
        names += its.values()
    first, last = parts[:-1], parts[-1]
    return _One(last.add_cte(*(one.cte(f"part{n}") for n, one in enumerate(first))), tuple(names))


def _part(statement: sa.Insert, names: Mapping[str, str], *, several: bool) -> sa.Insert:
    """The statement with these names for its columns' values; what it says itself stays."""
    table = statement.table
    if several:
        lists = {c: sa.bindparam(name, type_=sa.ARRAY(table.c[c].type)) for c, name in names.items()}
        return statement.from_select([*lists], sa.select(*map(sa.func.unnest, lists.values())))
    given = {name: own for name, own in names.items() if name in _columns(table)}
    if not given:
        return statement
    return statement.values({c: sa.bindparam(name, type_=table.c[c].type) for c, name in given.items()})


@lru_cache(maxsize=1000)
def _takes_lists(statement: sa.Insert, columns: tuple[str, ...]) -> bool:
    """Whether it inserts just what it is given, of kinds that there are lists of."""
    table = statement.table.c
    return _reads(statement) is None and all(
        name in table and not isinstance(table[name].type, sa.JSON | sa.ARRAY) for name in columns
    )


@lru_cache(maxsize=1000)
def _reads(statement: sa.Insert) -> frozenset[sa.FromClause] | None:
    """The other tables from which it takes what it inserts, if it says some of that itself; None if not."""
    try:
        statement.values([dict.fromkeys(statement.table.columns.keys())]).compile()
    except sa.exc.InvalidRequestError:
        named = (one for one in visitors.iterate(statement) if isinstance(one, sa.Table))
        return frozenset(table for table in named if table is not statement.table)
    return None


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
