"""A chat message as data: words and buttons, no Block Kit. The chat side renders and escapes it."""

from __future__ import annotations

from dataclasses import dataclass

from schedules.domain.chart import Chart


@dataclass(frozen=True, slots=True)
class Confirm:
    """The question asked before a button acts."""

    title: str
    text: str
    yes: str
    no: str


@dataclass(frozen=True, slots=True)
class Button:
    """A button; `action` is one of the fixed names in DESIGN.md, `value` the row's public id."""

    action: str
    value: str
    label: str
    style: str | None = None
    confirm: Confirm | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A web address with its words."""

    url: str
    label: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a message: a bold title, lines of plain text, perhaps a link, then buttons."""

    title: str | None = None
    lines: tuple[str, ...] = ()
    link: Link | None = None
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """A whole message. `text` is what the notification shows; `pointer` is what an older card becomes.

    `charts` are drawn when the message is sent; all that they show is fixed here.
    """

    text: str
    sections: tuple[Section, ...] = ()
    context: str | None = None
    pointer: str | None = None
    charts: tuple[Chart, ...] = ()
