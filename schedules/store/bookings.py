"""Bookings, their seats and the busy grid. Constraints decide, never a check before a write (promise 1)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import cache, partial
from typing import Any

import sqlalchemy as sa

from schedules.domain.plan import Booking, BookingStatus, Seat
from schedules.errors import SlotTaken
from schedules.store import busy
from schedules.store.busy import LIVE
from schedules.store.database_errors import refusing
from schedules.store.held import Held
from schedules.store.tables import BOOKING, SEAT, SLOT
from schedules.store.tables.plan import BOOKED, ONE_PER_REFERRAL, ONE_PER_SLOT
from schedules.store.transaction import Transaction

# SQLite names the first column where PostgreSQL names the constraint.
TAKEN = (ONE_PER_SLOT, ONE_PER_REFERRAL, "pk_busy", "booking.slot", "booking.referral", "busy.person")
_REFUSED = partial(refusing, *TAKEN, error=SlotTaken)

# A booking comes with its seats: a row for each of them, in order; one without seats is a row all the same.
_SEATED = sa.select(*BOOKING.columns, SEAT.c.party, SEAT.c.representative, SEAT.c.stand_in).outerjoin(
    SEAT, SEAT.c.booking == BOOKING.c.id
)
_BY_ID = _SEATED.where(BOOKING.c.id == sa.bindparam("booking_id")).order_by(SEAT.c.position)
_BY_UID = _SEATED.where(BOOKING.c.uid == sa.bindparam("event_uid")).order_by(SEAT.c.position)
_OF_REFERRAL = _SEATED.where(BOOKING.c.referral == sa.bindparam("of_referral")).order_by(
    BOOKING.c.created_at, BOOKING.c.id, SEAT.c.position
)
_LIVE_OF_REFERRAL = _SEATED.where(BOOKING.c.referral == sa.bindparam("of_referral"), LIVE).order_by(
    SEAT.c.position
)
_LIVE_OF_MEETING = (
    _SEATED.join(SLOT, BOOKING.c.slot == SLOT.c.id)
    .where(BOOKING.c.meeting == sa.bindparam("of_meeting"), LIVE)
    .order_by(SLOT.c.position, BOOKING.c.id, SEAT.c.position)
)
# Written out, not bound, so that SQLite sees that the partial index serves.
_UNREPORTED = (
    _SEATED.join(SLOT, BOOKING.c.slot == SLOT.c.id)
    .where(
        BOOKING.c.team == sa.bindparam("of_team"),
        sa.text(f"booking.{BOOKED}"),
        SLOT.c.ends_at <= sa.bindparam("now"),
    )
    .order_by(SLOT.c.starts_at, BOOKING.c.id, SEAT.c.position)
)
_INSERT = sa.insert(BOOKING)
_INSERT_SEATS = sa.insert(SEAT)
_STANDING = ("status", "sequence", "calls_at")
_PLACE = ("referral", "team", "meeting", "slot", "uid")
_CLEAR_SEATS = sa.delete(SEAT).where(SEAT.c.booking == sa.bindparam("booking_id"))


class Bookings:
    """The part of `PlanStore` about bookings."""

    _held: Held

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def booking(self, booking: str) -> Booking | None:
        """One booking with its seats."""
        return self._held.recall(("booking", booking), lambda: self._one(_BY_ID, {"booking_id": booking}))

    def booking_by_uid(self, uid: str) -> Booking | None:
        """The booking with that calendar identity, live or ended."""
        return self._one(_BY_UID, {"event_uid": uid})

    def bookings_of(self, referral: str) -> tuple[Booking, ...]:
        """All of the referral's bookings, live and ended, oldest first."""
        return self._with_seats(self._transaction.rows(_OF_REFERRAL, {"of_referral": referral}))

    def live_booking(self, referral: str) -> Booking | None:
        """The referral's live booking."""
        return self._held.recall(
            ("live_booking", referral), lambda: self._one(_LIVE_OF_REFERRAL, {"of_referral": referral})
        )

    def live_bookings(self, meeting: str) -> tuple[Booking, ...]:
        """The meeting's live bookings with seats, by slot position."""
        return self._held.recall(("live_bookings", meeting), lambda: self._read_live(meeting))

    def _read_live(self, meeting: str) -> tuple[Booking, ...]:
        return self._with_seats(self._transaction.rows(_LIVE_OF_MEETING, {"of_meeting": meeting}))

    def unreported(self, team: str, now: datetime) -> tuple[Booking, ...]:
        """The team's booked times that have ended and are not reported, oldest first."""
        return self._with_seats(self._transaction.rows(_UNREPORTED, {"of_team": team, "now": now}))

    def busy(
        self, people: Collection[str], start: datetime, end: datetime, except_booking: str | None = None
    ) -> dict[str, list[tuple[datetime, datetime]]]:
        """The parts within [start, end) of live bookings' UTC intervals per person, on the grid."""
        return busy.busy_intervals(self._transaction, people, busy.ticks(start, end), except_booking)

    def add_booking(self, booking: Booking, start: datetime, end: datetime) -> None:
        """Insert booking, seats and the busy grid of its representatives for [start, end).

        Raises:
            SlotTaken: the slot or a representative's time is held by another live booking, or the referral
                has one; at the latest at the commit. The transaction is spent then: begin again with a new
                unit of work.
        """
        self._transaction.later(_INSERT, _row(booking), _REFUSED)
        self._add_seats(booking)
        if booking.live:
            cells = busy.cells(_people(booking), busy.ticks(start, end))
            busy.add(self._transaction, booking.id, cells, _REFUSED)
            self._held.keep(("cells", booking.id), cells)
        self._held.keep(("calls", booking.id), ())  # nobody is called to what was not there
        self._keep(booking)

    def save_booking(self, booking: Booking, start: datetime, end: datetime) -> None:
        """Update a booking; the busy grid follows. Raises SlotTaken as `add_booking`."""
        self._transaction.start_writing()
        before, row = self.booking(booking.id), _row(booking)
        stays = before is not None and all(getattr(before, name) == row[name] for name in _PLACE)
        # SQLite renews every index of the columns that are named, changed or not.
        names = _STANDING if stays else (*_PLACE, *_STANDING)
        changes = {f"new_{name}": row[name] for name in names}
        with _REFUSED():
            self._transaction.write(_updating(names), {"booking_id": booking.id} | changes)
            if before is None or before.seats != booking.seats:
                self._transaction.write(_CLEAR_SEATS, {"booking_id": booking.id})
                self._add_seats(booking)
                self._transaction.settle(_INSERT_SEATS)
            self._occupy(booking, busy.ticks(start, end))
        self._keep(booking)

    def _occupy(self, booking: Booking, span: range) -> None:
        """Make the busy grid hold exactly the booking's time, nothing of one that has ended."""
        wanted = busy.cells(_people(booking), span) if booking.live else frozenset()
        question = ("cells", booking.id)
        held = self._held.recall(question, lambda: busy.held_by(self._transaction, booking.id))
        busy.change(self._transaction, booking.id, held, wanted, _REFUSED)
        self._held.keep(question, wanted)

    def _keep(self, booking: Booking) -> None:
        for lists in ("live_booking", "live_bookings", "calls_of"):
            self._held.forget(lists)
        self._keep_one(booking)

    def _keep_one(self, booking: Booking) -> None:
        self._held.keep(("booking", booking.id), booking)
        if booking.live:
            self._held.keep(("live_booking", booking.referral), booking)

    def _one(self, statement: sa.Executable, values: dict[str, str]) -> Booking | None:
        return next(iter(self._with_seats(self._transaction.rows(statement, values))), None)

    def _with_seats(self, rows: Iterable[sa.Row[Any]]) -> tuple[Booking, ...]:
        seated: dict[str, list[sa.Row[Any]]] = {}
        for row in rows:
            seated.setdefault(row.id, []).append(row)
        found = tuple(map(_booking, seated.values()))
        if self._transaction.writing:
            for booking in found:
                self._keep_one(booking)
        return found

    def _add_seats(self, booking: Booking) -> None:
        for position, seat in enumerate(booking.seats):
            row = {
                "booking": booking.id,
                "position": position,
                "party": seat.party,
                "representative": seat.representative,
                "stand_in": seat.stand_in,
            }
            self._transaction.later(_INSERT_SEATS, row)


@cache
def _updating(names: tuple[str, ...]) -> sa.Update:
    changes: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in names}
    return sa.update(BOOKING).where(BOOKING.c.id == sa.bindparam("booking_id")).values(changes)


def _people(booking: Booking) -> Iterable[str]:
    return {seat.representative for seat in booking.seats}


def _row(booking: Booking) -> dict[str, Any]:
    return {
        "id": booking.id,
        "referral": booking.referral,
        "team": booking.team,
        "meeting": booking.meeting,
        "slot": booking.slot,
        "status": booking.status.value,
        "uid": booking.uid,
        "sequence": booking.sequence,
        "calls_at": booking.calls_at,
        "created_at": booking.created_at,
    }


def _booking(rows: Sequence[sa.Row[Any]]) -> Booking:
    """The record of its seats' rows."""
    row = rows[0]
    return Booking(
        id=row.id,
        referral=row.referral,
        team=row.team,
        meeting=row.meeting,
        slot=row.slot,
        status=BookingStatus(row.status),
        uid=row.uid,
        sequence=row.sequence,
        calls_at=row.calls_at,
        created_at=row.created_at,
        seats=tuple(
            Seat(seat.party, seat.representative, seat.stand_in) for seat in rows if seat.party is not None
        ),
    )
