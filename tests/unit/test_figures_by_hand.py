"""Each figure of docs/figures.md on a small case that was counted by hand; the numbers are in the tests."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from schedules.domain.cases import Gender, Support, Urgency
from schedules.domain.figures.facts import (
    Attendance,
    CaseFact,
    Decision,
    Ending,
    Facts,
    Feedback,
    MeetingState,
    Outcome,
    OutcomeFact,
    Readiness,
    ReferralFact,
    TookPart,
)
from schedules.domain.figures.measures import evenness, middle, ninetieth, percent
from schedules.domain.figures.month import Month, Period, last_finished_term, term_of
from schedules.domain.figures.report import Report, make_report
from schedules.domain.organisation import Goals
from tests.support.fact_examples import (
    OCTOBER,
    SEPTEMBER,
    a_call,
    a_case,
    a_follow_up,
    a_meeting,
    a_referral,
    an_outcome,
)

AUTUMN = Period(Month(2026, 7), Month(2026, 12))
PARTIES = ("kommun", "fk", "af", "vc")
NOVEMBER = Month(2026, 11)


def cases(women: int = 0, men: int = 0, others: int = 0, **changes: object) -> list[CaseFact]:
    genders = [Gender.WOMAN] * women + [Gender.MAN] * men + [Gender.UNKNOWN] * others
    return [a_case(f"case-{next(_numbers)}", gender, **changes) for gender in genders]


_numbers = count()


def report(
    period: Period = AUTUMN, goals: tuple[Goals, ...] = (Goals(60, 85, 35),), **facts: Iterable[Any]
) -> Report:
    made, _ = make_report(
        Facts(**{name: tuple(rows) for name, rows in facts.items()}),
        period,
        parties=PARTIES,
        goals=goals,
    )
    return made


def counted(made: Report, row: str) -> tuple[int | None, int | None, int | None]:
    line = made.line(row)
    return line.women, line.men, line.total


def test_persons_raised_are_cases_in_the_month_they_were_first_raised() -> None:
    """7 women, 5 men and 6 of unknown gender in the autumn; two men raised in June are not the autumn's."""
    autumn = [*cases(7, 5, 6), *cases(0, 2, raised=Month(2026, 6))]
    assert counted(report(cases=autumn), "persons_raised") == (7, 5, 18)


def test_cases_raised_are_referrals() -> None:
    """6 women, 5 men; three of the women are raised once more in October: 9 + 5."""
    people = cases(6, 5)
    again = [a_referral(case, id=f"again-{case.id}", month=OCTOBER) for case in people[:3]]
    made = report(cases=people, referrals=[*map(a_referral, people), *again])
    assert counted(made, "cases_raised") == (9, 5, 14)
    assert counted(made, "persons_raised") == (6, 5, 11)


def test_by_raising_party_and_how_even_it_is() -> None:
    """20 from kommun, 10 from fk, 10 from af, none from vc: equal parts are 10; 10 of at most 30 too many."""
    people = [*cases(20, party="kommun"), *cases(10), *cases(10, party="af")]
    made = report(cases=people, referrals=map(a_referral, people))
    assert [line.total for line in made.table("raised_by")] == [20, 10, 10, 0]
    assert made.evenness == 67  # 1 - 10/30


def test_by_requested_party_a_case_counts_for_each() -> None:
    """12 ask for kommun and fk, 8 for fk only: kommun 12, fk 20."""
    people = cases(20)
    both = [a_referral(case, requested=("kommun", "fk")) for case in people[:12]]
    one = [a_referral(case, requested=("fk",)) for case in people[12:]]
    made = report(cases=people, referrals=[*both, *one])
    assert [line.total for line in made.table("requested")] == [12, 20, 0, 0]


def test_urgency() -> None:
    """6 of 17 are urgent."""
    people = cases(17)
    urgent = [a_referral(case, urgency=Urgency.URGENT) for case in people[:6]]
    made = report(cases=people, referrals=[*urgent, *map(a_referral, people[6:])])
    assert [(line.row.of, line.total) for line in made.table("urgency")] == [("urgent", 6), ("ordinary", 11)]


