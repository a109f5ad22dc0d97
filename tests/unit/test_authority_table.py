"""The page about who may do what says what the one table says, and nothing else decides."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.views.plain import not_allowed_text
from schedules.domain.authority import MAY, Capacity, Command
from schedules.texts.words import Words

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| `(?P<command>[a-z_.]+)` \|[^|]+\|(?P<cells>.*)\|$", re.MULTILINE)


def documented() -> dict[str, set[Capacity]]:
    page = (ROOT / "docs" / "authority.md").read_text(encoding="utf-8")
    rows = {}
    for row in ROW.finditer(page):
        cells = [cell.strip() for cell in row["cells"].split("|")]
        assert len(cells) == len(Capacity)
        assert set(cells) <= {"", "yes"}
        rows[row["command"]] = {who for who, cell in zip(Capacity, cells, strict=True) if cell}
    return rows


def test_the_page_says_what_the_table_says() -> None:
    assert documented() == {command.value: set(who) for command, who in MAY.items()}
    assert set(MAY) == set(Command)


def test_services_refuse_only_by_asking_the_table() -> None:
    services = ROOT / "schedules" / "services"
    refusing = re.compile(r"raise NotAllowed|import .*\bNotAllowed\b")
    for path in services.glob("*.py"):
        if path.name not in {"authority.py", "refusals.py"}:
            assert not refusing.search(path.read_text(encoding="utf-8")), path.name


def test_every_command_is_asked_for_by_some_service() -> None:
    asked = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "schedules" / "services").glob("*.py"))
    assert [command for command in Command if f"Command.{command.name}" not in asked] == []


@pytest.mark.parametrize("language", ["sv", "en"])
def test_whoever_may_not_is_told_who_may(language: str) -> None:
    words = Words(language)
    told = {not_allowed_text(command.value, words) for command in Command}
    assert len(told) == len(set(MAY.values()))
    assert words("capacity.coordinator") in not_allowed_text(Command.CANCEL_MEETING.value, words)
    assert not_allowed_text(None, words) == words("error.not_allowed")
