"""A booking by the real code, against inserting the same rows with the bare driver.

The bookings are made three times, from copies of one database: once to see which rows they insert, then in
turn, round by round, by the real code and by the driver alone.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import date
from statistics import median
from typing import Any, TypeVar

import psycopg
import sqlalchemy as sa

from bot.bench.figures import Figure, at_least
from bot.bench.organisation import many_teams
from bot.bench.places import Place
from bot.bench.rounds import ROUNDS, alternate, ratio
from bot.organisation import Applier
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
from schedules.store.engine import PRAGMAS

TEAMS = 40
BOOKINGS = 150
"""In a round."""
WARM_UP = 40

Statement = tuple[str, Any]
Transaction = list[Statement]
T = TypeVar("T")


class NotBooked(SamtidError):
    """No slot was found, although there are free ones."""


def figures(place: Place) -> list[Figure]:
    """How much of the bare driver's speed the real code reaches."""
    with place.database() as url, ExitStack() as stack:
        referrals = _prepared(place, url)
        copies = [stack.enter_context(place.database(copy_of=url)) for _ in range(2)]
        transactions = _recorded(place, copies[0], referrals)
        bare = stack.enter_context(bare_driver(copies[1]))
        office = stack.enter_context(place.office(url))
        real, inserted = alternate(
            lambda number: [book(office, referral) for referral in _share(referrals, number)],
            lambda number: [insert(bare, rows) for rows in _share(transactions, number)],
        )
    return [
        at_least(f"booking by bare inserts, {place.name}", ratio(inserted, real, sum), place.goal(0.25, 0.4)),
        Figure(f"booking by the real code, {place.name}", median(map(median, real)), "ms"),
        Figure(f"the same rows, bare, {place.name}", median(map(median, inserted)), "ms"),
    ]


def _prepared(place: Place, url: str) -> list[Referral]:
    with place.office(url) as office:
        organisation = many_teams(TEAMS, office.today())
        Applier(office).apply(organisation)
        return prepare(office, organisation.teams, WARM_UP + ROUNDS * BOOKINGS)


def _recorded(place: Place, url: str, referrals: list[Referral]) -> list[Transaction]:
    recorder = Recorder()
    with place.office(url) as office, recorder.listening():
        for referral in referrals:
            book(office, referral)
    return recorder.transactions


def _share(things: list[T], number: int) -> list[T]:
    """A round's; the warm-up goes with the first."""
    first = 0 if number == 0 else WARM_UP + number * BOOKINGS
    return things[first : WARM_UP + (number + 1) * BOOKINGS]


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

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Record every engine of this process."""
        events = (("before_cursor_execute", self._executed), ("commit", self._committed))
        for name, heard in events:
            sa.event.listen(sa.Engine, name, heard)
        try:
            yield
        finally:
            for name, heard in events:
                sa.event.remove(sa.Engine, name, heard)

    def _executed(self, *event: Any) -> None:
        _, _, statement, values, _, many = event
        if statement.startswith("INSERT"):
            self._inserts.extend((statement, one) for one in (values if many else [values]))

    def _committed(self, _connection: sa.Connection) -> None:
        if self._inserts:
            self.transactions.append(self._inserts)
        self._inserts = []


@contextmanager
def bare_driver(url: str) -> Iterator[Any]:
    """The driver's own connection, with the settings that the program gives it."""
    with closing(_connect(url)) as connection:
        yield connection


def _connect(url: str) -> Any:
    if not url.startswith("sqlite"):
        return psycopg.connect(url, autocommit=True)
    connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    for pragma in PRAGMAS:
        connection.execute(pragma)
    return connection


def insert(connection: Any, rows: Transaction) -> float:
    """Insert the rows in one transaction, a statement each; milliseconds."""
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
