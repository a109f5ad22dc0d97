"""Who did or saw what (promise 6)."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from schedules.store.tables import ASSOCIATION, AUDIT
from schedules.store.transaction import Transaction

_INSERT = sa.insert(AUDIT).inline()


class AuditTable:
    """`AuditStore` over the table."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def record(self, actor: str, party: str | None, action: str, subject: str, at: datetime) -> None:
        """Add one line."""
        line = {
            "association_id": ASSOCIATION,
            "actor": actor,
            "party": party,
            "action": action,
            "subject": subject,
            "at": at,
        }
        self._transaction.later(_INSERT, line)
