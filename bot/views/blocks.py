"""Block Kit's pieces, each within Slack's limits (docs.slack.dev/reference/block-kit). Pure.

Words that are too long are cut at a word; what a person or an organisation wrote is escaped wherever
Slack would read it as markup, so that `<!channel>` in a text alerts nobody.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

Block = dict[str, Any]
View = dict[str, Any]

TITLE = 24
BUTTON = 75
HEADER = 150
PLACEHOLDER = 150
OPTION = 75
LABEL = 2000
SECTION = 3000
VALUE = 2000
MODAL_BLOCKS = 100
MESSAGE_BLOCKS = 50
HOME_BLOCKS = 100
SELECT_OPTIONS = 100
BOX_OPTIONS = 10
ACTIONS = 25
ALT_TEXT = 2000
CONFIRM_TITLE = 100
CONFIRM_TEXT = 300
CONFIRM_ANSWER = 30

NOTHING = "–"  # Slack refuses an empty text
_MARKUP = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


@dataclass(frozen=True, slots=True)
class Named:
    """Something that can be chosen: its id and its name."""

    id: str
    name: str


def escape(text: str) -> str:
    """The text with Slack's three control characters escaped."""
    return text.replace("&", _MARKUP["&"]).replace("<", _MARKUP["<"]).replace(">", _MARKUP[">"])


def cut(text: str, limit: int) -> str:
    """The text in at most `limit` characters, cut at a word."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    word = head.rpartition(" ")[0]
    return f"{(word if len(word) > limit // 2 else head).rstrip()}…"


def escape_within(text: str, limit: int) -> str:
    """The escaped text in at most `limit` characters; never cut inside an escape."""
    escaped = escape(text)
    if len(escaped) <= limit:
        return escaped
    return escape(cut(text, min(_room(text, limit), len(text) - 1)))


def _room(text: str, limit: int) -> int:
    """How many characters of `text`, an ellipsis counted, escape to at most `limit`."""
    size = 1
    for at, char in enumerate(text):
        size += len(_MARKUP.get(char, char))
        if size > limit:
            return at + 1
    return len(text)


def split_escaped(text: str, limit: int) -> list[str]:
    """The escaped text in pieces of at most `limit` characters, parted at a line or a word if possible."""
    pieces: list[str] = []
    rest = text
    while rest.strip():
        if len(escape(rest)) <= limit:
            pieces.append(escape(rest))
            break
        head = rest[: _room(rest, limit) - 1]
        at = max(head.rfind("\n"), head.rfind(" "))
        end = at if at > len(head) // 2 else len(head)
        pieces.append(escape(rest[:end].rstrip()))
        rest = rest[end:].lstrip()
    return [piece for piece in pieces if piece.strip()]


def one_line(text: str) -> str:
    """The text with every run of white space as one space."""
    return " ".join(text.split())


def bold(text: str) -> str:
    """Bold mrkdwn. A star inside would end it, so it becomes a star that Slack does not read."""
    return f"*{escape_within(one_line(text), SECTION - 2).replace('*', '∗') or NOTHING}*"


def link(url: str, label: str) -> str:
    """A mrkdwn link; an address that is not http or https is written out, so that it is no link."""
    address = url.strip()
    try:
        safe = urlsplit(address).scheme in {"http", "https"} and bool(urlsplit(address).netloc)
    except ValueError:
        safe = False
    if not safe:
        return escape_within(one_line(f"{label}: {url}"), SECTION)
    # What would end the link early is percent-encoded; "&" is escaped as everywhere else.
    encoded = escape(quote(address, safe="!#$%&'()*+,/:;=?@[]~-._"))
    words = escape_within(one_line(label), OPTION).replace("|", "/") or NOTHING
    return f"<{encoded}|{words}>" if len(encoded) + len(words) + 3 <= SECTION else words


# --- text and options --------------------------------------------------------------------------------


def plain(text: str, limit: int) -> Block:
    """A plain_text object; Slack reads no markup in it."""
    return {"type": "plain_text", "text": cut(text.strip(), limit) or NOTHING}


def mrkdwn(text: str, limit: int = SECTION) -> Block:
    """A mrkdwn object. `text` is already escaped and within the limit, or is cut between lines."""
    if len(text) > limit:
        text = f"{text[: limit - 2].rpartition(chr(10))[0] or NOTHING}\n…"
    return {"type": "mrkdwn", "text": text.strip() or NOTHING}


def option(value: str, text: str) -> Block:
    """An option of a select, radio or checkbox."""
    return {"text": plain(one_line(text), OPTION), "value": value}


def options(items: Iterable[tuple[str, str]]) -> list[Block]:
    """Options in order: (value, words)."""
    return [option(value, text) for value, text in items]


def chosen(offered: Sequence[Block], values: Iterable[str]) -> list[Block]:
    """Those of the offered options whose value is among `values`; Slack refuses any other initial one."""
    wanted = set(values)
    return [one for one in offered if one["value"] in wanted]


# --- blocks ------------------------------------------------------------------------------------------


def section(text: str, accessory: Block | None = None) -> Block:
    """A section of mrkdwn; `text` is escaped by the caller."""
    block: Block = {"type": "section", "text": mrkdwn(text)}
    return block if accessory is None else {**block, "accessory": accessory}


def words_section(text: str) -> Block:
    """A section of plain text: for what a person wrote, and for words without markup."""
    return {"type": "section", "text": plain(text, SECTION)}


def picture(file: str, alt: str) -> Block:
    """A picture that was uploaded to Slack, with its words for whoever does not see it."""
    return {"type": "image", "slack_file": {"id": file}, "alt_text": cut(one_line(alt), ALT_TEXT)}


def context(text: str) -> Block:
    """A line of small print in mrkdwn; `text` is escaped by the caller."""
    return {"type": "context", "elements": [mrkdwn(text, SECTION)]}


def header(text: str) -> Block:
    """A heading."""
    return {"type": "header", "text": plain(one_line(text), HEADER)}


def divider() -> Block:
    """A line between parts."""
    return {"type": "divider"}


def actions(elements: Sequence[Block], block_id: str | None = None) -> Block:
    """A row of buttons, or of a select."""
    block: Block = {"type": "actions", "elements": list(elements[:ACTIONS])}
    return block if block_id is None else {**block, "block_id": block_id}


def input_block(
    name: str,
    label: str,
    element: Mapping[str, Any],
    *,
    hint: str | None = None,
    optional: bool = False,
    dispatch: bool = False,
) -> Block:
    """A field. `block_id` = `action_id` = the field's name (DESIGN.md, "Fixed names")."""
    block: Block = {
        "type": "input",
        "block_id": name,
        "label": plain(label, LABEL),
        "element": {**element, "action_id": name},
        "optional": optional,
    }
    if dispatch:
        block["dispatch_action"] = True
    if hint:
        block["hint"] = plain(hint, LABEL)
    return block


