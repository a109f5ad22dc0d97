"""All that is held on a case: what the person has a right to see (GDPR art. 15), and who saw or did what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from schedules.domain.cases import CaseRecord, Protected, Referral
from schedules.domain.figures.facts import FollowUpFact
from schedules.domain.follow_up import FollowUp
from schedules.domain.meeting_report import CaseReport, Result
from schedules.domain.plan import Booking, Decline, Invitation, Meeting


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One line of the audit trail. `actor` is a person id or another name of ours; `at` is aware UTC."""

    actor: str
    party: str | None
    action: str
    subject: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SentMessage:
    """That a message was written to somebody, never what it said: it may name other cases.

    `recipient` is a mail address or a Slack id; `sent_at` is None for one that did not leave.
    """

    channel: str
    kind: str
    recipient: str
    booking: str | None
    meeting: str | None
    written_at: datetime
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Names:
    """What ids stand for. `reached` maps mail addresses and Slack ids to people's names."""

    people: Mapping[str, str] = field(default_factory=dict)
    parties: Mapping[str, str] = field(default_factory=dict)
    reached: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BookingFile:
    """One time of a referral: its calls and noes, those that have ended too, and what came of it."""

    booking: Booking
    meeting: Meeting
    calls: tuple[Invitation, ...]
    declines: tuple[Decline, ...]
    report: CaseReport | None = None
    result: Result | None = None


@dataclass(frozen=True, slots=True)
class ReferralFile:
    """One time that the case was raised. `protected` is None once the case is erased."""

    referral: Referral
    protected: Protected | None
    bookings: tuple[BookingFile, ...]


@dataclass(frozen=True, slots=True)
class Trail:
    """Who saw or did what with a case, in order of time."""

    record: CaseRecord
    team: str
    lines: tuple[AuditLine, ...]
    names: Names


@dataclass(frozen=True, slots=True)
class CaseFile:
    """The whole of it, taken out at `made_at` (aware UTC). `followed_up` is the follow-up's answer."""

    record: CaseRecord
    team: str
    made_at: datetime
    referrals: tuple[ReferralFile, ...]
    messages: tuple[SentMessage, ...]
    audit: tuple[AuditLine, ...]
    names: Names
    follow_up: FollowUp | None = None
    followed_up: FollowUpFact | None = None
