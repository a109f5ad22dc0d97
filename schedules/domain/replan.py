"""New slots for the cases of a cancelled meeting: the best plan for all of them, no other case moved. Pure.

Best means, in this order:

1. as many cases as possible get a time at all,
2. as few as possible are later than their goal date,
3. the least waiting: the sum of days, an urgent case's days counted `URGENT_WEIGHT` times,
4. the order of submission: of plans equal in all that, the one in which the case submitted first has its
   earliest meeting and slot; then the one submitted next, and so on. Of meetings that start at the same
   instant the one with the lower id is the earlier.

A case that gets no time counts as if it had the day after the last meeting, under 2 and 3: that is the
earliest it could get. Waiting is a sum over all cases, so that comparing plans does
not depend on the day from which each one's is counted.

Slots of one series never overlap, and then the plan is always the best. Slots of two series or of an extra
meeting may: that nobody is in two places is then found by search (`cheapest_plan`), which gives up after
`SEARCH_LIMIT` plans. `Replan.proven` tells. A plan that is not proven can still be held, and no single case
could have an earlier slot in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

from schedules.domain.assignment import (
    Assignment,
    Busy,
    Choice,
    MeetingOffer,
    PassedOver,
    SlotOffer,
    Wish,
    assign,
    judge,
)
from schedules.domain.cases import Urgency
from schedules.domain.cheapest_plan import Option, Options, Placement, Plan, cheapest_plan
from schedules.domain.joint_seating import Sitting, seat_all

URGENT_WEIGHT = 3
SEARCH_LIMIT = 400


@dataclass(frozen=True, slots=True)
class Displaced:
    """A referral whose meeting is cancelled. `submitted_at` is aware UTC; `goal_date` local."""

    referral: str
    wish: Wish
    goal_date: date | None
    submitted_at: datetime

    def later_than_goal(self, day: date) -> bool:
        """Whether a meeting on `day` is later than the goal (DOMAIN.md, first contact)."""
        return self.goal_date is not None and day > self.goal_date


@dataclass(frozen=True, slots=True)
class Move:
    """Where a referral goes, and why not to an earlier meeting."""

    referral: str
    choice: Choice
    passed_over: tuple[PassedOver, ...]


class Waiting(NamedTuple):
    """A referral for which there is no time, and why no meeting suits."""

    referral: str
    passed_over: tuple[PassedOver, ...]


@dataclass(frozen=True, slots=True)
class Replan:
    """The plan, in the order of submission. `proven` when no plan is better."""

    moves: tuple[Move, ...]
    waiting: tuple[Waiting, ...]
    proven: bool = True


def replan(
    displaced: Sequence[Displaced], meetings: Sequence[MeetingOffer], busy: Busy, limit: int = SEARCH_LIMIT
) -> Replan:
    """Give the displaced cases new slots.

    Args:
        displaced: the cases; each referral once.
        meetings: the team's meetings that have not begun yet; the cancelled one with that status, so that it
            is named among those passed over.
        busy: the representatives' other live bookings, those of the displaced cases left out.
        limit: how many plans are looked at where slots overlap.
    """
    cases = sorted(displaced, key=lambda case: (case.submitted_at, case.referral))
    offers = tuple(sorted(meetings, key=lambda meeting: (meeting.starts_at, meeting.id)))
    desk = _Desk(cases, offers, busy)
    plan = desk.plan(limit)
    answers = desk.settled(plan)
    pairs = list(zip(cases, answers, strict=True))
    return Replan(
        tuple(Move(c.referral, a.choice, a.passed_over) for c, a in pairs if a.choice is not None),
        tuple(Waiting(c.referral, a.passed_over) for c, a in pairs if a.choice is None),
        plan.proven,
    )


class _Desk:
    """The cases in order of submission, and the free slots in order of time; both are called by number."""

    def __init__(self, cases: Sequence[Displaced], offers: tuple[MeetingOffer, ...], busy: Busy) -> None:
        self._cases = cases
        self._offers = offers
        self._busy = busy
        self._slots = tuple(_free_slots(offers))

    def plan(self, limit: int) -> Plan:
        return cheapest_plan(self._options(), self._overlap, self._seatable, limit)

    def settled(self, plan: Plan) -> list[Assignment]:
        """Each case's own answer, all other cases being where they are in the plan.

        In the best plan it is the plan's own slot, for an earlier one would make a better plan. Otherwise
        whoever can go earlier does, until nobody can; each step makes the plan better, so that it ends.
        """
        choices = self._choices(plan)
        while True:
            answers = [self._alone(n, choices) for n in range(len(self._cases))]
            better = next((n for n, a in enumerate(answers) if a.choice != choices[n]), None)
            if better is None:
                return answers
            choices[better] = answers[better].choice

    # --- what the search asks ----------------------------------------------------------------------

    def _options(self) -> Options:
        costs = _Costs(self._offers, len(self._cases), len(self._slots))
        return tuple(tuple(self._case_options(n, case, costs)) for n, case in enumerate(self._cases))

    def _case_options(self, number: int, case: Displaced, costs: _Costs) -> list[Option]:
        """The case's suitable slots and waiting, the cheapest first."""
        options = [Option(costs.of(number, case, None, len(self._slots)), None)]
        for n, (meeting, slot) in enumerate(self._slots):
            if isinstance(judge(case.wish, replace(meeting, slots=(slot,)), self._busy), Choice):
                options.append(Option(costs.of(number, case, meeting.day, n), n))
        return sorted(options, key=lambda option: option.cost)

    def _overlap(self, one: int, other: int) -> bool:
        a, b = self._slots[one][1], self._slots[other][1]
        return a.starts_at < b.ends_at and b.starts_at < a.ends_at

    def _seatable(self, placements: Sequence[Placement]) -> bool:
        return seat_all([self._sitting(*placement) for placement in placements]) is not None

    def _sitting(self, case: int, slot: int) -> Sitting:
        meeting, at = self._slots[slot]
        people = (
            (p, tuple(x for x in meeting.attending[p] if self._busy.free(x, at.starts_at, at.ends_at)))
            for p in self._cases[case].wish.parties
        )
        return Sitting(at.starts_at, at.ends_at, tuple(people))

    # --- from the plan to answers ------------------------------------------------------------------

    def _choices(self, plan: Plan) -> list[Choice | None]:
        placed = [(case, slot) for case, slot in enumerate(plan.slots) if slot is not None]
        seatings = seat_all([self._sitting(*placement) for placement in placed])
        choices: list[Choice | None] = [None] * len(self._cases)
        for (case, slot), seating in zip(placed, seatings or (), strict=True):
            meeting, at = self._slots[slot]
            choices[case] = Choice(meeting.id, at.id, seating)
        return choices

    def _alone(self, number: int, choices: Sequence[Choice | None]) -> Assignment:
        others = [choice for n, choice in enumerate(choices) if n != number and choice is not None]
        taken = {choice.slot for choice in others}
        return assign(self._cases[number].wish, _without(self._offers, taken), self._busy_with(others))

    def _busy_with(self, choices: Sequence[Choice]) -> Busy:
        times = {slot.id: (slot.starts_at, slot.ends_at) for _, slot in self._slots}
        intervals = {person: list(spans) for person, spans in self._busy.intervals.items()}
        for choice in choices:
            for _, person in choice.representatives:
                intervals.setdefault(person, []).append(times[choice.slot])
        return Busy(intervals)


