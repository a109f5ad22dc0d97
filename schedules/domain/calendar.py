"""From a team's series to its meetings, who takes part in them, and what they offer to a case. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from schedules.domain.assignment import MeetingOffer, SlotOffer
from schedules.domain.duty import Handover, is_away, team_on
from schedules.domain.organisation import Closure, MeetingSeries, Membership, Rhythm, Team
from schedules.domain.plan import Meeting, MeetingStatus, Slot
from schedules.domain.workdays import IsHoliday, add_workdays, is_weekend

NewId = Callable[[], str]

SUMMER_WEEKS = range(27, 33)  # ISO weeks 27-32 (DOMAIN.md, "Rules and figures")


class ClosedReason(StrEnum):
    """Why no meeting is held on a day. The first that applies, in this order, is given."""

    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    SUMMER = "summer"
    CLOSURE = "closure"


def occurrences(series: MeetingSeries) -> list[tuple[int, date]]:
    """The scheduled dates, each with its number from the anchor (0), closed days included.

    Counted in days from the anchor, so neither a year's end nor a year of 53 ISO weeks shifts the rhythm.
    """
    step = timedelta(weeks=series.weeks)
    count = (series.until - series.anchor) // step + 1
    return [(index, series.anchor + index * step) for index in range(count)]


def closed_reason(day: date, closures: Sequence[Closure], is_holiday: IsHoliday) -> ClosedReason | None:
    """Why the team does not meet on `day`, or None if it is an open day (DESIGN.md, "Time")."""
    if is_weekend(day):
        return ClosedReason.WEEKEND
    if is_holiday(day):
        return ClosedReason.HOLIDAY
    if day.isocalendar().week in SUMMER_WEEKS:
        return ClosedReason.SUMMER
    if any(c.from_date <= day <= c.to_date for c in closures):
        return ClosedReason.CLOSURE
    return None


def term_meetings(
    team: Team, zone: ZoneInfo, is_holiday: IsHoliday, since: date, new_id: NewId
) -> list[Meeting]:
    """The meetings of all the team's series from `since` (local date) on, with slots, ordered by start.

    A closed day gives a CLOSED meeting without slots, so that occurrences can be counted and passed over
    with their reason. Slots follow one another from the start; the last `reserve_slots` are reserved. The
    series ends on the day it starts: the organisation file's check sees to that.

    Args:
        team: its series, closures, place and link.
        zone: the association's, in which the series' wall times are meant.
        is_holiday: see `ports.ClosedDays`.
        since: the first date wanted; earlier occurrences are counted but not built.
        new_id: gives a fresh id for each meeting and slot.
    """
    built = [
        _meeting(team, series, (index, day), zone, is_holiday, new_id)
        for series in team.series
        for index, day in occurrences(series)
        if day >= since
    ]
    return sorted(built, key=lambda meeting: meeting.starts_at)


def slots_of(
    meeting: str, day: date, series: MeetingSeries, zone: ZoneInfo, new_id: NewId
) -> tuple[Slot, ...]:
    """Back-to-back slots from the series' start on `day`; positions from 0, the last ones reserved."""
    first_reserved = series.slots - series.reserve_slots
    slots = []
    for position in range(series.slots):
        start, starts_at = _moment(day, series, position, zone)
        end, ends_at = _moment(day, series, position + 1, zone)
        reserved = position >= first_reserved
        slots.append(Slot(new_id(), meeting, position, start, end, starts_at, ends_at, reserved))
    return tuple(slots)


def takes_part(membership: Membership, meeting: Meeting) -> bool:
    """Whether the party is at the meeting, by its dates and rhythm (DESIGN.md, "Time").

    `every_second` counts scheduled occurrences of the meeting's own series, closed and cancelled ones
    included: the first on or after `first` (without `first`: the anchor) is attended, then every second.
    `on_request` attends when asked for. Extra meetings are attended by everyone.
    """
    if membership.from_date is not None and meeting.day < membership.from_date:
        return False
    if membership.until is not None and membership.until < meeting.day:
        return False
    if membership.rhythm is not Rhythm.EVERY_SECOND:
        return True
    if meeting.series_anchor is None or meeting.occurrence is None:
        return True
    since_first = meeting.occurrence - _first_attended(
        membership, meeting.series_anchor, meeting.series_weeks
    )
    return since_first >= 0 and since_first % 2 == 0


