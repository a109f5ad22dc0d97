"""The tools of the App Home: a line in the table is a button in its section or an entry in a line's menu."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from bot.listeners.menus import unfold
from bot.views import tools
from bot.views.home import home
from bot.views.tools import MENU, Line, Section, Tool
from schedules.domain.home import HomePage
from tests.unit.block_kit import check_view
from tests.unit.examples_views import SV

TOOL = Tool("absence_enter", "button.show")


def table(section: Section) -> Mapping[Section, tuple[Tool, ...]]:
    return {one: (TOOL,) if one is section else () for one in Section}


def test_a_tool_stands_in_its_section_also_when_there_is_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tools, "TOOLS", table(Section.REPRESENTATIVE))
    view = home(HomePage("Per", "sv", may_raise=False, represents=True), SV)
    check_view(view)
    assert "absence_enter" in str(view)
    assert "absence_enter" not in str(home(HomePage("Anna", "sv", may_raise=True), SV))


def test_a_menu_holds_five_entries_at_most_and_is_left_out_when_empty() -> None:
    entries = [("meeting_move", f"m-{n}", "Flytta") for n in range(7)]
    made = tools.menu(entries)
    assert made is not None
    assert [one["value"] for one in made["options"]] == [f"meeting_move|m-{n}" for n in range(5)]
    assert tools.menu([]) is None


def test_a_lines_menu_comes_from_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "MORE", {Line.MEETING: (Tool("meeting_move", "button.move"),)})
    assert tools.line_menu(Line.MEETING, "m-1", SV) == [("meeting_move", "m-1", SV("button.move"))]


def test_an_entry_arrives_as_the_button_it_names() -> None:
    chosen = {"value": "meeting_move|m-1", "text": {"type": "plain_text", "text": "Flytta"}}
    pressed = {"type": "overflow", "action_id": MENU, "block_id": "b", "selected_option": chosen}
    body: dict[str, Any] = {"actions": [pressed]}
    unfold(body)
    assert (body["actions"][0]["action_id"], body["actions"][0]["value"]) == ("meeting_move", "m-1")


def test_everything_else_passes_untouched() -> None:
    body: dict[str, Any] = {"actions": [{"type": "button", "action_id": "case_show", "value": "r-1"}]}
    before = {"actions": [dict(body["actions"][0])]}
    unfold(body)
    assert body == before
    command: dict[str, Any] = {"command": "/samtid"}
    unfold(command)
    assert command == {"command": "/samtid"}
