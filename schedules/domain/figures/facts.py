"""De-identified facts: what is written when something is decided, reported or closed, and all a report reads.

No reference, no name, no date finer than a month. Ids are opaque: whoever writes gives our own ids, the store
turns each into a random one and keeps the link beside the case, where it can be cut; what is read back holds
the random ones only. Team, municipality and organisation are written as they were on the day, so that a later
change of the organisation changes no figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from schedules.domain.cases import Gender, Support, Urgency
from schedules.domain.figures.month import Month


class Ending(StrEnum):
    """How a case left the teams; `broken_off` and `consent_withdrawn` are SUS's "avbruten"."""

    ENDED = "ended"
    BROKEN_OFF = "broken_off"
    CONSENT_WITHDRAWN = "consent_withdrawn"


class MeetingState(StrEnum):
    """What became of a meeting of the plan; `released`: let go because nobody had a case."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"
    MOVED = "moved"
    RELEASED = "released"


class Attendance(StrEnum):
    """Whether a called party was there; the last three are not counted against it."""

    CAME = "came"
    STAYED_AWAY = "stayed_away"
    MEETING_CANCELLED = "meeting_cancelled"
    NOT_OUR_CASE = "not_our_case"
    NOT_REPORTED = "not_reported"


class Outcome(StrEnum):
    """What a case's time at a meeting led to."""

    PLAN_AGREED = "plan_agreed"
    NEW_MEETING = "new_meeting"
    NO_FURTHER = "no_further"
    NOT_HELD = "not_held"


class TookPart(StrEnum):
    """Whether the person was at the meeting."""

    IN_ROOM = "in_room"
    ONLINE = "online"
    NO = "no"


class Decision(StrEnum):
    """What was decided, in categories; several may hold."""

    COORDINATED_REHABILITATION = "coordinated_rehabilitation"  # an application under 30 kap. SFB
    MEDICAL_CERTIFICATE = "medical_certificate"
    WORK_TRAINING = "work_training"
    INDIVIDUAL_PLAN = "individual_plan"  # SIP
    OTHER_SUPPORT = "other_support"
    SUPPORT_MISSING = "support_missing"  # needed, but missing or with a queue


class Feedback(StrEnum):
    """Whether a person who was not at the meeting has been told; `not_needed` to one who was."""

    NOT_NEEDED = "not_needed"
    OWED = "owed"
    GIVEN = "given"


class Readiness(StrEnum):
    """Readiness to work or study, compared with before the meeting."""

    MORE = "more"
    SAME = "same"
    LESS = "less"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True, slots=True)
class CaseFact:
    """A case, which is what the figures call a person. `party` raised it first, in the month `raised`."""

    id: str
    team: str
    municipality: str
    party: str
    gender: Gender
    raised: Month
    ended: Month | None = None
    ending: Ending | None = None


@dataclass(frozen=True, slots=True)
class ReferralFact:
    """A referral, and its first meeting that took place.

    `met` is the month of that meeting, `waiting_days` calendar days from submission to it; `within_goal` is
    None without a goal or a start of the sick leave.
    """

    id: str
    case: str
    team: str
    municipality: str
    party: str
    month: Month
    urgency: Urgency
    requested: tuple[str, ...]
    met: Month | None = None
    waiting_days: int | None = None
    within_goal: bool | None = None


@dataclass(frozen=True, slots=True)
class MeetingFact:
    """A meeting of the plan; slots offered, and used by a case that was taken up."""

    id: str
    team: str
    municipality: str
    month: Month
    state: MeetingState
    slots_offered: int
    slots_used: int


@dataclass(frozen=True, slots=True)
class CallFact:
    """One party's call to one case's time; nothing in it says which case.

    `days_to_answer` are calendar days from the call to the first answer, None without one.
    """

    id: str
    meeting: str
    team: str
    municipality: str
    party: str
    organisation: str
    month: Month
    attendance: Attendance
    days_to_answer: int | None = None


@dataclass(frozen=True, slots=True)
class OutcomeFact:
    """What came of one case's time. `present` are parties, `organisations` how many bodies they belong to."""

    id: str
    case: str
    team: str
    municipality: str
    month: Month
    outcome: Outcome
    present: tuple[str, ...]
    organisations: int
    took_part: TookPart
    feedback: Feedback
    decisions: tuple[Decision, ...] = ()
    missed: tuple[str, ...] = ()
    follow_on: bool = False


@dataclass(frozen=True, slots=True)
class FollowUpFact:
    """A follow-up that was closed, in the month of the answer."""

    id: str
    case: str
    team: str
    municipality: str
    month: Month
    before: Support
    after: Support
    by_caseworker: Readiness
    by_person: Readiness


def follow_up_id(case: str) -> str:
    """Our own id of the fact of a case's follow-up."""
    return f"{case}:follow_up"


Fact = CaseFact | ReferralFact | MeetingFact | CallFact | OutcomeFact | FollowUpFact


@dataclass(frozen=True, slots=True)
class Facts:
    """All facts of some teams."""

    cases: tuple[CaseFact, ...] = ()
    referrals: tuple[ReferralFact, ...] = ()
    meetings: tuple[MeetingFact, ...] = ()
    calls: tuple[CallFact, ...] = ()
    outcomes: tuple[OutcomeFact, ...] = ()
    follow_ups: tuple[FollowUpFact, ...] = ()
