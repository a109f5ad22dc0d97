"""From series to meetings, and who takes part (DESIGN.md, "Time")."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest

from schedules.domain.calendar import (
    ClosedReason,
    closed_reason,
    meeting_offers,
    occurrences,
    reserve_holds,
    takes_part,
    term_meetings,
)
from schedules.domain.organisation import Closure, MeetingSeries, Membership, Rhythm, Team
from schedules.domain.plan import Meeting, MeetingStatus
from schedules.swedish.closed_days import SwedishHolidays

STOCKHOLM = ZoneInfo("Europe/Stockholm")
is_holiday = SwedishHolidays().is_holiday

AUTUMN = MeetingSeries(
    anchor=date(2026, 9, 1),
    start=time(13),
    slots=4,
    slot_minutes=30,
    until=date(2026, 12, 15),
    reserve_slots=1,
)


def a_team(*series: MeetingSeries, closures: tuple[Closure, ...] = ()) -> Team:
    return Team(
        "tierp",
        "Tierp",
        "TIE",
        "p1",
        place="Vårdcentralen, rum 4",
        meeting_link="https://video.example/tierp",
        closures=closures,
        series=series,
    )


def meetings_of(team: Team, since: date = date.min) -> list[Meeting]:
    ids: Iterator[int] = count()
    return term_meetings(team, STOCKHOLM, is_holiday, since, lambda: f"id{next(ids)}")


def by_day(meetings: list[Meeting]) -> dict[date, Meeting]:
    return {meeting.day: meeting for meeting in meetings}


# --- occurrences -------------------------------------------------------------------------------------


def test_occurrences_count_from_the_anchor_to_until_included() -> None:
    found = occurrences(AUTUMN)
    assert found[0] == (0, date(2026, 9, 1))
    assert found[1] == (1, date(2026, 9, 15))
    assert found[-1] == (7, date(2026, 12, 8))
    assert occurrences(replace(AUTUMN, until=date(2026, 12, 22)))[-1] == (8, date(2026, 12, 22))


def test_a_series_that_ends_before_it_begins_has_none() -> None:
    assert occurrences(replace(AUTUMN, until=date(2026, 8, 31))) == []
    assert occurrences(replace(AUTUMN, until=date(2026, 9, 1))) == [(0, date(2026, 9, 1))]


def test_week_53_does_not_shift_the_fortnight() -> None:
    """2026 has 53 ISO weeks: even weeks become odd ones, the fortnight goes on in days."""
    series = replace(AUTUMN, anchor=date(2026, 11, 30), until=date(2027, 2, 8))
    days = [day for _, day in occurrences(series)]
    assert days == [
        date(2026, 11, 30),
        date(2026, 12, 14),
        date(2026, 12, 28),
        date(2027, 1, 11),
        date(2027, 1, 25),
        date(2027, 2, 8),
    ]
    assert [day.isocalendar().week for day in days] == [49, 51, 53, 2, 4, 6]


def test_other_rhythms_than_fortnights() -> None:
    assert occurrences(replace(AUTUMN, weeks=3))[1] == (1, date(2026, 9, 22))
    assert occurrences(replace(AUTUMN, weeks=1))[2] == (2, date(2026, 9, 15))


# --- closed days -------------------------------------------------------------------------------------

AUTUMN_BREAK = Closure(date(2026, 10, 26), date(2026, 10, 30), "höstlov")


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (date(2026, 9, 1), None),
        (date(2026, 9, 5), ClosedReason.WEEKEND),
        (date(2026, 6, 19), ClosedReason.HOLIDAY),  # Midsummer Eve
        (date(2026, 6, 20), ClosedReason.WEEKEND),
        (date(2026, 12, 24), ClosedReason.HOLIDAY),
        (date(2026, 12, 31), ClosedReason.HOLIDAY),
        (date(2027, 3, 29), ClosedReason.HOLIDAY),  # Easter Monday
        (date(2026, 6, 26), None),  # Friday of week 26
        (date(2026, 6, 29), ClosedReason.SUMMER),  # Monday of week 27
        (date(2026, 8, 7), ClosedReason.SUMMER),  # Friday of week 32
        (date(2026, 8, 10), None),  # Monday of week 33
        (date(2027, 7, 2), None),  # week 26: the year after a week 53 is later
        (date(2027, 7, 5), ClosedReason.SUMMER),
        (date(2027, 8, 13), ClosedReason.SUMMER),
        (date(2027, 8, 16), None),
        (date(2026, 12, 28), None),  # Monday of week 53
        (date(2026, 10, 23), None),
        (date(2026, 10, 26), ClosedReason.CLOSURE),
        (date(2026, 10, 30), ClosedReason.CLOSURE),
        (date(2026, 11, 2), None),
    ],
)
def test_closed_reason(day: date, reason: ClosedReason | None) -> None:
    assert closed_reason(day, (AUTUMN_BREAK,), is_holiday) is reason


def test_a_closure_of_one_day_closes_it() -> None:
    day = date(2026, 9, 15)
    assert closed_reason(day, (Closure(day, day),), is_holiday) is ClosedReason.CLOSURE


# --- meetings of a term ------------------------------------------------------------------------------


def test_a_meeting_has_back_to_back_slots_and_the_last_is_reserved() -> None:
    meeting = meetings_of(a_team(AUTUMN))[0]
    assert (meeting.day, meeting.start, meeting.end) == (date(2026, 9, 1), time(13), time(15))
    assert (meeting.place, meeting.link) == ("Vårdcentralen, rum 4", "https://video.example/tierp")
    assert (meeting.series_anchor, meeting.series_weeks, meeting.occurrence) == (AUTUMN.anchor, 2, 0)
    assert [s.start for s in meeting.slots] == [time(13), time(13, 30), time(14), time(14, 30)]
    assert [s.end for s in meeting.slots] == [time(13, 30), time(14), time(14, 30), time(15)]
    assert [s.position for s in meeting.slots] == [0, 1, 2, 3]
    assert [s.reserved for s in meeting.slots] == [False, False, False, True]
    assert all(a.ends_at == b.starts_at for a, b in zip(meeting.slots, meeting.slots[1:], strict=False))
    assert (meeting.slots[0].starts_at, meeting.slots[-1].ends_at) == (meeting.starts_at, meeting.ends_at)
    assert {s.meeting for s in meeting.slots} == {meeting.id}


def test_ids_are_fresh() -> None:
    meetings = meetings_of(a_team(AUTUMN))
    ids = [m.id for m in meetings] + [s.id for m in meetings for s in m.slots]
    assert len(set(ids)) == len(ids)


def test_the_reserve_is_released_so_many_workdays_before() -> None:
    meetings = by_day(meetings_of(a_team(replace(AUTUMN, anchor=date(2026, 9, 1), until=date(2027, 3, 30)))))
    assert meetings[date(2026, 9, 15)].reserve_released_on == date(2026, 9, 10)
    assert meetings[date(2027, 3, 30)].reserve_released_on == date(2027, 3, 23)  # Easter lies in between
    assert reserve_holds(meetings[date(2026, 9, 15)], date(2026, 9, 9))
    assert not reserve_holds(meetings[date(2026, 9, 15)], date(2026, 9, 10))


def test_without_reserve_nothing_is_released() -> None:
    meeting = meetings_of(a_team(replace(AUTUMN, reserve_slots=0)))[0]
    assert meeting.reserve_released_on is None
    assert not any(slot.reserved for slot in meeting.slots)


def test_a_closed_day_is_an_occurrence_without_slots_and_the_rhythm_goes_on() -> None:
    """2026-10-27 lies in the closure; the next meeting is still the 10th of November."""
    found = meetings_of(a_team(AUTUMN, closures=(AUTUMN_BREAK,)))
    closed = by_day(found)[date(2026, 10, 27)]
    assert (closed.status, closed.slots, closed.occurrence) == (MeetingStatus.CLOSED, (), 4)
    assert closed.reserve_released_on is None
    assert (closed.start, closed.end) == (time(13), time(15))
    assert by_day(found)[date(2026, 11, 10)].occurrence == 5
    assert [m.day for m in found if m.status is not MeetingStatus.PLANNED] == [date(2026, 10, 27)]


def test_red_days_summer_and_christmas_are_closed() -> None:
    year = replace(AUTUMN, anchor=date(2026, 9, 3), weeks=1, until=date(2027, 9, 2))  # Thursdays
    closed = [m.day for m in meetings_of(a_team(year)) if m.status is MeetingStatus.CLOSED]
    assert closed == [
        date(2026, 12, 24),
        date(2026, 12, 31),
        date(2027, 5, 6),  # Ascension Day
        *(date(2027, 7, day) for day in (8, 15, 22, 29)),
        *(date(2027, 8, day) for day in (5, 12)),
    ]


@pytest.mark.parametrize(
    ("anchor", "before", "after"),
    [
        (date(2026, 3, 27), timedelta(hours=1), timedelta(hours=2)),  # summer time begins on the 29th
        (date(2026, 10, 23), timedelta(hours=2), timedelta(hours=1)),  # and ends on the 25th
    ],
)
def test_thirteen_stays_thirteen_over_the_change_of_clocks(
    anchor: date, before: timedelta, after: timedelta
) -> None:
    """One meeting on the Friday before a change-over weekend, the next after it."""
    series = replace(AUTUMN, anchor=anchor, weeks=1, until=anchor + timedelta(weeks=2))
    first, second, third = meetings_of(a_team(series))
    for meeting, offset in ((first, before), (second, after), (third, after)):
        assert meeting.start == time(13)
        expected = datetime.combine(meeting.day, time(13), UTC) - offset
        assert meeting.starts_at == expected
        assert meeting.ends_at == expected + timedelta(hours=2)
        assert [s.start for s in meeting.slots] == [
            s.starts_at.astimezone(STOCKHOLM).time() for s in meeting.slots
        ]
        assert meeting.starts_at.tzinfo is UTC
    assert second.starts_at - first.starts_at == timedelta(weeks=1) - (after - before)


@pytest.mark.parametrize(
    ("sunday", "starts", "length"),
    [
        (date(2026, 3, 29), datetime(2026, 3, 29, 0, tzinfo=UTC), timedelta(hours=3)),
        (date(2026, 10, 25), datetime(2026, 10, 24, 23, tzinfo=UTC), timedelta(hours=5)),
    ],
)
def test_a_meeting_across_the_very_change_keeps_its_wall_times(
    sunday: date, starts: datetime, length: timedelta
) -> None:
    """No team meets on a Sunday at one; the wall times, not the length, are what the series says."""
    series = replace(AUTUMN, anchor=sunday, start=time(1), slots=4, slot_minutes=60, until=sunday)
    meeting = meetings_of(a_team(series))[0]
    assert (meeting.start, meeting.end) == (time(1), time(5))
    assert (meeting.starts_at, meeting.ends_at - meeting.starts_at) == (starts, length)


def test_the_year_end_with_week_53() -> None:
    series = replace(AUTUMN, anchor=date(2026, 12, 14), until=date(2027, 1, 25))
    found = meetings_of(a_team(series))
    assert [(m.day, m.occurrence, m.status) for m in found] == [
        (date(2026, 12, 14), 0, MeetingStatus.PLANNED),
        (date(2026, 12, 28), 1, MeetingStatus.PLANNED),
        (date(2027, 1, 11), 2, MeetingStatus.PLANNED),
        (date(2027, 1, 25), 3, MeetingStatus.PLANNED),
    ]


def test_since_leaves_out_the_earlier_but_counts_them() -> None:
    found = meetings_of(a_team(AUTUMN), since=date(2026, 9, 15))
    assert (found[0].day, found[0].occurrence) == (date(2026, 9, 15), 1)
    assert meetings_of(a_team(AUTUMN), since=date(2026, 9, 16))[0].occurrence == 2


def test_several_series_are_ordered_by_start() -> None:
    other = replace(AUTUMN, anchor=date(2026, 9, 8), start=time(9))
    found = meetings_of(a_team(AUTUMN, other))
    assert [m.day for m in found[:4]] == [date(2026, 9, day) for day in (1, 8, 15, 22)]
    assert [m.occurrence for m in found[:4]] == [0, 0, 1, 1]


# --- who takes part ----------------------------------------------------------------------------------


def attended(membership: Membership, meetings: list[Meeting]) -> list[date]:
    return [meeting.day for meeting in meetings if takes_part(membership, meeting)]


def test_every_second_counts_closed_and_cancelled_occurrences() -> None:
    """From 15 September: 29 September (cancelled) and 27 October (closed) are counted, not skipped."""
    meetings = [
        replace(m, status=MeetingStatus.CANCELLED) if m.day == date(2026, 9, 29) else m
        for m in meetings_of(a_team(AUTUMN, closures=(AUTUMN_BREAK,)))
    ]
    assert by_day(meetings)[date(2026, 10, 27)].status is MeetingStatus.CLOSED
    centre = Membership("vc", ("p4",), Rhythm.EVERY_SECOND, first=date(2026, 9, 15))
    assert attended(centre, meetings) == [
        date(2026, 9, 15),
        date(2026, 10, 13),
        date(2026, 11, 10),
        date(2026, 12, 8),
    ]


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        (None, [date(2026, 9, 1), date(2026, 9, 29)]),
        (date(2026, 9, 1), [date(2026, 9, 1), date(2026, 9, 29)]),
        (date(2026, 1, 7), [date(2026, 9, 1), date(2026, 9, 29)]),  # before the series: from its anchor
        (date(2026, 9, 2), [date(2026, 9, 15), date(2026, 10, 13)]),  # between two: the later one
        (date(2026, 9, 15), [date(2026, 9, 15), date(2026, 10, 13)]),
        (date(2026, 9, 16), [date(2026, 9, 29), date(2026, 10, 27)]),
    ],
)
def test_every_second_begins_with_the_first_on_or_after_first(
    first: date | None, expected: list[date]
) -> None:
    centre = Membership("vc", ("p4",), Rhythm.EVERY_SECOND, first=first)
    assert attended(centre, meetings_of(a_team(AUTUMN)))[:2] == expected


def test_every_second_goes_on_over_week_53() -> None:
    series = replace(AUTUMN, anchor=date(2026, 11, 30), until=date(2027, 1, 25))
    centre = Membership("vc", ("p4",), Rhythm.EVERY_SECOND)
    assert attended(centre, meetings_of(a_team(series))) == [
        date(2026, 11, 30),
        date(2026, 12, 28),
        date(2027, 1, 25),
    ]


def test_every_and_on_request_attend_all() -> None:
    meetings = meetings_of(a_team(AUTUMN))
    for rhythm in (Rhythm.EVERY, Rhythm.ON_REQUEST):
        assert len(attended(Membership("vc", ("p4",), rhythm), meetings)) == len(meetings)


def test_membership_dates_include_both_end_days() -> None:
    member = Membership("vc", ("p4",), from_date=date(2026, 9, 15), until=date(2026, 10, 13))
    assert attended(member, meetings_of(a_team(AUTUMN))) == [
        date(2026, 9, 15),
        date(2026, 9, 29),
        date(2026, 10, 13),
    ]


def test_everybody_attends_extra_meetings_within_their_membership() -> None:
    extra = replace(meetings_of(a_team(AUTUMN))[1], series_anchor=None, occurrence=None)
    odd = Membership("vc", ("p4",), Rhythm.EVERY_SECOND)
    assert takes_part(odd, extra)
    assert not takes_part(replace(odd, until=date(2026, 9, 14)), extra)


# --- what is offered ---------------------------------------------------------------------------------


def test_offers_resolve_reserve_taken_and_absences() -> None:
    members = (
        Membership("kommun", ("p1", "p5")),
        Membership("vc", ("p4",), Rhythm.EVERY_SECOND, first=date(2026, 9, 15)),
    )
    team = replace(a_team(AUTUMN), parties=members)
    meetings = meetings_of(team)
    taken = {meetings[1].slots[0].id}
    absences = {"p1": [(date(2026, 9, 15), date(2026, 9, 15))], "p4": [(date(2026, 9, 1), date(2026, 9, 14))]}
    offers = meeting_offers(team, meetings, taken, absences, today=date(2026, 9, 10))
    assert [o.id for o in offers] == [m.id for m in meetings]
    assert offers[0].attending == {"kommun": ("p1", "p5")}
    assert offers[1].attending == {"kommun": ("p5",), "vc": ("p4",)}
    assert [s.taken for s in offers[1].slots] == [True, False, False, False]
    assert [s.reserved for s in offers[1].slots] == [False] * 4  # released on this very day
    assert [s.reserved for s in offers[2].slots] == [False, False, False, True]


def test_a_party_whose_people_are_all_away_attends_with_nobody() -> None:
    team = replace(a_team(AUTUMN), parties=(Membership("vc", ("p4",)),))
    away = {"p4": [(date(2026, 8, 1), date(2026, 9, 30))]}
    offers = meeting_offers(team, meetings_of(team), frozenset(), away, today=date(2026, 8, 1))
    assert offers[0].attending == {"vc": ()}
    assert offers[3].attending == {"vc": ("p4",)}
