"""What a transaction has read or written while it holds the right to write: it is not read again.

Plans change under their team's lock only (promise 1), so nobody else changes what was read until the end.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from schedules.store.transaction import Transaction

T = TypeVar("T")


class Held:
    """Answers by question, within the transaction that is under way. A question is a kind and its keys."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._serial = 0
        self._answers: dict[Hashable, dict[tuple[Hashable, ...], Any]] = {}

    def recall(self, question: tuple[Hashable, ...], read: Callable[[], T]) -> T:
        """The answer: read now, unless this transaction holds the right to write and has it already."""
        if not self._transaction.writing:
            return read()
        of_kind = self._of_kind(question)
        if question not in of_kind:
            self.keep(question, read())
            of_kind = self._of_kind(question)
        answer: T = of_kind[question]
        return answer

    def known(self, question: tuple[Hashable, ...]) -> Any:
        """The answer, if this transaction has it; None if not."""
        return self._of_kind(question).get(question)

    def keep(self, question: tuple[Hashable, ...], answer: object) -> None:
        """Remember what was just written."""
        self._of_kind(question)[question] = answer

    def forget(self, *question: Hashable) -> None:
        """Read anew what was written: all, a kind of questions, or one."""
        if not question:
            self._answers.clear()
        elif len(question) == 1:
            self._answers.pop(question[0], None)
        else:
            self._answers.get(question[0], {}).pop(question, None)

    def _of_kind(self, question: tuple[Hashable, ...]) -> dict[tuple[Hashable, ...], Any]:
        if self._serial != self._transaction.serial:
            self._answers.clear()
            self._serial = self._transaction.serial
        return self._answers.setdefault(question[0], {})
