"""What was read of the organisation and its meetings, kept until it changes: the same is asked all the time.

One row holds the revision, a new random text at every change. A unit of work reads it once, so a change by
another process is seen by the next unit of work, and what was read before it is forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast
from uuid import uuid4

from schedules.store.settings import SettingTable
from schedules.store.transaction import Transaction

REVISION = "organisation.revision"
MOST_ANSWERS = 20_000
MOST_TERMS = 64
"""Teams whose coming meetings are kept: an association has some dozens (DOMAIN.md, "Size")."""

T = TypeVar("T")


class _Answers:
    """The answers at one revision, by question; `terms` are large, so fewer of them are kept."""

    def __init__(self, revision: str) -> None:
        self.revision = revision
        self.small: dict[Hashable, Any] = {}
        self.terms: dict[Hashable, Any] = {}


class Memory:
    """One process's answers at the newest revision it has met. Safe to share between threads."""

    def __init__(self) -> None:
        self._newest = _Answers("")

    def at(self, revision: str) -> _Answers:
        """The answers at that revision."""
        newest = self._newest
        if newest.revision != revision:
            newest = self._newest = _Answers(revision)
        return newest


class Recollection:
    """One unit of work's way to the memory."""

    def __init__(self, transaction: Transaction, settings: SettingTable, memory: Memory) -> None:
        self._transaction = transaction
        self._settings = settings
        self._memory = memory
        self._seen: tuple[int, str] | None = None
        self._changed_in: int | None = None

    def recall(self, question: Hashable, read: Callable[[], T]) -> T:
        """The answer to a question, read at most once a revision."""
        return self._recall(question, read, terms=False)

    def recall_term(self, question: Hashable, read: Callable[[], T]) -> T:
        """The same for a team's coming meetings."""
        return self._recall(question, read, terms=True)

    def changing(self) -> None:
        """Say, before anything is written, that the organisation or its meetings change in this transaction.

        Until the transaction ends nothing is remembered in it: what it reads may change again, or be undone.
        """
        if self._changed_in != self._transaction.serial:
            self._settings.set(REVISION, uuid4().hex)
            self._changed_in = self._transaction.serial

    def _recall(self, question: Hashable, read: Callable[[], T], *, terms: bool) -> T:
        revision = self._revision()
        if not revision or self._changed_in == self._transaction.serial:
            return read()
        found = self._memory.at(revision)
        answers, most = (found.terms, MOST_TERMS) if terms else (found.small, MOST_ANSWERS)
        answer = answers.get(question, answers)  # no answer is the dictionary itself; None is one
        if answer is answers:
            if len(answers) >= most:
                answers.clear()
            answer = answers[question] = read()
        return cast("T", answer)

    def _revision(self) -> str:
        serial = self._transaction.serial
        if self._seen is None or serial == 0 or self._seen[0] != serial:
            found = self._settings.get(REVISION) or ""
            self._seen = (self._transaction.serial, found)
        return self._seen[1]
