"""A day's peak: how long an association's messages take to leave, at the rates that Slack lets through."""

from __future__ import annotations

import time

import sqlalchemy as sa

from bot.bench.booking import book_many
from bot.bench.figures import Figure
from bot.bench.places import Place
from bot.bench.plan import engine_of
from bot.bench.server import samtid, stub
from schedules.errors import SamtidError

TEAMS = 32
MESSAGES = 4_000
BOOKINGS = 760
"""What it takes: four mails each, and a card for everybody and each meeting."""
PATIENCE = 300
LOOK = 0.25
"""Seconds between looks at what is left."""

_WAITING = "SELECT COUNT(*) FROM outbox WHERE status IN ('pending', 'claimed')"
_SENT = "SELECT COUNT(*) FROM outbox WHERE status = 'sent'"


class NotDrained(SamtidError):
    """Messages were left, or there were fewer than should be measured."""


def figures(place: Place, _slack_port: int) -> list[Figure]:
    """Seconds from the start of the program to the last message."""
    with place.database() as url, engine_of(url) as engine:
        book_many(place, url, TEAMS, BOOKINGS)
        waiting = _count(engine, _WAITING)
        with stub("slack_stub", "--rates") as slack, stub("smtp_stub") as smtp:
            before = time.monotonic()
            with samtid(url, place.key, slack, smtp):
                while _count(engine, _WAITING):
                    if time.monotonic() - before > PATIENCE:
                        raise NotDrained(left=str(_count(engine, _WAITING)))
                    time.sleep(LOOK)
                took = time.monotonic() - before
        if waiting < MESSAGES or _count(engine, _SENT) < waiting:
            raise NotDrained(messages=str(waiting))
    return [Figure(f"a peak of {waiting:,} messages has left, {place.name}", took, "s", 60)]


def _count(engine: sa.Engine, query: str) -> int:
    with engine.connect() as connection:
        return int(connection.execute(sa.text(query)).scalar_one())
