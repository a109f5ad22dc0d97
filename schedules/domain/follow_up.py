"""Six months after a meeting: how it went on for the person (DOMAIN.md, "Six months after"). Pure."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import IntEnum, StrEnum
from zoneinfo import ZoneInfo

from schedules.domain.cases import Support
from schedules.domain.figures.facts import Readiness
from schedules.domain.figures.month import Month
from schedules.domain.schedule import at
from schedules.domain.workdays import add_workdays, is_workday

IsHoliday = Callable[[date], bool]

MONTHS = 6
ASKED_AT = time(9)


class FollowUpStatus(StrEnum):
    """How far a follow-up has come; `dropped`: the case left otherwise, and nobody is asked any more."""

    PLANNED = "planned"
    ASKED = "asked"
    ANSWERED = "answered"
    UNANSWERED = "unanswered"
    DROPPED = "dropped"


OPEN = frozenset({FollowUpStatus.PLANNED, FollowUpStatus.ASKED})


class Step(IntEnum):
    """What is done next: ask, remind twice, and let it be."""

    ASK = 0
    REMIND = 1
    REMIND_AGAIN = 2
    CLOSE = 3


WORKDAYS_BEFORE = {Step.REMIND: 5, Step.REMIND_AGAIN: 5, Step.CLOSE: 10}
"""Workdays from the step before."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A case's one follow-up, after its last meeting that took place, on that local day.

    `referral` is the one that met; `asked` (person id) is who is asked now. The answer itself is not here:
    it is a de-identified fact only.
    """

    case: str
    referral: str
    team: str
    meeting_day: date
    status: FollowUpStatus = FollowUpStatus.PLANNED
    asked: str | None = None
    closed_at: datetime | None = None

    @property
    def open(self) -> bool:
        """Whether somebody is to be asked, or has been and may answer."""
        return self.status in OPEN


@dataclass(frozen=True, slots=True)
class AnswerFollowUp:
    """The answer; `actor` is a person id."""

    actor: str
    referral: str
    support: Support
    readiness_caseworker: Readiness
    readiness_person: Readiness


def asked_on(meeting_day: date, is_holiday: IsHoliday) -> date:
    """Six calendar months after the meeting (31 August: 28 February), or the next workday."""
    month = Month.of(meeting_day).plus(MONTHS)
    last = monthrange(month.year, month.month)[1]
    day = date(month.year, month.month, min(meeting_day.day, last))
    return day if is_workday(day, is_holiday) else add_workdays(day, 1, is_holiday)


def step_at(step: Step, day: date, zone: ZoneInfo, is_holiday: IsHoliday) -> datetime:
    """When the step is due: nine in the morning; `day` is the meeting's, or that of the step before."""
    if step is Step.ASK:
        return at(asked_on(day, is_holiday), ASKED_AT, zone)
    return at(add_workdays(day, WORKDAYS_BEFORE[step], is_holiday), ASKED_AT, zone)


def round_of(meeting_day: date, step: Step) -> int:
    """The due row's round: each meeting's steps are its own."""
    return meeting_day.toordinal() * len(Step) + step


def step_of(number: int, meeting_day: date) -> Step | None:
    """Undoes `round_of`; None for a round of another meeting, which a later one has overtaken."""
    ordinal, step = divmod(number, len(Step))
    return Step(step) if ordinal == meeting_day.toordinal() else None


def first_here(candidates: Iterable[str | None], here: Callable[[str], bool]) -> str | None:
    """The first of the people (ids) who is there to be asked."""
    return next((one for one in candidates if one and here(one)), None)
