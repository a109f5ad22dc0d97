"""One transaction on either database: reads are free, the first write or lock takes the right to write."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from schedules.errors import CannotSave, LockTimeout
from schedules.store.engine import IMMEDIATE
from schedules.store.waiting import Refusal, Waiting, none_refused

Values = Mapping[str, Any]
# By their codes, so that the driver is not loaded on SQLite: lock_not_available, deadlock_detected.
WAITED = frozenset({"55P03", "40P01"})
DISK_FULL, TOO_MANY_CONNECTIONS = "53100", "53300"
SHORT = 1.5
"""Seconds that a person's form waits for another's."""


class Transaction:
    """Lazy: a connection is taken at the first statement, and a new transaction begins after `commit`.

    On SQLite writers queue at `gate`, a lock of this process (busy polling took p99 from 23-56 to
    134-184 ms), and begin immediately; what was read before the first write may have changed since,
    as with READ COMMITTED on PostgreSQL. Plans are therefore read after `lock_teams`.
    """

    def __init__(self, engine: sa.Engine, gate: threading.Lock, lock_wait: float = SHORT) -> None:
        self._engine = engine
        self._gate = gate
        self._lock_wait = lock_wait
        self._connection: sa.Connection | None = None
        self._waiting = Waiting()
        self._writing = False
        self._holds_gate = False
        self.dialect = engine.dialect.name
        self.serial = 0
        """Counts the database's transactions and the right to write: what was read at another may be old."""

    @property
    def writing(self) -> bool:
        """Whether the right to write is held."""
        return self._writing

    def rows(self, statement: sa.Executable, values: Values | None = None) -> Sequence[sa.Row[Any]]:
        """All rows of a query."""
        self.settle(statement)
        with plain_errors():
            return self._reading().execute(statement, values).all()

    def first(self, statement: sa.Executable, values: Values | None = None) -> sa.Row[Any] | None:
        """The first row of a query, or None."""
        self.settle(statement)
        with plain_errors():
            return self._reading().execute(statement, values).first()

    def write(
        self, statement: sa.Executable, values: Values | Sequence[Values] | None = None
    ) -> sa.CursorResult[Any]:
        """Execute a statement that changes rows. Raises LockTimeout, CannotSave."""
        with plain_errors():
            connection = self.start_writing()
        self.settle(statement)
        with plain_errors():
            result: sa.CursorResult[Any] = connection.execute(statement, values)
            return result

    def later(
        self, statement: sa.Insert | sa.Update, row: dict[str, Any], refusal: Refusal = none_refused
    ) -> None:
        """Write a row before anybody can miss it: with others, as late as at the commit.

        What `refusal` raises is raised then. Raises LockTimeout.
        """
        self.start_writing()
        self._waiting.add(statement, row, refusal)

    def waiting(self, statement: sa.Insert | sa.Update) -> list[dict[str, Any]]:
        """The rows that still wait for that statement; they may be changed."""
        return self._waiting.rows(statement)

    def settle(self, statement: sa.Executable | None = None) -> None:
        """Write what waits, or what of it a statement must find written."""
        for batch in self._waiting.take(statement):
            values = batch.rows if len(batch.rows) > 1 else batch.rows[0]
            with batch.refusal(), plain_errors():
                self._reading().execute(batch.statement, values)

    def start_writing(self) -> sa.Connection:
        """Take the right to write, if it is not held. Raises LockTimeout."""
        if not self._writing:
            if self.dialect == "sqlite":
                self._begin_immediate()
            else:
                milliseconds = round(self._lock_wait * 1000)
                self._reading().exec_driver_sql(f"SET LOCAL lock_timeout = {milliseconds}")
            self._writing = True
            self.serial += 1
        return self._reading()

    def commit(self) -> None:
        """Make it all so."""
        try:
            if self._connection is not None:
                self.settle()
                with plain_errors(lost_is_unknown=True):
                    self._connection.commit()
        finally:
            self.close()

    def close(self) -> None:
        """Roll back what is not committed and give everything back."""
        connection, self._connection = self._connection, None
        self._waiting = Waiting()
        self._writing = False
        try:
            if connection is not None:
                connection.close()
        finally:
            self._open_gate()

    def _reading(self) -> sa.Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
            self.serial += 1
        return self._connection

    def _begin_immediate(self) -> None:
        if not self._gate.acquire(timeout=self._lock_wait):
            raise LockTimeout
        self._holds_gate = True
        connection = self._reading()
        connection.rollback()
        self._connection = connection.execution_options(**{IMMEDIATE: True})
        with plain_errors():
            self._connection.begin()

    def _open_gate(self) -> None:
        if self._holds_gate:
            self._holds_gate = False
            self._gate.release()


@contextmanager
def plain_errors(*, lost_is_unknown: bool = False) -> Iterator[None]:
    """Turn the databases' words into LockTimeout (somebody else is at it) and CannotSave (full, or gone).

    A connection that is lost while it commits leaves open what was saved (`lost_is_unknown`): that error
    goes on as it is.
    """
    try:
        yield
    except (sa.exc.OperationalError, sa.exc.InterfaceError) as error:
        if waited_in_vain(error.orig):
            raise LockTimeout from None
        if _is_full(error.orig) or (_is_gone(error) and not lost_is_unknown):
            raise CannotSave from None
        raise


def waited_in_vain(error: BaseException | None) -> bool:
    """Whether a driver's error says that somebody else held what was wanted."""
    if isinstance(error, sqlite3.OperationalError):
        return _primary(error) in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
    return getattr(error, "sqlstate", None) in WAITED


def _is_full(error: BaseException | None) -> bool:
    """The disk is full, broken or read-only: the database has rolled back."""
    if isinstance(error, sqlite3.OperationalError):
        return _primary(error) in _NO_DISK
    return getattr(error, "sqlstate", None) == DISK_FULL


def _is_gone(error: sa.exc.DBAPIError) -> bool:
    """The server takes no connection, or has cut this one. What it says itself has a code."""
    if error.connection_invalidated or getattr(error.orig, "sqlstate", None) == TOO_MANY_CONNECTIONS:
        return True
    return getattr(error.orig, "sqlstate", "not PostgreSQL's") is None


def _primary(error: sqlite3.OperationalError) -> int:
    """The low byte is the primary code; the rest says which kind."""
    return error.sqlite_errorcode & 0xFF


_NO_DISK = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN}


@contextmanager
def refusing(*names: str, error: type[Exception]) -> Iterator[None]:
    """Raise `error` when one of these constraints refuses a row.

    PostgreSQL names the constraint or index, SQLite the first column (`booking.slot`). The transaction is
    spent afterwards: leave the unit of work and begin again.
    """
    try:
        yield
    except sa.exc.IntegrityError as refusal:
        if any(name in _refused_by(refusal.orig) for name in names):
            raise error from None
        raise


def _refused_by(error: BaseException | None) -> str:
    diag = getattr(error, "diag", None)
    return str(error) if diag is None else diag.constraint_name or ""
