"""A term of Tierp as facts, large enough that most is shown and small enough that something is not."""

from __future__ import annotations

from dataclasses import replace

from schedules.domain.cases import Gender, Support
from schedules.domain.figures.facts import (
    Attendance,
    Decision,
    Ending,
    Facts,
    Feedback,
    MeetingState,
    Outcome,
    Readiness,
    TookPart,
)
from schedules.domain.figures.month import Month, Period
from schedules.domain.figures.page import Page, PageKind, Published
from schedules.domain.figures.report import make_report
from schedules.domain.organisation import Goals
from tests.support.fact_examples import (
    SEPTEMBER,
    a_call,
    a_case,
    a_follow_up,
    a_meeting,
    a_referral,
    an_outcome,
)

NAMES = {
    "kommun": "Tierps kommun",
    "fk": "Försäkringskassan",
    "af": "Arbetsförmedlingen",
    "vc": "Vårdcentralen Tierp",
}
AUTUMN = Period(Month(2026, 7), Month(2026, 12))
RAISED_BY = ["kommun"] * 30 + ["fk"] * 20 + ["af"] * 7 + ["vc"] * 3

AFTER = [Support.NONE] * 20 + [Support.SICKNESS_BENEFIT] * 30
READY = [Readiness.MORE] * 25 + [Readiness.SAME] * 15 + [Readiness.NOT_ASKED] * 10


def facts() -> Facts:
    """60 persons: 36 women and 24 men; the health centre raised three, and so the seven are hidden too."""
    genders = [Gender.WOMAN, Gender.MAN, Gender.WOMAN, Gender.MAN, Gender.WOMAN] * 12
    cases = [
        a_case(f"e{n}", gender, party=party)
        for n, (gender, party) in enumerate(zip(genders, RAISED_BY, strict=True))
    ]
    for n in range(20):
        cases[n] = replace(cases[n], ended=SEPTEMBER, ending=Ending.ENDED if n < 12 else Ending.BROKEN_OFF)
    referrals = [
        a_referral(case, met=SEPTEMBER, waiting_days=5 + n, within_goal=n < 40, requested=("kommun", "fk"))
        for n, case in enumerate(cases)
    ]
    outcomes = [an_outcome(case) for case in cases]
    for n in range(25):
        outcomes[n] = replace(outcomes[n], took_part=TookPart.NO, feedback=Feedback.GIVEN)
        outcomes[n + 30] = replace(
            outcomes[n + 30],
            outcome=Outcome.NEW_MEETING,
            decisions=(Decision.COORDINATED_REHABILITATION,),
            missed=("vc",),
        )
    follow_ups = [
        a_follow_up(case, month=SEPTEMBER, after=after, by_person=ready)
        for case, after, ready in zip(cases[:50], AFTER, READY, strict=True)
    ]
    meetings = [*(a_meeting(slots_used=4) for _ in range(9)), a_meeting(MeetingState.CANCELLED, slots_used=0)]
    calls = [
        a_call(meeting.id, party, Attendance.STAYED_AWAY if party == "vc" and n < 3 else Attendance.CAME)
        for n, meeting in enumerate(meetings[:9])
        for party in NAMES
    ]
    return Facts(
        tuple(cases), tuple(referrals), tuple(meetings), tuple(calls), tuple(outcomes), tuple(follow_ups)
    )


def an_example(names: dict[str, str] | None = None, title: str = "Samverkansteam Tierp") -> Published:
    """The term's report."""
    report, _ = make_report(facts(), AUTUMN, parties=tuple(NAMES), goals=[Goals(60, 85, 35)])
    page = Page(PageKind.TEAM, "tierp")
    return Published(page, title, "Samordningsförbundet Exempel", report, names or NAMES)
