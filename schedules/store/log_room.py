"""Room for SQLite's log before it is needed: who lengthens a file waits for the disk twice."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from contextlib import closing, suppress
from pathlib import Path

import sqlalchemy as sa

from schedules.store.engine import LOG_PAGES

FRAME_HEADER = 24
"""Bytes before each page in the log (SQLite's file format, 4.2)."""
BATCH = 100
"""Pages at a time; then whoever waits may write."""
SPARE = 10
"""So many times the room is free on the disk, or it is left to those who need it."""


def make_room(engine: sa.Engine, gate: threading.Lock, lock_wait: float) -> None:
    """Make the log as long as it becomes between two checkpoints, as PostgreSQL does with its own.

    Nothing in the database changes. What hinders it does no harm: then the log grows as it is written.
    """
    if engine.dialect.name != "sqlite":
        return
    # The pool's connection stays: whoever closes a file's last one removes the log.
    with closing(engine.raw_connection()), suppress(sqlite3.OperationalError, OSError):
        path = Path(str(engine.url.database))
        with closing(sqlite3.connect(path, lock_wait, isolation_level=None)) as connection:
            _lengthen(connection, path.with_name(f"{path.name}-wal"), gate)


def _lengthen(connection: sqlite3.Connection, log: Path, gate: threading.Lock) -> None:
    ((page,),) = connection.execute("PRAGMA page_size").fetchall()
    ((number,),) = connection.execute("PRAGMA user_version").fetchall()
    wanted = LOG_PAGES * (page + FRAME_HEADER)
    if log.stat().st_size >= wanted or shutil.disk_usage(log.parent).free < SPARE * wanted:
        return
    # A number that nobody uses is written as it stands: one page of the log each time. The disk is waited for
    # once, at the checkpoint.
    again = f"PRAGMA user_version = {number}"
    connection.execute("PRAGMA wal_autocheckpoint = 0")
    connection.execute("PRAGMA synchronous = OFF")
    while log.stat().st_size < wanted:
        with gate:
            for _ in range(BATCH):
                connection.execute(again)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA wal_checkpoint").fetchall()
    # It begins the log anew: after a crash only what was written since is read.
    connection.execute(again)
