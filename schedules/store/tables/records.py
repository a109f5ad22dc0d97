"""Due work, the audit trail, settings and wrapped secrets."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from schedules.store.tables.base import Row, association, enum, index_where, key, unique_where


class IncomingRow(Row, table=True):
    """A mail in our mailbox that was looked at, so that it is handled once. Codes, ids and times only.

    The mailbox may hold a mail twice, or number its mails anew: the same bytes are handled once, too.
    """

    __tablename__ = "incoming"
    __table_args__ = (
        sa.UniqueConstraint("account", "validity", "uid", name="uq_incoming_account_validity_uid"),
        unique_where("uq_incoming_digest", "digest", where="outcome <> 'left'"),
        sa.Index("ix_incoming_event_uid_attendee", "event_uid", "attendee"),
    )
    id: str = key()
    account: str
    validity: str
    uid: str
    digest: str = Field(max_length=64)
    kind: str = enum()
    outcome: str = enum()
    event_uid: str | None = None
    attendee: str | None = None
    sequence: int | None = None
    dtstamp: datetime | None = None
    handled_at: datetime


class DueRow(Row, table=True):
    """A thing to do at a time; one row per (kind, subject, round), whoever writes it."""

    __tablename__ = "due"
    __table_args__ = (
        sa.UniqueConstraint("kind", "subject", "round", name="uq_due_kind_subject_round"),
        index_where("ix_due_open_at", "at", where="outcome = 'open'"),
        sa.Index("ix_due_subject", "subject"),
    )
    id: str = key()
    kind: str = enum()
    subject: str
    team: str
    at: datetime
    round: int
    outcome: str = enum()
    closed_at: datetime | None = None
    note: str
    lease_owner: str | None = None
    lease_until: datetime | None = None


class AuditRow(Row, table=True):
    """Who did or saw what, when. `reference` is set once the case is erased: no row leads to it any more."""

    __tablename__ = "audit"
    __table_args__ = (
        sa.Index("ix_audit_subject", "subject"),
        sa.Index("ix_audit_at", "at"),
        index_where("ix_audit_reference", "reference", where="reference IS NOT NULL"),
    )
    id: int | None = Field(default=None, primary_key=True)
    association_id: str = association()
    actor: str
    party: str | None = None
    action: str
    subject: str
    at: datetime
    reference: str | None = None


class SettingRow(Row, table=True):
    """Small settings and the organisation file applied last."""

    __tablename__ = "setting"
    key: str = key()
    value: str


class FormChoiceRow(Row, table=True):
    """An open form's newest choice (`action_ts`, seconds; infinite once it is submitted), for a day."""

    __tablename__ = "form_choice"
    __table_args__ = (sa.Index("ix_form_choice_noted_at", "noted_at"),)
    form: str = key()
    newest: float
    noted_at: datetime


class SecretRow(Row, table=True):
    """A stable key of the database, wrapped by SAMTID_SECRET_KEYS."""

    __tablename__ = "secret"
    name: str = key()
    wrapped: str
