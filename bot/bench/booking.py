"""A booking by the real code, against inserting the same rows with the bare driver.

The bookings are made three times, from copies of one database: once to see which rows they insert, then in
turn, round by round, by the real code and by the driver alone.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from statistics import median
from typing import Any, TypeVar

import psycopg

from bot.bench.cases import referral_of, store_cases
from bot.bench.figures import Figure, at_least
from bot.bench.organisation import many_teams
from bot.bench.places import Place
from bot.bench.rounds import ROUNDS, alternate, ratio
from bot.organisation import Applier
from schedules.domain.cases import Referral
from schedules.errors import SamtidError
from schedules.ports import UnitOfWork
from schedules.services.call_parties import call_parties
from schedules.services.office import Office
from schedules.services.propose import book_or_wait
from schedules.store.at_once import each_alone
from schedules.store.engine import PRAGMAS
from schedules.store.prepared import HEARERS

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
        return raised(office, TEAMS, WARM_UP + ROUNDS * BOOKINGS)


def raised(office: Office, teams: int, count: int) -> list[Referral]:
    """So many teams with their meetings, and so many cases without a time, spread over them."""
    organisation = many_teams(teams, office.today())
    Applier(office).apply(organisation)
    referrals = [referral_of(office, organisation.teams[n % teams], n) for n in range(count)]
    store_cases(office, referrals)
    return referrals


def book_many(place: Place, url: str, teams: int, count: int) -> None:
    """So many cases, booked and called: their mails and cards wait to be sent."""
    with place.office(url) as office:
        for referral in raised(office, teams, count):
            book(office, referral)


def _recorded(place: Place, url: str, referrals: list[Referral]) -> list[Transaction]:
    recorder = Recorder()
    with place.office(url) as office, recorder.listening(), each_alone():
        for referral in referrals:
            book(office, referral)
    return recorder.transactions


def _share(things: list[T], number: int) -> list[T]:
    """A round's; the warm-up goes with the first."""
    first = 0 if number == 0 else WARM_UP + number * BOOKINGS
    return things[first : WARM_UP + (number + 1) * BOOKINGS]


def book(office: Office, referral: Referral) -> float:
    """Search, rows, invitations built and queued, committed; milliseconds."""

    def work(uow: UnitOfWork) -> None:
        team = uow.organisation.team(referral.team)
        if team is None:
            raise NotBooked(team=referral.team)
        booking = book_or_wait(uow, office, team, referral).booking
        if booking is None:
            raise NotBooked(team=team.id)
        call_parties(uow, office, team, referral, booking)

    before = time.perf_counter()
    office.change_plan(referral.team, work)
    return (time.perf_counter() - before) * 1000


class Recorder:
    """The rows that are inserted through this process's databases, a list for each transaction."""

    def __init__(self) -> None:
        self.transactions: list[Transaction] = []
        self._inserts: Transaction = []

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Record every database of this process."""
        HEARERS.append(self._executed)
        try:
            yield
        finally:
            HEARERS.remove(self._executed)

    def _executed(self, statement: str, rows: Sequence[Any]) -> None:
        if statement.startswith("INSERT"):
            self._inserts.extend((statement, row) for row in rows)
        if statement == "COMMIT" and self._inserts:
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
