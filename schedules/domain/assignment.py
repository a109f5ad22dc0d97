"""The earliest suitable slot, and why not an earlier meeting (promise 2). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from itertools import islice
from typing import TypeAlias

from schedules.domain.cases import Urgency
from schedules.domain.plan import MeetingStatus


class Reason(StrEnum):
    """Why a meeting was passed over. The first that applies, in this order, is given."""

    CANCELLED = "cancelled"
    CLOSED = "closed"
    TOO_SOON = "too_soon"
    BEFORE_WISH = "before_wish"
    PARTY_NOT_AT_MEETING = "party_not_at_meeting"
    FULL = "full"
    RESERVED = "reserved"
    NO_REPRESENTATIVE = "no_representative"


@dataclass(frozen=True, slots=True)
class SlotOffer:
    """A slot as the assignment sees it; instants are aware UTC.

    `reserved` is already the answer for the day of submission: kept for urgent cases and not yet released.
    """

    id: str
    position: int
    starts_at: datetime
    ends_at: datetime
    taken: bool
    reserved: bool = False


@dataclass(frozen=True, slots=True)
class MeetingOffer:
    """A meeting as the assignment sees it.

    `attending` maps each party that takes part (rhythm and membership decided) to its representatives in
    the team's order, absent ones already left out.
    """

    id: str
    day: date
    starts_at: datetime
    status: MeetingStatus
    slots: tuple[SlotOffer, ...]
    attending: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a referral asks of a slot. `earliest` is the first date that the lead time allows."""

    parties: tuple[str, ...]
    urgency: Urgency
    earliest: date
    not_before: date | None = None


@dataclass(frozen=True, slots=True)
class Busy:
    """When people are in other live bookings: person id to half-open UTC intervals."""

    intervals: Mapping[str, Sequence[tuple[datetime, datetime]]] = field(default_factory=dict)

    def free(self, person: str, start: datetime, end: datetime) -> bool:
        """Whether `person` is in no other booking during [start, end)."""
        return all(end <= s or e <= start for s, e in self.intervals.get(person, ()))


@dataclass(frozen=True, slots=True)
class PassedOver:
    """An earlier meeting and why it did not suit; `parties` for the two reasons that are about parties."""

    meeting: str
    day: date
    reason: Reason
    parties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """A slot that suits, with the representative who is called for each requested party, in that order."""

    meeting: str
    slot: str
    representatives: tuple[tuple[str, str], ...]


Judgement: TypeAlias = Choice | PassedOver
"""What a wish finds at one meeting."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """The choice, or None when nothing in the horizon suits; and every earlier meeting passed over."""

    choice: Choice | None
    passed_over: tuple[PassedOver, ...]


def assign(wish: Wish, meetings: Sequence[MeetingOffer], busy: Busy) -> Assignment:
    """Find the earliest suitable slot.

    Args:
        wish: what the referral needs.
        meetings: the team's meetings that have not begun yet, ordered by start.
        busy: the representatives' other live bookings, those in this team included.
    """
    return earliest(judge(wish, meeting, busy) for meeting in meetings)


def earliest(judged: Iterable[Judgement]) -> Assignment:
    """The same of meetings that are judged already, or as they are asked for; in order."""
    passed: list[PassedOver] = []
    for found in judged:
        if isinstance(found, Choice):
            return Assignment(found, tuple(passed))
        passed.append(found)
    return Assignment(None, tuple(passed))


def suitable(judged: Iterable[Judgement], limit: int) -> tuple[Choice, ...]:
    """The choices at the first `limit` meetings that suit, earliest first."""
    return tuple(islice((found for found in judged if isinstance(found, Choice)), limit))


def could_suit(wish: Wish, meeting: MeetingOffer) -> bool:
    """Whether the meeting suits if only somebody is free: nobody's other bookings are asked for."""
    return _meeting_reason(wish, meeting)[0] is None


def judge(wish: Wish, meeting: MeetingOffer, busy: Busy) -> Judgement:
    """The earliest slot of one meeting that suits, or why none does."""
    reason, parties = _meeting_reason(wish, meeting)
    if reason is not None:
        return PassedOver(meeting.id, meeting.day, reason, parties)
    lacking: set[str] = set()
    for slot in _open_slots(wish, meeting):
        seats = _seats(wish.parties, meeting, slot, busy)
        if isinstance(seats, tuple):
            return Choice(meeting.id, slot.id, seats)
        lacking |= seats
    named = tuple(party for party in wish.parties if party in lacking)
    return PassedOver(meeting.id, meeting.day, Reason.NO_REPRESENTATIVE, named)


def _meeting_reason(wish: Wish, meeting: MeetingOffer) -> tuple[Reason | None, tuple[str, ...]]:
    """The first reason that holds for the meeting as a whole, whoever is free."""
    if meeting.status is MeetingStatus.CANCELLED:
        return Reason.CANCELLED, ()
    if meeting.status is MeetingStatus.CLOSED:
        return Reason.CLOSED, ()
    if meeting.status is not MeetingStatus.PLANNED or meeting.day < wish.earliest:
        return Reason.TOO_SOON, ()  # one that has been held is behind us
    if wish.not_before is not None and meeting.day < wish.not_before:
        return Reason.BEFORE_WISH, ()
    missing = tuple(party for party in wish.parties if party not in meeting.attending)
    if missing:
        return Reason.PARTY_NOT_AT_MEETING, missing
    return _slots_reason(wish, meeting), ()


def _slots_reason(wish: Wish, meeting: MeetingOffer) -> Reason | None:
    if all(slot.taken for slot in meeting.slots):
        return Reason.FULL
    return None if _open_slots(wish, meeting) else Reason.RESERVED


def _open_slots(wish: Wish, meeting: MeetingOffer) -> list[SlotOffer]:
    """The free slots that this urgency may have, earliest first."""
    urgent = wish.urgency is Urgency.URGENT
    usable = [slot for slot in meeting.slots if not slot.taken and (urgent or not slot.reserved)]
    return sorted(usable, key=lambda slot: (slot.starts_at, slot.position))


def _seats(
    parties: Sequence[str], meeting: MeetingOffer, slot: SlotOffer, busy: Busy
) -> tuple[tuple[str, str], ...] | set[str]:
    """Who sits for each party, in the team's order of preference; or the parties that have nobody."""
    free = {
        party: [p for p in meeting.attending[party] if busy.free(p, slot.starts_at, slot.ends_at)]
        for party in parties
    }
    without = {party for party, people in free.items() if not people}
    seats = None if without else _seated(list(free.items()), ())
    return seats if seats is not None else without or _left_standing(free)


def _seated(
    free: Sequence[tuple[str, Sequence[str]]], seats: tuple[tuple[str, str], ...]
) -> tuple[tuple[str, str], ...] | None:
    """Seat one party after another. A person that two parties share takes one seat in a case, not two."""
    if not free:
        return seats
    (party, people), *rest = free
    for person in people:
        if person not in {seated for _, seated in seats}:
            found = _seated(rest, (*seats, (party, person)))
            if found is not None:
                return found
    return None


def _left_standing(free: Mapping[str, Sequence[str]]) -> set[str]:
    """The parties that get nobody when each in turn takes its first who is not seated yet."""
    seated: set[str] = set()
    standing: set[str] = set()
    for party, people in free.items():
        person = next((p for p in people if p not in seated), None)
        if person is None:
            standing.add(party)
        else:
            seated.add(person)
    return standing
