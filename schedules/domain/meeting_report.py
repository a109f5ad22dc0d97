"""What came of one case's time at a meeting (issue: "At the meeting"): the report, and its protected part."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from schedules.domain.figures.facts import Decision, Feedback, Outcome, TookPart


class NotHeldReason(StrEnum):
    """Why a case's time did not take place."""

    PERSON_ABSENT = "person_absent"
    PARTY_ABSENT = "party_absent"
    CALLED_OFF = "called_off"
    NO_TIME_LEFT = "no_time_left"
    OTHER = "other"


ENDS = frozenset({Outcome.PLAN_AGREED, Outcome.NO_FURTHER})
"""Outcomes that end the case: a report may be changed from one to the other."""


@dataclass(frozen=True, slots=True)
class Result:
    """What was reported of a case. Protected: stored encrypted with the case's key; shown in modals only.

    `present` and `missed` are party ids; a deputy counts for the party. `took_part` is None, and `not_held`
    set, where the time did not take place. `agreed` is who does what until when. `next_parties` (besides the
    case's own) and `next_from` are wishes for a new meeting.
    """

    outcome: Outcome
    present: tuple[str, ...] = ()
    took_part: TookPart | None = None
    decisions: tuple[Decision, ...] = ()
    missed: tuple[str, ...] = ()
    agreed: str | None = None
    not_held: NotHeldReason | None = None
    next_parties: tuple[str, ...] = ()
    next_from: date | None = None

    @property
    def held(self) -> bool:
        """Whether the case was taken up."""
        return self.outcome is not Outcome.NOT_HELD

    @property
    def feedback(self) -> Feedback:
        """Whether the person is to be told: who was not there, of a time that took place (DOMAIN.md)."""
        owed = self.held and self.took_part is TookPart.NO
        return Feedback.OWED if owed else Feedback.NOT_NEEDED


@dataclass(frozen=True, slots=True)
class CaseReport:
    """That a booking has been reported, and by whom; open fields only. Instants are aware UTC."""

    booking: str
    referral: str
    meeting: str
    team: str
    held: bool
    feedback: Feedback
    reported_by: str
    reported_at: datetime
    feedback_by: str | None = None
    feedback_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReportCase:
    """Report one case of a meeting; `actor` is a person id."""

    actor: str
    booking: str
    result: Result
