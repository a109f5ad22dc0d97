"""De-identified facts for the figures, the links to them, and what reports have shown.

A month is written YYYY-MM. Nothing here leads back to a case: only `fact_link` does, and erasure cuts it.
"""

import sqlalchemy as sa
from sqlmodel import Field

from schedules.store.tables.base import Row, association, enum, key


class FactLinkRow(Row, table=True):
    """From an id of ours to the opaque id of its fact."""

    __tablename__ = "fact_link"
    subject: str = key()
    fact: str = Field(unique=True)


class FactCaseRow(Row, table=True):
    """A case, which the figures call a person."""

    __tablename__ = "fact_case"
    id: str = key()
    association_id: str = association()
    team: str = Field(index=True)
    municipality: str
    party: str
    gender: str = enum()
    raised: str = Field(max_length=7)
    ended: str | None = Field(default=None, max_length=7)
    ending: str | None = Field(default=None, max_length=32)


class FactReferralRow(Row, table=True):
    """A referral and its first meeting."""

    __tablename__ = "fact_referral"
    id: str = key()
    association_id: str = association()
    case: str
    team: str = Field(index=True)
    municipality: str
    party: str
    month: str = Field(max_length=7)
    urgency: str = enum()
    requested: list[str] = Field(sa_type=sa.JSON)
    met: str | None = Field(default=None, max_length=7)
    waiting_days: int | None = None
    within_goal: bool | None = None


class FactMeetingRow(Row, table=True):
    """A meeting of the plan."""

    __tablename__ = "fact_meeting"
    id: str = key()
    association_id: str = association()
    team: str = Field(index=True)
    municipality: str
    month: str = Field(max_length=7)
    state: str = enum()
    slots_offered: int
    slots_used: int


class FactCallRow(Row, table=True):
    """One party's call to one time."""

    __tablename__ = "fact_call"
    id: str = key()
    association_id: str = association()
    meeting: str
    team: str = Field(index=True)
    municipality: str
    party: str
    organisation: str
    month: str = Field(max_length=7)
    attendance: str = enum()
    days_to_answer: int | None = None


class FactOutcomeRow(Row, table=True):
    """What came of one case's time."""

    __tablename__ = "fact_outcome"
    id: str = key()
    association_id: str = association()
    case: str
    team: str = Field(index=True)
    municipality: str
    month: str = Field(max_length=7)
    outcome: str = enum()
    present: list[str] = Field(sa_type=sa.JSON)
    organisations: int
    took_part: str = enum()
    feedback: str = enum()
    decisions: list[str] = Field(sa_type=sa.JSON)
    missed: list[str] = Field(sa_type=sa.JSON)
    follow_on: bool


class FactFollowUpRow(Row, table=True):
    """A follow-up that was closed."""

    __tablename__ = "fact_follow_up"
    id: str = key()
    association_id: str = association()
    case: str
    team: str = Field(index=True)
    municipality: str
    month: str = Field(max_length=7)
    before: str = enum()
    after: str = enum()
    by_caseworker: str = enum()
    by_person: str = enum()


class ReportShownRow(Row, table=True):
    """Which counts a page's reports of a period have shown, as "row who" (docs/figures.md)."""

    __tablename__ = "report_shown"
    page: str = key()
    since: str = key(max_length=7)
    until: str = key(max_length=7)
    counts: list[str] = Field(sa_type=sa.JSON)


class ReportClosedRow(Row, table=True):
    """A month that a page's reports have taken in, and its counts then by "row gender" (docs/figures.md)."""

    __tablename__ = "report_closed"
    page: str = key()
    month: str = key(max_length=7)
    counts: dict[str, int] = Field(sa_type=sa.JSON)
