"""The stand-in's own SQLite file: one connection, one lock."""

from __future__ import annotations

import sqlite3
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

_SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS conversations (id TEXT PRIMARY KEY, kind TEXT NOT NULL, members TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS messages (
    channel TEXT NOT NULL, ts TEXT NOT NULL, author TEXT NOT NULL, only_for TEXT, body TEXT NOT NULL,
    PRIMARY KEY (channel, ts)
);
CREATE TABLE IF NOT EXISTS reads (
    user_id TEXT NOT NULL, channel TEXT NOT NULL, ts TEXT NOT NULL, PRIMARY KEY (user_id, channel)
);
CREATE TABLE IF NOT EXISTS mails (
    id INTEGER PRIMARY KEY, recipient TEXT NOT NULL, received_at TEXT NOT NULL, raw BLOB NOT NULL,
    seen INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS mails_of ON mails (recipient);
CREATE TABLE IF NOT EXISTS files (
    id TEXT PRIMARY KEY, token TEXT NOT NULL UNIQUE, name TEXT NOT NULL, title TEXT NOT NULL,
    length INTEGER NOT NULL, content BLOB, completed_at REAL
);
CREATE TABLE IF NOT EXISTS views (
    id TEXT PRIMARY KEY, user_id TEXT NOT NULL, depth INTEGER NOT NULL, body TEXT NOT NULL,
    typed TEXT NOT NULL, errors TEXT NOT NULL, failed INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS views_of ON views (user_id, depth);
"""


class Database:
    """A thin, thread-safe door to SQLite; each call is its own transaction."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self.lock = threading.RLock()
        self._connection.executescript(_SCHEMA)

    def all(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """Give every row."""
        with self.lock:
            return self._connection.execute(sql, values).fetchall()

    def one(self, sql: str, *values: Any) -> sqlite3.Row | None:
        """Give the first row, or None."""
        with self.lock:
            row: sqlite3.Row | None = self._connection.execute(sql, values).fetchone()
            return row

    def run(self, sql: str, *values: Any) -> int:
        """Write; give the id of the row that was made."""
        with self.lock:
            return self._connection.execute(sql, values).lastrowid or 0

    def close(self) -> None:
        """Close the file."""
        with self.lock:
            self._connection.close()
