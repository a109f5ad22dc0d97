"""What the teams' people think: the yearly climate survey, and the pulse after a meeting. Pure.

An answer is one added to a few counters. That somebody has answered is kept apart, and no longer than it
takes to ask everybody once; nothing leads from the one to the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from schedules.domain.figures.measures import FEWEST
from schedules.domain.figures.month import Month, Period
from schedules.domain.organisation import Team

SCALE = ("1", "2", "3", "4", "5")
OPEN_FOR = timedelta(weeks=3)
REMIND_AFTER_WORKDAYS = 10
PULSE_FOR_WORKDAYS = 10


class Pulse(StrEnum):
    """What somebody says of a meeting, with one click."""

    CLEAR = "clear"
    PARTLY = "partly"
    NOT_AT_ALL = "not_at_all"


@dataclass(frozen=True, slots=True)
class Question:
    """A statement of the survey, in both languages."""

    id: str
    sv: str
    en: str

    def said(self, language: str) -> str:
        """The statement in one language."""
        return self.en if language == "en" else self.sv


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """The survey's file: when it opens each year, and what it asks."""

    month: int
    day: int
    questions: tuple[Question, ...]

    def opens(self, year: int) -> date:
        """The day from which it opens, on the first workday."""
        return date(year, self.month, self.day)


@dataclass(frozen=True, slots=True)
class Survey:
    """One year's survey, with the questions as they were asked. `asked` is how many people were."""

    year: int
    opened_on: date
    questions: tuple[Question, ...]
    asked: int
    reminded: bool = False
    closed: bool = False

    @property
    def last_day(self) -> date:
        """The last day on which it can be answered."""
        return self.opened_on + OPEN_FOR

    @property
    def topic(self) -> str:
        """Under which name it is kept who was asked, and what was answered."""
        return f"survey:{self.year}"


def pulse_asked(meeting: str) -> str:
    """Under which name it is kept who was asked after a meeting."""
    return f"pulse:{meeting}"


def pulse_counted(term: Period) -> str:
    """Under which name the answers of a half-year are counted: no finer time is kept."""
    return f"pulse:{term.since}"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where an answer counts. No `team` for somebody of several; no `municipality` if they are in several."""

    municipality: str = ""
    team: str = ""


WHOLE = Place()


def place_of(teams: Iterable[Team]) -> Place:
    """The narrowest place that all of somebody's teams are in: each answer counts in one place only."""
    served = list(teams)
    municipalities = {team.municipality for team in served}
    municipality = municipalities.pop() if len(municipalities) == 1 else ""
    return Place(municipality, served[0].id if municipality and len(served) == 1 else "")


def may_be_shown(answers: Mapping[Place, int]) -> frozenset[Place]:
    """The places whose answers may be shown: five or more, also in what is left when others are subtracted.

    `WHOLE` is the association, `Place(m)` all of a municipality. From the widest to the narrowest: a place is
    shown only within one that is, and what stays hidden beside its neighbours is nobody or at least five.
    """
    if sum(answers.values()) < FEWEST:
        return frozenset()
    shown = {WHOLE}
    municipalities: dict[str, int] = {}
    for place, number in answers.items():
        municipalities[place.municipality] = municipalities.get(place.municipality, 0) + number
    for municipality in _apart(municipalities):
        shown.add(Place(municipality))
        teams = {p.team: n for p, n in answers.items() if p.municipality == municipality}
        shown |= {Place(municipality, team) for team in _apart(teams)}
    return frozenset(shown)


def _apart(parts: Mapping[str, int]) -> set[str]:
    """The named parts that can be shown beside their sum; the part without a name never is."""
    shown = {name for name, number in parts.items() if name and number >= FEWEST}
    while shown and 0 < sum(n for name, n in parts.items() if name not in shown) < FEWEST:
        shown.remove(min(shown, key=lambda name: (parts[name], name)))
    return shown


def within(place: Place, page: Place) -> bool:
    """Whether a counted place belongs to a page: the association, a municipality, or a team."""
    return page.municipality in {"", place.municipality} and page.team in {"", place.team}


# --- figures -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SurveyFigures:
    """One year's survey on one page; all None where it is hidden. Means from 1 to 5, by question."""

    year: int
    closed: Month
    answers: int | None
    means: tuple[tuple[Question, float | None], ...]


@dataclass(frozen=True, slots=True)
class PulseFigures:
    """The pulses of a half-year on one page; None where they are hidden. Whole percent, halves upwards."""

    term: Period
    answers: int | None
    percent: Mapping[Pulse, int | None]


@dataclass(frozen=True, slots=True)
class Opinions:
    """What a report says of the climate."""

    surveys: tuple[SurveyFigures, ...] = ()
    pulses: tuple[PulseFigures, ...] = ()


@dataclass(frozen=True, slots=True)
class Counted:
    """So many gave this answer. The question "" counts people, each once."""

    place: Place
    question: str
    value: str
    number: int


PEOPLE = ""
"""The question under which the people who have answered are counted."""


def survey_figures(survey: Survey, counted: Iterable[Counted], page: Place) -> SurveyFigures:
    """One year's survey on one page."""
    rows = [one for one in counted if within(one.place, page)]
    number = _shown(counted, page)
    means = tuple((q, _mean(rows, q.id) if number else None) for q in survey.questions)
    return SurveyFigures(survey.year, Month.of(survey.last_day), number, means)


def pulse_figures(term: Period, counted: Iterable[Counted], page: Place) -> PulseFigures:
    """The pulses of a half-year on one page."""
    rows = [one for one in counted if within(one.place, page) and one.question != PEOPLE]
    number = _shown(counted, page)
    given = {said: sum(one.number for one in rows if one.value == said) for said in Pulse}
    return PulseFigures(term, number, {s: _percent(n, number) for s, n in given.items()})


def _shown(counted: Iterable[Counted], page: Place) -> int | None:
    people: dict[Place, int] = {}
    for one in counted:
        if one.question == PEOPLE:
            people[one.place] = people.get(one.place, 0) + one.number
    number = sum(n for place, n in people.items() if within(place, page))
    return number if page in may_be_shown(people) else None


def _mean(rows: Iterable[Counted], question: str) -> float | None:
    given = [(int(one.value), one.number) for one in rows if one.question == question]
    number = sum(n for _, n in given)
    return round(sum(value * n for value, n in given) / number, 1) if number else None


def _percent(part: int, whole: int | None) -> int | None:
    return (200 * part + whole) // (2 * whole) if whole else None
