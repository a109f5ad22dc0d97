"""Due rows: what the ticks look for."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from schedules.ports import Due, DueKind, DueOutcome
from schedules.store.statements import among, database_time, insert_into, listed
from schedules.store.tables import DUE, TEAM
from schedules.store.transaction import Transaction

# Written out, not bound, so that SQLite sees that the partial index serves.
_IS_OPEN = sa.text("due.outcome = 'open'")
_HAS_COME = DUE.c.at <= sa.bindparam("now")
_FREE = DUE.c.lease_until.is_(None) | (DUE.c.lease_until <= database_time())
_CLAIMABLE = (
    sa.select(TEAM.c.id)
    .where(
        TEAM.c.id.in_(sa.select(DUE.c.team).where(_IS_OPEN, _HAS_COME)),
        TEAM.c.id.not_in(sa.select(DUE.c.team).where(_IS_OPEN, _HAS_COME, ~_FREE)),
        TEAM.c.id.not_in(sa.bindparam("besides", expanding=True)),
    )
    .order_by(TEAM.c.id)
    .limit(1)
)
# The lock that those who change the plan take: whoever finds it taken looks at the next team.
_ONE_TEAM = _CLAIMABLE.with_for_update(key_share=True, skip_locked=True)
_CLAIM = (
    sa.update(DUE)
    .where(_IS_OPEN, _HAS_COME, _FREE, DUE.c.team == sa.bindparam("of_team"))
    .values(
        lease_owner=sa.bindparam("owner"),
        lease_until=database_time(sa.bindparam("lease_seconds", type_=sa.Float())),
    )
    .returning(*DUE.columns)
)
_RELEASE = (
    sa.update(DUE)
    .where(among(DUE.c.id), DUE.c.lease_owner == sa.bindparam("owner"), _IS_OPEN)
    .values(lease_owner=None, lease_until=None)
)
_OPEN = sa.select(DUE.c.id).where(among(DUE.c.id), _IS_OPEN)
_NEXT = sa.select(DUE.c.at, DUE.c.kind).where(_IS_OPEN).order_by(DUE.c.at, DUE.c.id).limit(1)
_ENDED: dict[str, Any] = {
    "outcome": sa.bindparam("ended"),
    "closed_at": sa.bindparam("ended_at"),
    "note": sa.bindparam("why"),
    "lease_owner": None,
    "lease_until": None,
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
    moved = {"at": statement.excluded.at, "lease_owner": None, "lease_until": None}
    return statement.on_conflict_do_update(
        index_elements=["kind", "subject", "round"], set_=moved, where=_IS_OPEN
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

    def claim(
        self, owner: str, now: datetime, lease: timedelta, besides: Collection[str] = ()
    ) -> tuple[Due, ...]:
        """Lease one team's open rows whose time has come, oldest first; none if no team's are free.

        Raises LockTimeout, on SQLite only: there a claim is a BEGIN IMMEDIATE.
        """
        # No team's id is empty; SQLite would read an empty list as one more table.
        which = {"now": now, "besides": ["", *sorted(besides)]}
        # Looked for first without a lock, so that an idle tick keeps no writer waiting.
        if self._transaction.first(_CLAIMABLE, which) is None:
            return ()
        team = next(iter(self._transaction.write(_ONE_TEAM, which).rows), None)
        if team is None:
            return ()
        mine = {"owner": owner, "lease_seconds": lease.total_seconds()}
        rows = self._transaction.write(_CLAIM, {"now": now, "of_team": team.id} | mine).rows
        found = (Due(r.id, DueKind(r.kind), r.subject, r.team, r.at, r.round) for r in rows)
        return tuple(sorted(found, key=lambda due: (due.at, due.id)))

    def release(self, owner: str, rows: Collection[str]) -> None:
        """Give back what was claimed and is still open."""
        self._transaction.write(_RELEASE, listed(rows) | {"owner": owner})

    def open_of(self, rows: Collection[str]) -> set[str]:
        """Those that are still to be done."""
        return {row.id for row in self._transaction.rows(_OPEN, listed(rows))}

    def close(self, due: str, outcome: DueOutcome, at: datetime, note: str = "") -> None:
        """Record how it ended; how a row has ended never changes."""
        values = {"due_id": due, "ended": outcome.value, "ended_at": at, "why": note}
        self._transaction.later(_CLOSE, values)

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
