"""Promise 2 against a reference in plain loops, over random organisations and streams of cases.

The reference (tests/support/reference_assignment.py) imports only the dataclasses.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schedules.domain.assignment import (
    Assignment,
    Busy,
    Choice,
    PassedOver,
    Reason,
    Wish,
    assign,
    judge,
    suitable,
)
from schedules.domain.calendar import meeting_offers, term_meetings
from schedules.domain.cases import Urgency
from schedules.domain.organisation import Closure, MeetingSeries, Membership, Rhythm, Team
from schedules.domain.plan import Meeting, MeetingStatus, Slot
from tests.support.reference_assignment import World, expected, is_there

STOCKHOLM = ZoneInfo("Europe/Stockholm")
TODAY = date(2026, 9, 1)
PARTIES = ("a", "b", "c")
PEOPLE = {party: tuple(f"{party}{n}" for n in range(3)) for party in PARTIES}


# --- random worlds -----------------------------------------------------------------------------------

some_days = st.integers(0, 90).map(lambda n: TODAY + timedelta(days=n))


@st.composite
def memberships(draw: st.DrawFn, party: str) -> Membership:
    people = draw(st.lists(st.sampled_from(PEOPLE[party]), min_size=1, max_size=3, unique=True))
    if draw(st.integers(0, 9)) == 0:
        people.append("shared")  # two units of one region with one deputy
    return Membership(
        party,
        tuple(people),
        draw(st.sampled_from(Rhythm)),
        first=draw(st.none() | some_days),
        from_date=draw(st.none() | st.none() | some_days),
        until=draw(st.none() | st.none() | some_days),
    )


@st.composite
def series(draw: st.DrawFn) -> MeetingSeries:
    slots = draw(st.integers(1, 3))
    anchor = TODAY + timedelta(days=draw(st.sampled_from([-14, -1, 0, 1, 3, 8])))
    return MeetingSeries(
        anchor=anchor,
        start=draw(st.sampled_from([time(9), time(9, 15), time(13)])),
        slots=slots,
        slot_minutes=draw(st.sampled_from([30, 45])),
        until=TODAY + timedelta(days=draw(st.integers(20, 90))),
        weeks=draw(st.sampled_from([1, 2, 2, 3])),
        reserve_slots=draw(st.integers(0, slots)),
        reserve_release_workdays=draw(st.integers(0, 5)),
    )


@st.composite
def teams(draw: st.DrawFn, name: str) -> Team:
    parties = draw(st.lists(st.sampled_from(PARTIES), min_size=2, max_size=3, unique=True))
    closures = [Closure(day, day + timedelta(days=6)) for day in draw(st.lists(some_days, max_size=2))]
    return Team(
        name,
        name,
        name,
        "a0",
        closures=tuple(closures),
        parties=tuple(draw(memberships(party)) for party in parties),
        series=tuple(draw(st.lists(series(), min_size=1, max_size=2))),
    )


@st.composite
def worlds(draw: st.DrawFn) -> World:
    drawn = {name: draw(teams(name)) for name in ("north", "south")}
    meetings = {}
    for name, team in drawn.items():
        ids = (f"{name}{n}" for n in range(10_000))
        rows = term_meetings(team, STOCKHOLM, lambda _: False, TODAY, lambda ids=ids: next(ids))  # type: ignore[misc]  # lambda's default
        meetings[name] = [_disturbed(draw, row) for row in rows]
    pairs = st.tuples(some_days, st.integers(0, 40)).map(lambda p: (p[0], p[0] + timedelta(days=p[1])))
    people = [*(person for some in PEOPLE.values() for person in some), "shared"]
    absences = draw(st.dictionaries(st.sampled_from(people), st.lists(pairs, max_size=2), max_size=5))
    return World(drawn, meetings, absences)


def _disturbed(draw: st.DrawFn, meeting: Meeting) -> Meeting:
    """Some meetings are cancelled, some have been held, some are extra ones."""
    match draw(st.integers(0, 11)):
        case 0:
            return replace(meeting, status=MeetingStatus.CANCELLED)
        case 1 if meeting.status is MeetingStatus.PLANNED:
            return replace(meeting, series_anchor=None, occurrence=None)
        case 2 if meeting.status is MeetingStatus.PLANNED:
            return replace(meeting, status=MeetingStatus.HELD)
        case _:
            return meeting


@dataclass(frozen=True)
class Case:
    team: str
    wish: Wish
    today: date


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Each asks one to three parties; now and then one that is no member of the team."""
    today = TODAY + timedelta(days=draw(st.integers(0, 20)))
    parties = draw(st.lists(st.sampled_from(PARTIES), min_size=1, max_size=3, unique=True))
    urgency = draw(st.sampled_from(Urgency))
    lead = timedelta(days=draw(st.integers(0, 9)))  # short ones too, so that released reserves are met
    wish = Wish(tuple(parties), urgency, today + lead, draw(st.none() | some_days))
    return Case(draw(st.sampled_from(["north", "south"])), wish, today)


