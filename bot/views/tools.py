"""What a section of the App Home offers besides its lines: a table from action to label to section. Pure.

A new tool is one line in `TOOLS` (a button in the section's row) or in `MORE` (an entry in the menu beside
each line of that kind). Its press arrives at `app.action(<action>)` either way, with the same `value`:
`bot/listeners/menus.py` turns an entry of a menu into the press of a button.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.views import blocks as b
from bot.views.blocks import Block
from bot.views.message import button_rows
from schedules.domain.chat import Button
from schedules.texts.words import Words

MENU = "more"
MENU_ENTRIES = 5
PARTED = "|"
ALL = "all"
"""The value of a section's tool: it is about all that the section shows."""


class Section(StrEnum):
    """The parts of the page, by role."""

    EVERYBODY = "everybody"
    COORDINATOR = "coordinator"
    REPRESENTATIVE = "representative"
    CASEWORKER = "caseworker"
    LEADER = "leader"


class Line(StrEnum):
    """The kinds of lines that have a menu; the value that its entries carry stands beside each."""

    MEETING = "meeting"  # the meeting's id


@dataclass(frozen=True, slots=True)
class Tool:
    """A button or a menu's entry; `label` is a key of the catalogue."""

    action: str
    label: str
    style: str | None = None


TOOLS: Mapping[Section, tuple[Tool, ...]] = {
    Section.EVERYBODY: (),
    Section.COORDINATOR: (),
    Section.REPRESENTATIVE: (),
    Section.CASEWORKER: (),
    Section.LEADER: (),
}

MORE: Mapping[Line, tuple[Tool, ...]] = {
    Line.MEETING: (),
}


def tool_row(section: Section, words: Words) -> list[Block]:
    """The section's row of buttons; nothing where it has none."""
    return button_rows([Button(t.action, ALL, words(t.label), t.style) for t in TOOLS[section]])


def menu(entries: Sequence[tuple[str, str, str]]) -> Block | None:
    """A menu of (action, value, words) beside a line, five entries at most; None without any."""
    if not entries:
        return None
    shown = [(f"{action}{PARTED}{value}", label) for action, value, label in entries[:MENU_ENTRIES]]
    return {"type": "overflow", "action_id": MENU, "options": b.options(shown)}


def line_menu(line: Line, value: str, words: Words) -> list[tuple[str, str, str]]:
    """The entries that the table gives to a line of that kind."""
    return [(tool.action, value, words(tool.label)) for tool in MORE[line]]
