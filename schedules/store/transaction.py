"""One transaction on either database: reads are free, the first write or lock takes the right to write."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from schedules.errors import LockTimeout
from schedules.store.database_errors import in_our_words, of_driver, plain_errors
from schedules.store.engine import IMMEDIATE
from schedules.store.prepared import NONE_GIVEN, Values, prepared
from schedules.store.waiting import Refusal, Waiting, none_refused

Row = sa.Row[Any]
SHORT = 1.5
"""Seconds that a person's form waits for another's."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a statement did: the rows that it found or returned, and how many it found or changed."""

    rows: list[Row]
    count: int


class Transaction:
    """Lazy: a connection is taken at the first statement, and a new transaction begins after `commit`.

    On SQLite writers queue at `gate`, a lock of this process (busy polling took p99 from 23-56 to
    134-184 ms), and begin immediately; what was read before the first write may have changed since,
    as with READ COMMITTED on PostgreSQL, where reads therefore begin no transaction at all. Plans are read
    after `lock_teams`.
    """

    def __init__(self, engine: sa.Engine, gate: threading.Lock, lock_wait: float = SHORT) -> None:
        self._engine = engine
        self._gate = gate
        self._lock_wait = lock_wait
        self._driver = engine.dialect.loaded_dbapi
        self._connection: sa.Connection | None = None
        self._cursor: Any = None
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

    def rows(self, statement: sa.Executable, values: Values = NONE_GIVEN) -> list[Row]:
        """All rows of a query. Raises CannotSave when the database is gone."""
        self.settle(statement)
        return self._execute(statement, [values]).rows

    def first(self, statement: sa.Executable, values: Values = NONE_GIVEN) -> Row | None:
        """The first row of a query, or None. Raises CannotSave."""
        return next(iter(self.rows(statement, values)), None)

    def write(self, statement: sa.Executable, values: Values | Sequence[Values] = NONE_GIVEN) -> Done:
        """Execute a statement that changes rows, for each of the values. Raises LockTimeout, CannotSave."""
        self.start_writing()
        self.settle(statement)
        return self._execute(statement, [values] if isinstance(values, Mapping) else values)

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
            with batch.refusal():
                self._execute(batch.statement, batch.rows)

    def start_writing(self) -> None:
        """Take the right to write, if it is not held. Raises LockTimeout, CannotSave."""
        if not self._writing:
            with plain_errors():
                if self.dialect == "sqlite":
                    self._begin_immediate()
                else:
                    self._begin()
            self._writing = True
            self.serial += 1

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
        self._cursor = None
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
            self._alone(each=True)
            self.serial += 1
        return self._connection

    def _execute(self, statement: sa.Executable, values: Sequence[Values]) -> Done:
        try:
            connection = self._reading()
            ready = prepared(statement, connection.dialect, values[0])
            if ready is None:
                return _done(connection.execute(statement, values if len(values) > 1 else values[0]))
            if not connection.in_transaction():
                connection.begin()
            return Done(*ready.execute(statement, connection.dialect, self._at_hand(connection), values))
        except self._driver.Error as error:
            raise in_our_words(of_driver(error, connection)) from None
        except sa.exc.DBAPIError as error:
            raise in_our_words(error) from None

    def _at_hand(self, connection: sa.Connection) -> Any:
        if self._cursor is None:
            self._cursor = connection.connection.cursor()
        return self._cursor

    def _begin(self) -> None:
        connection = self._reading()
        self._alone(each=False)
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {round(self._lock_wait * 1000)}")

    def _alone(self, *, each: bool) -> None:
        """Whether each statement is a transaction of its own."""
        if self._connection is not None and self.dialect != "sqlite":
            driver: Any = self._connection.connection.driver_connection
            driver.autocommit = each

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


def _done(result: sa.CursorResult[Any]) -> Done:
    if result.returns_rows:
        found = list(result.all())
        return Done(found, len(found))
    return Done([], result.rowcount)
