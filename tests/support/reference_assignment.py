"""The earliest suitable slot in plain loops: rows in, the expected answer out (promise 2).

It imports only the dataclasses and shares no line with what it is compared to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

from schedules.domain.assignment import Assignment, Choice, PassedOver, Reason, Wish
from schedules.domain.cases import Urgency
from schedules.domain.organisation import Membership, Rhythm, Team
from schedules.domain.plan import Meeting, MeetingStatus, Slot

Span = tuple[datetime, datetime]
Days = tuple[date, date]
ZONE = ZoneInfo("Europe/Stockholm")


@dataclass
class World:
    """What the store would hold; `taken` and `busy` grow as cases are booked."""

    teams: dict[str, Team]
    meetings: dict[str, list[Meeting]]
    absences: dict[str, list[Days]]
    taken: set[str] = field(default_factory=set)
    busy: dict[str, list[Span]] = field(default_factory=dict)
    handovers: dict[str, list[tuple[date, str, str]]] = field(default_factory=dict)
    """By team: from that day on the second does what the first did; in that order."""


def expected(world: World, team: Team, wish: Wish, today: date) -> Assignment:
    """The earliest suitable slot by trying every meeting, every slot and every seating in turn."""
    passed: list[PassedOver] = []
    for meeting in sorted(world.meetings[team.id], key=lambda m: m.starts_at):
        found = expected_at(world, team, meeting, wish, today)
        if isinstance(found, Choice):
            return Assignment(found, tuple(passed))
        passed.append(PassedOver(meeting.id, meeting.day, *found))
    return Assignment(None, tuple(passed))


def expected_at(
    world: World, team: Team, meeting: Meeting, wish: Wish, today: date
) -> Choice | tuple[Reason, tuple[str, ...]]:
    members = {m.party: m for m in team.parties}
    absent = [p for p in wish.parties if p not in members or not is_there(members[p], meeting)]
    free = [slot for slot in meeting.slots if slot.id not in world.taken]
    kept = [slot for slot in free if slot.reserved and today < (meeting.reserve_released_on or date.max)]
    allowed = free if wish.urgency == Urgency.URGENT else [slot for slot in free if slot not in kept]
    for reason, applies in (
        (Reason.CANCELLED, meeting.status == MeetingStatus.CANCELLED),
        (Reason.CLOSED, meeting.status == MeetingStatus.CLOSED),
        (Reason.TOO_SOON, meeting.day < wish.earliest or meeting.status == MeetingStatus.HELD),
        (Reason.BEFORE_WISH, wish.not_before is not None and meeting.day < wish.not_before),
        (Reason.PARTY_NOT_AT_MEETING, bool(absent)),
        (Reason.FULL, not free),
        (Reason.RESERVED, not allowed),
    ):
        if applies:
            return reason, tuple(absent) if reason == Reason.PARTY_NOT_AT_MEETING else ()
    lacking = set()
    for slot in sorted(allowed, key=lambda s: s.starts_at):
        people = [can_come(world, members[party], meeting, slot) for party in wish.parties]
        for seating in product(*people):
            if len(set(seating)) == len(seating):
                return Choice(meeting.id, slot.id, tuple(zip(wish.parties, seating, strict=True)))
        lacking.update(without_a_seat(wish.parties, people))
    return Reason.NO_REPRESENTATIVE, tuple(party for party in wish.parties if party in lacking)


def is_there(member: Membership, meeting: Meeting) -> bool:
    """Walks from the anchor, occurrence by occurrence, turning on and off; a moved one counts as it was."""
    if meeting.day < (member.from_date or date.min) or meeting.day > (member.until or date.max):
        return False
    if member.rhythm != Rhythm.EVERY_SECOND or meeting.series_anchor is None:
        return True
    scheduled = meeting.scheduled_at.astimezone(ZONE).date() if meeting.scheduled_at else meeting.day
    day, comes = meeting.series_anchor, True
    while day < (member.first or date.min):
        day += timedelta(days=7 * meeting.series_weeks)
    while day < scheduled:
        day += timedelta(days=7 * meeting.series_weeks)
        comes = not comes
    return comes and day == scheduled


def can_come(world: World, member: Membership, meeting: Meeting, slot: Slot) -> list[str]:
    found = []
    for person in on_duty(world, member, meeting):
        away = any(first <= meeting.day <= last for first, last in world.absences.get(person, []))
        elsewhere = any(s < slot.ends_at and slot.starts_at < e for s, e in world.busy.get(person, []))
        if not away and not elsewhere:
            found.append(person)
    return found


def on_duty(world: World, member: Membership, meeting: Meeting) -> list[str]:
    people = list(member.representatives)
    for first, former, successor in world.handovers.get(meeting.team, []):
        if first <= meeting.day and former in people:
            at = people.index(former)
            people[at : at + 1] = [] if successor in people[:at] else [successor]
            people = [p for n, p in enumerate(people) if p != successor or n <= at]
    return people


def without_a_seat(parties: Sequence[str], people: Sequence[Sequence[str]]) -> list[str]:
    empty = [party for party, some in zip(parties, people, strict=True) if not some]
    if empty:
        return empty
    seated: list[str] = []
    for party, some in zip(parties, people, strict=True):
        left = [person for person in some if person not in seated]
        seated.extend(left[:1])
        if not left:
            empty.append(party)
    return empty