streams = st.lists(cases(), min_size=1, max_size=12)


# --- a stream of cases -------------------------------------------------------------------------------


def run_stream(world: World, stream: Sequence[Case]) -> list[Assignment]:
    """Each case takes its slot and its people's time; then the next follows. All are compared."""
    answers = []
    for case in stream:
        team = world.teams[case.team]
        offers = meeting_offers(team, world.meetings[case.team], world.taken, world.absences, case.today)
        answer = assign(case.wish, offers, Busy(world.busy))
        assert answer == expected(world, team, case.wish, case.today)
        if answer.choice is not None:
            check_choice(world, case, answer.choice)
            book(world, case.team, answer.choice)
        answers.append(answer)
    return answers


def slot_of(world: World, team: str, choice: Choice) -> Slot:
    return next(m for m in world.meetings[team] if m.id == choice.meeting).slot(choice.slot)


def check_choice(world: World, case: Case, choice: Choice) -> None:
    """What promises 1 and 2 say of any choice, whatever the reference thinks."""
    meeting = next(m for m in world.meetings[case.team] if m.id == choice.meeting)
    slot = meeting.slot(choice.slot)
    assert slot.id not in world.taken
    assert meeting.status is MeetingStatus.PLANNED
    assert meeting.day >= max(case.wish.earliest, case.wish.not_before or date.min)
    assert tuple(party for party, _ in choice.representatives) == case.wish.parties
    people = [person for _, person in choice.representatives]
    assert len(set(people)) == len(people)
    for party, person in choice.representatives:
        member = world.teams[case.team].membership(party)
        assert member is not None
        assert is_there(member, meeting)
        assert person in member.representatives
        assert not any(first <= meeting.day <= last for first, last in world.absences.get(person, []))
        assert all(e <= slot.starts_at or slot.ends_at <= s for s, e in world.busy.get(person, []))


def book(world: World, team: str, choice: Choice) -> None:
    slot = slot_of(world, team, choice)
    world.taken.add(slot.id)
    for _, person in choice.representatives:
        world.busy.setdefault(person, []).append((slot.starts_at, slot.ends_at))


def reasons(answers: Sequence[Assignment]) -> Counter[Reason]:
    return Counter(passed.reason for answer in answers for passed in answer.passed_over)


quick = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@quick
@given(worlds(), streams)
def test_each_case_of_a_stream_gets_the_earliest_suitable_slot(world: World, stream: list[Case]) -> None:
    run_stream(world, stream)


def test_every_reason_occurs_in_the_random_streams() -> None:
    """The same comparison, always the same examples: it fails unless every reason was seen and compared."""
    seen: Counter[str] = Counter()

    @settings(quick, derandomize=True, database=None)
    @given(worlds(), streams)
    def run(world: World, stream: list[Case]) -> None:
        answers = run_stream(world, stream)
        seen.update(reasons(answers))
        seen["booked" if answers[-1].choice else "waiting"] += 1
        seen["with_deputy"] += sum(
            _sends_a_deputy(world, *pair) for pair in zip(stream, answers, strict=True)
        )

    run()
    assert {*Reason, "booked", "waiting", "with_deputy"} <= set(seen), seen