def meeting_offers(
    team: Team,
    meetings: Sequence[Meeting],
    taken: Collection[str],
    absences: Mapping[str, Sequence[tuple[date, date]]],
    today: date,
    handovers: Sequence[Handover] = (),
) -> list[MeetingOffer]:
    """The meetings as the assignment sees them, in the given order.

    Args:
        team: its memberships decide who takes part.
        meetings: the team's, with slots.
        taken: ids of slots that hold a live booking.
        absences: per person, local dates, both included.
        today: the local date of submission; decides whether reserved slots are released yet.
        handovers: the team's, that are still to come.
    """
    return [
        MeetingOffer(
            meeting.id,
            meeting.day,
            meeting.starts_at,
            meeting.status,
            tuple(_slot_offer(slot, meeting, taken, today) for slot in meeting.slots),
            _attending(team_on(team, meeting.day, handovers), meeting, absences),
        )
        for meeting in meetings
    ]


def reserve_holds(meeting: Meeting, today: date) -> bool:
    """Whether the meeting's reserved slots are still kept for urgent cases on the local date `today`."""
    return meeting.reserve_released_on is None or today < meeting.reserve_released_on


def _meeting(
    team: Team,
    series: MeetingSeries,
    occurrence: tuple[int, date],
    zone: ZoneInfo,
    is_holiday: IsHoliday,
    new_id: NewId,
) -> Meeting:
    index, day = occurrence
    is_open = closed_reason(day, team.closures, is_holiday) is None
    identity = new_id()
    start, starts_at = _moment(day, series, 0, zone)
    end, ends_at = _moment(day, series, series.slots, zone)
    return Meeting(
        id=identity,
        team=team.id,
        day=day,
        start=start,
        end=end,
        starts_at=starts_at,
        ends_at=ends_at,
        place=team.place,
        link=team.meeting_link,
        status=MeetingStatus.PLANNED if is_open else MeetingStatus.CLOSED,
        series_anchor=series.anchor,
        series_weeks=series.weeks,
        occurrence=index,
        reserve_released_on=_released_on(series, day, is_holiday) if is_open else None,
        slots=slots_of(identity, day, series, zone, new_id) if is_open else (),
    )


def _released_on(series: MeetingSeries, day: date, is_holiday: IsHoliday) -> date | None:
    if not series.reserve_slots:
        return None
    return add_workdays(day, -series.reserve_release_workdays, is_holiday)


def _moment(day: date, series: MeetingSeries, position: int, zone: ZoneInfo) -> tuple[time, datetime]:
    """The wall time at which the slot of that position begins, and the same as a UTC instant."""
    local = datetime.combine(day, series.start) + timedelta(minutes=position * series.slot_minutes)
    return local.time(), local.replace(tzinfo=zone).astimezone(UTC)


def _first_attended(membership: Membership, anchor: date, weeks: int) -> int:
    """The number of the first occurrence on or after the membership's `first`."""
    if membership.first is None or membership.first <= anchor:
        return 0
    return -((anchor - membership.first) // timedelta(weeks=weeks))  # rounded up


def _slot_offer(slot: Slot, meeting: Meeting, taken: Collection[str], today: date) -> SlotOffer:
    kept = slot.reserved and reserve_holds(meeting, today)
    return SlotOffer(slot.id, slot.position, slot.starts_at, slot.ends_at, slot.id in taken, kept)


def _attending(
    team: Team, meeting: Meeting, absences: Mapping[str, Sequence[tuple[date, date]]]
) -> dict[str, tuple[str, ...]]:
    there = [membership for membership in team.parties if takes_part(membership, meeting)]
    if not absences:  # as nearly always, for every meeting of a search
        return {membership.party: membership.representatives for membership in there}
    return {
        membership.party: tuple(
            p for p in membership.representatives if not is_away(p, meeting.day, absences)
        )
        for membership in there
    }
