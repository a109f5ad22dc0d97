"""The lines of the App Home about goals at risk: in words, with what can be done. Pure."""

from __future__ import annotations

from bot.views import blocks as b
from bot.views import lines
from bot.views.blocks import Block
from bot.views.buttons import button
from bot.views.message import button_rows
from schedules.domain.home import AttendanceAtRisk, CaseAtRisk, GoalAtRisk, PersonsAtRisk
from schedules.texts.words import Words


def goal(one: GoalAtRisk, words: Words) -> list[Block]:
    """A goal that can still be reached, and what would help."""
    if isinstance(one, AttendanceAtRisk):
        told, names = _attendance(one, words), _reminders(one)
    elif isinstance(one, PersonsAtRisk):
        told, names = _persons(one, words), []
    else:
        told, names = _case(one, words), _ways(one)
    return [b.section(told), *button_rows([button(action, value, words) for action, value in names])]


def _attendance(one: AttendanceAtRisk, words: Words) -> str:
    counts = {"percent": one.percent, "came": one.came, "called": one.called, "goal": one.goal}
    people = [f"{call.person}, {words.day(call.day)}" for call in one.silent]
    return lines.text(
        f"{one.party}, {one.team}",
        words("home.goals.attendance", **counts),
        words.count("home.goals.needed", one.left, needed=one.needed),
        words("home.goals.silent", people="; ".join(people)) if people else "",
    )


def _reminders(one: AttendanceAtRisk) -> list[tuple[str, str]]:
    return [("invitation_remind", one.silent[0].invitation)] if one.silent else []


def _persons(one: PersonsAtRisk, words: Words) -> str:
    return lines.text(
        one.team,
        words("home.goals.persons", goal=one.goal),
        words.count("home.goals.free", one.free) if one.free else words("home.goals.full"),
    )


def _case(one: CaseAtRisk, words: Words) -> str:
    told = words("home.goals.later") if one.when else words("home.goals.waiting")
    return lines.text(
        f"{one.case.reference}, {one.team}", lines.when(one.when, words) if one.when else "", told
    )


def _ways(one: CaseAtRisk) -> list[tuple[str, str]]:
    move = [("booking_move", one.case.booking)] if one.case.booking else []
    return [*move, ("case_show", one.case.referral)]