def modal(
    callback_id: str,
    title: str,
    blocks: Sequence[Block],
    *,
    close: str,
    submit: str | None = None,
    metadata: Mapping[str, str] | None = None,
) -> View:
    """A modal. `metadata` holds ids only, so that it stays far under Slack's 3,000 characters."""
    view: View = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, TITLE),
        "close": plain(close, TITLE),
        "blocks": list(blocks[:MODAL_BLOCKS]),
        "private_metadata": json.dumps(dict(metadata)) if metadata else "",
    }
    if submit is not None:
        view["submit"] = plain(submit, TITLE)
    return view


# --- elements ----------------------------------------------------------------------------------------


def radio(offered: Sequence[Block], initial: str | None = None) -> Block:
    """Radio buttons, ten at most."""
    shown = list(offered[:BOX_OPTIONS])
    first = chosen(shown, () if initial is None else (initial,))
    element: Block = {"type": "radio_buttons", "options": shown}
    return {**element, "initial_option": first[0]} if first else element


def select(offered: Sequence[Block], placeholder: str, initial: str | None = None) -> Block:
    """A select of one, 100 options at most."""
    shown = list(offered[:SELECT_OPTIONS])
    first = chosen(shown, () if initial is None else (initial,))
    element: Block = {
        "type": "static_select",
        "placeholder": plain(placeholder, PLACEHOLDER),
        "options": shown,
    }
    return {**element, "initial_option": first[0]} if first else element


def boxes(offered: Sequence[Block], initial: Iterable[str] = ()) -> Block:
    """Checkboxes, ten at most."""
    shown = list(offered[:BOX_OPTIONS])
    first = chosen(shown, initial)
    element: Block = {"type": "checkboxes", "options": shown}
    return {**element, "initial_options": first} if first else element


def multi_select(offered: Sequence[Block], placeholder: str, initial: Iterable[str] = ()) -> Block:
    """A select of several, 100 options at most."""
    shown = list(offered[:SELECT_OPTIONS])
    first = chosen(shown, initial)
    element: Block = {
        "type": "multi_static_select",
        "placeholder": plain(placeholder, PLACEHOLDER),
        "options": shown,
    }
    return {**element, "initial_options": first} if first else element


def boxes_or_multi(offered: Sequence[Block], placeholder: str, initial: Iterable[str] = ()) -> Block:
    """Checkboxes while they are few enough, else a select of several."""
    if len(offered) <= BOX_OPTIONS:
        return boxes(offered, initial)
    return multi_select(offered, placeholder, initial)


def text_input(max_length: int, *, multiline: bool = False, initial: str | None = None) -> Block:
    """A text field; Slack shows its own count against `max_length`."""
    element: Block = {"type": "plain_text_input", "multiline": multiline, "max_length": max_length}
    return {**element, "initial_value": initial[:max_length]} if initial else element


def date_input(initial: str | None = None) -> Block:
    """A date field; `initial` is an ISO date."""
    element: Block = {"type": "datepicker"}
    return {**element, "initial_date": initial} if initial else element


def time_input(initial: str | None = None) -> Block:
    """A field for a wall time; `initial` is as "13:00"."""
    element: Block = {"type": "timepicker"}
    return {**element, "initial_time": initial} if initial else element
