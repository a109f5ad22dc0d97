"""A booking by the real code, against inserting the same rows with the bare driver."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa

from schedules.domain.cases import (
    Consent,
    PersonTakesPart,
    Protected,
    QuestionCategory,
    Referral,
    ReferralStatus,
    Urgency,
)
from schedules.domain.organisation import Team
from schedules.errors import SamtidError
from schedules.ports import UnitOfWork
from schedules.services.call_parties import call_parties
from schedules.services.office import Office, new_id
from schedules.services.propose import book_or_wait

Statement = tuple[str, Any]
Transaction = list[Statement]


class NotBooked(SamtidError):
    """No slot was found, although there are free ones."""


def prepare(office: Office, teams: Sequence[Team], count: int) -> list[Referral]:
    """`count` referrals without a booking, spread over the teams."""
    referrals = [_referral(office, teams[n % len(teams)], n) for n in range(count)]
    with office.unit_of_work() as uow:
        for referral in referrals:
            owner = referral.owner
            uow.cases.add_case(
                referral.case, referral.team, referral.reference, referral.parties[0], owner, office.now()
            )
            uow.cases.add_referral(referral, _protected(referral, office.today()))
        uow.commit()
    return referrals


def book(office: Office, referral: Referral) -> float:
    """Search, rows, invitations built and queued, committed; milliseconds."""

    def work(uow: UnitOfWork) -> None:
        team = uow.organisation.team(referral.team)
        if team is None:
            raise NotBooked(team=referral.team)
        booking, _, _ = book_or_wait(uow, office, team, referral)
        if booking is None:
            raise NotBooked(team=team.id)
        call_parties(uow, office, team, referral, booking)

    before = time.perf_counter()
    office.change_plan(referral.team, work)
    return (time.perf_counter() - before) * 1000


class Recorder:
    """The rows that are inserted through an engine, a list for each transaction."""

    def __init__(self) -> None:
        self.transactions: list[Transaction] = []
        self._inserts: Transaction = []

    def listen(self) -> None:
        """Begin to record every engine of this process."""
        sa.event.listen(sa.Engine, "before_cursor_execute", self._executed)
        sa.event.listen(sa.Engine, "commit", self._committed)

    def stop(self) -> None:
        """Record no more."""
        sa.event.remove(sa.Engine, "before_cursor_execute", self._executed)
        sa.event.remove(sa.Engine, "commit", self._committed)

    def _executed(self, *event: Any) -> None:
        _, _, statement, values, _, many = event
        if statement.startswith("INSERT"):
            self._inserts.extend((statement, one) for one in (values if many else [values]))

    def _committed(self, _connection: sa.Connection) -> None:
        self.transactions.append(self._inserts)
        self._inserts = []


@dataclass(frozen=True, slots=True)
class Bare:
    """The driver itself, with the settings that the program gives it."""

    url: str

    def insert(self, transactions: Sequence[Transaction]) -> list[float]:
        """Insert the rows, a transaction at a time; milliseconds each."""
        with closing(self._connect()) as connection:
            return [_insert(connection, rows) for rows in transactions]

    def _connect(self) -> Any:
        if self.url.startswith("sqlite"):
            import sqlite3  # noqa: PLC0415  only on SQLite

            from schedules.store.engine import PRAGMAS  # noqa: PLC0415

            connection = sqlite3.connect(Path(self.url.removeprefix("sqlite:///")), isolation_level=None)
            for pragma in PRAGMAS:
                connection.execute(pragma)
            return connection
        return psycopg.connect(self.url, autocommit=True)


def _insert(connection: Any, rows: Transaction) -> float:
    before = time.perf_counter()
    connection.execute("BEGIN")
    for statement, values in rows:
        connection.execute(statement, values)
    connection.execute("COMMIT")
    return (time.perf_counter() - before) * 1000


def _referral(office: Office, team: Team, number: int) -> Referral:
    return Referral(
        id=new_id(),
        case=new_id(),
        reference=f"{team.reference_prefix}-{office.today().year}-{number:04d}",
        team=team.id,
        referrer=f"p{team.id[1:]}W",
        owner=f"p{team.id[1:]}W",
        status=ReferralStatus.ACTIVE,
        parties=tuple(membership.party for membership in team.parties[:3]),
        categories=(QuestionCategory.CARE,),
        person_takes_part=PersonTakesPart.IN_ROOM,
        urgency=Urgency.ORDINARY,
        not_before=None,
        submitted_at=office.now(),
    )


def _protected(referral: Referral, today: date) -> Protected:
    consent = Consent(referral.parties, today, referral.referrer)
    return Protected("Hur kan vi samordna stödet framåt, och vem gör vad?", consent)