def waited(case: CaseFact, days: int, *, within: bool | None) -> ReferralFact:
    return a_referral(case, met=OCTOBER, waiting_days=days, within_goal=within)


def test_waiting_days() -> None:
    """1 to 10 days: the middle is 5.5, nine tenths wait 9 at most; 5 of 10 are within the goal.

    One more has not met yet, one met after the period: neither is counted.
    """
    people = cases(10)
    met = [waited(case, day, within=day <= 5) for day, case in enumerate(people, 1)]
    others = cases(2)
    later = replace(waited(others[0], 99, within=False), met=Month(2027, 1))
    made = report(cases=[*people, *others], referrals=[*met, later, a_referral(others[1])])
    counts = {row: made.line(row).total for row in ("waited", "goal_known", "within_goal")}
    assert counts == {"waited": 10, "goal_known": 10, "within_goal": 5}
    women, men, everybody = made.waiting
    assert (everybody.median_days, everybody.ninetieth_days, everybody.within_goal_percent) == (5.5, 9, 50)
    assert women == replace(everybody, who="women")
    assert (men.median_days, men.ninetieth_days, men.within_goal_percent) == (None, None, None)


def test_share_within_the_goal_counts_only_where_the_start_of_the_sick_leave_is_known() -> None:
    """12 met, 7 with a known start, all of them within: 100 %, not 58 %."""
    people = cases(12)
    known = [waited(case, 10, within=True) for case in people[:7]]
    unknown = [waited(case, 10, within=None) for case in people[7:]]
    made = report(cases=people, referrals=[*known, *unknown])
    assert made.waiting[2].within_goal_percent == 100


def test_waiting_of_fewer_than_five_is_suppressed() -> None:
    people = cases(4)
    made = report(cases=people, referrals=[waited(case, 7, within=True) for case in people])
    assert {(one.median_days, one.ninetieth_days, one.within_goal_percent) for one in made.waiting} == {
        (None, None, None)
    }


def met(people: list[CaseFact], **changes: object) -> list[OutcomeFact]:
    return [an_outcome(case, **changes) for case in people]


def test_persons_met_and_with_two_organisations_are_counted_once() -> None:
    """8 women and 7 men meet; 6 and 5 of them with two organisations; 3 women come back and count once.

    A case whose time was not held did not meet.
    """
    people = cases(8, 7)
    two = people[:6] + people[8:13]
    one = people[6:8] + people[13:]
    back = [an_outcome(case, id=f"back-{case.id}", month=OCTOBER) for case in people[:3]]
    others = cases(6)
    made = report(
        cases=[*people, *others],
        outcomes=[
            *met(others, outcome=Outcome.NOT_HELD),
            *met(two),
            *met(one, organisations=1, present=("vc", "hab")),
            *back,
        ],
    )
    # 4 persons met with one organisation only: not shown, and not to be had by subtraction either.
    assert counted(made, "persons_met") == (8, 7, 15)
    assert counted(made, "discussions") == (11, 7, 18)
    assert counted(made, "two_organisations") == (None, None, None)
    assert counted(made, "not_held") == (6, 0, 6)


def test_two_organisations_and_the_goal() -> None:
    """12 of 20 met with two organisations; 60 a year are 30 in half a year; two teams add up."""
    people = cases(10, 10)
    two = people[:6] + people[10:16]
    one = people[6:10] + people[16:]
    single = met(one, organisations=1)
    extra = [an_outcome(case, id=f"x-{case.id}", organisations=1) for case in one]
    made = report(cases=people, outcomes=[*met(two), *single, *extra])
    assert counted(made, "two_organisations") == (None, None, 12)
    assert made.goals.two_organisations == 30
    both = report(goals=(Goals(60, 85, 35), Goals(21, 80, 35)))
    assert (both.goals.two_organisations, both.goals.attendance_percent, both.goals.first_contact_days) == (
        41,  # 81 a year
        None,  # the teams differ
        35,
    )