def _sends_a_deputy(world: World, case: Case, answer: Assignment) -> bool:
    members: Mapping[str, Membership] = {m.party: m for m in world.teams[case.team].parties}
    seats = answer.choice.representatives if answer.choice else ()
    return any(members[party].representatives[0] != person for party, person in seats)


@quick
@given(worlds(), streams, st.integers(1, 10))
def test_the_next_suitable_times_are_those_that_judging_each_meeting_gives(
    world: World, stream: list[Case], limit: int
) -> None:
    run_stream(world, stream[1:])
    case = stream[0]
    rows = world.meetings[case.team]
    offers = meeting_offers(world.teams[case.team], rows, world.taken, world.absences, case.today)
    judged = [judge(case.wish, offer, Busy(world.busy)) for offer in offers]
    choices = suitable(iter(judged), limit)
    assert list(choices) == [found for found in judged if isinstance(found, Choice)][:limit]
    answer = assign(case.wish, offers, Busy(world.busy))
    assert choices[:1] == ((answer.choice,) if answer.choice else ())


# --- by hand -----------------------------------------------------------------------------------------


def one_meeting(*members: Membership, slots: int = 1) -> tuple[Team, list[Meeting]]:
    """A team that meets once, at thirteen on TODAY, for half an hour a case."""
    series = MeetingSeries(TODAY, time(13), slots, 30, TODAY)
    team = Team("t", "t", "T", "a0", parties=members, series=(series,))
    ids = (f"id{n}" for n in range(10))
    return team, term_meetings(team, STOCKHOLM, lambda _: False, TODAY, lambda: next(ids))


def test_two_parties_that_share_their_only_deputy_cannot_both_be_seated_by_her() -> None:
    """One person takes one seat; a party that has somebody else gives way."""
    team, meetings = one_meeting(Membership("a", ("shared", "a1")), Membership("b", ("shared",)))
    wish = Wish(("a", "b"), Urgency.ORDINARY, TODAY)
    answer = assign(wish, meeting_offers(team, meetings, (), {}, TODAY), Busy())
    assert answer.choice is not None
    assert answer.choice.representatives == (("a", "a1"), ("b", "shared"))
    away = {"a1": [(TODAY, TODAY)]}
    answer = assign(wish, meeting_offers(team, meetings, (), away, TODAY), Busy())
    assert answer == Assignment(None, (PassedOver(meetings[0].id, TODAY, Reason.NO_REPRESENTATIVE, ("b",)),))


def test_the_parties_without_a_representative_are_those_of_all_the_slots() -> None:
    """At one o'clock b is busy elsewhere, at half past a: both are named, in the order asked."""
    team, meetings = one_meeting(Membership("a", ("a0",)), Membership("b", ("b0",)), slots=2)
    first, second = meetings[0].slots
    busy = Busy({"b0": [(first.starts_at, first.ends_at)], "a0": [(second.starts_at, second.ends_at)]})
    wish = Wish(("a", "b"), Urgency.ORDINARY, TODAY)
    answer = assign(wish, meeting_offers(team, meetings, (), {}, TODAY), busy)
    assert answer.passed_over == (PassedOver(meetings[0].id, TODAY, Reason.NO_REPRESENTATIVE, ("a", "b")),)


def test_no_meetings_no_choice() -> None:
    assert assign(Wish(("a",), Urgency.ORDINARY, TODAY), (), Busy()) == Assignment(None, ())


def test_a_booking_that_ends_as_the_next_begins_does_not_collide() -> None:
    noon = datetime(2026, 9, 1, 12, tzinfo=UTC)
    half = timedelta(minutes=30)
    busy = Busy({"a0": [(noon, noon + half)]})
    assert busy.free("a0", noon + half, noon + 2 * half)
    assert busy.free("a0", noon - half, noon)
    assert not busy.free("a0", noon - half, noon + timedelta(minutes=1))
