"""One transaction on either database: reads are free, the first write or lock takes the right to write."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa

from schedules.errors import CannotSave, LockTimeout
from schedules.store.at_once import joined
from schedules.store.database_errors import in_our_words, of_driver
from schedules.store.journeys import Found, Question, UnderWay, ask_together, begin_with
from schedules.store.prepared import HEARERS, NONE_GIVEN, Row, Values, prepared
from schedules.store.waiting import Batch, Refusal, Waiting, none_refused

SHORT = 1.5
"""Seconds that a person's form waits for another's."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a statement did: the rows that it found or returned, and how many it found or changed."""

    rows: Sequence[Row]
    count: int


NOTHING = Done((), 0)


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
        # The pool's connection and its cursor: the driver's own, as SQLAlchemy's take several times as long.
        self._connection: sa.PoolProxiedConnection | None = None
        self._cursor: Any = None
        self._lost = False
        self._waiting = Waiting()
        self._under_way: UnderWay | None = None
        self._writing = False
        self._holds_gate = False
        self.dialect = engine.dialect.name
        self.serial = 0
        """Counts the database's transactions and the right to write: what was read at another may be old."""

    @property
    def writing(self) -> bool:
        """Whether the right to write is held."""
        return self._writing

    def rows(self, statement: sa.Executable, values: Values = NONE_GIVEN) -> Sequence[Row]:
        """All rows of a query. Raises CannotSave when the database is gone."""
        self.settle(statement)
        return self._execute(statement, [values]).rows

    def rows_of(self, *asked: Question) -> Found:
        """All rows of each query. On PostgreSQL they are one journey to the server."""
        if self.dialect == "sqlite":
            return [self.rows(statement, values) for statement, values in asked]
        for statement, _ in asked:
            self.settle(statement)
        self._arrive()
        with self._plain_errors():
            if self._connection is None:
                self._take()
            return ask_together(self._driver_connection, self._engine.dialect, asked)

    def first(self, statement: sa.Executable, values: Values = NONE_GIVEN) -> Row | None:
        """The first row of a query, or None. Raises CannotSave."""
        return next(iter(self.rows(statement, values)), None)

    def write(self, statement: sa.Executable, values: Values | Sequence[Values] = NONE_GIVEN) -> Done:
        """Execute a statement that changes rows, for each of the values. Raises LockTimeout, CannotSave."""
        self.start_writing()
        rows = [values] if isinstance(values, Mapping) else values
        return self._write([*self._waiting.take(statement), Batch(statement, none_refused, rows)])

    def later(
        self, statement: sa.Insert | sa.Update, row: dict[str, Any], refusal: Refusal = none_refused
    ) -> None:
        """Write a row before anybody can miss it: with others, as late as at the commit.

        What `refusal` raises is raised then. Raises LockTimeout.
        """
        if not self._writing:
            self.start_writing()
        self._waiting.add(statement, row, refusal)

    def send(self, statement: sa.Insert, rows: Sequence[Values], refusal: Refusal = none_refused) -> None:
        """Write rows and what they refer to; on PostgreSQL nobody waits for the answer.

        What `refusal` raises is raised by the next statement that is waited for, at the latest by the commit.
        Raises LockTimeout.
        """
        self.start_writing()
        batches = [*self._waiting.take(statement), Batch(statement, refusal, rows)]
        if self.dialect == "postgresql":
            self._send(batches)
        else:
            self._write(batches)

    def waiting(self, statement: sa.Insert | sa.Update) -> list[dict[str, Any]]:
        """The rows that still wait for that statement; they may be changed."""
        return self._waiting.rows(statement)

    def settle(self, statement: sa.Executable | None = None) -> None:
        """Write what waits, or what of it a statement must find written."""
        waiting = self._waiting.take(statement)
        if waiting:
            self._write(waiting)

    def start_writing(self) -> None:
        """Take the right to write, if it is not held. Raises LockTimeout, CannotSave."""
        self.start_asking()

    def start_asking(self, *asked: Question) -> Found:
        """The same and the rows of these queries, each of which sees what was there when it was asked.

        On PostgreSQL it all is one journey to the server.
        """
        if self._writing:
            return [self.rows(statement, values) for statement, values in asked]
        if self.dialect == "sqlite":
            self._begin_immediate()
            found = [self._execute(statement, [values]).rows for statement, values in asked]
        else:
            found = self._begin(asked)
        self._writing = True
        self.serial += 1
        return found

    def commit(self) -> None:
        """Make it all so. A connection that is lost meanwhile leaves open what was saved."""
        try:
            if self._connection is not None:
                self._commit(self._waiting.take())
                for hear in HEARERS:
                    hear("COMMIT", [])
        finally:
            self.close()

    def close(self) -> None:
        """Roll back what is not committed and give everything back."""
        connection, self._connection = self._connection, None
        under_way, self._under_way = self._under_way, None
        self._cursor = None
        self._waiting = Waiting()
        self._writing = self._lost = False
        try:
            if under_way is not None:
                under_way.abandon()
            if connection is not None:
                connection.close()
        finally:
            self._open_gate()

    def _write(self, batches: Sequence[Batch]) -> Done:
        """Write them in their order. What the last one did."""
        done = NOTHING
        for batch in joined(batches) if self.dialect == "postgresql" else batches:
            if batch.refusal is none_refused:
                done = self._execute(batch.statement, batch.rows)
            else:
                with batch.refusal():
                    done = self._execute(batch.statement, batch.rows)
        return done

    def _commit(self, waiting: Sequence[Batch]) -> None:
        dialect = self._engine.dialect
        if self.dialect != "postgresql" or not self._writing:
            self._write(waiting)
        elif waiting:
            self._send(waiting)
        under_way, self._under_way = self._under_way, None
        with self._refusals(under_way), self._plain_errors(lost_is_unknown=True):
            dialect.do_commit(cast("Any", under_way or self._connection))

    def _send(self, batches: Sequence[Batch]) -> None:
        together = [*joined(batches)]
        under_way = self._under_way or self._set_out()
        under_way.refusals += [batch.refusal for batch in together]
        with self._refusals(under_way), self._plain_errors():
            under_way.send(together)

    def _set_out(self) -> UnderWay:
        with self._plain_errors():
            self._under_way = UnderWay(self._driver, self._driver_connection, self._engine.dialect)
            return self._under_way

    def _arrive(self) -> None:
        """Wait for what is under way, so that what it was refused is told before anything else."""
        if self._under_way is not None:
            under_way, self._under_way = self._under_way, None
            with self._refusals(under_way), self._plain_errors():
                under_way.arrive()

    @contextmanager
    def _refusals(self, under_way: UnderWay | None) -> Iterator[None]:
        with ExitStack() as stack:
            for refusal in under_way.refusals if under_way else ():
                if refusal is not none_refused:
                    stack.enter_context(refusal())
            yield

    def _execute(self, statement: sa.Executable, values: Sequence[Values]) -> Done:
        self._arrive()
        dialect = self._engine.dialect
        ready = prepared(statement, dialect, values[0])
        try:
            if self._connection is None:
                self._take()
                self._read()
            return Done(*ready.execute(statement, dialect, self._cursor, values))
        except self._driver.Error as error:
            raise self._plain(error) from None

    def _take(self) -> None:
        if self._lost:
            raise CannotSave
        self._connection = self._engine.raw_connection()
        if self.dialect != "sqlite" and not self._driver_connection.autocommit:
            self._driver_connection.autocommit = True
        self._cursor = self._connection.cursor()
        self.serial += 1

    def _read(self) -> None:
        """On SQLite all reads see one moment; on PostgreSQL each statement is a transaction of its own."""
        if self.dialect == "sqlite":
            self._cursor.execute("BEGIN")

    def _begin(self, asked: Sequence[Question]) -> Found:
        with self._plain_errors():
            if self._connection is None:
                self._take()
            dialect = self._engine.dialect
            return begin_with(self._driver, self._driver_connection, dialect, self._lock_wait, asked)

    def _begin_immediate(self) -> None:
        if not self._gate.acquire(timeout=self._lock_wait):
            raise LockTimeout
        self._holds_gate = True
        with self._plain_errors():
            if self._connection is None:
                self._take()
            else:
                self._connection.rollback()
            self._cursor.execute("BEGIN IMMEDIATE")

    @property
    def _driver_connection(self) -> Any:
        return self._connection.driver_connection if self._connection is not None else None

    @contextmanager
    def _plain_errors(self, *, lost_is_unknown: bool = False) -> Iterator[None]:
        try:
            yield
        except self._driver.Error as error:
            raise self._plain(error, lost_is_unknown=lost_is_unknown) from None

    def _plain(self, error: Exception, *, lost_is_unknown: bool = False) -> Exception:
        told = of_driver(error, self._engine.dialect, self._connection)
        if told.connection_invalidated and self._connection is not None:
            self._lost = True
            self._connection.invalidate(error)
            self._connection = self._cursor = None
            self._engine.dispose()  # the server has gone for those that rest as well
        return in_our_words(told, lost_is_unknown=lost_is_unknown)

    def _open_gate(self) -> None:
        if self._holds_gate:
            self._holds_gate = False
            self._gate.release()