def test_tierp_73_persons_and_one_fewer_gives_72() -> None:
    """The board's report: 28 meetings, 73 persons, 44 women and 29 men, at least two parties at each."""
    period = Period(Month(2018, 4), Month(2020, 3))
    spread = [Month(2018, 4).plus(n % 24) for n in range(73)]
    people = [
        a_case(f"t{n}", Gender.WOMAN if n < 44 else Gender.MAN, raised=month)
        for n, month in enumerate(spread)
    ]
    outcomes = [an_outcome(case, month=case.raised) for case in people]
    meetings = [a_meeting(month=Month(2018, 4).plus(n % 24)) for n in range(28)]
    made = report(period, cases=people, outcomes=outcomes, meetings=meetings)
    for row in ("persons_raised", "persons_met", "two_organisations"):
        assert counted(made, row) == (44, 29, 73)
    assert made.meetings.held == 28
    assert made.goals.two_organisations == 120
    fewer = report(period, cases=people[:-1], outcomes=outcomes[:-1], meetings=meetings)
    assert counted(fewer, "two_organisations") == (44, 28, 72)


def test_meetings_and_slots() -> None:
    """9 planned: 4 held with 4 slots each, 2 cancelled, 1 moved, 1 released, 1 to come; 12 slots used."""
    states = [MeetingState.CANCELLED] * 2 + [MeetingState.MOVED, MeetingState.RELEASED, MeetingState.PLANNED]
    made = report(
        meetings=[
            *(a_meeting() for _ in range(4)),
            *(a_meeting(state, slots_used=0) for state in states),
            a_meeting(month=Month(2027, 1)),
        ]
    )
    figures = made.meetings
    assert (figures.planned, figures.held, figures.cancelled, figures.moved, figures.released) == (
        9,
        4,
        2,
        1,
        1,
    )
    assert (figures.slots_offered, made.slots_used, made.line("slots_used").total) == (16, 12, 12)


def test_attendance_counts_meetings_and_neither_cancelled_ones_nor_other_peoples_cases() -> None:
    """Called to m1 (two cases, comes to one), m2 (stays away), m3 (cancelled), m4 (not ours): 1 of 2."""
    made = report(
        calls=[
            a_call("m1"),
            a_call("m1", attendance=Attendance.STAYED_AWAY),
            a_call("m2", attendance=Attendance.STAYED_AWAY),
            a_call("m3", attendance=Attendance.MEETING_CANCELLED),
            a_call("m4", attendance=Attendance.NOT_OUR_CASE),
            a_call("m5", attendance=Attendance.NOT_REPORTED),
            a_call("m6", month=Month(2027, 1)),
            a_call("m1", "af"),
        ]
    )
    fk, af = made.parties
    assert (fk.party, fk.called, fk.came, fk.attendance) == ("fk", 2, 1, 50)
    assert (af.party, af.called, af.came, af.attendance) == ("af", 1, 1, 100)
    assert made.goals.attendance_percent == 85


def test_answers() -> None:
    """Of fk's 8 calls 6 are answered, after 0, 1, 2, 3, 4, 11 days: 75 %, 2.5 days; af has 4 calls."""
    days = [0, 1, 2, 3, 4, 11, None, None]
    calls = [a_call("m1", days_to_answer=one) for one in days]
    fk, af = report(calls=[*calls, *(a_call("m1", "af") for _ in range(4))]).parties
    assert (fk.answer_percent, fk.answer_days) == (75, 2.5)
    assert (af.answer_percent, af.answer_days) == (None, None)


def test_outcomes_decisions_and_missed_parties() -> None:
    """20 discussions: 10 plans, 5 new meetings, 5 without more; 7 apply under 30 kap.; vc is missed at 6."""
    people = cases(20)
    outcomes = met(people)
    for n in range(5):
        outcomes[n] = replace(outcomes[n], outcome=Outcome.NEW_MEETING, follow_on=True)
        outcomes[n + 5] = replace(outcomes[n + 5], outcome=Outcome.NO_FURTHER)
    for n in range(7):
        outcomes[n] = replace(
            outcomes[n], decisions=(Decision.COORDINATED_REHABILITATION, Decision.SUPPORT_MISSING)
        )
    for n in range(6):
        outcomes[n] = replace(outcomes[n], missed=("vc",))
    made = report(cases=people, outcomes=outcomes)
    assert [line.total for line in made.table("outcome")] == [10, 5, 5]
    decisions = {line.row.of: line.total for line in made.table("decision")}
    assert decisions == {
        "coordinated_rehabilitation": 7,
        "medical_certificate": 0,
        "work_training": 0,
        "individual_plan": 0,
        "other_support": 0,
        "support_missing": 7,
    }
    assert {line.row.of: line.total for line in made.table("missed")} == dict.fromkeys(PARTIES, 0) | {"vc": 6}


