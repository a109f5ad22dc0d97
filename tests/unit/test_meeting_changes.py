"""A changed series against the plan: what is added, changed, removed, and what bookings hold in place."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from schedules.domain.meeting_changes import KeptMeeting, MeetingChanges, plan_meetings
from schedules.domain.plan import Meeting, MeetingStatus, Slot

ANCHOR = date(2026, 9, 1)
TODAY = date(2026, 11, 22)
PLANNED, CLOSED, CANCELLED = MeetingStatus.PLANNED, MeetingStatus.CLOSED, MeetingStatus.CANCELLED


def meeting(
    name: str,
    occurrence: int,
    *,
    weeks: int = 2,
    anchor: date = ANCHOR,
    hour: int = 13,
    slots: int = 4,
    place: str = "Rum 4",
    status: MeetingStatus = PLANNED,
) -> Meeting:
    """A meeting as a series gives it; half-hour slots. UTC stands in for the local zone."""
    day = anchor + timedelta(weeks=weeks * occurrence)
    start = datetime.combine(day, time(hour), UTC)
    spans = [
        (start + timedelta(minutes=30 * n), start + timedelta(minutes=30 * (n + 1))) for n in range(slots)
    ]
    end = spans[-1][1]
    return Meeting(
        id=name,
        team="tierp",
        day=day,
        start=start.time(),
        end=end.time(),
        starts_at=start,
        ends_at=end,
        place=place,
        link=None,
        status=status,
        series_anchor=anchor,
        series_weeks=weeks,
        occurrence=occurrence,
        reserve_released_on=None,
        slots=tuple(Slot(f"{name}-{n}", name, n, s.time(), e.time(), s, e) for n, (s, e) in enumerate(spans)),
    )


def changes(
    existing: list[Meeting], wanted: list[Meeting], booked: str = "", ever: str = ""
) -> MeetingChanges:
    return plan_meetings(existing, wanted, booked.split(), (booked + " " + ever).split(), TODAY)


def test_an_empty_plan_gets_the_coming_meetings() -> None:
    coming = [meeting("a", 6), meeting("b", 7)]
    assert changes([], [meeting("past", 1), *coming]) == MeetingChanges(add=tuple(coming))


def test_the_same_again_is_nothing() -> None:
    assert changes([meeting("a", 6)], [meeting("new", 6)]).nothing


def test_a_change_keeps_the_ids_of_meeting_and_slots() -> None:
    found = changes([meeting("a", 6)], [meeting("new", 6, hour=14, slots=5)])
    assert [m.id for m in found.update] == ["a"]
    assert found.update[0].start == time(14)
    assert [slot.id for slot in found.update[0].slots] == ["a-0", "a-1", "a-2", "a-3", "new-4"]
    assert {slot.meeting for slot in found.update[0].slots} == {"a"}
    assert not found.add
    assert not found.remove


def test_past_and_extra_meetings_are_never_touched() -> None:
    past = meeting("past", 1)
    extra = replace(meeting("extra", 6, hour=9), series_anchor=None, occurrence=None)
    assert changes([past, extra], []).nothing


def test_a_meeting_nobody_booked_goes_with_its_series() -> None:
    old = meeting("a", 6)
    assert changes([old], []) == MeetingChanges(remove=(old,))


def test_a_booked_meeting_stays_and_is_listed() -> None:
    old, wanted = meeting("a", 6), meeting("new", 6, hour=14)
    found = changes([old], [wanted], booked="a")
    assert found.nothing
    (kept,) = found.kept_with_bookings
    assert (kept.meeting, kept.wanted and kept.wanted.start) == (old, time(14))
    assert set(kept.fields) == {"start", "end", "starts_at", "ends_at", "slots"}


def test_a_booked_meeting_keeps_its_place_and_its_number_of_slots() -> None:
    old = meeting("a", 6)
    assert changes([old], [meeting("n", 6, place="Rum 7")], booked="a").kept_with_bookings[0].fields == (
        "place",
    )
    assert changes([old], [meeting("n", 6, slots=5)], booked="a").nothing


def test_a_booked_meeting_is_not_closed() -> None:
    old = meeting("a", 6)
    found = changes([old], [replace(meeting("n", 6, status=CLOSED), slots=())], booked="a")
    assert found.nothing
    assert "status" in found.kept_with_bookings[0].fields


def test_a_booked_meeting_is_not_removed() -> None:
    old = meeting("a", 6)
    assert changes([old], [], booked="a") == MeetingChanges(kept_with_bookings=(KeptMeeting(old, None),))


def test_what_nobody_notices_changes_under_bookings() -> None:
    """The same time in a series written anew."""
    old = meeting("a", 6)
    wanted = replace(meeting("n", 0, anchor=old.day), reserve_released_on=TODAY)
    found = changes([old], [wanted], booked="a")
    assert not found.kept_with_bookings
    assert (found.update[0].id, found.update[0].series_anchor) == ("a", old.day)
    assert found.update[0].slots == old.slots


def test_nothing_new_overlaps_a_meeting_held_by_bookings() -> None:
    old = meeting("a", 6)
    other_series = meeting("n", 0, anchor=old.day, hour=14)
    found = changes([old], [other_series], booked="a")
    assert found.nothing
    assert [kept.meeting for kept in found.kept_with_bookings] == [old]


def test_a_meeting_with_ended_bookings_is_closed_rather_than_removed() -> None:
    old = meeting("a", 6)
    found = changes([old], [], ever="a")
    assert found == MeetingChanges(update=(replace(old, status=CLOSED),))
    assert changes([found.update[0]], [], ever="a").nothing


def test_a_meeting_with_ended_bookings_does_not_move() -> None:
    """The bookings tell of a time that was: the new time is another meeting."""
    old, wanted = meeting("a", 6), meeting("n", 6, hour=14, slots=2)
    found = changes([old], [wanted], ever="a")
    assert found == MeetingChanges(add=(wanted,), update=(replace(old, status=CLOSED),))
    assert changes([*found.update, *found.add], [meeting("n2", 6, hour=14, slots=2)], ever="a").nothing


def test_a_closed_day_closes_a_meeting_with_ended_bookings_and_opens_it_again() -> None:
    old = meeting("a", 6)
    shut = replace(meeting("n", 6, status=CLOSED), slots=())
    found = changes([old], [shut], ever="a")
    assert found == MeetingChanges(update=(replace(old, status=CLOSED),))
    assert changes(list(found.update), [shut], ever="a").nothing
    assert changes(list(found.update), [meeting("n", 6)], ever="a").update == (old,)


def test_a_cancelled_meeting_stays_cancelled() -> None:
    cancelled = meeting("a", 6, status=CANCELLED)
    assert changes([cancelled], [meeting("n", 6)]).nothing
    assert changes([cancelled], [meeting("n", 6, hour=14)]).nothing


def test_twice_as_often_leaves_the_booked_meetings_alone() -> None:
    """By occurrence every one of them would move to another day."""
    every_second = [meeting(f"a{n}", n) for n in range(6, 9)]
    weekly = [meeting(f"n{n}", n, weeks=1) for n in range(12, 18)]
    found = changes(every_second, weekly, booked="a6 a7 a8")
    assert not found.kept_with_bookings
    assert not found.remove
    assert [m.id for m in found.update] == ["a6", "a7", "a8"]
    assert [m.id for m in found.add] == ["n13", "n15", "n17"]


def test_two_series_of_one_anchor_are_told_apart_by_the_time_of_day() -> None:
    morning, noon = meeting("a", 6, hour=9), meeting("b", 6)
    found = changes([morning, noon], [meeting("n", 6, hour=13, place="Rum 7"), meeting("o", 6, hour=9)])
    assert [(m.id, m.place) for m in found.update] == [("b", "Rum 7")]
    assert not found.add
    assert not found.remove


def test_an_agenda_sent_for_a_time_that_moved_is_not_sent_for_the_new_one() -> None:
    sent = replace(meeting("a", 6), agenda_sent_at=datetime(2026, 11, 20, tzinfo=UTC))
    assert changes([sent], [meeting("n", 6, hour=14)]).update[0].agenda_sent_at is None
    assert changes([sent], [meeting("n", 6, place="x")]).update[0].agenda_sent_at == sent.agenda_sent_at


@st.composite
def series(draw: st.DrawFn, prefix: str) -> list[Meeting]:
    weeks, hour = draw(st.sampled_from([1, 2, 3])), draw(st.sampled_from([9, 13, 14]))
    anchor = ANCHOR + timedelta(days=7 * draw(st.integers(0, 2)))
    slots, place = draw(st.integers(1, 4)), draw(st.sampled_from(["a", "b"]))
    kept = draw(st.lists(st.integers(0, 20), unique=True))
    return [
        meeting(f"{prefix}{n}", n, weeks=weeks, anchor=anchor, hour=hour, slots=slots, place=place)
        for n in kept
    ]


@settings(max_examples=150, deadline=None)
@given(series("a"), series("n"), st.data())
def test_bookings_are_safe_and_a_second_time_changes_nothing(
    old: list[Meeting], wanted: list[Meeting], data: st.DataObject
) -> None:
    ids = [m.id for m in old]
    ever = set(data.draw(st.lists(st.sampled_from(ids), unique=True))) if ids else set()
    booked = set(data.draw(st.lists(st.sampled_from(sorted(ever)), unique=True))) if ever else set()
    found = plan_meetings(old, wanted, booked, ever, TODAY)
    plan = {m.id: m for m in old} | {m.id: m for m in (*found.update, *found.add)}
    for gone in found.remove:
        del plan[gone.id]
    for before in old:
        if before.id in ever or before.day < TODAY:
            assert before.id in plan
        if before.id in booked:
            after = plan[before.id]
            assert (after.starts_at, after.place, after.slots) == (
                before.starts_at,
                before.place,
                before.slots,
            )
            assert after.status is PLANNED
    coming = [m for m in plan.values() if m.day >= TODAY and m.status is PLANNED]
    assert not any(
        a.starts_at < b.ends_at and b.starts_at < a.ends_at for a in coming for b in coming if a is not b
    )
    again = plan_meetings(list(plan.values()), wanted, booked, ever, TODAY)
    assert again.nothing
    assert again.kept_with_bookings == found.kept_with_bookings


# --- what somebody changed in the program -------------------------------------------------------------


def by_hand(name: str, occurrence: int, *, days: int = 2) -> Meeting:
    """A meeting of the series that was moved some days ahead."""
    there = meeting(name, occurrence)
    later = meeting(name, 0, anchor=there.day + timedelta(days=days))
    return replace(later, series_anchor=ANCHOR, occurrence=occurrence, scheduled_at=there.starts_at)


def test_a_moved_meeting_stays_and_fills_its_place_in_the_series() -> None:
    moved = by_hand("a", 6)
    for booked in ("", "a"):
        assert changes([moved], [meeting("new", 6)], booked=booked) == MeetingChanges()


def test_a_moved_meeting_stays_when_its_series_is_written_anew_or_goes() -> None:
    """The next term's series has another anchor; the place that the meeting has left is not filled again."""
    moved = by_hand("a", 6)
    anew = meeting("new", 0, anchor=moved.day - timedelta(days=2))
    assert changes([moved], [anew]) == MeetingChanges()
    assert changes([moved], []) == MeetingChanges()
    assert changes([moved], [], booked="a") == MeetingChanges()


def test_another_place_stays() -> None:
    moved = replace(meeting("a", 6, place="Biblioteket"), scheduled_at=meeting("a", 6).starts_at)
    assert changes([moved], [meeting("new", 6, place="Nya huset")]) == MeetingChanges()


def test_nothing_new_overlaps_an_extra_meeting_or_one_that_was_moved() -> None:
    extra = replace(meeting("x", 6), series_anchor=None, occurrence=None)
    assert changes([extra], [meeting("new", 6)]).add == ()
    moved = by_hand("a", 6)
    there = meeting("new", 0, anchor=moved.day)
    assert changes([moved], [meeting("same", 6), there]).add == ()


def test_a_cancelled_meeting_stays_when_its_series_goes() -> None:
    """Planned figure: cancelled (DOMAIN.md); it is counted although nobody was booked."""
    assert changes([meeting("a", 6, status=CANCELLED)], []) == MeetingChanges()
