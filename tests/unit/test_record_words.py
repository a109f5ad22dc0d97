"""Whatever is recorded about a case has words, in both languages."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from schedules.domain.authority import Command
from schedules.domain.case_file import Names
from schedules.domain.plan import Answer
from schedules.texts.record import Telling
from schedules.texts.words import Words

SERVICES = Path(__file__).parents[2] / "schedules" / "services"
NOT_OF_A_CASE = (
    "person.",
    "absence.",
    "duty.",
    "team.",
    "organisation.",
    "association.",
    "report",
    "survey.",
    "pulse.",
)
"""What begins so is never recorded about a case's ids."""
ANSWERED = {f"invitation.{answer.value}" for answer in Answer}
DECIDED_ABOUT_A_PARTY = {"seat.hold_without", "seat.ask_contact", "seat.ask_again"}


def recorded() -> set[str]:
    """Every action that a service records by a literal or by a command's name."""
    found = ANSWERED | DECIDED_ABOUT_A_PARTY
    for path in SERVICES.glob("*.py"):
        found |= set(_literals(ast.parse(path.read_text(encoding="utf-8"))))
    return found


def _literals(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("audit.record"):
            action = node.args[2]
            if isinstance(action, ast.Constant):
                yield str(action.value)
            elif isinstance(action, ast.Attribute) and ast.unparse(action).startswith("Command."):
                yield Command[ast.unparse(action).split(".")[1]].value


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_action_about_a_case_has_words(language: str) -> None:
    words = Words(language)
    about_cases = {one for one in recorded() if not one.startswith(NOT_OF_A_CASE)}
    assert len(about_cases) > 25
    by_link = {one.removesuffix(".by_link") for one in about_cases}
    assert sorted(one for one in by_link if not words.has(f"audit.{one}")) == []


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_refusal_about_a_case_has_words(language: str) -> None:
    words = Words(language)
    commands = {one.value for one in Command if not one.value.startswith(NOT_OF_A_CASE)}
    assert sorted(one for one in commands if not words.has(f"denied.{one}")) == []


def test_actors_that_are_no_people_are_told_apart() -> None:
    telling = Telling(Names({"maja": "Maja Björk"}), Words("sv"), ZoneInfo("Europe/Stockholm"))
    actors = ("maja", "samtid", "command line", "slack:U9", "absence:1", "handover:1", "x")
    told = [telling.person(one) for one in actors]
    assert told == [
        "Maja Björk",
        "Samtid av sig självt",
        "Driften, från kommandoraden",
        "Okänd i Slack (U9)",
        "Samtid, på grund av frånvaro",
        "Samtid, på grund av en överlämning",
        "x",
    ]
    assert telling.action("refused:case.show") == "Nekades att öppna ärendet"
    assert telling.action("refused:unknown") == "Nekades (unknown)"
    assert telling.action("letter.show.by_link") == "Öppnade brevet till personen (via en länk)"
    assert telling.action("new.action") == "new.action"
