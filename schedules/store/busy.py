"""When people are taken: rows on a five-minute grid, one per person and five minutes (promise 1)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from functools import lru_cache

import sqlalchemy as sa

from schedules.store.statements import among, listed
from schedules.store.tables import BUSY
from schedules.store.transaction import Transaction
from schedules.store.waiting import Refusal

TICK = 300
"""Seconds. Slots that start or end between ticks take the whole five minutes."""

# Written out, not bound, so that SQLite sees that the partial indexes serve.
LIVE = sa.text("booking.status IN ('proposed', 'booked')")

_TOUCHING = (
    sa.select(BUSY.c.person, sa.func.min(BUSY.c.tick).label("first"), sa.func.max(BUSY.c.tick).label("last"))
    .where(
        among(BUSY.c.person),
        BUSY.c.tick >= sa.bindparam("from_tick"),
        BUSY.c.tick < sa.bindparam("to_tick"),
        BUSY.c.booking != sa.bindparam("except_booking"),
    )
    .group_by(BUSY.c.person, BUSY.c.booking)
    .order_by(BUSY.c.person, sa.text("first"))
)
_HELD = sa.select(BUSY.c.person, BUSY.c.tick).where(BUSY.c.booking == sa.bindparam("held_by"))
_ADD = sa.insert(BUSY)
# PostgreSQL takes the rows as arrays: a row each took five times as long (286 by 55 µs for eighteen).
_ADD_ALL = sa.insert(BUSY).from_select(
    [BUSY.c.person, BUSY.c.tick, BUSY.c.booking],
    sa.select(
        sa.func.unnest(sa.bindparam("people", type_=sa.ARRAY(BUSY.c.person.type))),
        sa.func.unnest(sa.bindparam("ticks", type_=sa.ARRAY(BUSY.c.tick.type))),
        sa.bindparam("of_booking", type_=BUSY.c.booking.type),
    ),
)
_RELEASE = sa.delete(BUSY).where(BUSY.c.person == sa.bindparam("whose"), BUSY.c.tick == sa.bindparam("which"))

Cell = tuple[str, int]


def ticks(start: datetime, end: datetime) -> range:
    """The ticks that [start, end) touches; aware instants."""
    first = int(start.timestamp()) // TICK
    return range(first, max(first + 1, -(-int(end.timestamp()) // TICK)))


def busy_intervals(
    transaction: Transaction, people: Collection[str], span: range, except_booking: str | None
) -> dict[str, list[tuple[datetime, datetime]]]:
    """Per person, the UTC intervals of live bookings within `span`, as wide as the grid holds them."""
    found: dict[str, list[tuple[datetime, datetime]]] = {}
    values = listed(people) | {
        "from_tick": span.start,
        "to_tick": span.stop,
        "except_booking": except_booking or "",
    }
    for row in transaction.rows(_TOUCHING, values):
        found.setdefault(row.person, []).append((_instant(row.first), _instant(row.last + 1)))
    return found


def cells(people: Iterable[str], span: range) -> frozenset[Cell]:
    """These people's time."""
    return frozenset((person, tick) for person in people for tick in span)


def held_by(transaction: Transaction, booking: str) -> frozenset[Cell]:
    """What the booking holds."""
    return frozenset((row.person, row.tick) for row in transaction.rows(_HELD, {"held_by": booking}))


def change(
    transaction: Transaction, booking: str, held: frozenset[Cell], wanted: frozenset[Cell], refusal: Refusal
) -> None:
    """Let the booking hold what is wanted instead. Who is busy already is refused as in `add`."""
    if held - wanted:
        transaction.write(_RELEASE, [{"whose": p, "which": t} for p, t in sorted(held - wanted)])
    add(transaction, booking, wanted - held, refusal)


def add(transaction: Transaction, booking: str, cells: Iterable[Cell], refusal: Refusal) -> None:
    """Insert in one order for everybody, so that two bookings cannot wait for each other.

    `refusal` makes our own error of what the constraint refuses, at the latest at the commit.
    """
    inserted = sorted(cells)
    if not inserted:
        return
    if transaction.dialect == "postgresql":
        people, ticks = map(list, zip(*inserted, strict=True))
        transaction.send(_ADD_ALL, [{"people": people, "ticks": ticks, "of_booking": booking}], refusal)
    else:
        rows = [{"person": p, "tick": tick, "booking": booking} for p, tick in inserted]
        transaction.send(_ADD, rows, refusal)


@lru_cache(maxsize=10_000)  # the same coming meetings are asked about all the time
def _instant(tick: int) -> datetime:
    return datetime.fromtimestamp(tick * TICK, UTC)
