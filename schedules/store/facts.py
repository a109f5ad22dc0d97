"""De-identified facts: written when something is decided, reported or closed; all that reports read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields
from enum import Enum
from secrets import token_hex
from typing import Any, TypeVar

import sqlalchemy as sa

from schedules.domain.cases import Gender, Support, Urgency
from schedules.domain.figures.closing import Closed
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
    follow_up_id,
)
from schedules.domain.figures.month import Month, Period
from schedules.domain.figures.page import Page, PageKind
from schedules.domain.figures.tally import TWO_ORGANISATIONS
from schedules.domain.goals import PartyAttendance
from schedules.store.held import Held
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
    REPORT_CLOSED,
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
_FOLLOWED_UP = sa.select(FACT_FOLLOW_UP).where(
    FACT_FOLLOW_UP.c.id.in_(sa.select(FACT_LINK.c.fact).where(FACT_LINK.c.subject == sa.bindparam("about")))
)
_LINKS = sa.select(FACT_LINK.c.subject, FACT_LINK.c.fact).where(among(FACT_LINK.c.subject))
_LINK = sa.insert(FACT_LINK)
_FORGET = sa.delete(FACT_LINK).where(among(FACT_LINK.c.subject))
# A party came to a meeting if it was there for one of the cases that it was called to.
_CALLED = (
    sa.select(
        FACT_CALL.c.team,
        FACT_CALL.c.party,
        FACT_CALL.c.meeting,
        sa.func.max(sa.case((FACT_CALL.c.attendance == Attendance.CAME.value, 1), else_=0)).label("came"),
    )
    .where(
        among(FACT_CALL.c.team),
        FACT_CALL.c.month.between(sa.bindparam("since"), sa.bindparam("until")),
        FACT_CALL.c.attendance.in_([Attendance.CAME.value, Attendance.STAYED_AWAY.value]),
    )
    .group_by(FACT_CALL.c.team, FACT_CALL.c.party, FACT_CALL.c.meeting)
    .subquery()
)
_ATTENDANCE = (
    sa.select(
        _CALLED.c.team,
        _CALLED.c.party,
        sa.func.count().label("called"),
        sa.func.sum(_CALLED.c.came).label("came"),
    )
    .group_by(_CALLED.c.team, _CALLED.c.party)
    .order_by(_CALLED.c.team, _CALLED.c.party)
)
_FIRST_MET = (
    sa.select(FACT_OUTCOME.c.team, FACT_OUTCOME.c.case)
    .where(
        among(FACT_OUTCOME.c.team),
        FACT_OUTCOME.c.outcome != Outcome.NOT_HELD.value,
        FACT_OUTCOME.c.organisations >= TWO_ORGANISATIONS,
    )
    .group_by(FACT_OUTCOME.c.team, FACT_OUTCOME.c.case)
    .having(sa.func.min(FACT_OUTCOME.c.month) >= sa.bindparam("since"))
    .subquery()
)
_MET_TWO = sa.select(_FIRST_MET.c.team, sa.func.count().label("met")).group_by(_FIRST_MET.c.team)
_CLOSED = sa.select(REPORT_CLOSED).where(REPORT_CLOSED.c.page == sa.bindparam("of_page"))
_SHOWN = sa.select(REPORT_SHOWN).where(REPORT_SHOWN.c.page == sa.bindparam("of_page"))


class FactTables:
    """`Figures` over the tables."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._held = Held(transaction)

    def write(self, *facts: Fact, first: bool = False) -> None:
        """Insert each fact, or replace what was written with the same id.

        `first`: nothing was written before about anything that these facts name, since it is new in this
        transaction. Said of what is not new, the transaction fails.
        """
        rows: dict[type[Fact], list[dict[str, Any]]] = {}
        for fact in facts:
            values = {name: _plain(value) for name, value in _values(fact)}
            rows.setdefault(type(fact), []).append({"association_id": ASSOCIATION, **values})
        found = [row for of_kind in rows.values() for row in of_kind]
        subjects = {row[name] for row in found for name in _LINKED if name in row}
        opaque = self._opaque(subjects, unknown_before=first)
        for row in found:
            row.update({name: opaque[row[name]] for name in _LINKED if name in row})
        for kind, of_kind in rows.items():
            statement = upsert(self._transaction.dialect, _TABLES[kind])
            for row in of_kind:
                self._transaction.later(statement, row)

    def forget(self, ids: Collection[str]) -> None:
        """Cut the way from these ids of ours to their facts; the facts stay."""
        self._transaction.write(_FORGET, listed(ids))
        self._held.forget("link")

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

    def follow_up(self, case: str) -> FollowUpFact | None:
        """What the case's follow-up was answered with, as long as the way to it is there."""
        row = self._transaction.first(_FOLLOWED_UP, {"about": follow_up_id(case)})
        return _fact(FollowUpFact, row) if row else None

    def attendance(self, teams: Collection[str], period: Period) -> tuple[PartyAttendance, ...]:
        """Each party's attendance in each team; cancelled and not reported meetings are not counted."""
        about = {**listed(teams), "since": str(period.since), "until": str(period.until)}
        rows = self._transaction.rows(_ATTENDANCE, about)
        return tuple(PartyAttendance(row.team, row.party, int(row.called), int(row.came)) for row in rows)

    def met_two_organisations(self, teams: Collection[str], since: Month) -> dict[str, int]:
        """By team, how many persons met two organisations, for the first time in that month or later."""
        rows = self._transaction.rows(_MET_TWO, {**listed(teams), "since": str(since)})
        return {row.team: int(row.met) for row in rows}

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

    def closed(self, page: str) -> Closed:
        """The months that the page's reports have taken in, with what was counted in them then."""
        rows = self._transaction.rows(_CLOSED, {"of_page": page})
        return {
            Month.parse(row.month): {_row_and_who(count): n for count, n in row.counts.items()}
            for row in rows
        }

    def close(self, page: str, months: Closed) -> None:
        """Close months; one that is closed already stays as it is."""
        for month, counts in months.items():
            counted = {f"{row} {gender}": n for (row, gender), n in sorted(counts.items())}
            new = {"page": page, "month": str(month), "counts": counted}
            self._transaction.write(insert_if_new(self._transaction.dialect, REPORT_CLOSED), new)

    def _opaque(self, subjects: Collection[str], *, unknown_before: bool) -> dict[str, str]:
        """The random id of each; whoever is first to write about it gives it one."""
        self._transaction.start_writing()
        held = {subject: self._held.known(("link", subject)) for subject in subjects}
        unknown = sorted(subject for subject, fact in held.items() if fact is None)
        if unknown_before:
            found = self._given_first(unknown)
        else:
            found = self._links(unknown) if unknown else {}
            new = [subject for subject in unknown if subject not in found]
            if new:
                found |= self._given(new)
        for subject, fact in found.items():
            self._held.keep(("link", subject), fact)
        return held | found

    def _given_first(self, subjects: Collection[str]) -> dict[str, str]:
        """New random ids for what nobody else knows of: they are written with the facts."""
        new = {subject: token_hex(16) for subject in subjects}
        for link in _pairs(new):
            self._transaction.later(_LINK, link)
        return new

    def _given(self, subjects: Collection[str]) -> dict[str, str]:
        """New random ids; somebody else's where they were first after all."""
        new = {subject: token_hex(16) for subject in subjects}
        links = _pairs(new)
        written = self._transaction.write(insert_if_new(self._transaction.dialect, FACT_LINK), links)
        return new if written.count == len(new) else self._links(subjects)

    def _links(self, subjects: Collection[str]) -> dict[str, str]:
        rows = self._transaction.rows(_LINKS, listed(subjects))
        return {row.subject: row.fact for row in rows}

    def _all(self, kind: type[F], page: Page) -> tuple[F, ...]:
        table = _TABLES[kind]
        statement = sa.select(table).order_by(table.c.id)
        if page.kind is not PageKind.ASSOCIATION:
            statement = statement.where(table.c[page.kind.value] == page.of)
        found = self._transaction.rows(statement)
        return tuple(_fact(kind, row) for row in found)


def _pairs(links: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"subject": subject, "fact": fact} for subject, fact in links.items()]


def _fact(kind: type[F], row: sa.Row[Any]) -> F:
    return kind(**{field.name: _read(field.name, getattr(row, field.name)) for field in fields(kind)})


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
