"""No group under five can be computed from what a page has shown, over any sequence of periods.

The check knows nothing of how the decision was made: it takes every count of every month as an unknown,
writes down all that a reader knows, and solves with fractions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import combinations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from schedules.domain.figures.disclosure import SHOWN_GENDERS, Shown, showable
from schedules.domain.figures.month import Month, Period
from schedules.domain.figures.tally import GENDERS, MEN, OTHERS, WOMEN, Row, Tally, When
from tests.support.stretches import stretches

FIRST = Month(2026, 1)
MONTHS = [FIRST.plus(n) for n in range(4)]
PARTIES = ("fk", "af", "vc")
Equation = tuple[Fraction, ...]

periods = st.tuples(st.sampled_from(range(4)), st.sampled_from(range(4))).map(
    lambda ends: Period(MONTHS[min(ends)], MONTHS[max(ends)])
)
cases = st.lists(
    st.tuples(
        st.sampled_from([WOMEN, WOMEN, MEN, MEN, OTHERS]),
        st.sampled_from(MONTHS),
        st.sampled_from(PARTIES),
        st.booleans(),
    ),
    max_size=70,
)
Case = tuple[str, Month, str, bool]


def counted(people: list[Case]) -> Tally:
    """All cases, by raising party, and those that are urgent."""
    found = Tally()
    found.add(Row("all"), [(gender, month) for gender, month, _, _ in people])
    found.split("by", "all", [(party, (gender, month)) for gender, month, party, _ in people], PARTIES)
    urgent = [((["yes"] if urgent else []), (gender, month)) for gender, month, _, urgent in people]
    found.each("urgent", "all", urgent, ["yes"])
    return found


def lines(tally: Tally) -> dict[str, Counter[When]]:
    """Each row, and what remains of the row around it."""
    found = dict(tally.counts)
    for row in tally.rows:
        if row.within:
            left = Counter(tally.counts[row.within])
            left.subtract(tally.counts[row.id])
            found[f"not {row.id}"] = left
    return found


class Reader:
    """Somebody who keeps every report of the page and can solve equations.

    They know of every nought of the stretches that the reports cut out, be it shown or not; of the single
    months within them no report has told anything.
    """

    def __init__(self, tally: Tally, asked: Iterable[Period]) -> None:
        self.tally = tally
        self.unknown = [(r.id, g, m) for r in tally.rows for g in GENDERS for m in MONTHS]
        self.place = {one: n for n, one in enumerate(self.unknown)}
        self.solved: list[tuple[int, Equation]] = []
        for gender in GENDERS:
            for month in MONTHS:
                total = self.sum_of([f"by:{party}" for party in PARTIES], [gender], [month])
                whole = self.sum_of(["all"], [gender], [month])
                self.learn(tuple(a - b for a, b in zip(whole, total, strict=True)))
            for months in stretches(asked, MONTHS):
                self.learn_noughts(gender, months)

    def learn_noughts(self, gender: str, months: Sequence[Month]) -> None:
        for name, counts in lines(self.tally).items():
            if not any(counts[gender, month] for month in months):
                for month in months:
                    self.learn(self.line(name, [gender], [month]))

    def sum_of(self, rows: Iterable[str], genders: Iterable[str], months: Iterable[Month]) -> Equation:
        places = {self.place[r, g, m] for r in rows for g in genders for m in months}
        return tuple(Fraction(n in places) for n in range(len(self.unknown)))

    def line(self, name: str, genders: Iterable[str], months: Iterable[Month]) -> Equation:
        if not name.startswith("not "):
            return self.sum_of([name], genders, months)
        whole = self.sum_of(["all"], genders, months)
        part = self.sum_of([name.removeprefix("not ")], genders, months)
        return tuple(a - b for a, b in zip(whole, part, strict=True))

    def learn(self, equation: Equation) -> None:
        rest = self.rest(equation)
        lead = next((n for n, value in enumerate(rest) if value), None)
        if lead is not None:
            self.solved.append((lead, tuple(value / rest[lead] for value in rest)))

    def rest(self, equation: Equation) -> Equation:
        for lead, known in self.solved:
            if equation[lead]:
                times = equation[lead]
                equation = tuple(a - times * b for a, b in zip(equation, known, strict=True))
        return equation

    def reads(self, shown: Iterable[Shown]) -> None:
        for one in shown:
            self.learn(self.sum_of([one.row], SHOWN_GENDERS[one.who], [m for m in MONTHS if m in one.period]))

    def knows(self, equation: Equation) -> bool:
        return not any(self.rest(equation))


def small_groups(tally: Tally) -> Iterator[tuple[str, tuple[str, ...], list[Month]]]:
    """Every group of one to four over any months in a row."""
    spans = [MONTHS[a : b + 1] for a in range(4) for b in range(a, 4)]
    for name, counts in lines(tally).items():
        for size in (1, 2, 3):
            for genders in combinations(GENDERS, size):
                for months in spans:
                    if 0 < sum(counts[gender, month] for gender in genders for month in months) < 5:
                        yield name, genders, months


def people(*groups: tuple[int, str, int, str]) -> list[Case]:
    return [(gender, MONTHS[month], party, False) for n, gender, month, party in groups for _ in range(n)]


@settings(max_examples=25, deadline=None)
@given(cases, st.lists(periods, min_size=1, max_size=4))
@example(people((9, WOMEN, 0, "fk"), (3, WOMEN, 1, "fk")), [Period(FIRST, FIRST), Period(FIRST, MONTHS[1])])
@example(people((9, WOMEN, 0, "fk"), (9, MEN, 0, "af"), (3, OTHERS, 0, "af")), [Period(FIRST, FIRST)])
@example(people((9, WOMEN, 0, "fk"), (9, MEN, 0, "af"), (3, MEN, 0, "vc")), [Period(FIRST, FIRST)])
def test_no_small_group_follows_from_all_that_was_shown(found: list[Case], asked: list[Period]) -> None:
    tally = counted(found)
    shown: frozenset[Shown] = frozenset()
    for period in asked:
        shown |= showable(tally, period, shown)
    reader = Reader(tally, asked)
    reader.reads(shown)
    for name, genders, months in small_groups(tally):
        assert not reader.knows(reader.line(name, genders, months)), (name, genders, months)


@settings(max_examples=30, deadline=None)
@given(cases, periods)
def test_large_counts_are_shown_when_nothing_is_small(found: list[Case], period: Period) -> None:
    """Every case six times: no group is under five, and nothing is left out."""
    tally = counted(found * 6)
    assert len(showable(tally, period, ())) == 3 * len(tally.rows)


@settings(max_examples=30, deadline=None)
@given(cases, periods)
def test_the_same_report_again_shows_the_same(found: list[Case], period: Period) -> None:
    tally = counted(found)
    once = showable(tally, period, ())
    assert showable(tally, period, once) == once
