"""What was reported of the cases' times at meetings."""

from datetime import datetime

from sqlmodel import Field

from schedules.store.tables.base import Row, enum, index_where, key

OWED = "feedback = 'owed'"


class CaseReportRow(Row, table=True):
    """The report of one booking. What came of it is one ciphertext; None once the case is erased."""

    __tablename__ = "case_report"
    __table_args__ = (index_where("ix_case_report_owed_team", "team", where=OWED),)
    booking: str = key(foreign_key="booking.id")
    referral: str = Field(foreign_key="referral.id", index=True)
    meeting: str = Field(foreign_key="meeting.id", index=True)
    team: str = Field(foreign_key="team.id")
    held: bool
    feedback: str = enum()
    reported_by: str
    reported_at: datetime
    feedback_by: str | None = None
    feedback_at: datetime | None = None
    protected: str | None = None


class ErasedReportRow(Row, table=True):
    """How many cases that were taken up at a meeting have been erased since: the meeting's figures keep them.

    No key leads to the meeting: it may go, as any that nothing refers to.
    """

    __tablename__ = "erased_report"
    meeting: str = key()
    held: int
