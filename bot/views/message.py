"""A chat message as Block Kit: everything escaped, everything within Slack's limits. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.views import blocks as b
from bot.views.blocks import Block
from schedules.domain.chat import Button, ChatMessage, Confirm, Section

STYLES = frozenset({"primary", "danger"})
TEXT = 3000  # far under Slack's 40,000; a notification shows a line or two


def message_text(message: ChatMessage) -> str:
    """What the notification shows, escaped: the `text` of chat.postMessage."""
    return b.escape_within(message.text, TEXT).strip() or b.NOTHING


def message_blocks(message: ChatMessage, files: Sequence[str] = ()) -> list[Block]:
    """The blocks of the message, 50 at most; without sections, the text is the message.

    `files` are the ids of the charts' pictures in Slack, in order; without them the words stand alone.
    """
    shown: list[Block] = []
    for part in message.sections:
        shown += _section(part)
    if not message.sections:
        shown += [b.section(piece) for piece in b.split_escaped(message.text, b.SECTION)]
    shown += [b.picture(file, chart.alt) for file, chart in zip(files, message.charts, strict=False)]
    last = [b.context(b.escape_within(message.context, b.SECTION))] if message.context else []
    return _numbered(_within([*shown], last, b.MESSAGE_BLOCKS))


def pointer_blocks(message: ChatMessage) -> list[Block]:
    """What an older card becomes when a newer one has taken its place."""
    words = message.pointer or message.text
    return [b.context(b.escape_within(words, b.SECTION))]


def button_block(button: Button) -> Block:
    """A button with its question, if it has one."""
    block: Block = {
        "type": "button",
        "action_id": button.action,
        "value": button.value[: b.VALUE],
        "text": b.plain(b.one_line(button.label), b.BUTTON),
    }
    if button.style in STYLES:
        block["style"] = button.style
    if button.confirm:
        block["confirm"] = confirm_block(button.confirm)
    return block


def confirm_block(confirm: Confirm) -> Block:
    """The question asked before a button acts."""
    return {
        "title": b.plain(confirm.title, b.CONFIRM_TITLE),
        "text": b.plain(confirm.text, b.CONFIRM_TEXT),
        "confirm": b.plain(confirm.yes, b.CONFIRM_ANSWER),
        "deny": b.plain(confirm.no, b.CONFIRM_ANSWER),
    }


def button_rows(buttons: Sequence[Button]) -> list[Block]:
    """Rows of buttons. Slack wants an action only once in a row, so a repeated one begins a new row."""
    rows: list[list[Button]] = []
    for button in buttons:
        full = not rows or len(rows[-1]) == b.ACTIONS
        if full or button.action in {other.action for other in rows[-1]}:
            rows.append([])
        rows[-1].append(button)
    return [b.actions([button_block(button) for button in row]) for row in rows]


def _section(part: Section) -> list[Block]:
    pieces = [b.bold(part.title)] if part.title else []
    for line in part.lines:
        pieces += b.split_escaped(line, b.SECTION)
    if part.link:
        pieces.append(b.link(part.link.url, part.link.label))
    return [*(b.section(text) for text in _packed(pieces)), *button_rows(part.buttons)]


def _packed(pieces: Iterable[str]) -> list[str]:
    """Pieces joined by line breaks into as few texts as a section's limit allows."""
    texts: list[str] = []
    for piece in pieces:
        if texts and len(texts[-1]) + 1 + len(piece) <= b.SECTION:
            texts[-1] = f"{texts[-1]}\n{piece}"
        else:
            texts.append(piece)
    return texts


def _within(shown: list[Block], last: list[Block], limit: int) -> list[Block]:
    if len(shown) + len(last) <= limit:
        return [*shown, *last]
    return [*shown[: limit - len(last) - 1], b.context("…"), *last]


def _numbered(shown: list[Block]) -> list[Block]:
    return [{**block, "block_id": f"{block['type']}-{at}"} for at, block in enumerate(shown)]
