"""What an answer by mail changes: decided from its facts and from what our books say of that attendee.

The caller finds the booking by `uid` and the live or ended invitation by `attendee` (the lower-cased address
it went to), within the transaction that will hold the outcome, and hands both over as a `Standing`, or None.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from schedules.domain.incoming import Counter, Reply, ReplyStatus
from schedules.domain.plan import Answer, Booking, BookingStatus, Invitation


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of one attendee of one booking.

    `ends_at` (aware UTC) is the meeting's end. `newest_reply` is the DTSTAMP (aware UTC) of the latest reply
    by mail from this attendee that changed something at the present SEQUENCE, if any.
    """

    invitation: Invitation
    booking: Booking
    ends_at: datetime
    newest_reply: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """Record the answer: come, cannot, or perhaps."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Delegated:
    """The person sends somebody else: a deputy if that address is a free representative of the party.

    Otherwise it is a decline, and the coordinator is told. `delegate` is None if the mail names nobody.
    """

    delegate: str | None


@dataclass(frozen=True, slots=True)
class TimeProposed:
    """For the coordinator; refused with METHOD:DECLINECOUNTER (RFC 5546 3.2.8). Times as in `Counter`."""

    start: datetime | None
    end: datetime | None


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The same answer again, or none: nothing to do."""


@dataclass(frozen=True, slots=True)
class Overtaken:
    """Made before an answer of the same person that has been heeded: nothing to do (RFC 5546 2.1.5)."""


@dataclass(frozen=True, slots=True)
class Stale:
    """An answer to an earlier time: it changes nothing, and the person is told the new time."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The call has ended, the booking too, or the meeting is over: it changes nothing."""


@dataclass(frozen=True, slots=True)
class NotTheAttendee:
    """Somebody else wrote it, or nobody that can be told: it changes nothing, and nothing is answered."""


@dataclass(frozen=True, slots=True)
class UnknownInvitation:
    """No booking of ours has that UID, or it never called that address. It may be somebody else's event."""


Decision = (
    Answered
    | Delegated
    | TimeProposed
    | Unchanged
    | Overtaken
    | Stale
    | Ended
    | NotTheAttendee
    | UnknownInvitation
)

_ANSWERS = {
    ReplyStatus.ACCEPTED: Answer.ACCEPTED,
    ReplyStatus.DECLINED: Answer.DECLINED,
    ReplyStatus.TENTATIVE: Answer.TENTATIVE,
}


def decide(reply: Reply | Counter, standing: Standing | None, now: datetime) -> Decision:
    """What the reply, or the proposal, changes at `now` (aware UTC).

    The author (From) must be the attendee, both lower-cased. A secretary who answers "on behalf of" has the
    attendee in From and herself in Sender, and counts as the attendee; one who answers in her own name does
    not, whatever SENT-BY says, since anybody can write that. That From is true is the mail server's business
    (SPF, DKIM, DMARC).
    """
    if reply.sender is None or reply.sender.lower() != reply.attendee.lower():
        return NotTheAttendee()
    if standing is None:
        return UnknownInvitation()
    if _ended(standing, now):
        return Ended()
    if _answers_earlier_time(reply, standing.invitation):
        return Stale()
    if isinstance(reply, Counter):
        return TimeProposed(reply.start, reply.end)
    return _answer(reply, standing)


def _answer(reply: Reply, standing: Standing) -> Decision:
    if _overtaken(reply, standing):
        return Overtaken()
    if reply.partstat is ReplyStatus.DELEGATED:
        return Delegated(reply.delegate)
    answer = _ANSWERS.get(reply.partstat)
    if answer is None or answer is standing.invitation.answer:
        return Unchanged()
    return Answered(answer)


def _ended(standing: Standing, now: datetime) -> bool:
    booked = standing.booking.status is BookingStatus.BOOKED
    return not standing.invitation.live or not booked or standing.ends_at <= now


def _answers_earlier_time(reply: Reply | Counter, invitation: Invitation) -> bool:
    """A reply without SEQUENCE answers the first invitation: it may be left out only when zero (3.2.3).

    Compared with the last one sent to this attendee, not with the booking's: that counts on for others.
    """
    return invitation.last_sequence is None or (reply.sequence or 0) < invitation.last_sequence


def _overtaken(reply: Reply, standing: Standing) -> bool:
    """By the other side's clock alone: its DTSTAMPs compare with each other, not with our time."""
    newest = standing.newest_reply
    return newest is not None and reply.dtstamp is not None and reply.dtstamp < newest
