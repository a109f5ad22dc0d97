"""Months: facts know no finer time (docs/figures.md)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_WRITTEN = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_TERM = 6


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month where the association is; `month` is 1-12."""

    year: int
    month: int

    @classmethod
    def of(cls, day: date) -> Month:
        """The month of a local date."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> Month:
        """The month written "2026-09". Raises ValueError for anything else."""
        found = _WRITTEN.fullmatch(text)
        if found is None:
            raise ValueError("a month is written YYYY-MM")
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def numbered(cls, number: int) -> Month:
        """The month with that number; undoes `number`."""
        return cls(number // 12, number % 12 + 1)

    @property
    def number(self) -> int:
        """Months since the year 0: two months apart are numbers two apart."""
        return self.year * 12 + self.month - 1

    def plus(self, months: int) -> Month:
        """So many months later; earlier when negative."""
        return Month.numbered(self.number + months)

    @property
    def first_day(self) -> date:
        """The first of the month."""
        return date(self.year, self.month, 1)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Whole months, both included. Raises ValueError when `until` comes before `since`."""

    since: Month
    until: Month

    def __post_init__(self) -> None:
        if self.until < self.since:
            raise ValueError("a period ends after it begins")

    @property
    def months(self) -> int:
        """How many months."""
        return self.until.number - self.since.number + 1

    def __contains__(self, month: object) -> bool:
        return isinstance(month, Month) and self.since <= month <= self.until


def term_of(month: Month) -> Period:
    """The term (half-year) a month lies in: January to June, July to December."""
    since = Month(month.year, 1 if month.month <= _TERM else _TERM + 1)
    return Period(since, since.plus(_TERM - 1))


def last_finished_term(today: date) -> Period:
    """The latest term that is over on that local date."""
    return term_of(term_of(Month.of(today)).since.plus(-1))
