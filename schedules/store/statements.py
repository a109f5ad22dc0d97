"""Statements that both databases have in their own dialect."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlmodel.sql.sqltypes import UTCDateTime

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

    DialectInsert = postgresql.Insert | sqlite.Insert


def insert_into(dialect: str, table: sa.Table) -> DialectInsert:
    """An INSERT that knows ON CONFLICT."""
    # Only the dialect in use is loaded: the other one takes as long as everything else of SQLAlchemy's.
    if dialect == "sqlite":
        from sqlalchemy.dialects import sqlite  # noqa: PLC0415  see above

        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415  see above

    return postgresql.insert(table)


@cache
def upsert(dialect: str, table: sa.Table, *keep: str) -> sa.Insert:
    """Insert a whole row, or update the row with its primary key but for the columns in `keep`."""
    statement = insert_into(dialect, table)
    primary = [column.name for column in table.primary_key]
    changes = {
        column.name: statement.excluded[column.name]
        for column in table.columns
        if column.name not in {*primary, *keep}
    }
    return statement.on_conflict_do_update(index_elements=primary, set_=changes)


@cache
def insert_if_new(dialect: str, table: sa.Table) -> sa.Insert:
    """Insert a row unless its primary key is there."""
    return insert_into(dialect, table).on_conflict_do_nothing(
        index_elements=[column.name for column in table.primary_key]
    )


def among(column: sa.ColumnElement[Any], name: str = "ids") -> sa.ColumnElement[bool]:
    """`column IN (:ids)`, the values given at execution as a list."""
    return column.in_(sa.bindparam(name, expanding=True))


def listed(ids: Collection[str]) -> dict[str, list[str]]:
    """The parameter of `among`: each value once, in order."""
    return {"ids": sorted(set(ids))}


def fixed(term: StrEnum) -> sa.ColumnElement[str]:
    """One of our own terms, written out in a statement.

    Bound, it might be another one next time: where a partial index may serve, SQLite plans the statement anew
    at every execution, which took three quarters of it. Only for terms: what a statement says is logged.
    """
    return sa.literal(term.value, literal_execute=True)


class database_time(sa.sql.functions.FunctionElement[Any]):  # noqa: N801 - reads as a function in statements
    """The database's own real time plus seconds; leases of several processes need one clock."""

    type = UTCDateTime()
    inherit_cache = True
    name = "database_time"

    def __init__(self, seconds: sa.ColumnElement[Any] | float = 0.0) -> None:
        plus = seconds if isinstance(seconds, sa.ColumnElement) else sa.literal(seconds, sa.Float())
        super().__init__(plus)


@compiles(database_time, "sqlite")
def _sqlite_time(element: database_time, compiler: Any, **options: Any) -> str:
    seconds = compiler.process(element.clauses, **options)
    # The same text as UTCDateTime stores, so that times compare as texts.
    return f"strftime('%Y-%m-%d %H:%M:%f000', 'now', ({seconds}) || ' seconds')"


@compiles(database_time, "postgresql")
def _postgresql_time(element: database_time, compiler: Any, **options: Any) -> str:
    return f"clock_timestamp() + make_interval(secs => {compiler.process(element.clauses, **options)})"
