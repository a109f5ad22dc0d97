"""Meetings, bookings and invitations as they are stored."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from schedules.domain.duty import Absence, Handover
from schedules.domain.plan import Answer, Booking, BookingStatus, Meeting, MeetingStatus, Seat, Slot
from schedules.errors import SlotTaken
from schedules.store.database import Database
from schedules.store.unit_of_work import SqlUnitOfWork
from tests.support.examples import (
    NOW,
    ORGANISATION,
    a_booking,
    a_meeting,
    a_referral,
    an_invitation,
    store_referral,
)

SEPTEMBER = date(2026, 9, 1)


@pytest.fixture
def unit(database: Database) -> Iterator[SqlUnitOfWork]:
    with database.unit_of_work() as unit:
        unit.organisation.save(ORGANISATION)
        unit.commit()
        unit.lock_teams(["tierp", "alvkarleby"])
        yield unit


@pytest.fixture
def meeting(unit: SqlUnitOfWork) -> Meeting:
    meeting = a_meeting()
    unit.plan.save_meeting(meeting)
    return meeting


def test_a_meeting_comes_back_as_it_was(unit: SqlUnitOfWork, meeting: Meeting) -> None:
    assert unit.plan.meeting(meeting.id) == meeting
    assert unit.plan.meeting("another") is None


def test_meetings_of_a_team_since_a_day(unit: SqlUnitOfWork, meeting: Meeting) -> None:
    later, early = a_meeting(date(2026, 9, 29)), a_meeting(date(2026, 8, 31))
    for other in (later, early, a_meeting(team="alvkarleby")):
        unit.plan.save_meeting(other)
    assert unit.plan.meetings("tierp", SEPTEMBER) == (meeting, later)


def test_openings_are_the_next_meetings_with_their_free_slots(unit: SqlUnitOfWork, meeting: Meeting) -> None:
    full, later = a_meeting(date(2026, 9, 29)), a_meeting(date(2026, 10, 13))
    for other in (later, full, a_meeting(date(2026, 8, 31)), a_meeting(team="alvkarleby")):
        unit.plan.save_meeting(other)
    gone, *taken = meeting.slots[1], meeting.slots[2], *full.slots
    for slot in (gone, *taken):
        booking = a_booking(store_referral(unit, a_referral()), slot)
        unit.plan.add_booking(booking, slot.starts_at, slot.ends_at)
        if slot == gone:
            ended = replace(booking, status=BookingStatus.CANCELLED)
            unit.plan.save_booking(ended, slot.starts_at, slot.ends_at)
    half = replace(meeting, slots=tuple(s for s in meeting.slots if s not in taken))
    whole = (half, replace(full, slots=()), later)
    assert len(half.slots) == len(meeting.slots) - 1
    assert tuple(unit.plan.openings("tierp", SEPTEMBER, 3)) == whole
    assert tuple(unit.plan.openings("tierp", SEPTEMBER, 2)) == whole[:2]


def test_a_changed_meeting_replaces_the_old_one(unit: SqlUnitOfWork, meeting: Meeting) -> None:
    slots = (replace(meeting.slots[0], reserved=True), *meeting.slots[1:3])
    changed = replace(meeting, status=MeetingStatus.CANCELLED, place="Online", slots=slots)
    unit.plan.save_meeting(changed)
    assert unit.plan.meeting(meeting.id) == changed
    unit.plan.mark_agenda_sent(meeting.id, NOW)
    assert unit.plan.meeting(meeting.id) == replace(changed, agenda_sent_at=NOW)


def test_a_booked_meeting_is_not_removed(unit: SqlUnitOfWork, meeting: Meeting) -> None:
    slot = meeting.slots[0]
    free = a_meeting(date(2026, 9, 29))
    unit.plan.save_meeting(free)
    unit.plan.remove_meeting(free.id)
    booking = a_booking(store_referral(unit, a_referral()), slot)
    unit.plan.add_booking(booking, slot.starts_at, slot.ends_at)
    unit.plan.save_booking(replace(booking, status=BookingStatus.CANCELLED), slot.starts_at, slot.ends_at)
    assert unit.plan.meetings("tierp", SEPTEMBER) == (meeting,)
    assert unit.plan.meetings_with_live_bookings("tierp") == frozenset()
    assert unit.plan.meetings_ever_booked("tierp") == {meeting.id}
    with pytest.raises(SlotTaken):
        unit.plan.remove_meeting(meeting.id)


def test_a_booking_holds_its_slot_and_its_people(unit: SqlUnitOfWork, meeting: Meeting) -> None:
    slot = meeting.slots[1]
    referral = store_referral(unit, a_referral())
    booking = a_booking(referral, slot)
    unit.plan.add_booking(booking, slot.starts_at, slot.ends_at)
    assert unit.plan.booking(booking.id) == booking
    assert unit.plan.live_booking(referral.id) == booking
    assert unit.plan.live_bookings(meeting.id) == (booking,)
    assert unit.plan.taken_slots("tierp", SEPTEMBER) == {slot.id}
    assert unit.plan.taken_slots("tierp", date(2026, 9, 16)) == frozenset()
    assert unit.plan.meetings_with_live_bookings("tierp") == {meeting.id}
    hour = (slot.starts_at - timedelta(hours=1), slot.ends_at + timedelta(hours=1))
    held = [(slot.starts_at, slot.ends_at)]
    assert unit.plan.busy(["p1", "p2", "p3"], *hour) == {"p1": held, "p2": held}
    assert unit.plan.busy(["p1"], *hour, except_booking=booking.id) == {}
    assert unit.plan.busy(["p1"], slot.ends_at, slot.ends_at + timedelta(hours=1)) == {}
    assert unit.plan.busy(["p1"], slot.starts_at - timedelta(hours=1), slot.starts_at) == {}


def test_moving_frees_the_old_time_and_takes_the_new(unit: SqlUnitOfWork, meeting: Meeting) -> None:
    old, new = meeting.slots[0], meeting.slots[2]
    booking = a_booking(store_referral(unit, a_referral()), old)
    unit.plan.add_booking(booking, old.starts_at, old.ends_at)
    moved = replace(
        booking,
        slot=new.id,
        status=BookingStatus.BOOKED,
        sequence=1,
        calls_at=None,
        seats=(Seat("kommun", "p5"), Seat("fk", "p2"), Seat("af", "p3")),
    )
    unit.plan.save_booking(moved, new.starts_at, new.ends_at)
    assert unit.plan.booking(booking.id) == moved
    held = [(new.starts_at, new.ends_at)]
    day = (meeting.starts_at, meeting.ends_at)
    assert unit.plan.busy(["p1", "p2", "p3", "p5"], *day) == {"p2": held, "p3": held, "p5": held}
    other = a_booking(store_referral(unit, a_referral()), old)
    unit.plan.add_booking(other, old.starts_at, old.ends_at)
    assert unit.plan.live_bookings(meeting.id) == (other, moved)


def test_cancelling_frees_slot_referral_and_people(unit: SqlUnitOfWork, meeting: Meeting) -> None:
    slot = meeting.slots[0]
    referral = store_referral(unit, a_referral())
    booking = a_booking(referral, slot)
    unit.plan.add_booking(booking, slot.starts_at, slot.ends_at)
    ended = replace(booking, status=BookingStatus.CANCELLED, sequence=1)
    unit.plan.save_booking(ended, slot.starts_at, slot.ends_at)
    assert unit.plan.booking(booking.id) == ended
    assert unit.plan.live_booking(referral.id) is None
    assert unit.plan.busy(["p1", "p2"], meeting.starts_at, meeting.ends_at) == {}
    again = a_booking(referral, slot)
    unit.plan.add_booking(again, slot.starts_at, slot.ends_at)
    assert unit.plan.live_booking(referral.id) == again


def book(unit: SqlUnitOfWork, booking: Booking, slot: Slot) -> None:
    """Add the booking and commit."""
    unit.plan.add_booking(booking, slot.starts_at, slot.ends_at)
    unit.commit()


def test_a_slot_holds_one_live_booking(unit: SqlUnitOfWork, meeting: Meeting) -> None:
    slot = meeting.slots[0]
    first, second = (store_referral(unit, a_referral()) for _ in range(2))
    unit.plan.add_booking(a_booking(first, slot), slot.starts_at, slot.ends_at)
    with pytest.raises(SlotTaken):
        book(unit, a_booking(second, slot, {"af": "p3", "vc": "p4"}), slot)


def test_a_referral_has_one_live_booking(unit: SqlUnitOfWork, meeting: Meeting) -> None:
    one, two = meeting.slots[:2]
    referral = store_referral(unit, a_referral())
    unit.plan.add_booking(a_booking(referral, one), one.starts_at, one.ends_at)
    with pytest.raises(SlotTaken):
        book(unit, a_booking(referral, two, {"af": "p3"}), two)


def test_a_person_is_in_one_place_at_a_time(unit: SqlUnitOfWork, meeting: Meeting) -> None:
    """p2 serves both teams; the meetings overlap by five minutes."""
    elsewhere = a_meeting(team="alvkarleby", start=meeting.slots[0].start.replace(minute=25))
    unit.plan.save_meeting(elsewhere)
    here, there = meeting.slots[0], elsewhere.slots[0]
    first, second = store_referral(unit, a_referral()), store_referral(unit, a_referral("alvkarleby"))
    unit.plan.add_booking(a_booking(first, here), here.starts_at, here.ends_at)
    with pytest.raises(SlotTaken):
        book(unit, a_booking(second, there, {"fk": "p2"}), there)


def test_consecutive_slots_may_have_the_same_people(unit: SqlUnitOfWork, meeting: Meeting) -> None:
    for slot in meeting.slots:
        booking = a_booking(store_referral(unit, a_referral()), slot)
        unit.plan.add_booking(booking, slot.starts_at, slot.ends_at)
    assert len(unit.plan.live_bookings(meeting.id)) == 4
    assert len(unit.plan.busy(["p2"], meeting.starts_at, meeting.ends_at)["p2"]) == 4


def test_a_refusal_shows_no_values(unit: SqlUnitOfWork, meeting: Meeting) -> None:
    """An error may end in a log; the engine hides what was to be written (promise 5)."""
    slot = meeting.slots[0]
    booking = replace(a_booking(store_referral(unit, a_referral()), slot), referral="canary-referral")
    with pytest.raises(sa.exc.IntegrityError) as refusal:
        book(unit, booking, slot)
    words = "".join(traceback.format_exception(refusal.value))
    assert booking.uid not in words
    assert "canary-referral" not in words


def test_absences(unit: SqlUnitOfWork) -> None:
    unit.plan.add_absence("p2", date(2026, 9, 1), date(2026, 9, 3))
    unit.plan.add_absence("p2", date(2026, 8, 1), date(2026, 8, 31))
    unit.plan.add_absence("p3", date(2026, 8, 1), date(2026, 9, 1))
    assert unit.plan.absences(["p1", "p2", "p3"], SEPTEMBER) == {
        "p2": [(date(2026, 9, 1), date(2026, 9, 3))],
        "p3": [(date(2026, 8, 1), date(2026, 9, 1))],
    }


def test_invitations(unit: SqlUnitOfWork, meeting: Meeting) -> None:
    slot = meeting.slots[0]
    booking = a_booking(store_referral(unit, a_referral()), slot)
    unit.plan.add_booking(booking, slot.starts_at, slot.ends_at)
    invitation, gone = an_invitation(booking), an_invitation(booking, "p1", live=False)
    unit.plan.save_invitation(invitation)
    unit.plan.save_invitation(gone)
    assert unit.plan.invitations(booking.id) == (invitation,)
    assert unit.plan.invitation(gone.public_id) == gone
    assert unit.plan.invitations_of("p2", meeting.id) == (invitation,)
    assert unit.plan.invitations_of("p1", meeting.id) == ()
    assert unit.plan.coming_meetings_of("p2", meeting.starts_at) == (meeting.id,)
    assert unit.plan.coming_meetings_of("p2", meeting.starts_at + timedelta(seconds=1)) == ()
    unit.plan.save_booking(replace(booking, status=BookingStatus.CANCELLED), slot.starts_at, slot.ends_at)
    assert unit.plan.invitations_of("p2", meeting.id) == ()


def test_an_old_public_id_leads_to_the_invitation(unit: SqlUnitOfWork, meeting: Meeting) -> None:
    slot = meeting.slots[0]
    booking = a_booking(store_referral(unit, a_referral()), slot)
    unit.plan.add_booking(booking, slot.starts_at, slot.ends_at)
    old = an_invitation(booking)
    unit.plan.save_invitation(old)
    new = replace(old, public_id="renewed", answer=Answer.ACCEPTED, answered_at=NOW, last_sequence=1)
    unit.plan.save_invitation(new)
    assert unit.plan.invitation(old.public_id) == unit.plan.invitation("renewed") == new
    assert unit.plan.is_current("renewed")
    assert not unit.plan.is_current(old.public_id)
    assert not unit.plan.is_current("unknown")


def test_an_absence_is_changed_and_taken_back(unit: SqlUnitOfWork) -> None:
    absence = Absence("a1", "p2", date(2026, 9, 1), date(2026, 9, 3))
    unit.plan.save_absence(absence)
    longer = replace(absence, to_date=date(2026, 9, 9))
    unit.plan.save_absence(longer)
    assert unit.plan.absence("a1") == longer
    assert unit.plan.absences_of(["p2", "p3"], SEPTEMBER) == (longer,)
    unit.plan.remove_absence("a1")
    assert unit.plan.absence("a1") is None
    assert unit.plan.absences_of(["p2"], SEPTEMBER) == ()


def test_handovers_stay_until_the_organisation_says_them(unit: SqlUnitOfWork) -> None:
    later = Handover("h1", "tierp", "p2", "p3", date(2026, 9, 8))
    sooner = replace(later, id="h2", person="p1", from_date=SEPTEMBER)
    for handover in (later, sooner):
        unit.plan.add_handover(handover)
    assert unit.plan.handovers("tierp") == (sooner, later)
    assert [team.id for team in unit.organisation.teams_served_by("p3")] == ["tierp"]
    unit.plan.remove_handover("h2")
    assert unit.plan.handovers("tierp") == (later,)
    assert unit.plan.handovers("other") == ()
