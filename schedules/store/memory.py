"""What was read of the organisation, kept until it changes: nearly every question is asked again and again.

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

T = TypeVar("T")


class Memory:
    """One process's answers at the newest revision it has met. Safe to share between threads."""

    def __init__(self) -> None:
        self._newest: tuple[str, dict[Hashable, Any]] = ("", {})

    def at(self, revision: str) -> dict[Hashable, Any]:
        """The answers at that revision, by question."""
        newest = self._newest
        if newest[0] != revision or len(newest[1]) > MOST_ANSWERS:
            newest = self._newest = (revision, {})
        return newest[1]


class Recollection:
    """One unit of work's way to the memory."""

    def __init__(self, transaction: Transaction, settings: SettingTable, memory: Memory) -> None:
        self._transaction = transaction
        self._settings = settings
        self._memory = memory
        self._seen: tuple[int, str] | None = None

    def recall(self, question: Hashable, read: Callable[[], T]) -> T:
        """The answer to a question, read at most once a revision."""
        revision = self._revision()
        if not revision:
            return read()
        answers = self._memory.at(revision)
        if question not in answers:
            answers[question] = read()
        return cast("T", answers[question])

    def changing(self) -> None:
        """Say, before anything is written, that the organisation changes in this transaction."""
        self._settings.set(REVISION, uuid4().hex)
        self._seen = None

    def _revision(self) -> str:
        serial = self._transaction.serial
        if self._seen is None or serial == 0 or self._seen[0] != serial:
            found = self._settings.get(REVISION) or ""
            self._seen = (self._transaction.serial, found)
        return self._seen[1]
