"""How long the next free slot takes among all the meetings of the country, and of one association."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from statistics import median, quantiles

from bot.bench.cases import referral_of
from bot.bench.figures import Figure, at_most
from bot.bench.places import Place
from bot.bench.plan import Size, fill
from bot.bench.rounds import Side, alternate, ratio
from bot.bench.server import samtid
from schedules.domain.organisation import Team
from schedules.errors import SamtidError
from schedules.services.horizon import NEAR, load_openings, wish_of
from schedules.services.office import Office

SEARCHES = 100
"""In a round, each in a team of its own where there are so many."""
BOOKED = 40
"""Times taken in each team: its first ten meetings."""
NATION = Size(2_500, BOOKED)
ASSOCIATION = Size(32, BOOKED)
MEMORY = 250


class NoSlot(SamtidError):
    """A search found no slot, although there are free ones."""


def figures(place: Place, slack_port: int) -> list[Figure]:
    """The next free slot in the country against an association's, and the memory of a program with it all."""
    with place.database() as large, place.database() as small, ExitStack() as stack:
        nation = stack.enter_context(_filled(place, large, NATION))
        association = stack.enter_context(_filled(place, small, ASSOCIATION))
        there, here = alternate(nation, association)
        stack.close()
        took = [one for round_ in there for one in round_]
        found = [
            at_most(
                f"next free slot, {NATION.teams:,} by {ASSOCIATION.teams} teams, {place.name}",
                ratio(there, here, median),
                place.goal(2.5, 1.5),
            ),
            Figure(f"next free slot, {NATION.teams:,} teams, median, {place.name}", median(took), "ms", 5),
            Figure(
                f"next free slot, {NATION.teams:,} teams, p99, {place.name}", quantiles(took, n=100)[98], "ms"
            ),
            Figure(
                f"next free slot, {ASSOCIATION.teams} teams, median, {place.name}",
                median(map(median, here)),
                "ms",
            ),
        ]
        with samtid(large, place.key, slack_port) as server:
            bookings = NATION.teams * NATION.bookings
            name = f"memory, idle with {bookings:,} bookings, {place.name}"
            return [*found, Figure(name, server.resident_mib(), "MiB", MEMORY)]


@contextmanager
def _filled(place: Place, url: str, size: Size) -> Iterator[Side]:
    """A database of that size; what a round searches there."""
    with place.office(url) as office:
        teams = fill(office, url, size)
        yield lambda number: [_search(office, team) for team in _chosen(teams, number)]


def _chosen(teams: tuple[Team, ...], number: int) -> list[Team]:
    """The same teams each time, others in each round."""
    return random.Random(number).choices(teams, k=SEARCHES)  # noqa: S311  no secret


def _search(office: Office, team: Team) -> float:
    referral = referral_of(office, team)
    with office.unit_of_work() as uow:
        before = time.perf_counter()
        assignment = load_openings(uow, office, team, NEAR).assign(wish_of(office, team, referral))
        took = (time.perf_counter() - before) * 1000
    if assignment.choice is None or len(assignment.passed_over) < 10:  # noqa: PLR2004  the full meetings
        raise NoSlot(team=team.id)
    return took
