"""Whose time is free once the cases of a meeting have let go of it: theirs, and nobody else's."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from schedules.domain.assignment import Busy
from schedules.domain.cases import PersonTakesPart, Referral, ReferralStatus, Urgency
from schedules.domain.meeting_times import ExtraMeeting, extra_meeting
from schedules.domain.organisation import Team
from schedules.domain.plan import Booking, BookingStatus, Seat
from schedules.services.called import Called
from schedules.services.replanning import without

TEAM = Team("tierp", "Tierp", "TIE", "p1")
NOW = datetime(2026, 9, 1, 8, tzinfo=UTC)

REFERRAL = Referral(
    id="r",
    case="c",
    reference="TIE-2026-001",
    team="tierp",
    referrer="maja",
    owner="maja",
    status=ReferralStatus.ACTIVE,
    parties=("fk",),
    categories=(),
    person_takes_part=PersonTakesPart.NO,
    urgency=Urgency.ORDINARY,
    not_before=None,
    submitted_at=NOW,
)


def test_only_the_cases_own_time_is_given_back() -> None:
    """Nasrin has a case in another team later during the same meeting: that one still stands."""
    ids = count()
    wanted = ExtraMeeting(date(2026, 9, 15), time(13), 4, 30)
    meeting = extra_meeting(TEAM, wanted, ZoneInfo("Europe/Stockholm"), lambda: str(next(ids)))
    slot = meeting.slots[0]
    seats = (Seat("fk", "nasrin"),)
    status = BookingStatus.BOOKED
    booking = Booking("b", "r", "tierp", meeting.id, slot.id, status, "b@x", 0, None, NOW, seats)
    own = (slot.starts_at, slot.ends_at)
    elsewhere = (own[1] + timedelta(minutes=30), own[1] + timedelta(minutes=60))
    busy = Busy({"nasrin": [own, elsewhere], "daniel": [own]})
    left = without(busy, [Called(TEAM, REFERRAL, booking, meeting)])
    assert left.intervals == {"nasrin": [elsewhere], "daniel": [own]}
