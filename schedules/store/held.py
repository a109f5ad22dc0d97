"""What a transaction has read or written while it holds the right to write: it is not read again.

Plans change under their team's lock only (promise 1), so nobody else changes what was read until the end.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

from schedules.store.transaction import Transaction

T = TypeVar("T")


class Held:
    """Answers by question, within the transaction that is under way. A question is a kind and its keys."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._serial = 0
        self._answers: dict[tuple[Hashable, ...], object] = {}

    def recall(self, question: tuple[Hashable, ...], read: Callable[[], T]) -> T:
        """The answer: read now, unless this transaction holds the right to write and has it already."""
        if not self._transaction.writing:
            return read()
        self._only_now()
        if question not in self._answers:
            self._answers[question] = read()
        return cast("T", self._answers[question])

    def known(self, question: tuple[Hashable, ...]) -> Any:
        """The answer, if this transaction has it; None if not."""
        self._only_now()
        return self._answers.get(question)

    def keep(self, question: tuple[Hashable, ...], answer: object) -> None:
        """Remember what was just written."""
        self._only_now()
        self._answers[question] = answer

    def forget(self, *start: Hashable) -> None:
        """Read anew whatever question starts so: what was written changes its answer."""
        for question in [one for one in self._answers if one[: len(start)] == start]:
            del self._answers[question]

    def _only_now(self) -> None:
        if self._serial != self._transaction.serial:
            self._answers.clear()
            self._serial = self._transaction.serial
