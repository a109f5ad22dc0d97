"""Chat messages without one case: what a message says of other cases stays as it was."""

from __future__ import annotations

import re
from dataclasses import replace

from schedules.domain.chat import ChatMessage, Section

GONE = "…"
_REFERENCE = re.compile(r"(?<![\w-])[A-ZÅÄÖ][A-ZÅÄÖ0-9]{1,5}-\d{4}-\d{3,}(?![\w-])")


def references_in(text: str) -> frozenset[str]:
    """The running references of cases that a text names."""
    return frozenset(_REFERENCE.findall(text))


def without_case(message: ChatMessage, reference: str) -> ChatMessage:
    """The message without the case's section or lines; where a sentence names it, the name is left out."""
    kept = (_section(part, reference) for part in message.sections)
    return replace(
        message,
        text=_unnamed(message.text, reference),
        sections=tuple(part for part in kept if part is not None),
        context=_unnamed(message.context, reference) if message.context else None,
        pointer=_unnamed(message.pointer, reference) if message.pointer else None,
    )


def _section(part: Section, reference: str) -> Section | None:
    """None for a section about the case alone, or one of which nothing is left."""
    if reference in references_in(part.title or ""):
        return None
    lines = tuple(_line(line, reference) for line in part.lines)
    kept = tuple(line for line in lines if line)
    if part.lines and not kept:
        return None
    buttons = tuple(one for one in part.buttons if reference not in references_in(one.label))
    return replace(part, lines=kept, buttons=buttons)


def _line(line: str, reference: str) -> str:
    """A line that names no other case goes; one that does is kept without this one's name."""
    named = references_in(line)
    if reference not in named:
        return line
    return _unnamed(line, reference) if len(named) > 1 else ""


def _unnamed(text: str, reference: str) -> str:
    return _REFERENCE.sub(lambda found: GONE if found[0] == reference else found[0], text)
