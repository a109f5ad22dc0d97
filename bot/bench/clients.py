"""What users and operators see of a served program: acks against a no-op, 8 clients against 1, memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from statistics import median, quantiles

from bot.bench import acks
from bot.bench.figures import Figure, at_least, at_most
from bot.bench.organisation import many_teams
from bot.bench.places import Place
from bot.bench.rounds import alternate, ratio
from bot.bench.server import Server, no_op, samtid
from bot.organisation import Applier

TEAMS = 40
ACKS = 60
SUBMISSIONS = 120
"""In a round, from each number of clients."""
WARM_UP = 16
IDLE, BUSY_MEMORY = 150, 200


def acked(place: Place, slack_port: int) -> list[Figure]:
    """The ack with the booking committed against one that decides nothing; one client."""
    with _served(place, slack_port) as (server, today), no_op(slack_port) as nothing:
        _warm_up(server, today)
        acks.measure(nothing.port, acks.submissions(TEAMS, WARM_UP, today, "warm"), 1, acks.acked)
        booked, empty = alternate(
            lambda number: acks.measure(server.port, acks.submissions(TEAMS, ACKS, today, f"b{number}"), 1),
            lambda number: acks.measure(
                nothing.port, acks.submissions(TEAMS, ACKS, today, f"n{number}"), 1, acks.acked
            ),
        )
    return [
        at_most(f"ack by no-op ack, median, {place.name}", ratio(booked, empty, median), place.goal(3.5, 6)),
        Figure(f"ack with the booking committed, 1 client, {place.name}", median(map(median, booked)), "ms"),
        Figure("ack of a no-op listener", median(map(median, empty)), "ms"),
    ]


def crowded(place: Place, slack_port: int) -> list[Figure]:
    """8 clients that never pause, against 1; on PostgreSQL also with a processor of the instance's own."""
    if place.server is None:
        crowd = _crowd(place, slack_port)
        return [*_compared(crowd, place.name, 0.9, 5), *_absolute(crowd)]
    free, own = _crowd(place, slack_port), _crowd(place, slack_port, kept=True)
    return [
        *_compared(free, place.name, 1.3, None),
        *_compared(own, f"{place.name}, a processor of its own", 1.3, None),
    ]


@dataclass(frozen=True, slots=True)
class _Crowd:
    """What each answer took, in rounds, from one client and from 8; resident memory before and after."""

    one: list[list[float]]
    eight: list[list[float]]
    idle: float | None
    after: float | None


def _crowd(place: Place, slack_port: int, *, kept: bool = False) -> _Crowd:
    with _served(place, slack_port, kept=kept) as (server, today):
        idle = server.resident_mib()
        _warm_up(server, today)

        def side(clients: int, number: int) -> list[float]:
            forms = acks.submissions(TEAMS, SUBMISSIONS, today, f"{clients}c{number}")
            return acks.measure(server.port, forms, clients)

        one, eight = alternate(lambda number: side(1, number), lambda number: side(acks.CLIENTS, number))
        return _Crowd(one, eight, idle, server.resident_mib())


def _compared(crowd: _Crowd, name: str, throughput: float | None, spread: float | None) -> list[Figure]:
    # Each client waits for its answer: a round's throughput is clients by mean time.
    by_one = ratio(crowd.one, crowd.eight, sum) * acks.CLIENTS
    spreads = [quantiles(took, n=100)[98] / median(took) for took in crowd.eight]
    return [
        at_least(f"throughput of 8 clients by 1, {name}", by_one, throughput),
        at_most(f"p99 by p50 of 8 clients, {name}", median(spreads), spread),
    ]


def _absolute(crowd: _Crowd) -> list[Figure]:
    """The figures of an association's own machine."""
    took = [one for round_ in crowd.eight for one in round_]
    percentiles = quantiles(took, n=100)
    return [
        Figure("ack with the booking committed, 8 clients, median", median(took), "ms", 50),
        Figure("ack with the booking committed, 8 clients, p95", percentiles[94], "ms"),
        Figure("ack with the booking committed, 8 clients, p99", percentiles[98], "ms", 300),
        Figure("memory, idle after start", crowd.idle, "MiB", IDLE),
        Figure(f"memory, after {2 * len(took)} submissions", crowd.after, "MiB", BUSY_MEMORY),
    ]


@contextmanager
def _served(place: Place, slack_port: int, *, kept: bool = False) -> Iterator[tuple[Server, date]]:
    with place.database() as url:
        with place.office(url) as office:
            today = office.today()
            Applier(office).apply(many_teams(TEAMS, today))
        with samtid(url, place.key, slack_port, kept=kept) as server:
            yield server, today


def _warm_up(server: Server, today: date) -> None:
    acks.measure(server.port, acks.submissions(TEAMS, WARM_UP, today, "warm"), 1)
