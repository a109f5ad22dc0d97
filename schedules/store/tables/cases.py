"""Cases and referrals. Protected fields are one ciphertext; the own reference is found by its HMAC."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field

from schedules.store.tables.base import Row, association, enum, key, unique_where

OPEN = "status IN ('active', 'waiting', 'returned')"
ONE_PER_OWN_REFERENCE = "uq_referral_own_reference"
ONE_PER_VIEW = "uq_referral_view_id"


class CaseRow(Row, table=True):
    """A case: its owner, its responsible party, and its data key, wrapped; None once the case is erased.

    `blocked_at` is when the person's consent was withdrawn.
    """

    __tablename__ = "case_record"
    __table_args__ = (sa.UniqueConstraint("team", "reference", name="uq_case_record_team_reference"),)
    id: str = key()
    association_id: str = association()
    team: str = Field(foreign_key="team.id")
    reference: str
    party: str = Field(foreign_key="party.id")
    owner: str = Field(foreign_key="person.id")
    created_at: datetime
    data_key: str | None = None
    blocked_at: datetime | None = None


class ReferralRow(Row, table=True):
    """A referral; lists keep their order."""

    __tablename__ = "referral"
    __table_args__ = (
        sa.Index("ix_referral_team_status", "team", "status"),
        sa.Index("ix_referral_own_reference_hmac", "own_reference_hmac"),
        unique_where(
            ONE_PER_OWN_REFERENCE,
            "team",
            "own_reference_hmac",
            where=f"own_reference_hmac IS NOT NULL AND {OPEN}",
        ),
        sa.UniqueConstraint("view_id", name=ONE_PER_VIEW),
    )
    id: str = key()
    case: str = Field(foreign_key="case_record.id", index=True)
    team: str = Field(foreign_key="team.id")
    referrer: str = Field(foreign_key="person.id", index=True)
    owner: str = Field(foreign_key="person.id", index=True)
    status: str = enum()
    parties: list[str] = Field(sa_type=sa.JSON)
    categories: list[str] = Field(sa_type=sa.JSON)
    flags: list[str] = Field(sa_type=sa.JSON)
    person_takes_part: str = enum()
    urgency: str = enum()
    not_before: date | None = None
    submitted_at: datetime
    view_id: str | None = None
    own_reference_hmac: str | None = Field(default=None, max_length=64)
    protected: str | None = None


class CounterRow(Row, table=True):
    """The last running number given in a team and year."""

    __tablename__ = "reference_counter"
    team: str = key(foreign_key="team.id")
    year: int = Field(primary_key=True)
    value: int
