"""Public and de-facto holidays of Sweden, from the `holidays` library."""

from __future__ import annotations

from datetime import date
from functools import cache


class SwedishHolidays:
    """`ports.ClosedDays` for Sweden. The first look costs about half a second: the library loads then."""

    def is_holiday(self, day: date) -> bool:
        """Whether `day` is a red day, or Midsummer, Christmas or New Year's Eve."""
        return day in _holidays_of(day.year)


@cache
def _holidays_of(year: int) -> frozenset[date]:
    # The import takes 0.2 s and 40 MiB, too much for commands that never look at a calendar.
    from holidays.countries.sweden import Sweden  # noqa: PLC0415

    # Without de_facto the eves are missing, on which no office is open.
    return frozenset(Sweden(years=year, categories=("public", "de_facto")))
