"""Absences and handovers: asked for with nearly every message, so what was read is remembered."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Sequence
from datetime import date
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from schedules.domain.duty import Absence, Handover
from schedules.store.journeys import Question
from schedules.store.memory import Recollection
from schedules.store.statements import among, listed, upsert
from schedules.store.tables import ABSENCE, HANDOVER
from schedules.store.transaction import Transaction

_ABSENCES = (
    sa.select(ABSENCE)
    .where(among(ABSENCE.c.person), ABSENCE.c.to_date >= sa.bindparam("since"))
    .order_by(ABSENCE.c.from_date, ABSENCE.c.id)
)
_ABSENCE = sa.select(ABSENCE).where(ABSENCE.c.id == sa.bindparam("absence_id"))
_REMOVE_ABSENCE = sa.delete(ABSENCE).where(ABSENCE.c.id == sa.bindparam("absence_id"))
# Of all teams: there are few at a time, since what is done is gone.
_HANDOVERS = sa.select(HANDOVER).order_by(HANDOVER.c.from_date, HANDOVER.c.id)
_REMOVE_HANDOVER = sa.delete(HANDOVER).where(HANDOVER.c.id == sa.bindparam("handover_id"))


class Duty:
    """The part of `PlanStore` about who is away and who has handed over."""

    _known: Recollection
    _transaction: Transaction

    def absences(self, people: Collection[str], since: date) -> dict[str, list[tuple[date, date]]]:
        """Absences per person that end on or after `since`; both days included."""
        found: dict[str, list[tuple[date, date]]] = {}
        for absence in self.absences_of(people, since):
            found.setdefault(absence.person, []).append((absence.from_date, absence.to_date))
        return found

    def absences_of(self, people: Collection[str], since: date) -> tuple[Absence, ...]:
        """The same as records, by first day."""
        question, asked = _about_absences(people, since)
        found = self._known.recall_plan(question, lambda: _absences(self._transaction.rows(*asked)))
        return tuple(absence for absence in found if absence.to_date >= since)

    def absence(self, absence: str) -> Absence | None:
        """One absence."""
        row = self._transaction.first(_ABSENCE, {"absence_id": absence})
        return _absence(row) if row else None

    def add_absence(self, person: str, from_date: date, to_date: date) -> None:
        """Record that the person is away, both days included."""
        self.save_absence(Absence(uuid4().hex, person, from_date, to_date))

    def save_absence(self, absence: Absence) -> None:
        """Insert or update."""
        self._known.changing_plan()
        values = {"id": absence.id, "person": absence.person}
        days = {"from_date": absence.from_date, "to_date": absence.to_date}
        self._transaction.write(upsert(self._transaction.dialect, ABSENCE), values | days)

    def remove_absence(self, absence: str) -> None:
        """The person is there after all."""
        self._known.changing_plan()
        self._transaction.write(_REMOVE_ABSENCE, {"absence_id": absence})

    def handovers(self, team: str) -> tuple[Handover, ...]:
        """The team's handovers that the organisation does not say yet, by day."""
        return self._known.recall_plan("handovers", self._read_handovers).get(team, ())

    def _read_handovers(self) -> dict[str, tuple[Handover, ...]]:
        found: dict[str, tuple[Handover, ...]] = {}
        for row in self._transaction.rows(_HANDOVERS):
            one = Handover(row.id, row.team, row.person, row.successor, row.from_date)
            found[one.team] = (*found.get(one.team, ()), one)
        return found

    def add_handover(self, handover: Handover) -> None:
        """Record who takes over from whom."""
        self._known.changing_plan()
        values = {"id": handover.id, "team": handover.team, "person": handover.person}
        rest = {"successor": handover.successor, "from_date": handover.from_date}
        self._transaction.write(upsert(self._transaction.dialect, HANDOVER), values | rest)

    def remove_handover(self, handover: str) -> None:
        """Forget it: the organisation says it now, or it is taken back."""
        self._known.changing_plan()
        self._transaction.write(_REMOVE_HANDOVER, {"handover_id": handover})


def rows_and_absences(
    transaction: Transaction, known: Recollection, asked: Question, people: Collection[str], since: date
) -> Sequence[sa.Row[Any]]:
    """The rows of a query; these people's absences, if they are not known, are read on the same journey.

    On SQLite nothing is a journey, and they are left to who asks for them.
    """
    question, ask_absences = _about_absences(people, since)
    if transaction.dialect == "sqlite" or not people or not known.lacks_of_plan(question):
        return transaction.rows(*asked)
    rows, found = transaction.rows_of(asked, ask_absences)
    known.recall_plan(question, lambda: _absences(found))
    return rows


def _about_absences(people: Collection[str], since: date) -> tuple[Hashable, Question]:
    """What is remembered, and how it is asked. What was read for one day serves the month."""
    wanted, month = frozenset(people), since.replace(day=1)
    return ("absences", wanted, month), (_ABSENCES, listed(wanted) | {"since": month})


def _absences(rows: Iterable[sa.Row[Any]]) -> tuple[Absence, ...]:
    return tuple(map(_absence, rows))


def _absence(row: sa.Row[Any]) -> Absence:
    return Absence(row.id, row.person, row.from_date, row.to_date)
