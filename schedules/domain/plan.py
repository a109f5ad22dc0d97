"""Meetings, their slots, and the bookings in them. Local wall times stand beside UTC instants."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum


class MeetingStatus(StrEnum):
    """Where a meeting stands; `closed` is a scheduled occurrence that fell on a closed day."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Slot:
    """One case's time (tid) within a meeting; `reserved` ones are kept for urgent cases."""

    id: str
    meeting: str
    position: int
    start: time
    end: time
    starts_at: datetime
    ends_at: datetime
    reserved: bool = False


@dataclass(frozen=True, slots=True)
class Meeting:
    """One occasion of a team (samverkansmöte).

    `start` and `end` are local wall times in the association's zone, `starts_at` and `ends_at` aware UTC.
    `series_anchor` and `series_weeks` name the rhythm of its series (anchor None: an extra meeting);
    `occurrence` counts the scheduled occurrences of the series from its anchor (0), closed and cancelled
    ones included. `scheduled_at` is set once somebody has changed its time or place in the program: the
    instant at which its series had it. No file changes such a meeting.
    """

    id: str
    team: str
    day: date
    start: time
    end: time
    starts_at: datetime
    ends_at: datetime
    place: str
    link: str | None
    status: MeetingStatus
    series_anchor: date | None
    series_weeks: int
    occurrence: int | None
    reserve_released_on: date | None
    agenda_sent_at: datetime | None = None
    scheduled_at: datetime | None = None
    slots: tuple[Slot, ...] = ()

    def slot(self, slot_id: str) -> Slot:
        """The slot with that id; KeyError if it is not one of this meeting's."""
        for slot in self.slots:
            if slot.id == slot_id:
                return slot
        raise KeyError(slot_id)


class BookingStatus(StrEnum):
    """`proposed` holds the slot while the coordinator, or the referrer's few minutes, decide.

    `fulfilled` (FHIR's word): the case was taken up, and that has been reported.
    """

    PROPOSED = "proposed"
    BOOKED = "booked"
    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Seat:
    """A requested party's place in a booking, and the representative (person id) who sits in it.

    `stand_in` is a deputy who is asked as well, because the representative has been silent: the seat
    passes to whoever of the two first says that they come, and until then stays where it is.
    """

    party: str
    representative: str
    stand_in: str | None = None


@dataclass(frozen=True, slots=True)
class Booking:
    """A referral's hold on a slot. `uid` and `sequence` are its calendar identity (RFC 5545, RFC 5546).

    `calls_at` (UTC) is when a proposed booking confirms itself; None also for one that never does.
    """

    id: str
    referral: str
    team: str
    meeting: str
    slot: str
    status: BookingStatus
    uid: str
    sequence: int
    calls_at: datetime | None
    created_at: datetime
    seats: tuple[Seat, ...] = ()

    @property
    def live(self) -> bool:
        """Whether it holds its slot: it is still to come, or not reported yet."""
        return self.status in {BookingStatus.PROPOSED, BookingStatus.BOOKED}


class Role(StrEnum):
    """Why somebody is called; one invitation may merge several."""

    REPRESENTATIVE = "representative"
    REFERRER = "referrer"
    OWNER = "owner"
    COORDINATOR = "coordinator"


class Answer(StrEnum):
    """FHIR's participation status; PARTSTAT in RFC 5545."""

    NEEDS_ACTION = "needs-action"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    TENTATIVE = "tentative"


class DeclineReason(StrEnum):
    """Why a representative cannot come."""

    ABSENT = "absent"
    NOT_OUR_CASE = "not_our_case"
    WRONG_PERSON = "wrong_person"
    OTHER = "other"

    @property
    def counts_against_attendance(self) -> bool:
        """A party that has nothing to do with the case has not stayed away from its meeting."""
        return self is not DeclineReason.NOT_OUR_CASE


@dataclass(frozen=True, slots=True)
class Decline:
    """A representative's no to one call (an `invitation`) to a `meeting`; kept when the booking moves on.

    `reason` is None where none was asked for (an answer by mail or by phone). `deputy` (person id) is whom
    the representative named. `called_at` and `declined_at` are UTC. `contact` is the party's contact whom
    the coordinator has asked for somebody, and when.
    """

    id: str
    invitation: str
    booking: str
    meeting: str
    party: str
    person: str
    reason: DeclineReason | None
    deputy: str | None
    called_at: datetime
    declined_at: datetime
    contact: str | None = None
    contact_asked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Invitation:
    """A call (kallelse) to one person for one booking, with its answer.

    `public_id` is renewed when the time changes, so that old buttons only show the new time.
    `last_sequence` is the last SEQUENCE sent to this attendee, None before the first.
    """

    id: str
    public_id: str
    booking: str
    person: str
    party: str | None
    roles: tuple[Role, ...]
    answer: Answer
    answered_at: datetime | None
    answered_by: str | None
    identity_known_at: datetime | None
    last_sequence: int | None
    called_at: datetime
    live: bool = True

    @property
    def must_answer(self) -> bool:
        """Only a party's representative is asked to answer; the others are told."""
        return Role.REPRESENTATIVE in self.roles
