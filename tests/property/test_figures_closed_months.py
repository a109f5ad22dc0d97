"""No group under five follows from a page's reports when facts come late or are mended between them.

The reader knows how months are closed, and which report came when. What they do not know is counted in cells:
a row's women, men or others of one month that were written between two reports. The check keeps its own
account of where each cell is counted, and solves with fractions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from schedules.domain.figures.closing import booked, closing
from schedules.domain.figures.disclosure import SHOWN_GENDERS, Shown, showable
from schedules.domain.figures.month import Month, Period
from schedules.domain.figures.tally import GENDERS, MEN, OTHERS, WOMEN, Row, Tally, When
from tests.support.stretches import stretches

FIRST = Month(2026, 1)
MONTHS = [FIRST.plus(n) for n in range(3)]
PARTIES = ("fk", "af")
ROWS = ("all", "by:fk", "by:af", "urgent")
Cell = tuple[str, str, Month, int]
"""Row, gender, month, and how many reports there were before it was written."""
Equation = dict[Cell, Fraction]
Case = tuple[str, Month, str, bool]


@dataclass(frozen=True)
class Step:
    """Cases that are written, whether one is marked urgent afterwards, and the report then asked for."""

    people: list[Case]
    period: Period
    mended: bool = False


cases = st.tuples(
    st.sampled_from([WOMEN, WOMEN, MEN, OTHERS]),
    st.sampled_from(MONTHS),
    st.sampled_from(PARTIES),
    st.booleans(),
)
periods = st.tuples(st.sampled_from(range(3)), st.sampled_from(range(3))).map(
    lambda ends: Period(MONTHS[min(ends)], MONTHS[max(ends)])
)
groups = st.lists(st.tuples(cases, st.sampled_from([1, 2, 4, 5, 9])), max_size=5).map(
    lambda found: [case for case, times in found for _ in range(times)]
)
steps = st.lists(st.builds(Step, groups, periods, mended=st.booleans()), min_size=2, max_size=3)


def rows_of(case: Case) -> list[str]:
    _, _, party, urgent = case
    return ["all", f"by:{party}", *(["urgent"] if urgent else [])]


def tallied(people: list[Case]) -> Tally:
    found = Tally()
    found.add(Row("all"), [(gender, month) for gender, month, _, _ in people])
    found.split("by", "all", [(party, (gender, month)) for gender, month, party, _ in people], PARTIES)
    urgent = [(gender, month) for gender, month, _, is_urgent in people if is_urgent]
    found.add(Row("urgent", within="all"), urgent)
    return found


@dataclass
class Page:
    """The page's reports, made as the program makes them; beside them where each cell is counted."""

    people: list[Case] = field(default_factory=list)
    closed: dict[Month, dict[tuple[str, str], int]] = field(default_factory=dict)
    shown: frozenset[Shown] = frozenset()
    cells: Counter[Cell] = field(default_factory=Counter)
    counted_in: dict[tuple[Month, int], Month] = field(default_factory=dict)
    seen: list[tuple[Shown, int, set[tuple[Month, int]]]] = field(default_factory=list)

    def write(self, step: Step, turn: int) -> None:
        for case in step.people:
            self.people.append(case)
            self.cells.update((row, case[0], case[1], turn) for row in rows_of(case))
        calm = next((n for n, case in enumerate(self.people) if not case[3]), None)
        if step.mended and calm is not None:
            gender, month, party, _ = self.people[calm]
            self.people[calm] = (gender, month, party, True)
            self.cells["urgent", gender, month, turn] += 1

    def report(self, period: Period, turn: int) -> None:
        counts = booked(tallied(self.people), self.closed)
        made = showable(counts, period, self.shown)
        inside = self._inside(period, turn)
        for one in made:
            self.seen.append((one, counts.count(one.row, period, SHOWN_GENDERS[one.who]), inside))
        self.shown |= made
        self.closed |= closing(counts, period, self.closed)

    def _inside(self, period: Period, turn: int) -> set[tuple[Month, int]]:
        """Which months, written when, the report counts: by the rule in docs/figures.md."""
        after = max(self.closed).plus(1) if self.closed else FIRST
        for month in MONTHS:
            for written in range(turn + 1):
                home = after if month in self.closed else month
                if (month, written) not in self.counted_in and home in period:
                    self.counted_in[month, written] = home
        return {place for place, home in self.counted_in.items() if home in period}


