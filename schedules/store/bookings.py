"""Bookings, their seats and the busy grid. Constraints decide, never a check before a write (promise 1)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from schedules.domain.plan import Booking, BookingStatus, Seat
from schedules.errors import SlotTaken
from schedules.store import busy
from schedules.store.busy import LIVE
from schedules.store.database_errors import refusing
from schedules.store.held import Held
from schedules.store.statements import among
from schedules.store.tables import BOOKING, SEAT, SLOT
from schedules.store.tables.plan import BOOKED, ONE_PER_REFERRAL, ONE_PER_SLOT
from schedules.store.transaction import Transaction

# SQLite names the first column where PostgreSQL names the constraint.
TAKEN = (ONE_PER_SLOT, ONE_PER_REFERRAL, "pk_busy", "booking.slot", "booking.referral", "busy.person")

_BY_ID = sa.select(BOOKING).where(BOOKING.c.id == sa.bindparam("booking_id"))
_BY_UID = sa.select(BOOKING).where(BOOKING.c.uid == sa.bindparam("event_uid"))
_OF_REFERRAL = (
    sa.select(BOOKING)
    .where(BOOKING.c.referral == sa.bindparam("of_referral"))
    .order_by(BOOKING.c.created_at, BOOKING.c.id)
)
_LIVE_OF_REFERRAL = sa.select(BOOKING).where(BOOKING.c.referral == sa.bindparam("of_referral"), LIVE)
_LIVE_OF_MEETING = (
    sa.select(BOOKING)
    .join(SLOT, BOOKING.c.slot == SLOT.c.id)
    .where(BOOKING.c.meeting == sa.bindparam("of_meeting"), LIVE)
    .order_by(SLOT.c.position)
)
# Written out, not bound, so that SQLite sees that the partial index serves.
_UNREPORTED = (
    sa.select(BOOKING)
    .join(SLOT, BOOKING.c.slot == SLOT.c.id)
    .where(
        BOOKING.c.team == sa.bindparam("of_team"),
        sa.text(f"booking.{BOOKED}"),
        SLOT.c.ends_at <= sa.bindparam("now"),
    )
    .order_by(SLOT.c.starts_at, BOOKING.c.id)
)
_SEATS = sa.select(SEAT).where(among(SEAT.c.booking)).order_by(SEAT.c.booking, SEAT.c.position)
# One booking's seats are asked for so often that a list of one costs.
_SEATS_OF_ONE = sa.select(SEAT).where(SEAT.c.booking == sa.bindparam("booking_id")).order_by(SEAT.c.position)
_INSERT = sa.insert(BOOKING)
_INSERT_SEATS = sa.insert(SEAT)
_UPDATE = (
    sa.update(BOOKING)
    .where(BOOKING.c.id == sa.bindparam("booking_id"))
    .values(
        {
            name: sa.bindparam(f"new_{name}")
            for name in ("referral", "team", "meeting", "slot", "status", "uid", "sequence", "calls_at")
        }
    )
)
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
                has one. The transaction is spent then: begin again with a new unit of work.
        """
        with refusing(*TAKEN, error=SlotTaken):
            self._transaction.write(_INSERT, _row(booking))
            self._add_seats(booking)
            if booking.live:
                cells = busy.cells(_people(booking), busy.ticks(start, end))
                busy.add(self._transaction, booking.id, cells)
                self._held.keep(("cells", booking.id), cells)
        self._held.keep(("calls", booking.id), ())  # nobody is called to what was not there
        self._keep(booking)

    def save_booking(self, booking: Booking, start: datetime, end: datetime) -> None:
        """Update a booking; the busy grid follows. Raises SlotTaken as `add_booking`."""
        changes = {f"new_{name}": value for name, value in _row(booking).items()}
        self._transaction.start_writing()
        with refusing(*TAKEN, error=SlotTaken):
            self._transaction.write(_UPDATE, {"booking_id": booking.id} | _wanted(changes))
            if self._seats_before(booking.id) != booking.seats:
                self._transaction.write(_CLEAR_SEATS, {"booking_id": booking.id})
                self._add_seats(booking)
            self._occupy(booking, busy.ticks(start, end))
        self._keep(booking)

    def _occupy(self, booking: Booking, span: range) -> None:
        """Make the busy grid hold exactly the booking's time, nothing of one that has ended."""
        wanted = busy.cells(_people(booking), span) if booking.live else frozenset()
        question = ("cells", booking.id)
        held = self._held.recall(question, lambda: busy.held_by(self._transaction, booking.id))
        busy.change(self._transaction, booking.id, held, wanted)
        self._held.keep(question, wanted)

    def _keep(self, booking: Booking) -> None:
        for lists in ("live_booking", "live_bookings", "calls_of"):
            self._held.forget(lists)
        self._keep_one(booking)

    def _keep_one(self, booking: Booking) -> None:
        self._held.keep(("booking", booking.id), booking)
        if booking.live:
            self._held.keep(("live_booking", booking.referral), booking)

    def _seats_before(self, booking: str) -> tuple[Seat, ...]:
        before = self.booking(booking)
        return before.seats if before else ()

    def _one(self, statement: sa.Executable, values: dict[str, str]) -> Booking | None:
        return next(iter(self._with_seats(self._transaction.rows(statement, values))), None)

    def _with_seats(self, rows: Sequence[sa.Row[Any]]) -> tuple[Booking, ...]:
        seats = self._seats([row.id for row in rows]) if rows else {}
        found = tuple(_booking(row, seats.get(row.id, ())) for row in rows)
        if self._transaction.writing:
            for booking in found:
                self._keep_one(booking)
        return found

    def _seats(self, bookings: list[str]) -> dict[str, tuple[Seat, ...]]:
        found: dict[str, tuple[Seat, ...]] = {}
        one = len(bookings) == 1
        which = {"booking_id": bookings[0]} if one else {"ids": bookings}
        for row in self._transaction.rows(_SEATS_OF_ONE if one else _SEATS, which):
            found[row.booking] = (
                *found.get(row.booking, ()),
                Seat(row.party, row.representative, row.stand_in),
            )
        return found

    def _add_seats(self, booking: Booking) -> None:
        rows = [
            {
                "booking": booking.id,
                "position": position,
                "party": seat.party,
                "representative": seat.representative,
                "stand_in": seat.stand_in,
            }
            for position, seat in enumerate(booking.seats)
        ]
        if rows:
            self._transaction.write(_INSERT_SEATS, rows)


def _people(booking: Booking) -> Iterable[str]:
    return {seat.representative for seat in booking.seats}


def _wanted(changes: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in changes.items() if name not in {"new_id", "new_created_at"}}


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


def _booking(row: sa.Row[Any], seats: tuple[Seat, ...]) -> Booking:
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
        seats=seats,
    )
