"""Mails that were looked at. The constraints see to it that each is handled once."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast
from uuid import uuid4

import sqlalchemy as sa

from schedules.ports import Incoming, IncomingOutcome, MailKey, MailOrigin
from schedules.store.statements import insert_into
from schedules.store.tables import INCOMING
from schedules.store.transaction import Transaction

_OUTCOME = sa.select(INCOMING.c.outcome).where(
    INCOMING.c.account == sa.bindparam("in_account"),
    INCOMING.c.validity == sa.bindparam("at_validity"),
    INCOMING.c.uid == sa.bindparam("with_uid"),
)
_HEEDED = (IncomingOutcome.ANSWERED.value, IncomingOutcome.DEPUTISED.value)
_NEWEST = sa.select(sa.func.max(INCOMING.c.dtstamp).label("dtstamp")).where(
    INCOMING.c.event_uid == sa.bindparam("of_event"),
    INCOMING.c.attendee == sa.bindparam("of_attendee"),
    INCOMING.c.sequence >= sa.bindparam("since_sequence"),
    INCOMING.c.outcome.in_(_HEEDED),
)
_LEFT = (
    sa.select(INCOMING)
    .where(INCOMING.c.outcome == IncomingOutcome.LEFT.value)
    .order_by(INCOMING.c.handled_at.desc(), INCOMING.c.id)
)


class IncomingTable:
    """`IncomingStore` over the table."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def first_time(self, mail: Incoming) -> bool:
        """Insert, unless this mail, or one with the same bytes that was not left, is there.

        Raises:
            LockTimeout: another reader is at the same mail.
        """
        # Neither constraint is named: whichever refuses the row, the mail has been handled.
        insert = insert_into(self._transaction.dialect, INCOMING).on_conflict_do_nothing()
        return bool(self._transaction.write(insert.returning(INCOMING.c.id), _row(mail)).rows)

    def outcome(self, account: str, key: MailKey) -> IncomingOutcome | None:
        """What became of the mail with that number."""
        values = {"in_account": account, "at_validity": key.validity, "with_uid": key.uid}
        row = self._transaction.first(_OUTCOME, values)
        return IncomingOutcome(row.outcome) if row else None

    def newest_reply(self, event_uid: str, attendee: str, sequence: int) -> datetime | None:
        """DTSTAMP of the latest reply from that address that was heeded at that SEQUENCE or later."""
        values = {"of_event": event_uid, "of_attendee": attendee, "since_sequence": sequence}
        row = self._transaction.first(_NEWEST, values)
        return cast("datetime | None", row.dtstamp) if row else None

    def left(self) -> tuple[Incoming, ...]:
        """What was left untouched, newest first."""
        return tuple(map(_incoming, self._transaction.rows(_LEFT)))


def _row(mail: Incoming) -> dict[str, Any]:
    origin = mail.origin
    return {
        "id": uuid4().hex,
        "account": origin.account,
        "validity": origin.key.validity,
        "uid": origin.key.uid,
        "digest": origin.digest,
        "kind": mail.kind,
        "outcome": mail.outcome.value,
        "event_uid": mail.event_uid,
        "attendee": mail.attendee,
        "sequence": mail.sequence,
        "dtstamp": mail.dtstamp,
        "handled_at": mail.handled_at,
    }


def _incoming(row: sa.Row[Any]) -> Incoming:
    return Incoming(
        origin=MailOrigin(row.account, MailKey(row.validity, row.uid), row.digest),
        kind=row.kind,
        outcome=IncomingOutcome(row.outcome),
        handled_at=row.handled_at,
        event_uid=row.event_uid,
        attendee=row.attendee,
        sequence=row.sequence,
        dtstamp=row.dtstamp,
    )
