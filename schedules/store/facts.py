"""De-identified facts: written when something is decided, reported or closed; all that reports read."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import fields
from enum import Enum
from typing import Any, TypeVar
from uuid import uuid4

import sqlalchemy as sa

from schedules.domain.cases import Gender, Support, Urgency
from schedules.domain.figures.disclosure import Shown
from schedules.domain.figures.facts import (
    Attendance,
    CallFact,
    CaseFact,
    Decision,
    Ending,
    Fact,
    Facts,
    Feedback,
    FollowUpFact,
    MeetingFact,
    MeetingState,
    Outcome,
    OutcomeFact,
    Readiness,
    ReferralFact,
    TookPart,
)
from schedules.domain.figures.month import Month, Period
from schedules.domain.figures.page import Page, PageKind
from schedules.store.statements import among, insert_if_new, listed, upsert
from schedules.store.tables import (
    ASSOCIATION,
    FACT_CALL,
    FACT_CASE,
    FACT_FOLLOW_UP,
    FACT_LINK,
    FACT_MEETING,
    FACT_OUTCOME,
    FACT_REFERRAL,
    REPORT_SHOWN,
)
from schedules.store.transaction import Transaction

F = TypeVar("F", CaseFact, ReferralFact, MeetingFact, CallFact, OutcomeFact, FollowUpFact)

_TABLES: dict[type[Fact], sa.Table] = {
    CaseFact: FACT_CASE,
    ReferralFact: FACT_REFERRAL,
    MeetingFact: FACT_MEETING,
    CallFact: FACT_CALL,
    OutcomeFact: FACT_OUTCOME,
    FollowUpFact: FACT_FOLLOW_UP,
}
_LINKED = ("id", "case", "meeting")
# How a column's text becomes the field's value again; columns that are not named stay as they are.
_READ: dict[str, Any] = {
    "gender": Gender,
    "raised": Month.parse,
    "ended": Month.parse,
    "ending": Ending,
    "month": Month.parse,
    "met": Month.parse,
    "urgency": Urgency,
    "requested": tuple,
    "state": MeetingState,
    "attendance": Attendance,
    "outcome": Outcome,
    "present": tuple,
    "took_part": TookPart,
    "feedback": Feedback,
    "decisions": lambda values: tuple(Decision(value) for value in values),
    "missed": tuple,
    "before": Support,
    "after": Support,
    "by_caseworker": Readiness,
    "by_person": Readiness,
}
_LINKS = sa.select(FACT_LINK.c.subject, FACT_LINK.c.fact).where(among(FACT_LINK.c.subject))
_FORGET = sa.delete(FACT_LINK).where(among(FACT_LINK.c.subject))
_SHOWN = sa.select(REPORT_SHOWN).where(REPORT_SHOWN.c.page == sa.bindparam("of_page"))


class FactTables:
    """`Figures` over the tables."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def write(self, *facts: Fact) -> None:
        """Insert each fact, or replace what was written with the same id."""
        rows: dict[type[Fact], list[dict[str, Any]]] = {}
        for fact in facts:
            values = {name: _plain(value) for name, value in _values(fact)}
            rows.setdefault(type(fact), []).append({"association_id": ASSOCIATION, **values})
        found = [row for of_kind in rows.values() for row in of_kind]
        opaque = self._opaque({row[name] for row in found for name in _LINKED if name in row})
        for row in found:
            row.update({name: opaque[row[name]] for name in _LINKED if name in row})
        for kind, of_kind in rows.items():
            self._transaction.write(upsert(self._transaction.dialect, _TABLES[kind]), of_kind)

    def forget(self, ids: Collection[str]) -> None:
        """Cut the way from these ids of ours to their facts; the facts stay."""
        self._transaction.write(_FORGET, listed(ids))

    def read(self, page: Page) -> Facts:
        """All facts of a team, a municipality or the association, as it was when they were written."""
        return Facts(
            cases=self._all(CaseFact, page),
            referrals=self._all(ReferralFact, page),
            meetings=self._all(MeetingFact, page),
            calls=self._all(CallFact, page),
            outcomes=self._all(OutcomeFact, page),
            follow_ups=self._all(FollowUpFact, page),
        )

    def shown(self, page: str) -> frozenset[Shown]:
        """Which counts the page's reports have shown so far."""
        rows = self._transaction.rows(_SHOWN, {"of_page": page})
        return frozenset(
            Shown(*_row_and_who(count), Period(Month.parse(row.since), Month.parse(row.until)))
            for row in rows
            for count in row.counts
        )

    def remember(self, page: str, shown: Iterable[Shown]) -> None:
        """Record which counts the page has shown; what was shown earlier stays on record."""
        by_period: dict[Period, set[str]] = {}
        for one in (*self.shown(page), *shown):
            by_period.setdefault(one.period, set()).add(f"{one.row} {one.who}")
        for period, counts in by_period.items():
            row = {
                "page": page,
                "since": str(period.since),
                "until": str(period.until),
                "counts": sorted(counts),
            }
            self._transaction.write(upsert(self._transaction.dialect, REPORT_SHOWN), row)

    def _opaque(self, subjects: Collection[str]) -> dict[str, str]:
        """The random id of each; whoever is first to write about it gives it one."""
        self._transaction.start_writing()
        found = self._links(subjects)
        new = sorted(set(subjects) - found.keys())
        if new:
            links = [{"subject": subject, "fact": uuid4().hex} for subject in new]
            self._transaction.write(insert_if_new(self._transaction.dialect, FACT_LINK), links)
            found |= self._links(new)
        return found

    def _links(self, subjects: Collection[str]) -> dict[str, str]:
        rows = self._transaction.rows(_LINKS, listed(subjects))
        return {row.subject: row.fact for row in rows}

    def _all(self, kind: type[F], page: Page) -> tuple[F, ...]:
        table = _TABLES[kind]
        statement = sa.select(table).order_by(table.c.id)
        if page.kind is not PageKind.ASSOCIATION:
            statement = statement.where(table.c[page.kind.value] == page.of)
        found = self._transaction.rows(statement)
        names = [field.name for field in fields(kind)]
        return tuple(kind(**{name: _read(name, getattr(row, name)) for name in names}) for row in found)


def _values(fact: Fact) -> Iterable[tuple[str, Any]]:
    return ((field.name, getattr(fact, field.name)) for field in fields(fact))


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Month):
        return str(value)
    return [_plain(one) for one in value] if isinstance(value, tuple) else value


def _read(name: str, value: Any) -> Any:
    return _READ[name](value) if name in _READ and value is not None else value


def _row_and_who(count: str) -> tuple[str, str]:
    row, _, who = count.rpartition(" ")
    return row, who
