"""What a transaction wrote itself: nobody else can change it before the end, so it is not read again."""

from __future__ import annotations

from typing import TypeVar, cast

from schedules.store.transaction import Transaction

T = TypeVar("T")


class Written:
    """Records by id and type, as they were last written in the transaction that is under way."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._serial = 0
        self._records: dict[tuple[str, type], object] = {}

    def keep(self, key: str, record: object) -> None:
        """Remember what was just written."""
        if self._serial != self._transaction.serial:
            self.forget()
            self._serial = self._transaction.serial
        self._records[key, type(record)] = record

    def get(self, key: str, kind: type[T]) -> T | None:
        """What this transaction wrote; None if it did not."""
        if not self._transaction.writing or self._serial != self._transaction.serial:
            return None
        return cast("T | None", self._records.get((key, kind)))

    def forget(self) -> None:
        """Read anew: rows were changed that are not known one by one."""
        self._records.clear()
