"""A meeting at another time and one outside the series: local wall times, instants, what is in the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest

from schedules.domain.calendar import takes_part
from schedules.domain.meeting_times import ExtraMeeting, Obstacle, extra_meeting, moved_meeting, obstacle
from schedules.domain.organisation import Closure, Membership, Rhythm, Team
from schedules.domain.plan import Meeting, MeetingStatus

STOCKHOLM = ZoneInfo("Europe/Stockholm")
NOW = datetime(2026, 9, 1, 8, tzinfo=UTC)
TEAM = Team("tierp", "Tierp", "TIE", "p1", closures=(Closure(date(2026, 10, 26), date(2026, 10, 30)),))


def no_holiday(_: date) -> bool:
    return False


def extra(
    day: date = date(2026, 9, 15), start: time = time(13), slots: int = 2, minutes: int = 30
) -> Meeting:
    ids = count()
    return extra_meeting(TEAM, ExtraMeeting(day, start, slots, minutes), STOCKHOLM, lambda: str(next(ids)))


def in_series() -> Meeting:
    return replace(
        extra(),
        series_anchor=date(2026, 9, 1),
        series_weeks=2,
        occurrence=1,
        reserve_released_on=date(2026, 9, 10),
    )


def moved(day: date, start: time) -> Meeting:
    return moved_meeting(in_series(), day, start, STOCKHOLM, no_holiday)


def test_the_slots_follow_with_their_ids() -> None:
    """Also over the change to winter time: the wall times are what was asked for."""
    found = moved(date(2026, 11, 3), time(9, 30))
    assert [(s.id, s.start, s.end) for s in found.slots] == [
        ("1", time(9, 30), time(10)),
        ("2", time(10), time(10, 30)),
    ]
    assert (found.starts_at, found.ends_at) == (
        datetime(2026, 11, 3, 8, 30, tzinfo=UTC),
        datetime(2026, 11, 3, 9, 30, tzinfo=UTC),
    )
    assert (found.start, found.end) == (time(9, 30), time(10, 30))


def test_the_series_own_time_is_remembered_through_every_move() -> None:
    once = moved(date(2026, 9, 17), time(13))
    twice = moved_meeting(once, date(2026, 9, 18), time(13), STOCKHOLM, no_holiday)
    assert twice.scheduled_at == in_series().starts_at


def test_the_reserve_is_released_as_many_workdays_before() -> None:
    assert moved(date(2026, 9, 22), time(13)).reserve_released_on == date(2026, 9, 17)


def test_everyone_attends_an_extra_meeting() -> None:
    member = Membership("vc", ("a",), Rhythm.EVERY_SECOND, first=date(2026, 9, 29))
    assert takes_part(member, extra())
    assert not takes_part(member, in_series())


@pytest.mark.parametrize(
    ("meeting", "expected"),
    [
        (extra(), None),
        (extra(date(2026, 8, 31)), Obstacle.PASSED),
        (extra(date(2026, 9, 19)), Obstacle.CLOSED),
        (extra(date(2026, 10, 27)), Obstacle.CLOSED),
        (extra(start=time(13, 2)), Obstacle.GRID),
        (extra(start=time(23, 30)), Obstacle.MIDNIGHT),
        (extra(start=time(23)), Obstacle.MIDNIGHT),
        (extra(start=time(0), slots=8, minutes=240), Obstacle.MIDNIGHT),
    ],
)
def test_what_is_in_the_way(meeting: Meeting, expected: Obstacle | None) -> None:
    assert obstacle(TEAM, meeting, [], NOW, no_holiday) == expected


def test_another_meeting_is_in_the_way_unless_it_is_cancelled() -> None:
    other = replace(extra(), id="other", starts_at=extra().starts_at + timedelta(minutes=55))
    assert obstacle(TEAM, extra(), [other], NOW, no_holiday) is Obstacle.OVERLAPS
    gone = replace(other, status=MeetingStatus.CANCELLED)
    assert obstacle(TEAM, extra(), [gone, extra()], NOW, no_holiday) is None
