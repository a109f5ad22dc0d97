"""A report: every figure of a page over a period, with what may not be shown left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from schedules.domain.figures.closing import Closed, booked, parties_of
from schedules.domain.figures.disclosure import SHOWN_GENDERS, TOTAL, Shown, showable
from schedules.domain.figures.facts import Facts
from schedules.domain.figures.measures import (
    FEWEST,
    MeetingFigures,
    PartyFigures,
    evenness,
    meeting_figures,
    middle,
    ninetieth,
    party_figures,
    percent,
)
from schedules.domain.figures.month import Period
from schedules.domain.figures.tally import MEN, OF_PARTIES, WOMEN, Row, Tally, tally
from schedules.domain.organisation import Goals

WHO = (WOMEN, MEN, TOTAL)
YEAR = 12


@dataclass(frozen=True, slots=True)
class Line:
    """A row's counts; None is suppressed. `total` includes other and unknown gender."""

    row: Row
    women: int | None
    men: int | None
    total: int | None

    def count(self, who: str) -> int | None:
        """The count of `women`, `men` or `total`."""
        return {WOMEN: self.women, MEN: self.men, TOTAL: self.total}[who]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Days from submission to the meeting, for `women`, `men` or `total`; None is suppressed or nothing."""

    who: str
    median_days: float | None
    ninetieth_days: int | None
    within_goal_percent: int | None


@dataclass(frozen=True, slots=True)
class GoalsBeside:
    """The goals of the page's teams; None without one. `two_organisations` is for the report's months."""

    two_organisations: int | None = None
    attendance_percent: int | None = None
    first_contact_days: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """All figures of a page over a period. `evenness` is in percent; None is suppressed or nothing."""

    period: Period
    lines: tuple[Line, ...]
    waiting: tuple[Waiting, ...]
    evenness: int | None
    meetings: MeetingFigures
    parties: tuple[PartyFigures, ...]
    goals: GoalsBeside

    def line(self, row: str) -> Line:
        """The line with that row id."""
        return next(line for line in self.lines if line.row.id == row)

    def table(self, name: str) -> tuple[Line, ...]:
        """The lines of one table, in order."""
        return tuple(line for line in self.lines if line.row.table == name)

    @property
    def slots_used(self) -> int | None:
        """Slots used: as many as cases taken up, hence suppressed like them."""
        return self.line("slots_used").total


def make_report(
    facts: Facts,
    period: Period,
    *,
    parties: Sequence[str],
    goals: Iterable[Goals],
    shown_before: Iterable[Shown] = (),
) -> tuple[Report, frozenset[Shown]]:
    """The report, and which counts it shows: to be remembered for the page's next report.

    `parties` are the members of the page's teams, in order; `goals` those of each team.
    """
    return report_of(
        facts, tally(facts, parties), period, parties=parties, goals=goals, shown_before=shown_before
    )


def counted(facts: Facts, parties: Sequence[str], closed: Closed) -> Tally:
    """The page's counts, those of closed months as they were when a report took them in."""
    return booked(tally(facts, parties, parties_of(closed, OF_PARTIES)), closed)


def report_of(
    facts: Facts,
    counts: Tally,
    period: Period,
    *,
    parties: Sequence[str],
    goals: Iterable[Goals],
    shown_before: Iterable[Shown] = (),
) -> tuple[Report, frozenset[Shown]]:
    """The same from counts already made."""
    shown = showable(counts, period, shown_before)
    lines = tuple(_line(counts, row, period, shown) for row in counts.rows)
    by_id = {line.row.id: line for line in lines}
    report = Report(
        period=period,
        lines=lines,
        waiting=tuple(_waiting(who, counts.days(period, SHOWN_GENDERS[who]), by_id) for who in WHO),
        evenness=_evenness([line for line in lines if line.row.table == "raised_by"], parties),
        meetings=meeting_figures(facts.meetings, period),
        parties=party_figures(facts.calls, parties, period),
        goals=goals_beside(tuple(goals), period),
    )
    return report, shown


def goals_beside(goals: Sequence[Goals], period: Period) -> GoalsBeside:
    """Persons add up over teams and follow the number of months; the others only where all teams agree."""
    yearly = [one.cases_with_two_parties_per_year for one in goals]
    persons = [goal for goal in yearly if goal is not None]
    return GoalsBeside(
        two_organisations=(sum(persons) * period.months + YEAR // 2) // YEAR if persons else None,
        attendance_percent=_agreed([one.attendance_percent for one in goals]),
        first_contact_days=_agreed([one.first_contact_days for one in goals]),
    )


def _agreed(goals: Sequence[int | None]) -> int | None:
    return goals[0] if len(set(goals)) == 1 else None


def _line(counts: Tally, row: Row, period: Period, shown: frozenset[Shown]) -> Line:
    def count(who: str) -> int | None:
        return (
            counts.count(row.id, period, SHOWN_GENDERS[who]) if Shown(row.id, who, period) in shown else None
        )

    return Line(row, count(WOMEN), count(MEN), count(TOTAL))


def _waiting(who: str, days: Sequence[int], lines: dict[str, Line]) -> Waiting:
    enough = (lines["waited"].count(who) or 0) >= FEWEST
    within, known = lines["within_goal"].count(who), lines["goal_known"].count(who)
    share = None if within is None or known is None else percent(within, known)
    return Waiting(who, middle(days) if enough else None, ninetieth(days) if enough else None, share)


def _evenness(lines: Sequence[Line], parties: Sequence[str]) -> int | None:
    counts = [line.total for line in lines if line.row.of in parties or line.total != 0]
    shown = [count for count in counts if count is not None]
    return evenness(shown) if len(shown) == len(counts) else None
