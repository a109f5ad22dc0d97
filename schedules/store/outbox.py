"""Leased claims over the outbox (promise 3)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from schedules.ports import Channel, OutboxRow, Standing
from schedules.store.letter_status import LetterStatus
from schedules.store.statements import among, database_time, fixed
from schedules.store.tables import LETTER
from schedules.store.tables.sending import UNFINISHED
from schedules.store.transaction import Transaction

MARK_WAIT = 30.0
"""Seconds to wait for the lock when a send is recorded: giving up would repeat the message."""

_NEEDED = (
    LETTER.c.id,
    LETTER.c.stream,
    LETTER.c.position,
    LETTER.c.channel,
    LETTER.c.kind,
    LETTER.c.recipient,
    LETTER.c.payload,
    LETTER.c.attempts,
    LETTER.c.failures,
    LETTER.c.outcome_unknown,
    LETTER.c.not_before,
    LETTER.c.created_at,
)
_POINTLESS = frozenset({LetterStatus.SUPERSEDED, LetterStatus.DROPPED})
_EARLIER = LETTER.alias("earlier")
_FREE = (LETTER.c.status == fixed(LetterStatus.PENDING)) | (
    (LETTER.c.status == fixed(LetterStatus.CLAIMED)) & (LETTER.c.lease_until <= database_time())
)
# What never changes is written out: a list as a parameter is worked out anew at every execution.
_WAITS = sa.text(f"earlier.{UNFINISHED}")


@cache
def _claimable(channels: tuple[Channel, ...]) -> sa.Select[Any]:
    return (
        sa.select(LETTER.c.id)
        .where(
            # Not bound, so that SQLite sees that the partial index serves.
            sa.text(f"outbox.{UNFINISHED}"),
            sa.or_(*(LETTER.c.channel == channel.value for channel in channels)),
            LETTER.c.not_before <= sa.bindparam("due"),
            _FREE,
            ~sa.exists().where(
                _EARLIER.c.stream == LETTER.c.stream, _EARLIER.c.position < LETTER.c.position, _WAITS
            ),
        )
        .order_by(LETTER.c.not_before, LETTER.c.created_at, LETTER.c.id)
        .limit(sa.bindparam("most"))
    )


@cache
def _claim(channels: tuple[Channel, ...]) -> sa.UpdateBase:
    return (
        sa.update(LETTER)
        .where(LETTER.c.id.in_(_claimable(channels).with_for_update(skip_locked=True)))
        .values(
            status=LetterStatus.CLAIMED.value,
            attempts=LETTER.c.attempts + 1,
            # Claimed before and never marked: the process stopped, perhaps within the call.
            outcome_unknown=LETTER.c.outcome_unknown | (LETTER.c.status == fixed(LetterStatus.CLAIMED)),
            lease_owner=sa.bindparam("owner"),
            lease_until=database_time(sa.bindparam("lease_seconds", type_=sa.Float())),
        )
        .returning(*_NEEDED)
    )


_REFS = (
    sa.select(LETTER.c.stream, LETTER.c.ref)
    .where(
        among(LETTER.c.stream, "streams"),
        LETTER.c.status == fixed(LetterStatus.SENT),
        LETTER.c.ref.is_not(None),
    )
    .order_by(LETTER.c.stream, LETTER.c.position)
)
# `attempts` makes an old claim of the same process differ from a new one.
_OURS = (
    (LETTER.c.id == sa.bindparam("letter_id"))
    & (LETTER.c.lease_owner == sa.bindparam("owner"))
    & (LETTER.c.attempts == sa.bindparam("attempt"))
    & (LETTER.c.status == fixed(LetterStatus.CLAIMED))
)
_HELD = _OURS & (LETTER.c.lease_until > database_time())
_STANDING = sa.select(LETTER.c.status, LETTER.c.expires_at, _HELD.label("held")).where(
    LETTER.c.id == sa.bindparam("letter_id")
)
_FINISH = (
    sa.update(LETTER)
    .where(_OURS)
    .values(
        status=sa.bindparam("ended"),
        finished_at=sa.bindparam("now"),
        reason=sa.bindparam("why"),
        outcome_unknown=LETTER.c.outcome_unknown | sa.bindparam("unknown", type_=sa.Boolean()),
        lease_owner=None,
        lease_until=None,
    )
)
# What has left has left, whoever holds the row by now: the other one finds it sent and does not call.
_SENT = (
    sa.update(LETTER)
    .where(LETTER.c.id == sa.bindparam("letter_id"), LETTER.c.status != fixed(LetterStatus.SENT))
    .values(
        status=LetterStatus.SENT.value,
        finished_at=sa.bindparam("now"),
        sent_at=sa.bindparam("now"),
        ref=sa.bindparam("found_by"),
        reason=None,
        lease_owner=None,
        lease_until=None,
    )
)
_RETRY = (
    sa.update(LETTER)
    .where(_OURS)
    .values(
        status=LetterStatus.PENDING.value,
        not_before=sa.bindparam("again_at"),
        reason=sa.bindparam("why"),
        failures=LETTER.c.failures + sa.bindparam("one", type_=sa.Integer()),
        outcome_unknown=LETTER.c.outcome_unknown | sa.bindparam("unknown", type_=sa.Boolean()),
        lease_owner=None,
        lease_until=None,
    )
)


class SqlOutbox:
    """`Outbox` over the table. One of these is one owner of leases."""

    def __init__(self, transactions: Callable[[float | None], Transaction]) -> None:
        self._transactions = transactions
        self._owner = uuid4().hex

    def claim(
        self, channels: Collection[Channel], due: datetime, limit: int, lease: timedelta
    ) -> list[OutboxRow]:
        """Lease rows that may be sent now. Raises LockTimeout."""
        what = {"due": due, "most": limit}
        on = tuple(sorted(channels))
        mine = {"owner": self._owner, "lease_seconds": lease.total_seconds()}
        transaction = self._transactions(None)
        try:
            # Looked for first without a lock, so that an idle tick keeps no writer waiting.
            if not transaction.rows(_claimable(on), what | {"most": 1}):
                return []
            letters = transaction.write(_claim(on), what | mine).rows
            refs = self._refs(transaction, letters)
            transaction.commit()
        finally:
            transaction.close()
        return [_outbox_row(letter, refs.get(letter.stream)) for letter in sorted(letters, key=_order)]

    def standing(self, row: OutboxRow, now: datetime) -> Standing:
        """Whether it may be sent, by the database's time; what has expired is recorded as dropped."""
        found = self._read(_STANDING, self._ours(row))
        if not found or found[0].status in _POINTLESS:
            return Standing.POINTLESS
        if _expired(found[0], now):
            self._finish(row, LetterStatus.DROPPED, now, "expired")
            return Standing.POINTLESS
        return Standing.READY if found[0].held else Standing.LOST

    def mark_sent(
        self, row: OutboxRow, ref: str | None, at: datetime, following: OutboxRow | None = None
    ) -> bool:
        """It left, also when the lease ran out during the call. Whether the following one may be sent."""
        transaction = self._transactions(MARK_WAIT)
        try:
            transaction.write(_SENT, {"letter_id": row.id, "now": at, "found_by": ref})
            found = transaction.rows(_STANDING, self._ours(following)) if following else ()
            transaction.commit()
        finally:
            transaction.close()
        return any(one.held and not _expired(one, at) for one in found)

    def mark_retry(
        self, row: OutboxRow, reason: str, not_before: datetime, *, counted: bool, outcome_unknown: bool
    ) -> None:
        """Try again from `not_before`; an outcome once unknown stays so."""
        values = {"again_at": not_before, "why": reason, "one": int(counted), "unknown": outcome_unknown}
        self._write(_RETRY, self._ours(row) | values)

    def mark_failed(self, row: OutboxRow, reason: str, at: datetime, *, outcome_unknown: bool) -> None:
        """Give up; whether it may have left all the same stays on record."""
        self._finish(row, LetterStatus.FAILED, at, reason, unknown=outcome_unknown)

    def _finish(
        self, row: OutboxRow, ended: LetterStatus, at: datetime, why: str, *, unknown: bool = False
    ) -> None:
        values = {"ended": ended.value, "now": at, "why": why, "unknown": unknown}
        self._write(_FINISH, self._ours(row) | values)

    def _ours(self, row: OutboxRow) -> dict[str, Any]:
        return {"letter_id": row.id, "owner": self._owner, "attempt": row.attempts}

    def _read(self, statement: sa.Executable, values: dict[str, Any]) -> Sequence[sa.Row[Any]]:
        transaction = self._transactions(None)
        try:
            return transaction.rows(statement, values)
        finally:
            transaction.close()

    def _write(self, statement: sa.Executable, values: dict[str, Any]) -> None:
        transaction = self._transactions(MARK_WAIT)
        try:
            transaction.write(statement, values)
            transaction.commit()
        finally:
            transaction.close()

    @staticmethod
    def _refs(transaction: Transaction, letters: Sequence[sa.Row[Any]]) -> dict[str, str]:
        streams = sorted({letter.stream for letter in letters if letter.position > 1})
        if not streams:
            return {}
        # In order of position, so that the last one stays.
        return {row.stream: row.ref for row in transaction.rows(_REFS, {"streams": streams})}


def _expired(letter: sa.Row[Any], now: datetime) -> bool:
    return letter.expires_at is not None and letter.expires_at <= now


def _order(letter: sa.Row[Any]) -> tuple[datetime, datetime, str]:
    return letter.not_before, letter.created_at, letter.id


def _outbox_row(letter: sa.Row[Any], previous_ref: str | None) -> OutboxRow:
    return OutboxRow(
        id=letter.id,
        stream=letter.stream,
        position=letter.position,
        channel=Channel(letter.channel),
        kind=letter.kind,
        recipient=letter.recipient,
        payload=letter.payload,
        attempts=letter.attempts,
        failures=letter.failures,
        outcome_unknown=letter.outcome_unknown,
        previous_ref=previous_ref,
    )
