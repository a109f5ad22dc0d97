"""Meetings, bookings and invitations. What may not happen twice is a unique index here (promise 1)."""

from datetime import date, datetime, time

import sqlalchemy as sa
from sqlmodel import Field

from schedules.store.tables.base import Row, enum, index_where, key, unique_where

BOOKED = "status = 'booked'"
LIVE = "status IN ('proposed', 'booked')"
ONE_PER_SLOT = "uq_booking_live_slot"
ONE_PER_REFERRAL = "uq_booking_live_referral"


class MeetingRow(Row, table=True):
    """One occasion of a team; `start` and `end` are local wall times, `…_at` UTC."""

    __tablename__ = "meeting"
    __table_args__ = (sa.Index("ix_meeting_team_day", "team", "day"),)
    id: str = key()
    team: str = Field(foreign_key="team.id")
    day: date
    start: time
    end: time
    starts_at: datetime
    ends_at: datetime
    place: str
    link: str | None = None
    status: str = enum()
    series_anchor: date | None = None
    series_weeks: int
    occurrence: int | None = None
    reserve_released_on: date | None = None
    agenda_sent_at: datetime | None = None
    scheduled_at: datetime | None = None


class SlotRow(Row, table=True):
    """One case's time within a meeting."""

    __tablename__ = "slot"
    # Not unique: slots may change places within one transaction, and SQLite checks after each row.
    __table_args__ = (sa.Index("ix_slot_meeting_position", "meeting", "position"),)
    id: str = key()
    meeting: str = Field(foreign_key="meeting.id")
    position: int
    start: time
    end: time
    starts_at: datetime
    ends_at: datetime
    reserved: bool


class BookingRow(Row, table=True):
    """A referral's hold on a slot; live while proposed or booked."""

    __tablename__ = "booking"
    __table_args__ = (
        unique_where(ONE_PER_SLOT, "slot", where=LIVE),
        unique_where(ONE_PER_REFERRAL, "referral", where=LIVE),
        index_where("ix_booking_booked_team", "team", where=BOOKED),
    )
    id: str = key()
    referral: str = Field(foreign_key="referral.id", index=True)
    team: str = Field(foreign_key="team.id")
    meeting: str = Field(foreign_key="meeting.id", index=True)
    slot: str = Field(foreign_key="slot.id", index=True)
    status: str = enum()
    uid: str = Field(unique=True)
    sequence: int
    calls_at: datetime | None = None
    created_at: datetime


class SeatRow(Row, table=True):
    """A requested party's place in a booking."""

    __tablename__ = "seat"
    booking: str = key(foreign_key="booking.id")
    party: str = key(foreign_key="party.id")
    position: int
    representative: str = Field(foreign_key="person.id")
    stand_in: str | None = Field(default=None, foreign_key="person.id")


class BusyRow(Row, table=True):
    """One person's five minutes (`tick` = minutes since 1970 UTC, divided by five) in a live booking.

    The primary key is what keeps a person in one place at a time, also across teams.
    """

    __tablename__ = "busy"
    person: str = key(foreign_key="person.id")
    tick: int = Field(primary_key=True, sa_type=sa.BigInteger, sa_column_kwargs={"autoincrement": False})
    booking: str = Field(foreign_key="booking.id", index=True)


class InvitationRow(Row, table=True):
    """A call to one person for one booking; `roles` are values of Role joined by spaces."""

    __tablename__ = "invitation"
    id: str = key()
    public_id: str
    booking: str = Field(foreign_key="booking.id", index=True)
    person: str = Field(foreign_key="person.id", index=True)
    party: str | None = Field(default=None, foreign_key="party.id")
    roles: str
    answer: str = enum()
    answered_at: datetime | None = None
    answered_by: str | None = None
    identity_known_at: datetime | None = None
    last_sequence: int | None = None
    called_at: datetime
    live: bool


class DeclineRow(Row, table=True):
    """A representative's no to one call, kept when the booking moves on."""

    __tablename__ = "decline"
    id: str = key()
    invitation: str = Field(foreign_key="invitation.id", index=True)
    booking: str = Field(foreign_key="booking.id", index=True)
    meeting: str = Field(foreign_key="meeting.id")
    party: str = Field(foreign_key="party.id")
    person: str = Field(foreign_key="person.id")
    reason: str | None = Field(default=None, max_length=32)
    deputy: str | None = Field(default=None, foreign_key="person.id")
    called_at: datetime
    declined_at: datetime
    contact: str | None = Field(default=None, foreign_key="person.id")
    contact_asked_at: datetime | None = None


class PublicIdRow(Row, table=True):
    """Every public id that an invitation has had; old ones keep leading to it."""

    __tablename__ = "invitation_public_id"
    public_id: str = key()
    invitation: str = Field(foreign_key="invitation.id", index=True)
