"""The follow-ups of cases."""

from __future__ import annotations

from dataclasses import asdict

import sqlalchemy as sa

from schedules.domain.follow_up import FollowUp, FollowUpStatus
from schedules.store.statements import upsert
from schedules.store.tables import FOLLOW_UP, REFERRAL
from schedules.store.tables.follow_ups import ASKED
from schedules.store.transaction import Transaction

_ALL = sa.select(FOLLOW_UP)
_IN_ORDER = (FOLLOW_UP.c.meeting_day, FOLLOW_UP.c.case)
# Written out, not bound, so that SQLite sees that the partial indexes serve.
_IS_ASKED = sa.text(f"follow_up.{ASKED}")
_OF_CASE = _ALL.where(FOLLOW_UP.c.case == sa.bindparam("of"))
_IN_TEAM = _ALL.where(FOLLOW_UP.c.team == sa.bindparam("of"), _IS_ASKED).order_by(*_IN_ORDER)
_OF_PERSON = (
    _ALL.join(REFERRAL, FOLLOW_UP.c.referral == REFERRAL.c.id)
    .where((FOLLOW_UP.c.asked == sa.bindparam("of")) | (REFERRAL.c.owner == sa.bindparam("of")), _IS_ASKED)
    .order_by(*_IN_ORDER)
)


class FollowUpTable:
    """`FollowUpStore` over the table."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def of_case(self, case: str) -> FollowUp | None:
        """The case's follow-up."""
        return next(iter(self._many(_OF_CASE, case)), None)

    def save(self, follow_up: FollowUp) -> None:
        """Insert or update."""
        row = asdict(follow_up) | {"status": follow_up.status.value}
        self._transaction.write(upsert(self._transaction.dialect, FOLLOW_UP), row)

    def asked_of(self, person: str) -> tuple[FollowUp, ...]:
        """Those that wait for the person, who is asked or owns the case, oldest meeting first."""
        return self._many(_OF_PERSON, person)

    def asked_in(self, team: str) -> tuple[FollowUp, ...]:
        """All that wait in a team, oldest meeting first."""
        return self._many(_IN_TEAM, team)

    def _many(self, statement: sa.Executable, of: str) -> tuple[FollowUp, ...]:
        rows = self._transaction.rows(statement, {"of": of})
        return tuple(
            FollowUp(
                row.case,
                row.referral,
                row.team,
                row.meeting_day,
                FollowUpStatus(row.status),
                row.asked,
                row.closed_at,
            )
            for row in rows
        )