class Reader:
    """Somebody who keeps every report of the page and can solve equations."""

    def __init__(self, page: Page, turns: int) -> None:
        self.page = page
        self.solved: dict[Cell, Equation] = {}
        self.places = [(month, turn) for month in MONTHS for turn in range(turns)]
        for place in self.places:
            for gender in GENDERS:
                self.learn(self.sum_of({"all": 1, "by:fk": -1, "by:af": -1}, [gender], [place]))
        for months in stretches([one.period for one, _, _ in page.seen], MONTHS):
            self.learn_noughts([place for place, home in page.counted_in.items() if home in months])
        for one, _, inside in page.seen:
            self.learn(self.sum_of({one.row: 1}, SHOWN_GENDERS[one.who], inside))

    def learn_noughts(self, places: list[tuple[Month, int]]) -> None:
        """What a stretch that the reports cut out has none of is taken as known: none came late either."""
        for gender in GENDERS:
            for terms in LINES:
                if not any(self.value(terms, [gender], [place]) for place in places):
                    for place in places:
                        self.learn(self.sum_of(terms, [gender], [place]))

    def sum_of(
        self, terms: dict[str, int], genders: Iterable[str], places: Iterable[tuple[Month, int]]
    ) -> Equation:
        at = [(g, m, t) for g in genders for m, t in places]
        return {(row, g, m, t): Fraction(times) for row, times in terms.items() for g, m, t in at}

    def value(
        self, terms: dict[str, int], genders: Iterable[str], places: Iterable[tuple[Month, int]]
    ) -> int:
        return int(
            sum(times * self.page.cells[c] for c, times in self.sum_of(terms, genders, places).items())
        )

    def rest(self, equation: Equation) -> Equation:
        left = dict(equation)
        for cell in equation:
            for known, factor in self.solved.get(cell, {}).items():
                left[known] = left.get(known, Fraction()) - equation[cell] * factor
        return {cell: factor for cell, factor in left.items() if factor}

    def learn(self, equation: Equation) -> None:
        news = self.rest(equation)
        if not news:
            return
        lead = min(news)
        news = {cell: factor / news[lead] for cell, factor in news.items()}
        self.solved[lead] = news
        for cell, known in list(self.solved.items()):
            if cell != lead and lead in known:
                times = known[lead]
                mixed = {c: known.get(c, 0) - times * news.get(c, 0) for c in known.keys() | news.keys()}
                self.solved[cell] = {c: Fraction(factor) for c, factor in mixed.items() if factor}

    def small_groups(self, turns: int) -> Iterator[Equation]:
        """One to four of a row or remainder, over months in a row, written between any two reports."""
        for terms in LINES:
            for genders in (some for size in (1, 2, 3) for some in combinations(GENDERS, size)):
                for months in (MONTHS[a:b] for a, b in combinations(range(len(MONTHS) + 1), 2)):
                    for first, end in combinations(range(turns + 1), 2):
                        places = [(month, turn) for month in months for turn in range(first, end)]
                        if 0 < abs(self.value(terms, genders, places)) < 5:
                            yield self.sum_of(terms, genders, places)


LINES: list[dict[str, int]] = [*({row: 1} for row in ROWS), {"all": 1, "urgent": -1}]


def made_of(asked: list[Step]) -> Page:
    page = Page()
    for turn, step in enumerate(asked):
        page.write(step, turn)
        page.report(step.period, turn)
    return page


def women(n: int, month: int) -> list[Case]:
    return [(WOMEN, MONTHS[month], "fk", False)] * n


JANUARY, TO_MARCH = Period(FIRST, FIRST), Period(FIRST, MONTHS[2])
ONE_LATE = [Step(women(12, 0), JANUARY), Step(women(1, 0), JANUARY)]
ONE_LATE_IN_A_LONGER_PERIOD = [Step(women(12, 0), JANUARY), Step(women(1, 0), TO_MARCH)]


@settings(max_examples=30, deadline=None)
@given(steps)
@example(ONE_LATE)
@example(ONE_LATE_IN_A_LONGER_PERIOD)
@example([Step(women(20, 0), JANUARY), Step(women(6, 1), TO_MARCH, mended=True)])
def test_no_small_group_follows_when_facts_come_late(asked: list[Step]) -> None:
    page, turns = made_of(asked), len(asked)
    reader = Reader(page, turns)
    for group in reader.small_groups(turns):
        assert reader.rest(group), group


@settings(max_examples=60, deadline=None)
@given(steps)
@example(ONE_LATE)
def test_each_report_counts_what_the_rule_says(asked: list[Step]) -> None:
    """By cells, whoever came late: nobody is lost, nobody is counted twice."""
    page = made_of(asked)
    for one, count, inside in page.seen:
        cells = ((one.row, gender, *place) for gender in SHOWN_GENDERS[one.who] for place in inside)
        assert count == sum(page.cells[cell] for cell in cells)


def test_whoever_came_late_is_counted_in_the_next_month() -> None:
    closed = closing(tallied(women(12, 0)), JANUARY, {})
    counts = booked(tallied(women(13, 0) + women(5, 1)), closed)
    assert [counts.count("all", Period(month, month)) for month in MONTHS] == [12, 6, 0]
    assert counts.count("all", TO_MARCH) == 18
    when: When = (WOMEN, MONTHS[1])
    assert closing(counts, TO_MARCH, closed)[MONTHS[1]]["all", WOMEN] == counts.counts["all"][when] == 6
