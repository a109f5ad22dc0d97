"""The follow-ups of cases: that somebody is asked, and whether they answered; never what."""

from datetime import date, datetime

from sqlmodel import Field

from schedules.store.tables.base import Row, enum, index_where, key

ASKED = "status = 'asked'"


class FollowUpRow(Row, table=True):
    """The one follow-up of a case, after its last meeting."""

    __tablename__ = "follow_up"
    __table_args__ = (
        index_where("ix_follow_up_asked", "asked", where=ASKED),
        index_where("ix_follow_up_asked_team", "team", where=ASKED),
    )
    case: str = key(foreign_key="case_record.id")
    referral: str = Field(foreign_key="referral.id")
    team: str = Field(foreign_key="team.id")
    meeting_day: date
    status: str = enum()
    asked: str | None = None
    closed_at: datetime | None = None
