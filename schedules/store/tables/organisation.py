"""The organisation as tables. Ids of parties, people and teams are those of the organisation file."""

from datetime import date, datetime, time

import sqlalchemy as sa
from sqlmodel import Field

from schedules.store.tables.base import Row, association, enum, key, switch


class AssociationRow(Row, table=True):
    """The association's own settings: one row."""

    __tablename__ = "association"
    id: str = key()
    name: str
    timezone: str
    from_age: int
    to_age: int
    process_leaders: list[str] = Field(sa_type=sa.JSON)
    administrators: list[str] = Field(sa_type=sa.JSON)
    retention_decision: str | None = None
    protected_months: int
    all_months: int
    audit_years: int


class PartyRow(Row, table=True):
    """A party; `position` is its place in the file."""

    __tablename__ = "party"
    id: str = key()
    association_id: str = association()
    name: str
    kind: str = enum()
    organisation: str | None = None
    slack_group: str | None = None
    contact: str | None = None
    position: int
    retired_at: datetime | None = None


class PersonRow(Row, table=True):
    """A person; `source` is the file or a party's Slack user group."""

    __tablename__ = "person"
    id: str = key()
    association_id: str = association()
    party: str = Field(foreign_key="party.id", index=True)
    name: str
    email: str | None = None
    phone: str | None = None
    language: str | None = Field(default=None, max_length=32)
    own_language: str | None = Field(default=None, max_length=32)
    mail_bounced_at: datetime | None = None
    comes_unless_declined: bool = switch(on=False)
    source: str = enum()
    position: int
    retired_at: datetime | None = None


class IdentityRow(Row, table=True):
    """A Slack identity of a person."""

    __tablename__ = "person_identity"
    __table_args__ = (sa.UniqueConstraint("user", name="uq_person_identity_user"),)
    workspace: str = key()
    user: str = key()
    person: str = Field(foreign_key="person.id", index=True)
    position: int


class TeamRow(Row, table=True):
    """A team with its rules and goals. `revision` is a new random text at every change of any part of it."""

    __tablename__ = "team"
    id: str = key()
    association_id: str = association()
    revision: str
    name: str
    reference_prefix: str
    municipality: str
    channel: str | None = None
    coordinator: str = Field(foreign_key="person.id", index=True)
    place: str
    meeting_link: str | None = None
    lead_workdays: int
    urgent_lead_workdays: int
    agenda_workdays: int
    coordinator_confirms: bool
    confirm_by_itself_workdays: int
    confirms_by_itself: bool = switch(on=True)
    invite_delay_minutes: int
    answers: str = enum()
    language: str | None = Field(default=None, max_length=32)
    free_times_posts: bool = switch(on=True)
    pulse: bool = switch(on=True)
    cases_with_two_parties_per_year: int | None = None
    attendance_percent: int | None = None
    first_contact_days: int | None = None
    position: int
    retired_at: datetime | None = None


class DeputyCoordinatorRow(Row, table=True):
    """A deputy of the team's coordinator."""

    __tablename__ = "coordinator_deputy"
    team: str = key(foreign_key="team.id")
    position: int = Field(primary_key=True)
    person: str = Field(foreign_key="person.id", index=True)


class MembershipRow(Row, table=True):
    """A party's part in a team; the same party may come back later with a new row."""

    __tablename__ = "membership"
    team: str = key(foreign_key="team.id")
    position: int = Field(primary_key=True)
    party: str = Field(foreign_key="party.id", index=True)
    rhythm: str = enum()
    first: date | None = None
    from_date: date | None = None
    until: date | None = None


class RepresentativeRow(Row, table=True):
    """A party's person in a team; position 0 is asked first, the others are deputies."""

    __tablename__ = "representative"
    __table_args__ = (
        sa.ForeignKeyConstraint(["team", "membership"], ["membership.team", "membership.position"]),
    )
    team: str = key()
    membership: int = Field(primary_key=True)
    position: int = Field(primary_key=True)
    person: str = Field(foreign_key="person.id", index=True)


class ClosureRow(Row, table=True):
    """Days on which the team does not meet."""

    __tablename__ = "closure"
    team: str = key(foreign_key="team.id")
    position: int = Field(primary_key=True)
    from_date: date
    to_date: date
    reason: str


class SeriesRow(Row, table=True):
    """The rule for a term's meetings."""

    __tablename__ = "series"
    team: str = key(foreign_key="team.id")
    position: int = Field(primary_key=True)
    anchor: date
    start: time
    slots: int
    slot_minutes: int
    until: date
    weeks: int
    reserve_slots: int
    reserve_release_workdays: int


class AbsenceRow(Row, table=True):
    """Days, both included, on which a person is away."""

    __tablename__ = "absence"
    __table_args__ = (sa.Index("ix_absence_person_to_date", "person", "to_date"),)
    id: str = key()
    person: str = Field(foreign_key="person.id")
    from_date: date
    to_date: date


class HandoverRow(Row, table=True):
    """From that day on the successor does in the team what the person did; gone once the team says it."""

    __tablename__ = "handover"
    id: str = key()
    team: str = Field(foreign_key="team.id", index=True)
    person: str = Field(foreign_key="person.id")
    successor: str = Field(foreign_key="person.id", index=True)
    from_date: date
