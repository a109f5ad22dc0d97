"""Several statements on one journey to a PostgreSQL server.

Each journey costs a thread its turn at the interpreter, and a team's lock is held as long as they take: a
server elsewhere makes each a fraction of a millisecond longer.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack, suppress
from typing import Any

import sqlalchemy as sa

from schedules.store.prepared import Row, Values, prepared
from schedules.store.waiting import Batch, Refusal

Question = tuple[sa.Executable, Values]
Found = list[Sequence[Row]]


def begin_with(
    driver: Any, connection: Any, dialect: sa.Dialect, lock_wait: float, asked: Sequence[Question]
) -> Found:
    """Begin a transaction whose locks are waited for so many seconds; the rows of its first statements.

    Each sees what is there when its turn has come, as on a journey of its own (READ COMMITTED). The server
    plans them anew each time, so they should be simple; and as it writes the words of what fails in its log,
    they must say nothing about a person. Raises the driver's errors.
    """
    # This cursor fills the values in itself: the server takes several statements only if it is given none.
    cursor = driver.ClientCursor(connection)
    ready = [prepared(statement, dialect, values) for statement, values in asked]
    words = [
        "BEGIN ISOLATION LEVEL READ COMMITTED",
        f"SET LOCAL lock_timeout = {round(lock_wait * 1000)}",
    ]
    for one, (statement, values) in zip(ready, asked, strict=True):
        words.append(cursor.mogrify(*one.in_words(statement, dialect, values)))
    cursor.execute("; ".join(words))
    cursor.nextset()  # BEGIN and SET give no rows
    found: Found = []
    for one, (statement, _) in zip(ready, asked, strict=True):
        cursor.nextset()
        found.append(one.collect(statement, dialect, cursor)[0])
    return found


def ask_together(connection: Any, dialect: sa.Dialect, asked: Sequence[Question]) -> Found:
    """The rows of each query, prepared as on journeys of their own. Raises the driver's errors."""
    sent = []
    with connection.pipeline():
        for statement, values in asked:
            ready, cursor = prepared(statement, dialect, values), connection.cursor()
            ready.send(statement, dialect, cursor, [values])
            sent.append((ready, statement, cursor))
    return [ready.collect(statement, dialect, cursor)[0] for ready, statement, cursor in sent]


class UnderWay:
    """Changes that the server works on while we go on: nobody waits for the answer to each.

    They are one of the driver's pipelines. What the server refuses is raised when more is sent, or when all
    are waited for; `refusals` turn it into our own errors.
    """

    def __init__(self, driver: Any, connection: Any, dialect: sa.Dialect) -> None:
        self._driver = driver
        self._connection = connection
        self._dialect = dialect
        self._pipeline = ExitStack()
        self._pipeline.enter_context(connection.pipeline())
        self.refusals: list[Refusal] = []

    def send(self, batches: Sequence[Batch]) -> None:
        """Send statements with their rows. Raises the driver's errors."""
        for batch in batches:
            ready = prepared(batch.statement, self._dialect, batch.rows[0])
            ready.send(batch.statement, self._dialect, self._connection.cursor(), batch.rows)

    def arrive(self) -> None:
        """Wait for all that was sent. Raises the driver's errors."""
        try:
            self._pipeline.close()
        except self._driver.errors.PipelineAborted as consequence:
            # What comes behind a refused statement is left out, and may be what the driver tells last.
            raise consequence.__context__ or consequence from None

    def commit(self) -> None:
        """Wait for all that was sent, and for the commit behind it. Raises the driver's errors."""
        try:
            self._connection.execute("COMMIT")
        except self._driver.Error:
            self.abandon()
            raise
        self.arrive()

    def abandon(self) -> None:
        """Wait for it, whatever has become of it."""
        with suppress(self._driver.Error):
            self._pipeline.close()
