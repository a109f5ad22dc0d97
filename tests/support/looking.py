"""A connection of its own to a SQLite office's rows: for what a replay looks at many thousand times."""

from __future__ import annotations

import json
import sqlite3
from typing import Any
from weakref import finalize

from schedules.store.database import Database


class Looking:
    """Reads what is committed; a row's columns by name."""

    def __init__(self, database: Database) -> None:
        self._connection = sqlite3.connect(str(database._engine.url.database))
        self._connection.row_factory = sqlite3.Row
        finalize(self, self._connection.close)

    def rows(self, query: str, **values: Any) -> list[sqlite3.Row]:
        """All rows; a set of texts is given as JSON, for `IN (SELECT value FROM json_each(:name))`."""
        given = {name: _given(value) for name, value in values.items()}
        return self._connection.execute(query, given).fetchall()


def _given(value: object) -> object:
    return json.dumps(sorted(value)) if isinstance(value, set) else value
