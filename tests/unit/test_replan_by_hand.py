"""Plans in which taking one case after another would be worse, and what is said about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from schedules.domain.assignment import Busy, MeetingOffer, PassedOver, Reason, SlotOffer, Wish
from schedules.domain.cases import Urgency
from schedules.domain.plan import MeetingStatus
from schedules.domain.replan import Displaced, Replan, Waiting, replan

NINE = datetime(2026, 12, 1, 8, tzinfo=UTC)
HALF = timedelta(minutes=30)
ALL: Mapping[str, tuple[str, ...]] = {"a": ("a0", "a1"), "b": ("b0",), "c": ("c0",)}


def meeting(
    name: str,
    days: int,
    slots: int = 1,
    *,
    minutes: int = 0,
    attending: Mapping[str, tuple[str, ...]] = ALL,
    status: MeetingStatus = MeetingStatus.PLANNED,
    reserved: bool = False,
) -> MeetingOffer:
    """A meeting some days after 1 December, `minutes` after nine; its slots are `name` and a number."""
    start = NINE + timedelta(days=days, minutes=minutes)
    times = tuple(
        SlotOffer(f"{name}{n}", n, start + n * HALF, start + (n + 1) * HALF, taken=False, reserved=reserved)
        for n in range(slots)
    )
    return MeetingOffer(name, start.date(), start, status, times, attending)


def case(
    name: str,
    parties: Sequence[str] = ("a",),
    *,
    goal: int | None = None,
    urgent: bool = False,
    not_before: int | None = None,
) -> Displaced:
    """Submitted in the order of the names; dates are days after 1 December."""
    urgency = Urgency.URGENT if urgent else Urgency.ORDINARY
    wish = Wish(tuple(parties), urgency, NINE.date(), None if not_before is None else on(not_before))
    goal_date = None if goal is None else on(goal)
    return Displaced(name, wish, goal_date, NINE - timedelta(days=30) + timedelta(hours=ord(name)))


def on(days: int) -> date:
    return NINE.date() + timedelta(days=days)


def slots(plan: Replan) -> dict[str, str]:
    return {move.referral: move.choice.slot for move in plan.moves}


def test_the_first_case_leaves_the_only_slot_that_suits_another() -> None:
    """Greedy would give k the first slot and leave l, who needs party b, without any."""
    without_b = {"a": ("a0",)}
    offers = [meeting("x", 0), meeting("y", 14, attending=without_b)]
    plan = replan([case("k"), case("l", ["a", "b"])], offers, Busy())
    assert slots(plan) == {"k": "y0", "l": "x0"}
    assert not plan.waiting


def test_a_place_for_everybody_comes_before_goals() -> None:
    without_b = {"a": ("a0",)}
    offers = [meeting("x", 0), meeting("y", 14, attending=without_b)]
    plan = replan([case("k", goal=1), case("l", ["a", "b"])], offers, Busy())
    assert slots(plan) == {"k": "y0", "l": "x0"}


def test_a_goal_is_kept_though_the_other_was_submitted_first() -> None:
    offers = [meeting("x", 0), meeting("y", 14)]
    plan = replan([case("k"), case("l", goal=7)], offers, Busy())
    assert slots(plan) == {"k": "y0", "l": "x0"}


def test_a_goal_that_falls_on_the_day_of_the_meeting_is_kept() -> None:
    offers = [meeting("x", 0), meeting("y", 14)]
    assert slots(replan([case("k", goal=14), case("l", goal=13)], offers, Busy())) == {"k": "y0", "l": "x0"}


def test_a_goal_comes_before_urgency() -> None:
    """Nobody is later than the goal when the urgent case, which has none, takes the later time."""
    offers = [meeting("x", 0), meeting("y", 14)]
    plan = replan([case("k", urgent=True), case("l", goal=7)], offers, Busy())
    assert slots(plan) == {"k": "y0", "l": "x0"}


def test_least_total_waiting_though_the_first_waits_longer() -> None:
    """In the order of submission: k on day 0, l on day 28. The other way round it is 7 + 0 days."""
    without_b = {"a": ("a0",)}
    offers = [meeting("x", 0), meeting("y", 7, attending=without_b), meeting("z", 28)]
    plan = replan([case("k"), case("l", ["a", "b"])], offers, Busy())
    assert slots(plan) == {"k": "y0", "l": "x0"}


def test_an_urgent_case_goes_before_an_ordinary_one() -> None:
    offers = [meeting("x", 0), meeting("y", 14)]
    plan = replan([case("k"), case("l", urgent=True)], offers, Busy())
    assert slots(plan) == {"k": "y0", "l": "x0"}


def test_an_urgent_day_weighs_as_three_ordinary_ones() -> None:
    """The urgent case can go 7 days later, which counts as 21; the ordinary one 22 days, or 20."""
    cases = [case("k"), case("l", ["b"], urgent=True)]
    start = [meeting("x", 0), meeting("y", 7, attending={"b": ("b0",)})]
    only_a = {"a": ("a0",)}
    assert slots(replan(cases, [*start, meeting("z", 22, attending=only_a)], Busy())) == {
        "k": "x0",
        "l": "y0",
    }
    assert slots(replan(cases, [*start, meeting("z", 20, attending=only_a)], Busy())) == {
        "k": "z0",
        "l": "x0",
    }


def test_equal_plans_go_by_the_order_of_submission_whatever_the_input_order() -> None:
    offers = [meeting("x", 0, 2), meeting("y", 14)]
    plan = replan([case("m"), case("l"), case("k")], offers, Busy())
    assert slots(plan) == {"k": "x0", "l": "x1", "m": "y0"}
    assert [move.referral for move in plan.moves] == ["k", "l", "m"]


def test_of_equals_that_cannot_all_have_a_time_the_urgent_and_then_the_first_has_it() -> None:
    offers = [meeting("x", 0)]
    assert slots(replan([case("k"), case("l")], offers, Busy())) == {"k": "x0"}
    assert slots(replan([case("k"), case("l", urgent=True)], offers, Busy())) == {"l": "x0"}


def test_a_reserved_slot_goes_to_the_urgent_case() -> None:
    offers = [meeting("x", 0, reserved=True), meeting("y", 14)]
    plan = replan([case("k"), case("l", urgent=True)], offers, Busy())
    assert slots(plan) == {"k": "y0", "l": "x0"}
    assert plan.moves[0].passed_over == (PassedOver("x", on(0), Reason.FULL),)


def test_why_not_earlier_counts_what_the_plan_gave_to_others() -> None:
    cancelled = meeting("w", -7, status=MeetingStatus.CANCELLED)
    offers = [cancelled, meeting("x", 0), meeting("y", 14)]
    plan = replan([case("k"), case("l"), case("m")], offers, Busy())
    fell_away = PassedOver("w", on(-7), Reason.CANCELLED)
    assert plan.moves[0].passed_over == (fell_away,)
    assert plan.moves[1].passed_over == (fell_away, PassedOver("x", on(0), Reason.FULL))
    assert plan.waiting == (
        ("m", (fell_away, PassedOver("x", on(0), Reason.FULL), PassedOver("y", on(14), Reason.FULL))),
    )


def test_two_series_at_the_same_time_do_not_share_a_representative() -> None:
    """b0 is in x; the case that asks for b too takes y, not the parallel x2."""
    offers = [meeting("x", 0), meeting("x2", 0, minutes=15), meeting("y", 14)]
    plan = replan([case("k", ["b"]), case("l", ["b"])], offers, Busy())
    assert slots(plan) == {"k": "x0", "l": "y0"}
    assert plan.moves[1].passed_over[-1] == PassedOver("x2", on(0), Reason.NO_REPRESENTATIVE, ("b",))
    assert plan.proven


def test_a_deputy_steps_in_so_that_two_cases_are_held_at_the_same_time() -> None:
    """Taken alone k would have a0; but a0 is the only one who can come to the parallel meeting."""
    offers = [meeting("x", 0), meeting("x2", 0, minutes=15, attending={"a": ("a0",)}), meeting("y", 14)]
    plan = replan([case("k"), case("l")], offers, Busy())
    assert slots(plan) == {"k": "x0", "l": "x20"}
    assert [m.choice.representatives for m in plan.moves] == [(("a", "a1"),), (("a", "a0"),)]


def test_three_in_parallel_of_which_each_two_fit_but_not_all() -> None:
    """Two people for party a, three rooms: every pair can be held, the three cannot."""
    offers = [meeting("x", 0), meeting("x2", 0, minutes=10), meeting("x3", 0, minutes=20), meeting("y", 14)]
    plan = replan([case("k"), case("l"), case("m")], offers, Busy())
    assert slots(plan) == {"k": "x0", "l": "x20", "m": "y0"}
    assert plan.proven


def test_somebody_busy_elsewhere_is_not_asked() -> None:
    offers = [meeting("x", 0), meeting("y", 14)]
    plan = replan([case("k", ["b"])], offers, Busy({"b0": [(NINE, NINE + HALF)]}))
    assert slots(plan) == {"k": "y0"}
    assert plan.moves[0].passed_over == (PassedOver("x", on(0), Reason.NO_REPRESENTATIVE, ("b",)),)


def test_a_wish_not_to_come_before_a_date_holds() -> None:
    offers = [meeting("x", 0), meeting("y", 14)]
    plan = replan([case("k", not_before=1)], offers, Busy())
    assert plan.moves[0].passed_over == (PassedOver("x", on(0), Reason.BEFORE_WISH),)


def test_without_meetings_everybody_waits_and_without_cases_nothing_is_moved() -> None:
    assert replan([case("k")], (), Busy()) == Replan((), (Waiting("k", ()),))
    assert replan((), [meeting("x", 0)], Busy()) == Replan((), ())


def test_a_search_that_gives_up_says_so_and_nobody_could_go_earlier_alone() -> None:
    offers = [meeting("x", 0), meeting("x2", 0, minutes=10), meeting("x3", 0, minutes=20), meeting("y", 14)]
    plan = replan([case("k"), case("l"), case("m")], offers, Busy(), limit=1)
    assert not plan.proven
    assert slots(plan) == {"k": "x0", "l": "x20", "m": "y0"}


def test_a_full_meeting_and_a_year_of_parallel_series_are_planned_within_the_limit() -> None:
    """Eight cases, a hundred and fifty slots, two rooms that need the same person: proven all the same."""
    pairs = [(meeting(f"x{n}-", n * 14, 2), meeting(f"y{n}-", n * 14, 2, minutes=15)) for n in range(38)]
    plan = replan(
        [case(name, ["a", "b"]) for name in "klmnopqr"], [m for pair in pairs for m in pair], Busy()
    )
    assert plan.proven
    assert [move.choice.slot for move in plan.moves] == [
        f"x{n}-{slot}" for n in range(4) for slot in range(2)
    ]
