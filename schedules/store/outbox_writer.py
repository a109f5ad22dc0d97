"""Outbox rows written in the deciding transaction (promise 3)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache, partial
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from schedules.errors import LockTimeout
from schedules.ports import Channel, FailedLetter, Letter
from schedules.store.database_errors import refusing
from schedules.store.letter_status import LetterStatus
from schedules.store.statements import among, listed
from schedules.store.tables import LETTER, MEETING, REFERRAL
from schedules.store.transaction import Transaction

STANDING = (LetterStatus.PENDING, LetterStatus.CLAIMED, LetterStatus.SENT)
_SUPERSEDE = (
    sa.update(LETTER)
    .where(
        LETTER.c.stream == sa.bindparam("of_stream"),
        # Two at most, so that many rows can be superseded by one statement.
        LETTER.c.kind.in_([sa.bindparam("one_kind"), sa.bindparam("other_kind")]),
        LETTER.c.status == LetterStatus.PENDING.value,
        LETTER.c.attempts == 0,
    )
    .values(status=LetterStatus.SUPERSEDED.value, finished_at=sa.bindparam("now"))
)


def _one_of(kinds: tuple[str, ...]) -> sa.ColumnElement[bool]:
    """The few kinds of a stream, written out: a list as a parameter is worked out at every execution."""
    return sa.or_(*(LETTER.c.kind == kind for kind in kinds))


# A pending row that was not superseded will leave; whatever was claimed may have, however it ended. Only
# what was superseded, or dropped before its call, has certainly not.
@cache
def _may_leave(kinds: tuple[str, ...]) -> sa.Executable:
    return (
        sa.select(LETTER.c.id)
        .where(
            LETTER.c.stream == sa.bindparam("of_stream"),
            _one_of(kinds),
            LETTER.c.outcome_unknown.is_(sa.true())
            | (
                (LETTER.c.status != LetterStatus.SUPERSEDED.value)
                & (LETTER.c.status != LetterStatus.DROPPED.value)
            ),
        )
        .limit(1)
    )


_EARLIER = LETTER.alias("earlier")
_POSITION = (
    sa.select(sa.func.coalesce(sa.func.max(_EARLIER.c.position), 0) + 1)
    .where(_EARLIER.c.stream == sa.bindparam("of_stream"))
    .scalar_subquery()
)
_INSERT = sa.insert(LETTER).values(position=_POSITION)
_REFUSED = partial(refusing, "uq_outbox_stream_position", "outbox.stream", error=LockTimeout)
_LETTER = (
    LETTER.c.id,
    LETTER.c.channel,
    LETTER.c.recipient,
    LETTER.c.booking,
    LETTER.c.meeting,
    LETTER.c.referral,
)
# Written out, not bound, so that SQLite sees that the partial indexes serve.
_HAS_FAILED = sa.text("outbox.status = 'failed'")
_FAILED = sa.union_all(
    sa.select(*_LETTER, LETTER.c.created_at)
    .join(MEETING, LETTER.c.meeting == MEETING.c.id)
    .where(among(MEETING.c.team), _HAS_FAILED),
    sa.select(*_LETTER, LETTER.c.created_at)
    .join(REFERRAL, LETTER.c.referral == REFERRAL.c.id)
    .where(among(REFERRAL.c.team), _HAS_FAILED),
)
_OF_MESSAGE_ID = sa.select(*_LETTER).where(
    LETTER.c.message_id == sa.bindparam("known_as"),
    LETTER.c.outcome_unknown.is_(sa.true()) | (LETTER.c.status == LetterStatus.SENT.value),
)
_LAST_WORDS = (
    sa.select(LETTER.c.payload)
    .where(
        LETTER.c.stream == sa.bindparam("of_stream"),
        sa.or_(*(LETTER.c.status == status.value for status in STANDING)),
    )
    .order_by(LETTER.c.position.desc())
    .limit(1)
)
_HAS = sa.select(LETTER.c.id).where(LETTER.c.stream == sa.bindparam("of_stream")).limit(1)


class SqlOutboxWriter:
    """`OutboxWriter` over the table."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, letter: Letter, at: datetime) -> str | None:
        """Append to the stream; the row's id, or None if it was skipped as pointless.

        Raises:
            LockTimeout: somebody else appended to the stream at the same moment, without the team's lock; at
                the latest at the commit.
        """
        self._transaction.start_writing()
        if letter.only_news and self._says(letter.stream) == letter.payload:
            return None
        if letter.replaces:
            self._supersede(letter.stream, letter.replaces, at)
        if letter.needs_sent and not self._may_leave(letter.stream, letter.needs_sent):
            return None
        row = _row(letter, at)
        if letter.corrects and self._may_leave(letter.stream, letter.corrects):
            row["expires_at"] = None
        self._transaction.later(_INSERT, row | {"of_stream": letter.stream}, _REFUSED)
        return str(row["id"])

    def has(self, stream: str) -> bool:
        """Whether the stream has any row."""
        return self._transaction.first(_HAS, {"of_stream": stream}) is not None

    def failed(self, teams: Collection[str]) -> tuple[FailedLetter, ...]:
        """What could not be delivered about the teams' meetings and waiting cases, newest first."""
        rows = sorted(self._transaction.rows(_FAILED, listed(teams)), key=lambda row: str(row.id))
        return tuple(map(_letter, sorted(rows, key=lambda row: row.created_at, reverse=True)))

    def mail(self, message_id: str) -> FailedLetter | None:
        """The mail of ours with that Message-ID (angle brackets included), if it may have left."""
        row = self._transaction.first(_OF_MESSAGE_ID, {"known_as": message_id})
        return _letter(row) if row else None

    def _says(self, stream: str) -> str | None:
        """The last words of the stream that have left, or will."""
        row = self._transaction.first(_LAST_WORDS, {"of_stream": stream})
        return row.payload if row else None

    def _supersede(self, stream: str, kinds: Sequence[str], at: datetime) -> None:
        transaction = self._transaction
        if transaction.waiting(_INSERT) and not transaction.waiting(_SUPERSEDE):
            transaction.settle(_INSERT)  # rows that came before must be there for it to find
        for row in transaction.waiting(_INSERT):  # those that came after it must not be
            if row["stream"] == stream and row["kind"] in kinds and row["finished_at"] is None:
                row |= {"status": LetterStatus.SUPERSEDED.value, "finished_at": at}
        one, other = (*kinds, kinds[0])[:2]
        values = {"of_stream": stream, "one_kind": one, "other_kind": other, "now": at}
        transaction.later(_SUPERSEDE, values)

    def _may_leave(self, stream: str, kinds: Sequence[str]) -> bool:
        return self._transaction.first(_may_leave(tuple(kinds)), {"of_stream": stream}) is not None


def _letter(row: sa.Row[Any]) -> FailedLetter:
    return FailedLetter(row.id, Channel(row.channel), row.recipient, row.booking, row.meeting, row.referral)


def _row(letter: Letter, at: datetime) -> dict[str, Any]:
    return {
        "id": uuid4().hex,
        "stream": letter.stream,
        "channel": letter.channel.value,
        "kind": letter.kind,
        "recipient": letter.recipient,
        "payload": letter.payload,
        "booking": letter.booking,
        "meeting": letter.meeting,
        "referral": letter.referral,
        "not_before": letter.not_before,
        "expires_at": letter.expires_at,
        "message_id": letter.message_id,
        "created_at": at,
        "finished_at": None,
        "status": LetterStatus.PENDING.value,
        "attempts": 0,
        "failures": 0,
        "outcome_unknown": False,
    }
