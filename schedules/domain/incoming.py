"""What a mail in our mailbox turned out to be: the facts that decisions need, and no word of its text.

Addresses are lower-cased. Message ids have their angle brackets and are None when the mail has none that can
be kept. Everything here was written by somebody else: it is matched with what we know, never shown as it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class ReplyStatus(StrEnum):
    """PARTSTAT of a reply about a VEVENT (RFC 5545 3.2.12); what is unknown counts as needs-action."""

    NEEDS_ACTION = "NEEDS-ACTION"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    TENTATIVE = "TENTATIVE"
    DELEGATED = "DELEGATED"


@dataclass(frozen=True, slots=True)
class Reply:
    """METHOD:REPLY (RFC 5546 3.2.3): an attendee's answer to an invitation.

    `sequence` is None where the mail names none. `dtstamp` is aware UTC, when the answer was made.
    `sender` is the one address in From, None when that is missing, several or broken. `delegate` is the
    address in DELEGATED-TO.
    """

    uid: str
    attendee: str
    sequence: int | None
    partstat: ReplyStatus
    dtstamp: datetime | None
    sender: str | None
    message_id: str | None
    delegate: str | None = None


@dataclass(frozen=True, slots=True)
class Counter:
    """METHOD:COUNTER (RFC 5546 3.2.7): an attendee proposes another time.

    `start` and `end` are aware UTC, or without offset where the mail's zone is its own invention: local wall
    times, to be read in the meeting's zone. `start` None: no time that can be read (a whole day, a broken
    DTSTART). `end` None: nothing is said about the length. The rest as in `Reply`.
    """

    uid: str
    attendee: str
    sequence: int | None
    partstat: ReplyStatus
    start: datetime | None
    end: datetime | None
    dtstamp: datetime | None
    sender: str | None
    message_id: str | None


@dataclass(frozen=True, slots=True)
class Bounce:
    """A mail server's word that a mail did not arrive (RFC 3464).

    Anybody can write one: it counts only if `original` is the Message-ID of a mail of ours to `recipient`.
    `permanent`: the mail was given up; False: it is late, and the server still tries.
    """

    recipient: str | None
    original: str | None
    permanent: bool
    message_id: str | None


@dataclass(frozen=True, slots=True)
class OutOfOffice:
    """An automatic answer (RFC 3834): no answer to the invitation. `in_reply_to` is a Message-ID."""

    sender: str | None
    in_reply_to: str | None
    message_id: str | None


class UnreadableReason(StrEnum):
    """Why a mail that looks like an answer cannot be read; a catalogue key, never words of the mail."""

    MAIL = "mail"  # not even the mail can be taken apart
    BOUNCE = "bounce"  # from a mail server, in no known form
    TNEF = "tnef"  # winmail.dat: Outlook's own format
    TOO_LARGE = "too_large"
    CALENDAR = "calendar"  # truncated or junk
    NO_METHOD = "no_method"
    NO_EVENT = "no_event"
    SEVERAL_EVENTS = "several_events"
    NO_UID = "no_uid"
    NO_ATTENDEE = "no_attendee"
    SEVERAL_ATTENDEES = "several_attendees"  # and none of them, or more than one, is the sender


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Probably meant for us, but not to be understood: left untouched and listed in `samtid doctor`."""

    reason: UnreadableReason
    message_id: str | None


@dataclass(frozen=True, slots=True)
class Other:
    """Nothing of ours: left untouched and listed in `samtid doctor`.

    `sender` as in `Reply`; it says that the address works, and nothing about what the mail is.
    """

    message_id: str | None
    sender: str | None = field(default=None, compare=False)


IncomingMail = Reply | Counter | Bounce | OutOfOffice | Unreadable | Other
