"""Outbox rows written in the deciding transaction (promise 3)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import partial
from secrets import token_hex
from typing import Any

import sqlalchemy as sa

from schedules.errors import LockTimeout
from schedules.ports import Channel, FailedLetter, Letter
from schedules.store.database_errors import refusing
from schedules.store.letter_status import LetterStatus
from schedules.store.statements import among, fixed, listed
from schedules.store.tables import LETTER, MEETING, REFERRAL
from schedules.store.transaction import Transaction

STANDING = (LetterStatus.PENDING, LetterStatus.CLAIMED, LetterStatus.SENT)
_SUPERSEDE = (
    sa.update(LETTER)
    .where(
        LETTER.c.stream == sa.bindparam("of_stream"),
        # Two at most, so that many rows can be superseded by one statement.
        LETTER.c.kind.in_([sa.bindparam("one_kind"), sa.bindparam("other_kind")]),
        LETTER.c.status == fixed(LetterStatus.PENDING),
        LETTER.c.attempts == 0,
    )
    .values(status=LetterStatus.SUPERSEDED.value, finished_at=sa.bindparam("now"))
)


_LATEST = LETTER.alias("latest")
_LAST_WORDS = (
    sa.select(sa.func.max(_LATEST.c.position))
    .where(
        _LATEST.c.stream == sa.bindparam("of_stream"),
        sa.or_(*(_LATEST.c.status == fixed(status) for status in STANDING)),
    )
    .scalar_subquery()
)
# Locked, so that nothing of it is claimed between this reading and what follows from it.
_STREAM = (
    sa.select(
        LETTER.c.kind,
        LETTER.c.status,
        LETTER.c.attempts,
        LETTER.c.outcome_unknown,
        sa.case((LETTER.c.position == _LAST_WORDS, LETTER.c.payload)).label("words"),
    )
    .where(LETTER.c.stream == sa.bindparam("of_stream"))
    .with_for_update()
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
    LETTER.c.outcome_unknown.is_(sa.true()) | (LETTER.c.status == fixed(LetterStatus.SENT)),
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
        row = _row(letter, at)
        if letter.only_news or letter.needs_sent or letter.corrects:
            if not self._goes_on(letter, row, at):
                return None
        elif letter.replaces:
            self._supersede(letter.stream, letter.replaces, at)
        self._transaction.later(_INSERT, row | {"of_stream": letter.stream}, _REFUSED)
        return str(row["id"])

    def _goes_on(self, letter: Letter, row: dict[str, Any], at: datetime) -> bool:
        """Whether the row is to follow what its stream holds, which is read once."""
        stream = self._transaction.rows(_STREAM, {"of_stream": letter.stream})
        if letter.only_news and letter.payload in {one.words for one in stream}:
            return False
        pending = [one for one in stream if _is_unsent(one)]
        left = {one.kind for one in stream if one not in pending and _may_leave(one)}
        if not left.isdisjoint(letter.corrects):
            row["expires_at"] = None
        if any(one.kind in letter.replaces for one in pending):
            self._supersede(letter.stream, letter.replaces, at)
        left |= {one.kind for one in pending if one.kind not in letter.replaces}
        return not (letter.needs_sent and left.isdisjoint(letter.needs_sent))

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


def _is_unsent(row: sa.Row[Any]) -> bool:
    """Whether it can be superseded: what was claimed once may have left."""
    return bool(row.status == LetterStatus.PENDING and row.attempts == 0)


def _may_leave(row: sa.Row[Any]) -> bool:
    """Whether it has left, may have, or will: all but what was superseded, or dropped before its call."""
    return bool(row.outcome_unknown or row.status not in {LetterStatus.SUPERSEDED, LetterStatus.DROPPED})


def _letter(row: sa.Row[Any]) -> FailedLetter:
    return FailedLetter(row.id, Channel(row.channel), row.recipient, row.booking, row.meeting, row.referral)


def _row(letter: Letter, at: datetime) -> dict[str, Any]:
    return {
        "id": token_hex(16),
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
