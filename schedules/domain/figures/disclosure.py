"""Which counts may be shown, so that no group under five is, or can be computed (docs/figures.md).

Everything that was ever shown on a page is a set of linear equations about unknown counts. A count is added
to them only if afterwards none of the small groups follows from the equations. That covers sums within a row
(women, men, all), within a table (the parties add up to all cases), a part and its remainder, and
differences between overlapping periods, all at once. Zeros are taken as known to everybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise

from schedules.domain.figures.measures import FEWEST
from schedules.domain.figures.month import Month, Period
from schedules.domain.figures.tally import GENDERS, MEN, WOMEN, Row, Tally

TOTAL = "total"
SHOWN_GENDERS = {TOTAL: GENDERS, WOMEN: (WOMEN,), MEN: (MEN,)}

# Equations are solved modulo a prime: exact, with small numbers, and it never misses what follows.
_PRIME = (1 << 61) - 1

Unknown = tuple[str, str, int]
"""One unknown count: row id, gender, number of the stretch of months."""
Vector = dict[Unknown, int]


@dataclass(frozen=True, slots=True, order=True)
class Shown:
    """A count that is shown: its row, `women`, `men` or `total`, and its period."""

    row: str
    who: str
    period: Period


def showable(tally: Tally, period: Period, before: Iterable[Shown]) -> frozenset[Shown]:
    """Which counts of the period may be shown, when `before` has been shown on the page already."""
    known = {row.id for row in tally.rows}
    shown = {one for one in before if one.row in known}
    page = _Page(tally, {period, *(one.period for one in shown)})
    for one in sorted(shown):
        page.knowledge.learn(page.vector(one))
    page.knowledge.protect(page.small_groups())
    return frozenset(one for one in _in_order(tally, period) if page.allows(one))


def _in_order(tally: Tally, period: Period) -> Iterator[Shown]:
    """What is wanted most comes first: whole populations, then the larger rows, women and men last."""
    parts = [row for row in tally.rows if row.within is not None]
    parts.sort(key=lambda row: -tally.count(row.id, period))
    for row in tally.rows:
        if row.within is None:
            yield from (Shown(row.id, who, period) for who in (TOTAL, WOMEN, MEN))
    yield from (Shown(row.id, TOTAL, period) for row in parts)
    yield from (Shown(row.id, who, period) for row in parts for who in (WOMEN, MEN))


class _Page:
    """The unknown counts of a page, with the stretches of months that its periods cut out."""

    def __init__(self, tally: Tally, periods: Iterable[Period]) -> None:
        self._tally = tally
        cuts = sorted({n for p in periods for n in (p.since.number, p.until.number + 1)})
        self._stretches = [Period(Month.numbered(a), Month.numbered(b - 1)) for a, b in pairwise(cuts)]
        self._sums = self._sum_up()
        self._terms = {row.id: _terms(row) for row in tally.rows}
        self.knowledge = _Knowledge()
        for zero in self._zeros():
            self.knowledge.learn(zero)

    def allows(self, one: Shown) -> bool:
        """Whether the count may be shown; if so, everybody knows it from then on."""
        if 0 < abs(self._tally.count(one.row, one.period, SHOWN_GENDERS[one.who])) < FEWEST:
            return False
        return self.knowledge.admit(self.vector(one))

    def vector(self, one: Shown) -> Vector:
        """The count as a sum of unknown ones."""
        inside = [n for n, stretch in enumerate(self._stretches) if stretch.since in one.period]
        return self._expand(self._terms[one.row], SHOWN_GENDERS[one.who], inside)

    def small_groups(self) -> Iterator[Vector]:
        """Every group of one to four: a row or a remainder, any genders, over any neighbouring stretches."""
        for terms in self._lines():
            for genders in _some(GENDERS):
                for first in range(len(self._stretches)):
                    for last in range(first, len(self._stretches)):
                        inside = range(first, last + 1)
                        if 0 < abs(self._value(terms, genders, inside)) < FEWEST:
                            yield self._expand(terms, genders, inside)

    def _zeros(self) -> Iterator[Vector]:
        for terms in self._lines():
            for gender in GENDERS:
                for n in range(len(self._stretches)):
                    if len(terms) > 1 and not self._value(terms, (gender,), (n,)):
                        yield self._expand(terms, (gender,), (n,))

    def _lines(self) -> Iterator[dict[str, int]]:
        """Each row, and what remains of the row it is a part of."""
        for row in self._tally.rows:
            yield self._terms[row.id]
            if row.within is not None:
                yield _minus(self._terms[row.within], self._terms[row.id])

    def _value(self, terms: dict[str, int], genders: Iterable[str], inside: Iterable[int]) -> int:
        places = [(gender, n) for n in inside for gender in genders]
        return sum(
            times * self._sums.get((row, gender, n), 0)
            for row, times in terms.items()
            for gender, n in places
        )

    def _expand(self, terms: dict[str, int], genders: Iterable[str], inside: Iterable[int]) -> Vector:
        places = [(gender, n) for n in inside for gender in genders]
        return {
            (row, gender, n): times % _PRIME
            for row, times in terms.items()
            for gender, n in places
            if self._sums.get((row, gender, n))
        }

    def _sum_up(self) -> dict[Unknown, int]:
        sums: dict[Unknown, int] = {}
        for row in self._tally.rows:
            for (gender, month), count in self._tally.counts[row.id].items():
                for n, stretch in enumerate(self._stretches):
                    if month in stretch:
                        sums[row.id, gender, n] = sums.get((row.id, gender, n), 0) + count
        return sums


class _Knowledge:
    """Equations in reduced form, and the groups that must not follow from them."""

    def __init__(self) -> None:
        self._solved: dict[Unknown, Vector] = {}
        self._secrets: list[Vector] = []

    def learn(self, vector: Vector) -> None:
        """Take the equation in, whatever follows."""
        self._take(self._reduced(vector))

    def protect(self, secrets: Iterable[Vector]) -> None:
        """Groups that must not follow; one that follows already cannot be helped."""
        reduced = (self._reduced(secret) for secret in secrets)
        self._secrets = [secret for secret in reduced if secret]

    def admit(self, vector: Vector) -> bool:
        """Take the equation in, unless a secret would follow; whether it was."""
        news = self._reduced(vector)
        if any(_proportional(news, secret) for secret in self._secrets):
            return False
        self._take(news)
        return True

    def _reduced(self, vector: Vector) -> Vector:
        rest = dict(vector)
        for unknown in vector:
            if unknown in self._solved:
                _subtract(rest, self._solved[unknown], rest[unknown])
        return rest

    def _take(self, news: Vector) -> None:
        if not news:
            return
        pivot = min(news)
        inverse = pow(news[pivot], -1, _PRIME)
        equation = {unknown: times * inverse % _PRIME for unknown, times in news.items()}
        for other in (*self._solved.values(), *self._secrets):
            if pivot in other:
                _subtract(other, equation, other[pivot])
        self._solved[pivot] = equation


def _terms(row: Row) -> dict[str, int]:
    """The row by rows whose counts are unknown of their own."""
    if not row.rest_of or row.within is None:
        return {row.id: 1}
    return {row.within: 1, **dict.fromkeys(row.rest_of, -1)}


def _minus(whole: dict[str, int], part: dict[str, int]) -> dict[str, int]:
    left = dict(whole)
    for row, times in part.items():
        left[row] = left.get(row, 0) - times
    return {row: times for row, times in left.items() if times}


def _some(genders: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for size in range(1, len(genders) + 1):
        yield from combinations(genders, size)


def _subtract(vector: Vector, equation: Vector, times: int) -> None:
    for unknown, factor in equation.items():
        left = (vector.get(unknown, 0) - times * factor) % _PRIME
        if left:
            vector[unknown] = left
        else:
            vector.pop(unknown, None)


def _proportional(one: Vector, other: Vector) -> bool:
    if not one or one.keys() != other.keys():
        return False
    some = next(iter(one))
    return all(one[u] * other[some] % _PRIME == other[u] * one[some] % _PRIME for u in one)
