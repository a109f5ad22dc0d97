"""Due rows: what the ticks look for."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from schedules.ports import Due, DueKind, DueOutcome
from schedules.store.statements import among, insert_into
from schedules.store.tables import DUE
from schedules.store.transaction import Transaction

# Written out, not bound, so that SQLite sees that the partial index serves.
_IS_OPEN = sa.text("due.outcome = 'open'")
_UNTIL = (
    sa.select(DUE)
    .where(_IS_OPEN, DUE.c.at <= sa.bindparam("now"))
    .order_by(DUE.c.at, DUE.c.id)
    .limit(sa.bindparam("most"))
)
_OPEN = sa.select(DUE.c.id).where(DUE.c.id == sa.bindparam("due_id"), _IS_OPEN)
_NEXT = sa.select(DUE.c.at, DUE.c.kind).where(_IS_OPEN).order_by(DUE.c.at, DUE.c.id).limit(1)
_ENDED: dict[str, Any] = {
    "outcome": sa.bindparam("ended"),
    "closed_at": sa.bindparam("ended_at"),
    "note": sa.bindparam("why"),
}
_CLOSE = sa.update(DUE).where(DUE.c.id == sa.bindparam("due_id"), _IS_OPEN).values(_ENDED)
_DROP = (
    sa.update(DUE)
    .where(DUE.c.subject == sa.bindparam("about"), among(DUE.c.kind, "kinds"), _IS_OPEN)
    .values(_ENDED)
)


@cache
def _plan(dialect: str) -> sa.Insert:
    statement = insert_into(dialect, DUE)
    return statement.on_conflict_do_update(
        index_elements=["kind", "subject", "round"], set_={"at": statement.excluded.at}, where=_IS_OPEN
    )


class SqlDueStore:
    """`DueStore` over the table."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def plan(self, due: Due) -> None:
        """Insert; the same (kind, subject, round) again replaces `at` while the row is open."""
        row = {
            "id": due.id,
            "kind": due.kind.value,
            "subject": due.subject,
            "team": due.team,
            "at": due.at,
            "round": due.round,
            "outcome": DueOutcome.OPEN.value,
            "note": "",
        }
        self._transaction.later(_plan(self._transaction.dialect), row)

    def open_until(self, now: datetime, limit: int) -> tuple[Due, ...]:
        """Open rows whose time has come, oldest first."""
        rows = self._transaction.rows(_UNTIL, {"now": now, "most": limit})
        return tuple(Due(r.id, DueKind(r.kind), r.subject, r.team, r.at, r.round) for r in rows)

    def is_open(self, due: str) -> bool:
        """Whether the row is still to be done."""
        return self._transaction.first(_OPEN, {"due_id": due}) is not None

    def close(self, due: str, outcome: DueOutcome, at: datetime, note: str = "") -> None:
        """Record how it ended; how a row has ended never changes."""
        values = {"due_id": due, "ended": outcome.value, "ended_at": at, "why": note}
        self._transaction.write(_CLOSE, values)

    def drop_for(self, subject: str, kinds: Collection[DueKind], at: datetime, note: str) -> None:
        """Drop the open rows of those kinds for one subject."""
        values = {
            "about": subject,
            "kinds": sorted(kinds),
            "ended": DueOutcome.DROPPED.value,
            "ended_at": at,
            "why": note,
        }
        self._transaction.write(_DROP, values)

    def next_at(self) -> tuple[datetime, DueKind] | None:
        """The earliest open row, or None."""
        row = self._transaction.first(_NEXT)
        return (row.at, DueKind(row.kind)) if row else None
