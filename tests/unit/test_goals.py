"""When a goal is at risk and can still be reached, counted by hand; and how the page says so."""

from __future__ import annotations

from datetime import date

import pytest

from bot.views.goal_lines import goal
from schedules.domain.goals import behind, first_contact_at_risk, meetings_needed, reachable
from schedules.domain.home import (
    AttendanceAtRisk,
    CaseAtRisk,
    CaseLink,
    GoalAtRisk,
    PersonsAtRisk,
    SilentCall,
)
from schedules.texts.words import Words

TODAY = date(2026, 11, 23)
LINK = CaseLink("r-1", "TIE-2026-014", None)
SILENT = SilentCall(
    "m-1", "Samverkansteam Tierp", date(2026, 12, 1), "i-4", "Eva Ek", "Vårdcentralen", (LINK,)
)


@pytest.mark.parametrize(
    ("called", "came", "left", "needed"),
    [
        (9, 6, 11, 11),  # 17 of 20 are just 85 percent
        (9, 6, 12, 12),  # 18 of 21 are 86 percent, 17 of 21 only 81
        (9, 6, 10, None),  # 16 of 19 are 84 percent: out of reach
        (10, 8, 10, 9),  # 17 of 20
        (20, 17, 4, None),  # on course
        (0, 0, 4, None),  # nothing to go by
        (9, 6, 0, None),  # no meeting left
    ],
)
def test_meetings_needed_for_85_percent(called: int, came: int, left: int, needed: int | None) -> None:
    assert meetings_needed(called, came, left, 85) == needed


@pytest.mark.parametrize(
    ("met", "today", "expected"),
    [
        (0, date(2026, 1, 31), False),  # no month is over
        (5, date(2026, 2, 1), True),  # a month of eleven asks for 5.45 of 60
        (6, date(2026, 2, 1), False),
        (32, date(2026, 7, 15), True),  # six of eleven ask for 32.7
        (33, date(2026, 8, 15), False),  # and July asks for none
    ],
)
def test_behind_sixty_persons_a_year(met: int, today: date, *, expected: bool) -> None:
    assert behind(met, 60, today) is expected


def test_a_year_that_is_lost_is_not_warned_of() -> None:
    assert reachable(50, 10, 60, TODAY)
    assert not reachable(50, 9, 60, TODAY)
    assert reachable(0, 9, 60, date(2026, 3, 1))  # the autumn is not planned yet


@pytest.mark.parametrize(
    ("last", "day", "expected"),
    [
        (date(2026, 12, 7), None, True),
        (date(2026, 12, 8), None, False),  # more than a fortnight
        (date(2026, 11, 22), None, False),  # passed
        (date(2026, 12, 1), date(2026, 12, 1), False),
        (date(2026, 12, 1), date(2026, 12, 2), True),
        (date(2026, 11, 22), date(2026, 12, 2), False),
    ],
)
def test_first_contact(last: date, day: date | None, *, expected: bool) -> None:
    assert first_contact_at_risk(last, day, TODAY) is expected


def said(one: GoalAtRisk) -> tuple[list[str], list[str]]:
    blocks = goal(one, Words("sv"))
    pressed = [element["action_id"] for block in blocks[1:] for element in block["elements"]]
    return blocks[0]["text"]["text"].split("\n"), pressed


def test_attendance_names_whom_to_remind() -> None:
    lines, pressed = said(
        AttendanceAtRisk("Samverkansteam Tierp", "Vårdcentralen", 9, 6, 85, 11, 12, (SILENT,))
    )
    assert lines == [
        "*Vårdcentralen, Samverkansteam Tierp*",
        "Var med vid 6 av 9 möten den här terminen: 67 procent. Målet är 85 procent.",
        "Målet nås om parten är med vid minst 11 av de 12 möten som är kvar i terminen.",
        "Har inte svarat: Eva Ek, tisdag 1 december.",
    ]
    assert pressed == ["invitation_remind"]


def test_attendance_when_all_have_answered_has_nobody_to_remind() -> None:
    lines, pressed = said(AttendanceAtRisk("Samverkansteam Tierp", "Vårdcentralen", 6, 5, 85, 1, 1))
    assert lines[2:] == ["Målet nås om parten är med vid det möte som är kvar i terminen."]
    assert pressed == []


def test_persons_are_not_counted_out() -> None:
    """Only the goal and the free times: how many persons there are so far may be fewer than five."""
    lines, _ = said(PersonsAtRisk("Samverkansteam Tierp", 60, 3))
    assert lines == [
        "*Samverkansteam Tierp*",
        "Målet är 60 personer om året med minst två organisationer på plats. Teamet ligger efter.",
        "3 tider är lediga på årets planerade möten.",
    ]
    assert "extra möte" in said(PersonsAtRisk("Samverkansteam Tierp", 60, 0))[0][2]


def test_a_case_does_not_say_why() -> None:
    lines, pressed = said(CaseAtRisk(LINK, "Samverkansteam Tierp", None))
    assert lines[1] == "Målet för ett första möte passeras snart, och ärendet har ingen tid."
    assert pressed == ["case_show"]
