"""The outbox: one row per message and recipient, in streams whose order is kept (promise 3)."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from schedules.store.tables.base import Row, enum, index_where, key

UNFINISHED = "status IN ('pending', 'claimed')"
ALONE = "meeting IS NULL AND referral IS NULL AND kind <> 'home'"


class LetterRow(Row, table=True):
    """A message on its way. Leases are in the database's own time, everything else in the clock's."""

    __tablename__ = "outbox"
    __table_args__ = (
        sa.UniqueConstraint("stream", "position", name="uq_outbox_stream_position"),
        index_where("ix_outbox_unfinished", "channel", "not_before", where=UNFINISHED),
        index_where("ix_outbox_failed", "meeting", where="status = 'failed'"),
        index_where("ix_outbox_failed_referral", "referral", where="status = 'failed'"),
        # How erasure finds the messages that name a case.
        index_where("ix_outbox_meeting", "meeting", where="meeting IS NOT NULL"),
        index_where("ix_outbox_referral", "referral", where="referral IS NOT NULL"),
        index_where("ix_outbox_alone", "created_at", where=ALONE),
    )
    id: str = key()
    stream: str
    position: int
    channel: str = enum()
    kind: str = Field(max_length=64)
    recipient: str
    payload: str
    booking: str | None = None
    meeting: str | None = None
    referral: str | None = None
    not_before: datetime
    expires_at: datetime | None = None
    created_at: datetime
    status: str = enum()
    attempts: int
    failures: int
    lease_owner: str | None = None
    lease_until: datetime | None = None
    outcome_unknown: bool
    finished_at: datetime | None = None
    sent_at: datetime | None = None
    ref: str | None = None
    message_id: str | None = Field(default=None, index=True)
    reason: str | None = None
