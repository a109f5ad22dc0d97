"""How often the parties of a team mark cases as urgent. The reasons are protected: for a modal only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from schedules.domain.cases import ReferralStatus, Seal

AUTUMN = 7


@dataclass(frozen=True, slots=True)
class UrgentCase:
    """A case that is marked urgent; `reason` is None if there is none, and in a sealed case."""

    reference: str
    status: ReferralStatus
    raised_on: date
    reason: str | None
    seal: Seal | None = None


@dataclass(frozen=True, slots=True)
class UrgentParty:
    """A party (by name) with its urgent cases, and how many cases it has raised in all."""

    party: str
    cases: tuple[UrgentCase, ...]
    raised: int


@dataclass(frozen=True, slots=True)
class UrgentPage:
    """A team's urgent cases of one term, by the party that raised them; the most urgent party first."""

    team: str
    first: date
    last: date
    parties: tuple[UrgentParty, ...]


def term_of(day: date) -> tuple[date, date]:
    """The half-year (termin) that a local date falls in: its first and last day."""
    if day.month < AUTUMN:
        return date(day.year, 1, 1), date(day.year, 6, 30)
    return date(day.year, AUTUMN, 1), date(day.year, 12, 31)
