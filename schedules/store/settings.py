"""Small settings kept in the database, such as how far the workspace's clock has been moved."""

from __future__ import annotations

import sqlalchemy as sa

from schedules.store.journeys import Question
from schedules.store.statements import upsert
from schedules.store.tables import SETTING
from schedules.store.transaction import Transaction

_READ = sa.select(SETTING.c.value).where(SETTING.c.key == sa.bindparam("setting"))
_READ_TO_CHANGE = _READ.with_for_update()


def asking(key: str) -> Question:
    """Asks for a setting's value: a row of it, or none."""
    return _READ, {"setting": key}


class SettingTable:
    """`SettingStore` over the table."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def get(self, key: str) -> str | None:
        """The setting's value, or None."""
        row = self._transaction.first(*asking(key))
        return row.value if row else None

    def get_to_change(self, key: str) -> str | None:
        """The same; nobody else changes it until this transaction ends."""
        self._transaction.start_writing()
        row = self._transaction.first(_READ_TO_CHANGE, {"setting": key})
        return row.value if row else None

    def set(self, key: str, value: str) -> None:
        """Store the value."""
        self._transaction.write(upsert(self._transaction.dialect, SETTING), {"key": key, "value": value})