def test_took_part_and_feedback() -> None:
    """18 discussions, 12 without the person; 7 of those 12 have had feedback."""
    people = cases(18)
    away = [an_outcome(case, took_part=TookPart.NO, feedback=Feedback.GIVEN) for case in people[:7]]
    owed = [an_outcome(case, took_part=TookPart.NO, feedback=Feedback.OWED) for case in people[7:12]]
    made = report(cases=people, outcomes=[*away, *owed, *met(people[12:])])
    assert {line.row.of: line.total for line in made.table("took_part")} == {
        "in_room": 6,
        "online": 0,
        "no": 12,
    }
    assert (made.line("feedback_due").total, made.line("feedback_given").total) == (12, 7)


def test_change_in_support_and_readiness_by_gender() -> None:
    """10 women changed support, 5 men did not; the women are more ready, the men not asked."""
    people = cases(10, 5)
    women = [a_follow_up(case) for case in people[:10]]
    same = {
        "after": Support.SICKNESS_BENEFIT,
        "by_person": Readiness.NOT_ASKED,
        "by_caseworker": Readiness.SAME,
    }
    made = report(cases=people, follow_ups=[*women, *(a_follow_up(case, **same) for case in people[10:])])
    assert counted(made, "followed_up") == (10, 5, 15)
    assert counted(made, "support:changed") == (10, 0, 10)
    assert counted(made, "support:unchanged") == (0, 5, 5)
    assert counted(made, "support_after:none") == (10, 0, 10)
    assert counted(made, "by_caseworker:more") == (10, 0, 10)
    assert counted(made, "by_person:not_asked") == (0, 5, 5)


def test_unknown_support_is_neither_changed_nor_unchanged() -> None:
    people = cases(6)
    made = report(cases=people, follow_ups=[a_follow_up(case, before=Support.UNKNOWN) for case in people])
    assert [line.total for line in made.table("support")] == [0, 0, 6]


def test_endings() -> None:
    """6 ended, 5 broken off, 5 withdrew their consent, in the month it happened."""
    over = [
        *cases(6, ending=Ending.ENDED, ended=NOVEMBER),
        *cases(5, ending=Ending.BROKEN_OFF, ended=NOVEMBER),
    ]
    withdrew = cases(5, ending=Ending.CONSENT_WITHDRAWN, ended=NOVEMBER)
    made = report(cases=[*over, *withdrew, *cases(3, ending=Ending.ENDED, ended=Month(2027, 1))])
    assert made.line("cases_ended").total == 16
    assert [line.total for line in made.table("ending")] == [6, 5, 5]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [([5, 5, 5, 5], 100), ([20, 0, 0, 0], 0), ([10, 0], 0), ([15, 5], 50), ([0, 0], None), ([9], None)],
)
def test_evenness(counts: list[int], expected: int | None) -> None:
    assert evenness(counts) == expected


def test_shares_medians_and_ranks() -> None:
    assert [percent(1, 3), percent(1, 2), percent(1, 200), percent(0, 5), percent(1, 0)] == [
        33,
        50,
        1,
        0,
        None,
    ]
    assert [middle([3, 1, 2]), middle([1, 2, 3, 10]), middle([])] == [2, 2.5, None]
    assert [ninetieth([7]), ninetieth([*range(1, 12)]), ninetieth([])] == [7, 10, None]


def test_terms() -> None:
    assert term_of(SEPTEMBER) == AUTUMN
    assert last_finished_term(SEPTEMBER.first_day) == Period(Month(2026, 1), Month(2026, 6))
    assert last_finished_term(Month(2027, 1).first_day) == AUTUMN
