"""Mails that came in, each handled once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from schedules.ports.mailbox import MailKey


class IncomingOutcome(StrEnum):
    """What became of a mail in our mailbox."""

    ANSWERED = "answered"
    DEPUTISED = "deputised"
    TIME_PROPOSED = "time_proposed"
    UNCHANGED = "unchanged"
    OVERTAKEN = "overtaken"
    STALE = "stale"
    ENDED = "ended"
    BOUNCED = "bounced"
    DELAYED = "delayed"
    OUT_OF_OFFICE = "out_of_office"
    REPEATED = "repeated"  # the same bytes under another number; never stored
    LEFT = "left"  # untouched in the mailbox, listed by `samtid doctor`


@dataclass(frozen=True, slots=True)
class MailOrigin:
    """Where a mail lies: `account` names the mailbox and folder; `digest` is SHA-256 of its bytes, in hex."""

    account: str
    key: MailKey
    digest: str


@dataclass(frozen=True, slots=True)
class Incoming:
    """A mail that was looked at. `kind` is a code for what it is, or why it was left.

    `dtstamp` and `handled_at` are aware UTC; `sequence` is the one that was answered.
    """

    origin: MailOrigin
    kind: str
    outcome: IncomingOutcome
    handled_at: datetime
    event_uid: str | None = None
    attendee: str | None = None
    sequence: int | None = None
    dtstamp: datetime | None = None


class IncomingStore(Protocol):
    """What came into our mailbox: each mail is handled once, whoever reads it and however often."""

    def first_time(self, mail: Incoming) -> bool:
        """Insert, unless this mail, or one with the same bytes that was not left, is there."""
        ...

    def outcome(self, account: str, key: MailKey) -> IncomingOutcome | None:
        """What became of the mail with that number."""
        ...

    def newest_reply(self, event_uid: str, attendee: str, sequence: int) -> datetime | None:
        """DTSTAMP of the latest reply from that address that was heeded at that SEQUENCE or later."""
        ...

    def left(self) -> tuple[Incoming, ...]:
        """What was left untouched, newest first."""
        ...
