"""Puts a message together within what a chat message can hold.

The limits are Slack's: 50 blocks a message, 3,000 characters a section text, 75 a button. A person's card
with 8 cases takes 19 blocks, so a real meeting is never cut; the limits are for what nobody foresaw.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from schedules.domain.chat import Button, ChatMessage, Section
from schedules.texts.words import Words

BLOCKS = 46  # of 50: room for the context, for the line about what was left out, and for the renderer
SECTION_TEXT = 2900  # of 3,000, escaped: room for what makes the title bold
BUTTON_LABEL = 75
TEXT = 1000
CUT = "…"


def compose(
    words: Words,
    text: str,
    sections: Sequence[Section],
    context: str | None = None,
    pointer: str | None = None,
) -> ChatMessage:
    """The message, cut where it would be refused: whole sections from the end, then lines, then labels."""
    kept = list(sections)
    while sum(map(_blocks, kept)) > BLOCKS:
        kept.pop()
    fitted = [_fit(section) for section in kept]
    left = len(sections) - len(kept)
    if left:
        fitted.append(Section(lines=(words.count("message.more", left),)))
    return ChatMessage(cut(text, TEXT), tuple(fitted), context and cut(context, SECTION_TEXT), pointer)


def cut(text: str, limit: int) -> str:
    """`text` in at most `limit` characters as escaped for chat, ending in an ellipsis if it was cut."""
    if _is_within(text, limit):
        return text
    while text and _escaped(text) + 1 > limit:
        text = text[: -max(1, (_escaped(text) + 1 - limit) // 5)]  # "&amp;" is the longest escape
    return text.rstrip() + CUT


def _blocks(section: Section) -> int:
    return 1 + bool(section.buttons) + bool(section.link)


def _fit(section: Section) -> Section:
    return section if _fits(section) else _shortened(section)


def _fits(section: Section) -> bool:
    link = section.link
    texts = [section.title or "", *section.lines, *((link.url, link.label, "<|> ") if link else ())]
    return (
        _is_within(section.title or "", SECTION_TEXT // 2)
        and _is_within("\n".join(texts), SECTION_TEXT - 1)
        and all(_is_within(button.label, BUTTON_LABEL) for button in section.buttons)
    )


def _shortened(section: Section) -> Section:
    title = section.title and cut(section.title, SECTION_TEXT // 2)
    left = SECTION_TEXT - (_escaped(title) + 1 if title else 0)
    if section.link is not None:
        left -= _escaped(section.link.url) + _escaped(section.link.label) + 4
    lines = _fit_lines(section.lines, max(left, 0))
    return replace(section, title=title, lines=lines, buttons=tuple(_fit_button(b) for b in section.buttons))


def _fit_lines(lines: Sequence[str], left: int) -> tuple[str, ...]:
    kept: list[str] = []
    for line in lines:
        if _escaped(line) + 1 > left:
            kept.append(cut(line, max(left - 1, 1)))
            break
        kept.append(line)
        left -= _escaped(line) + 1
    return tuple(kept)


def _fit_button(button: Button) -> Button:
    return replace(button, label=cut(button.label, BUTTON_LABEL))


def _is_within(text: str, limit: int) -> bool:
    # "&amp;" is the longest escape: what is short enough for nothing else needs no counting.
    return len(text) * 5 <= limit or _escaped(text) <= limit


def _escaped(text: str) -> int:
    """How long the text is with "&amp;", "&lt;" and "&gt;"."""
    return len(text) + 4 * text.count("&") + 3 * (text.count("<") + text.count(">"))
