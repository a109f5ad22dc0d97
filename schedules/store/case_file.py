"""What belongs to a case, read across the tables."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from schedules.domain.case_file import AuditLine, SentMessage
from schedules.domain.plan import Invitation
from schedules.store.invitations import COLUMNS, invitation_of
from schedules.store.statements import among, listed
from schedules.store.tables import AUDIT, INVITATION, LETTER
from schedules.store.transaction import Transaction

_CALLS = (
    sa.select(*COLUMNS)
    .where(INVITATION.c.booking == sa.bindparam("of_booking"))
    .order_by(INVITATION.c.called_at, INVITATION.c.person, INVITATION.c.id)
)
_IN_ORDER = (LETTER.c.created_at, LETTER.c.stream, LETTER.c.position)
_MESSAGES = (
    sa.select(LETTER)
    .where(sa.or_(among(LETTER.c.booking, "bookings"), among(LETTER.c.referral, "referrals")))
    .order_by(*_IN_ORDER)
)
_CARDS = (
    sa.select(LETTER)
    .where(
        LETTER.c.booking.is_(None),
        among(LETTER.c.meeting, "meetings"),
        among(LETTER.c.recipient, "recipients"),
        LETTER.c.created_at >= sa.bindparam("since"),
    )
    .order_by(*_IN_ORDER)
)
_AUDIT = sa.select(AUDIT).where(among(AUDIT.c.subject)).order_by(AUDIT.c.at, AUDIT.c.id)


class CaseFileTables:
    """`CaseFiles` over the tables."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def calls(self, booking: str) -> tuple[Invitation, ...]:
        """The booking's invitations, those that have ended too, by when they were made."""
        return tuple(map(invitation_of, self._transaction.rows(_CALLS, {"of_booking": booking})))

    def messages(self, bookings: Collection[str], referrals: Collection[str]) -> tuple[SentMessage, ...]:
        """What was written about the bookings or referrals, in order of time."""
        return self._written(_MESSAGES, {"bookings": sorted(bookings), "referrals": sorted(referrals)})

    def cards(
        self, meetings: Collection[str], recipients: Collection[str], since: datetime
    ) -> tuple[SentMessage, ...]:
        """What was written to them about the meetings as a whole, which gathers a reader's cases."""
        values = {"meetings": sorted(meetings), "recipients": sorted(recipients), "since": since}
        return self._written(_CARDS, values)

    def audit(self, subjects: Collection[str]) -> tuple[AuditLine, ...]:
        """The lines of the audit trail about these ids of ours, in order of time."""
        rows = self._transaction.rows(_AUDIT, listed(subjects))
        return tuple(AuditLine(row.actor, row.party, row.action, row.subject, row.at) for row in rows)

    def _written(self, statement: sa.Executable, values: dict[str, Any]) -> tuple[SentMessage, ...]:
        return tuple(
            SentMessage(
                row.channel, row.kind, row.recipient, row.booking, row.meeting, row.created_at, row.sent_at
            )
            for row in self._transaction.rows(statement, values)
        )
