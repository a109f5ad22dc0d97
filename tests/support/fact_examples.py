"""Facts with short names: a case by its number, everything else by the case."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import Any

from schedules.domain.cases import Gender, Support, Urgency
from schedules.domain.figures.facts import (
    Attendance,
    CallFact,
    CaseFact,
    Feedback,
    FollowUpFact,
    MeetingFact,
    MeetingState,
    Outcome,
    OutcomeFact,
    Readiness,
    ReferralFact,
    TookPart,
)
from schedules.domain.figures.month import Month

SEPTEMBER = Month(2026, 9)
OCTOBER = Month(2026, 10)
WHERE: dict[str, Any] = {"team": "tierp", "municipality": "Tierp"}
_numbers = count()


def a_case(name: str, gender: Gender = Gender.WOMAN, **changes: Any) -> CaseFact:
    """A case of Tierp, raised by Försäkringskassan in September."""
    case = CaseFact(id=name, party="fk", gender=gender, raised=SEPTEMBER, **WHERE)
    return replace(case, **changes)


def a_referral(case: CaseFact, **changes: Any) -> ReferralFact:
    """The case's referral, asking for the municipality, not yet met."""
    referral = ReferralFact(
        id=f"r-{case.id}",
        case=case.id,
        party=case.party,
        month=case.raised,
        urgency=Urgency.ORDINARY,
        requested=("kommun",),
        **WHERE,
    )
    return replace(referral, **changes)


def an_outcome(case: CaseFact, **changes: Any) -> OutcomeFact:
    """The case met in September with two organisations, the person in the room."""
    outcome = OutcomeFact(
        id=f"o-{case.id}",
        case=case.id,
        month=SEPTEMBER,
        outcome=Outcome.PLAN_AGREED,
        present=("fk", "kommun"),
        organisations=2,
        took_part=TookPart.IN_ROOM,
        feedback=Feedback.NOT_NEEDED,
        **WHERE,
    )
    return replace(outcome, **changes)


def a_meeting(state: MeetingState = MeetingState.HELD, **changes: Any) -> MeetingFact:
    """A meeting in September with four slots, three used."""
    meeting = MeetingFact(
        f"m-{next(_numbers)}", month=SEPTEMBER, state=state, slots_offered=4, slots_used=3, **WHERE
    )
    return replace(meeting, **changes)


def a_call(
    meeting: str, party: str = "fk", attendance: Attendance = Attendance.CAME, **changes: Any
) -> CallFact:
    """A call in September, answered after a day."""
    call = CallFact(
        id=f"c-{next(_numbers)}",
        meeting=meeting,
        party=party,
        organisation=party,
        month=SEPTEMBER,
        attendance=attendance,
        days_to_answer=1,
        **WHERE,
    )
    return replace(call, **changes)


def a_follow_up(case: CaseFact, **changes: Any) -> FollowUpFact:
    """A follow-up in October: from sickness benefit to none, more ready by both."""
    follow_up = FollowUpFact(
        id=f"f-{case.id}",
        case=case.id,
        month=OCTOBER,
        before=Support.SICKNESS_BENEFIT,
        after=Support.NONE,
        by_caseworker=Readiness.MORE,
        by_person=Readiness.MORE,
        **WHERE,
    )
    return replace(follow_up, **changes)
