"""Representatives who cannot come, and why."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from schedules.domain.plan import Decline, DeclineReason
from schedules.store.held import Held
from schedules.store.statements import upsert
from schedules.store.tables import DECLINE
from schedules.store.transaction import Transaction

_OF_BOOKING = (
    sa.select(DECLINE)
    .where(DECLINE.c.booking == sa.bindparam("of_booking"))
    .order_by(DECLINE.c.declined_at, DECLINE.c.id)
)
_REMOVE = sa.delete(DECLINE).where(DECLINE.c.invitation == sa.bindparam("of_invitation"))


class Declines:
    """The part of `PlanStore` about declines."""

    _held: Held

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def declines(self, booking: str) -> tuple[Decline, ...]:
        """Every no to a call of the booking, those before it moved included, oldest first."""
        return self._held.recall(("declines", booking), lambda: self._read_declines(booking))

    def _read_declines(self, booking: str) -> tuple[Decline, ...]:
        return tuple(map(_decline, self._transaction.rows(_OF_BOOKING, {"of_booking": booking})))

    def save_decline(self, decline: Decline) -> None:
        """Insert or update."""
        reason = decline.reason.value if decline.reason else None
        row = asdict(decline) | {"reason": reason}
        self._transaction.write(upsert(self._transaction.dialect, DECLINE), row)
        self._held.forget("declines", decline.booking)

    def remove_declines(self, invitation: str) -> None:
        """Forget the no of somebody who comes after all."""
        self._transaction.write(_REMOVE, {"of_invitation": invitation})
        self._held.forget("declines")


def _decline(row: sa.Row[Any]) -> Decline:
    return Decline(
        id=row.id,
        invitation=row.invitation,
        booking=row.booking,
        meeting=row.meeting,
        party=row.party,
        person=row.person,
        reason=DeclineReason(row.reason) if row.reason else None,
        deputy=row.deputy,
        called_at=row.called_at,
        declined_at=row.declined_at,
        contact=row.contact,
        contact_asked_at=row.contact_asked_at,
    )
