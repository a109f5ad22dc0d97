"""What was read of the organisation and its meetings, kept until it changes: the same is asked all the time.

One row holds the revision, a new random text at every change. A unit of work reads it once, so a change by
another process is seen by the next unit of work, and what was read before it is forgotten. The revision has
two parts, `organisation.plan`: meetings, absences and handovers change every day, and leave what is known of
people and teams as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping
from typing import Any, TypeVar
from uuid import uuid4

from schedules.store.journeys import Found, Question
from schedules.store.settings import SettingTable, asking
from schedules.store.transaction import Transaction

REVISION = "organisation.revision"
MOST_ANSWERS = 20_000
MOST_TERMS = 64
"""Teams whose coming meetings are kept: an association has some dozens (DOMAIN.md, "Size")."""

_UNKNOWN = object()
"""Not answered yet; None is an answer."""

T = TypeVar("T")
Answers = dict[Hashable, Any]


class Memory:
    """One process's answers at the newest revision it has met. Safe to share between threads."""

    def __init__(self) -> None:
        self._organisation: tuple[str, Answers] = ("", {})
        self._plan: tuple[str, Answers, Answers] = ("", {}, {})

    def organisation(self, revision: str) -> Answers:
        """What is known of people, parties and teams."""
        part = revision.partition(".")[0]
        known = self._organisation
        if known[0] != part:
            known = self._organisation = (part, {})
        return known[1]

    def plan(self, revision: str) -> Answers:
        """What is known of absences and handovers."""
        return self._plan_at(revision)[1]

    def terms(self, revision: str) -> Answers:
        """Teams' coming meetings: large, so fewer of them are kept."""
        return self._plan_at(revision)[2]

    def _plan_at(self, revision: str) -> tuple[str, Answers, Answers]:
        known = self._plan
        if known[0] != revision:
            known = self._plan = (revision, {}, {})
        return known


class Recollection:
    """One unit of work's way to the memory."""

    def __init__(self, transaction: Transaction, settings: SettingTable, memory: Memory) -> None:
        self._transaction = transaction
        self._settings = settings
        self._memory = memory
        self._seen: tuple[int, str] | None = None
        self._of_organisation: tuple[int, Answers | None] = (0, None)
        self._organisation_changed_in: int | None = None
        self._plan_changed_in: int | None = None

    def recall(self, question: Hashable, read: Callable[[], T]) -> T:
        """The answer to a question about the organisation, read at most once a revision of it."""
        answers = self._known_of_organisation()
        return read() if answers is None else _recall(answers, question, read, MOST_ANSWERS)

    def recall_each(
        self, kind: str, ids: Collection[str], read: Callable[[Collection[str]], Mapping[str, T]]
    ) -> dict[str, T]:
        """The same for records by id: only those that are not known yet are read."""
        answers = self._known_of_organisation()
        if answers is None:
            return dict(read(ids))
        known: dict[str, T] = {}
        missing = []
        for one in ids:
            answer = answers.get((kind, one), _UNKNOWN)
            if answer is _UNKNOWN:
                missing.append(one)
            elif answer is not None:
                known[one] = answer
        if missing:
            found = read(missing)
            if len(answers) + len(missing) > MOST_ANSWERS:
                answers.clear()
            answers.update({(kind, one): found.get(one) for one in missing})
            known |= found
        return known

    def recall_plan(self, question: Hashable, read: Callable[[], T]) -> T:
        """The same for a question about absences and handovers."""
        revision = self._plan_revision()
        if not revision:
            return read()
        return _recall(self._memory.plan(revision), question, read, MOST_ANSWERS)

    def lacks_of_plan(self, question: Hashable) -> bool:
        """Whether the answer is not known yet, and would be remembered."""
        revision = self._plan_revision()
        return bool(revision) and question not in self._memory.plan(revision)

    def recall_term(self, question: Hashable, read: Callable[[], T]) -> T:
        """The same for a team's coming meetings."""
        revision = self._plan_revision()
        return _recall(self._memory.terms(revision), question, read, MOST_TERMS) if revision else read()

    def recall_term_again(self, question: Hashable, read: Callable[[], T]) -> T | None:
        """The same; None if nothing is known and nobody has asked before: a single search reads less."""
        revision = self._plan_revision()
        if not revision:
            return None
        known, terms = self._memory.plan(revision), self._memory.terms(revision)
        asked = ("asked", question)
        if question not in terms and asked not in known:
            return _recall(known, asked, lambda: None, MOST_ANSWERS)
        return _recall(terms, question, read, MOST_TERMS)

    def start_writing(self, lock: Question, *asked: Question) -> Found:
        """Take the right to write and a lock; read the revision and more behind it on the same journey."""
        _, revision, *found = self._transaction.start_asking(lock, asking(REVISION), *asked)
        self._seen = (self._transaction.serial, revision[0].value if revision else "")
        return found

    def changing(self) -> None:
        """Say, before anything is written, that the organisation changes in this transaction.

        Until the transaction ends nothing is remembered in it: what it reads may change again, or be undone.
        """
        if self._organisation_changed_in != self._transaction.serial:
            self._settings.set(REVISION, f"{uuid4().hex}.{uuid4().hex}")
            self._organisation_changed_in = self._plan_changed_in = self._transaction.serial

    def changing_plan(self) -> None:
        """The same for meetings, slots, absences and handovers."""
        self._transaction.start_writing()
        if self._plan_changed_in != self._transaction.serial:
            before = self._settings.get_to_change(REVISION) or ""
            self._settings.set(REVISION, f"{before.partition('.')[0]}.{uuid4().hex}")
            self._plan_changed_in = self._transaction.serial

    def _known_of_organisation(self) -> Answers | None:
        serial = self._transaction.serial
        if self._organisation_changed_in == serial:
            return None
        if self._of_organisation[0] != serial or not serial:
            revision = self._revision()
            known = self._memory.organisation(revision) if revision else None
            self._of_organisation = (self._transaction.serial, known)
        return self._of_organisation[1]

    def _plan_revision(self) -> str:
        """The revision of what may be remembered of the plan; empty if nothing may."""
        revision = self._revision()
        return "" if self._plan_changed_in == self._transaction.serial else revision

    def _revision(self) -> str:
        serial = self._transaction.serial
        if self._seen is None or serial == 0 or self._seen[0] != serial:
            found = self._settings.get(REVISION) or ""
            self._seen = (self._transaction.serial, found)
        return self._seen[1]


def _recall(answers: Answers, question: Hashable, read: Callable[[], T], most: int) -> T:
    known: T = answers.get(question, _UNKNOWN)
    if known is not _UNKNOWN:
        return known
    if len(answers) >= most:
        answers.clear()
    answer = answers[question] = read()
    return answer
