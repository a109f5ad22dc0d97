"""Clear the database's files of what has been erased from its tables (docs/erasure.md says what stays)."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing

import sqlalchemy as sa

from schedules.errors import LockTimeout
from schedules.store.database_errors import plain_errors, waited_in_vain
from schedules.store.owned_rows import owned_tables
from schedules.store.tables import AUDIT, DUE, FACT_LINK, INCOMING, LETTER

_BESIDE = (AUDIT, DUE, FACT_LINK, INCOMING, LETTER)


def scrub(engine: sa.Engine, gate: threading.Lock, lock_wait: float) -> bool:
    """Whether it is done; False when a reader or writer was in the way for `lock_wait` seconds."""
    try:
        if engine.dialect.name == "sqlite":
            return _sqlite(engine, gate, lock_wait)
        _postgresql(engine, lock_wait)
    except LockTimeout:
        return False
    return True


def _sqlite(engine: sa.Engine, gate: threading.Lock, lock_wait: float) -> bool:
    """Write the file anew, without free pages and the gaps in pages, and empty the log.

    A version of this program before secure_delete may have left copies there.
    """
    if not gate.acquire(timeout=lock_wait):
        return False
    try:
        with closing(engine.raw_connection()) as connection:
            connection.cursor().execute("VACUUM")
            (busy, in_log, _) = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return not busy and in_log == 0
    except sqlite3.OperationalError as error:
        if waited_in_vain(error):
            return False
        raise
    finally:
        gate.release()


def _postgresql(engine: sa.Engine, lock_wait: float) -> None:
    """Write the tables with protected fields anew; let the space in the others be used again.

    VACUUM alone marks space as free without emptying it, so the small tables in which keys and ciphertexts
    were get new files. Nothing here can be within a transaction.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection, plain_errors():
        connection.exec_driver_sql(f"SET lock_timeout = {round(lock_wait * 1000)}")
        try:
            for owned in owned_tables():
                how = "VACUUM (FULL)" if owned.secrets else "VACUUM"
                connection.exec_driver_sql(f"{how} {owned.table.name}")
            for table in _BESIDE:
                connection.exec_driver_sql(f"VACUUM {table.name}")
        finally:
            connection.exec_driver_sql("RESET lock_timeout")
