"""What was reported of the cases' times; results are encrypted with the case's own key."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from schedules.domain.figures.facts import Feedback
from schedules.domain.meeting_report import CaseReport, Result
from schedules.errors import Erased, Outdated
from schedules.store.database_errors import refusing
from schedules.store.encryption import Wrapper, decrypt_result, encrypt_result
from schedules.store.tables import CASE, CASE_REPORT, REFERRAL
from schedules.store.tables.outcomes import OWED
from schedules.store.transaction import Transaction

_OPEN = sa.select(*(column for column in CASE_REPORT.columns if column.name != "protected"))
_IN_ORDER = (CASE_REPORT.c.reported_at, CASE_REPORT.c.booking)
_OF_BOOKING = _OPEN.where(CASE_REPORT.c.booking == sa.bindparam("of"))
_OF_MEETING = _OPEN.where(CASE_REPORT.c.meeting == sa.bindparam("of")).order_by(*_IN_ORDER)
_OF_REFERRAL = _OPEN.where(CASE_REPORT.c.referral == sa.bindparam("of")).order_by(*_IN_ORDER)
# Written out, not bound, so that SQLite sees that the partial index serves.
_IS_OWED = sa.text(f"case_report.{OWED}")
# Nobody can look up what to tell the person of a case that is blocked or erased.
_OF_OPEN_CASES = (
    _OPEN.join(REFERRAL, CASE_REPORT.c.referral == REFERRAL.c.id)
    .join(CASE, REFERRAL.c.case == CASE.c.id)
    .where(CASE.c.blocked_at.is_(None), CASE.c.data_key.is_not(None), _IS_OWED)
)
_OWED = _OF_OPEN_CASES.where(CASE_REPORT.c.team == sa.bindparam("of")).order_by(*_IN_ORDER)
_OWED_BY = _OF_OPEN_CASES.where(
    (REFERRAL.c.referrer == sa.bindparam("of")) | (REFERRAL.c.owner == sa.bindparam("of"))
).order_by(*_IN_ORDER)
_DATA_KEY = (
    sa.select(CASE.c.data_key)
    .join(REFERRAL, REFERRAL.c.case == CASE.c.id)
    .where(REFERRAL.c.id == sa.bindparam("of"))
)
_PROTECTED = (
    sa.select(CASE_REPORT.c.protected, CASE.c.data_key)
    .join(REFERRAL, CASE_REPORT.c.referral == REFERRAL.c.id)
    .join(CASE, REFERRAL.c.case == CASE.c.id)
    .where(CASE_REPORT.c.booking == sa.bindparam("of"))
)
_ADD = sa.insert(CASE_REPORT)
_AMEND = (
    sa.update(CASE_REPORT)
    .where(CASE_REPORT.c.booking == sa.bindparam("of"))
    .values(protected=sa.bindparam("sealed"), feedback=sa.bindparam("new_feedback"))
)
_GIVE = (
    sa.update(CASE_REPORT)
    .where(CASE_REPORT.c.booking == sa.bindparam("of"), _IS_OWED)
    .values(
        feedback=Feedback.GIVEN.value, feedback_by=sa.bindparam("given_by"), feedback_at=sa.bindparam("at")
    )
)


class OutcomeTable:
    """`OutcomeStore` over the table."""

    def __init__(self, transaction: Transaction, wrapper: Wrapper) -> None:
        self._transaction = transaction
        self._wrapper = wrapper

    def add(self, report: CaseReport, result: Result) -> None:
        """Insert the report of a booking. Raises KeyError, Erased; Outdated: it is reported already."""
        sealed = self._sealed(report.referral, result)
        row = asdict(report) | {"feedback": report.feedback.value, "protected": sealed}
        with refusing("pk_case_report", "case_report.booking", error=Outdated):
            self._transaction.write(_ADD, row)

    def amend(self, report: CaseReport, result: Result) -> None:
        """Replace the result of a reported booking, and whether feedback is owed. Raises KeyError, Erased."""
        self._transaction.start_writing()
        sealed = self._sealed(report.referral, result)
        values = {"of": report.booking, "sealed": sealed, "new_feedback": report.feedback.value}
        self._transaction.write(_AMEND, values)

    def of_booking(self, booking: str) -> CaseReport | None:
        """The booking's report."""
        row = self._transaction.first(_OF_BOOKING, {"of": booking})
        return _report(row) if row else None

    def of_meeting(self, meeting: str) -> tuple[CaseReport, ...]:
        """The meeting's reports, in the order in which they were made."""
        return self._many(_OF_MEETING, meeting)

    def of_referral(self, referral: str) -> tuple[CaseReport, ...]:
        """The referral's reports, in the order in which they were made."""
        return self._many(_OF_REFERRAL, referral)

    def owed_feedback(self, team: str) -> tuple[CaseReport, ...]:
        """The team's reports whose person is still to be told, oldest first; not of sealed cases."""
        return self._many(_OWED, team)

    def owed_feedback_by(self, person: str) -> tuple[CaseReport, ...]:
        """The same for the cases that the person raised or owns."""
        return self._many(_OWED_BY, person)

    def result(self, booking: str) -> Result:
        """What was reported, decrypted. Raises KeyError if unknown, Erased. The caller audits first."""
        row = self._transaction.first(_PROTECTED, {"of": booking})
        if row is None:
            raise KeyError(booking)
        if row.data_key is None or row.protected is None:
            raise Erased(booking=booking)
        return decrypt_result(row.protected, self._wrapper.unwrap(row.data_key))

    def give_feedback(self, booking: str, by: str, at: datetime) -> None:
        """Record who told the person, and when."""
        self._transaction.write(_GIVE, {"of": booking, "given_by": by, "at": at})

    def _sealed(self, referral: str, result: Result) -> str:
        key = self._transaction.first(_DATA_KEY, {"of": referral})
        if key is None:
            raise KeyError(referral)
        if key.data_key is None:
            raise Erased(referral=referral)
        return encrypt_result(result, self._wrapper.unwrap(key.data_key))

    def _many(self, statement: sa.Executable, of: str) -> tuple[CaseReport, ...]:
        return tuple(map(_report, self._transaction.rows(statement, {"of": of})))


def _report(row: sa.Row[Any]) -> CaseReport:
    return CaseReport(
        booking=row.booking,
        referral=row.referral,
        meeting=row.meeting,
        team=row.team,
        held=row.held,
        feedback=Feedback(row.feedback),
        reported_by=row.reported_by,
        reported_at=row.reported_at,
        feedback_by=row.feedback_by,
        feedback_at=row.feedback_at,
    )