def _free_slots(offers: Sequence[MeetingOffer]) -> Iterator[tuple[MeetingOffer, SlotOffer]]:
    for meeting in offers:
        for slot in sorted(meeting.slots, key=lambda slot: (slot.starts_at, slot.position)):
            if not slot.taken:
                yield meeting, slot


def _without(offers: Sequence[MeetingOffer], taken: set[str]) -> list[MeetingOffer]:
    """The offers with some slots taken."""
    return [
        replace(offer, slots=tuple(replace(s, taken=s.taken or s.id in taken) for s in offer.slots))
        for offer in offers
    ]


class _Costs:
    """The four aims in one whole number for each case and slot; the sum over cases compares plans.

    Each aim's unit is more than all cases together can have of the aims after it, so that the sums compare
    as the tuples (without a time, later than the goal, weighted days, order) would.
    """

    def __init__(self, offers: Sequence[MeetingOffer], cases: int, slots: int) -> None:
        days = [offer.day for offer in offers] or [date.min]
        self._first = min(days).toordinal()
        self._after = date.fromordinal(max(days).toordinal() + 1)
        self._cases = cases
        self._base = slots + 1
        self._day: int = self._base**cases
        self._late = self._day * (cases * URGENT_WEIGHT * (self._after.toordinal() - self._first) + 1)
        self._timeless = self._late * (cases + 1)

    def of(self, number: int, case: Displaced, day: date | None, slot: int) -> int:
        """What it costs that the case, `number` in the order of submission, gets `slot` on `day` or waits."""
        held = day or self._after
        weight = URGENT_WEIGHT if case.wish.urgency is Urgency.URGENT else 1
        order: int = slot * self._base ** (self._cases - 1 - number)
        waited = self._day * weight * (held.toordinal() - self._first)
        late = self._late if case.later_than_goal(held) else 0
        return (self._timeless if day is None else 0) + late + waited + order
