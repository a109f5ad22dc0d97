"""Processes that want the same time at the same instant: how often is it given away twice?

Each round is let go by a barrier; every process books by the use case that a person's choice goes through.
Afterwards the tables are asked, not the processes.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count, islice
from threading import Barrier
from typing import Any

import sqlalchemy as sa

from bot.bench.cases import referral_of, store_cases
from bot.bench.figures import Figure
from bot.bench.organisation import many_teams
from bot.bench.places import Place
from bot.bench.plan import Size, engine_of, fill
from schedules.domain.cases import Referral
from schedules.domain.organisation import Organisation, Team
from schedules.domain.plan import MeetingStatus, Slot
from schedules.errors import LockTimeout, SamtidError, SlotTaken, TimeTaken
from schedules.ports import UnitOfWork
from schedules.services.office import Office
from schedules.services.propose import book_chosen

RACES = 1_000
PROCESSES = (2, 8)
SLOTS_OF_TEAM = 60
"""Used of a year's; those within the lead time and in the summer are not."""
SOON = timedelta(days=21)
PATIENCE = 120
"""Seconds for which a process waits for the others."""

_TWICE = """
SELECT COUNT(*) FROM (
    SELECT slot FROM booking WHERE status IN ('proposed', 'booked') GROUP BY slot HAVING COUNT(*) > 1
) AS twice
"""
_IN_TWO_PLACES = """
SELECT COUNT(*) FROM (
    SELECT seat.representative FROM booking
    JOIN seat ON seat.booking = booking.id JOIN slot ON slot.id = booking.slot
    WHERE booking.status IN ('proposed', 'booked')
    GROUP BY seat.representative, slot.starts_at HAVING COUNT(*) > 1
) AS twice
"""
_BOOKED = "SELECT COUNT(*) FROM booking"


class NoRace(SamtidError):
    """A round in which nobody got the time, although it was free."""


@dataclass(frozen=True, slots=True)
class Start:
    """What one process wants in one round."""

    referral: Referral
    slot: str


def figures(place: Place, _slack_port: int) -> list[Figure]:
    """Times given away twice, and people sent to two teams at once, in `RACES` rounds each."""
    found = []
    for processes in PROCESSES:
        for what, shared in (("for the slot", False), ("for a person of several teams", True)):
            twice = _raced(place, processes, shared=shared)
            name = f"double bookings {what}, {processes} processes, {place.name}"
            found.append(Figure(name, twice, f"in {RACES:,}", 0))
    return found


def _raced(place: Place, processes: int, *, shared: bool) -> float:
    with place.database() as url:
        with place.office(url) as office:
            starts = _starts(office, url, processes, shared=shared)
        _race(place, url, starts)
        with engine_of(url) as engine, engine.connect() as connection:
            if connection.execute(sa.text(_BOOKED)).scalar_one() < RACES:
                raise NoRace
            return people_in_two_places(connection) if shared else slots_given_twice(connection)


def slots_given_twice(connection: sa.Connection) -> int:
    """How many slots hold more than one live booking."""
    return int(connection.execute(sa.text(_TWICE)).scalar_one())


def people_in_two_places(connection: sa.Connection) -> int:
    """How many times somebody sits in two live bookings that begin at the same instant."""
    return int(connection.execute(sa.text(_IN_TWO_PLACES)).scalar_one())


def _race(place: Place, url: str, starts: Sequence[Sequence[Start]]) -> None:
    """Each process runs its own list of starts, all at the same pace."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    barrier = context.Barrier(len(starts))
    with ProcessPoolExecutor(len(starts), context, _line_up, (barrier,)) as pool:
        for _ in pool.map(_run, [place] * len(starts), [url] * len(starts), starts):
            pass  # whatever a process raises is raised here


_LINE: list[Any] = []


def _line_up(barrier: Barrier) -> None:
    _LINE.append(barrier)


def _run(place: Place, url: str, starts: Sequence[Start]) -> None:
    with place.office(url) as office:
        for start in starts:
            _LINE[0].wait(PATIENCE)
            _try(office, start)


def _try(office: Office, start: Start) -> None:
    def work(uow: UnitOfWork) -> None:
        team = uow.organisation.team(start.referral.team)
        if team is not None:
            book_chosen(uow, office, team, start.referral, start.slot)

    with suppress(TimeTaken, SlotTaken, LockTimeout):  # somebody else was first
        office.change_plan(start.referral.team, work)


def _starts(office: Office, url: str, processes: int, *, shared: bool) -> list[list[Start]]:
    """For each process its starts: the slots of one team, or of teams of its own that share somebody."""
    groups = -(-RACES // SLOTS_OF_TEAM)
    each = processes if shared else 1
    organisation = _sharing(many_teams(groups * each, office.today()), each)
    teams = fill(office, url, Size(len(organisation.teams), 0), organisation)
    lanes = [teams[lane % each :: each] for lane in range(processes)]
    numbers = count()  # of the references
    starts = [list(islice(_of_lane(office, lane, numbers), RACES)) for lane in lanes]
    store_cases(office, [start.referral for lane in starts for start in lane])
    return starts


def _of_lane(office: Office, teams: Sequence[Team], numbers: Iterator[int]) -> Iterator[Start]:
    for team in teams:
        for slot in islice(_free(office, team), SLOTS_OF_TEAM):
            yield Start(referral_of(office, team, next(numbers)), slot.id)


def _free(office: Office, team: Team) -> Iterator[Slot]:
    with office.unit_of_work() as uow:
        for meeting in uow.plan.meetings(team.id, office.today() + SOON):
            if meeting.status is MeetingStatus.PLANNED:
                yield from meeting.slots


def _sharing(organisation: Organisation, each: int) -> Organisation:
    """So many teams after one another meet at the same times and have one representative in common."""
    teams = organisation.teams
    return replace(
        organisation, teams=tuple(_like(teams[n - n % each], team) for n, team in enumerate(teams))
    )


def _like(first: Team, team: Team) -> Team:
    own, _, *others = team.parties
    return replace(team, series=first.series, parties=(own, first.parties[1], *others))
