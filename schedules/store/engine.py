"""Engines for the two databases. Neither ever shows parameters in an error (promise 5)."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from schedules.errors import SamtidError
from schedules.store.database_errors import without_detail

REST = 0.05
"""Seconds after which a connection to PostgreSQL is asked whether it still stands before it is used.

No server goes and comes back in less.
"""
USED = "samtid_used"

IMMEDIATE = "samtid_immediate"
"""Execution option of a connection whose transactions write from the start (SQLite)."""

LOG_PAGES = 10_000
"""Pages in SQLite's log before a checkpoint. The default, 1,000, took p99 from 1.8 to 9 ms (TRAPS.md)."""

PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    f"PRAGMA wal_autocheckpoint={LOG_PAGES}",
    # What is deleted or replaced is overwritten with zeros at once. It must be so from the first write: a
    # connection that sets it only to erase leaves the copies that earlier ones made when they split pages.
    # It costs nothing that can be measured (148 and 147 µs for the rows of one booking).
    "PRAGMA secure_delete=ON",
)


def make_engine(url: str, lock_wait: float) -> sa.Engine:
    """An engine for `sqlite:///path` or `postgresql://…`; `lock_wait` is in seconds."""
    address = sa.make_url(url)
    backend = address.get_backend_name()
    if backend == "sqlite":
        return _sqlite(address, lock_wait)
    if backend in {"postgresql", "postgres"}:
        return _postgresql(address)
    raise SamtidError(f"SAMTID_DATABASE_URL takes sqlite:///… or postgresql://…, not {backend}")


def _postgresql(address: sa.URL) -> sa.Engine:
    engine = sa.create_engine(
        address.set(drivername="postgresql+psycopg"),
        hide_parameters=True,
        isolation_level="READ COMMITTED",
        pool_size=20,
        max_overflow=10,
        pool_use_lifo=True,
    )

    def try_again_after_a_rest(driver: Any, record: Any, _given: Any) -> None:
        # One in use just now is taken at its word: to ask it would take as long as what it is wanted for.
        if time.monotonic() - record.info.get(USED, 0.0) > REST:
            try:
                engine.dialect.do_ping(driver)
            except engine.dialect.loaded_dbapi.Error:
                raise sa.exc.InvalidatePoolError from None

    event.listen(engine, "connect", _in_utc)
    event.listen(engine, "checkout", try_again_after_a_rest)
    event.listen(engine, "checkin", _rest)
    event.listen(engine, "begin", _begin_transaction)
    event.listen(engine, "handle_error", _hide_detail)
    return engine


def _in_utc(driver: Any, _record: Any) -> None:
    """Instants come as the domain has them. A connection rests in autocommit: `Transaction` says BEGIN."""
    driver.autocommit = True
    driver.execute("SET TIME ZONE 'UTC'")


def _rest(driver: Any, record: Any) -> None:
    if driver is not None:
        record.info[USED] = time.monotonic()


def _begin_transaction(connection: sa.Connection) -> None:
    """For who goes by SQLAlchemy's connections, in transactions unless it says otherwise."""
    driver: Any = connection.connection.driver_connection
    driver.autocommit = connection.get_execution_options().get("isolation_level") == "AUTOCOMMIT"


def _hide_detail(context: sa.ExceptionContext) -> None:
    error = context.original_exception
    if without_detail(error) and context.sqlalchemy_exception is not None:
        context.sqlalchemy_exception.args = (f"({type(error).__name__}) {error.args[0]}",)


def _sqlite(address: sa.URL, lock_wait: float) -> sa.Engine:
    if address.database in {None, "", ":memory:"}:
        raise SamtidError("SAMTID_DATABASE_URL needs a file: sqlite:///var/samtid.db")
    Path(str(address.database)).absolute().parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(
        address,
        hide_parameters=True,
        pool_size=20,
        max_overflow=20,
        pool_use_lifo=True,
        # The driver keeps so many statements ready; its own 128 are fewer than the program has.
        connect_args={"timeout": lock_wait, "check_same_thread": False, "cached_statements": 1024},
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver would begin deferred transactions by itself, and only before writes.
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(pragma)


def _begin(connection: sa.Connection) -> None:
    """For who goes by SQLAlchemy's connections: migrations do."""
    connection.exec_driver_sql(
        "BEGIN IMMEDIATE" if connection.get_execution_options().get(IMMEDIATE) else "BEGIN"
    )
