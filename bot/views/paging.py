"""The lists of pages and answers: a title that says which part is shown, and the ways to the rest. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from bot.views import blocks as b
from bot.views.blocks import Block
from bot.views.fitting import Group, Shown
from bot.views.message import button_rows
from schedules.domain.chat import Button
from schedules.texts.words import Words

T = TypeVar("T")
PREVIOUS, NEXT = "page_previous", "page_next"
PARTED = ":"


def listed(
    name: str,
    items: Sequence[T],
    show: Callable[[T, Words], list[Block]],
    words: Words,
    *,
    before: Sequence[Block] = (),
    after_title: Sequence[Block] = (),
) -> Group:
    """A list whose catalogue key is `name`: what stands before, its title, and its items."""

    def begins(shown: Shown) -> list[Block]:
        return [*before, b.header(_title(shown, words)), *after_title]

    blocks = tuple(tuple(show(item, words)) for item in items)
    return Group(name, begins, blocks, lambda shown: _turns(shown, words))


def only(blocks: Sequence[Block]) -> Group:
    """Blocks without any list."""
    return Group("", lambda _: blocks, (), lambda _: b.divider())


def _title(shown: Shown, words: Words) -> str:
    title = words(shown.name)
    if shown.whole:
        return title
    last = shown.first + shown.count
    return words("page.range", title=title, first=min(shown.first + 1, last), last=last, total=shown.total)


def _turns(shown: Shown, words: Words) -> Block:
    offered = []
    if shown.previous is not None:
        value = f"{shown.name}{PARTED}{shown.previous}"
        offered.append(Button(PREVIOUS, value, words("page.previous")))
    if shown.next is not None:
        offered.append(Button(NEXT, f"{shown.name}{PARTED}{shown.next}", words("page.next")))
    rows = button_rows(offered)
    return rows[0] if rows else b.context(b.escape(words("page.no_room")))


def turned(value: str, starts: str = "") -> dict[str, int]:
    """Where the lists begin after a press: the button's value laid over what was remembered."""
    name, _, start = value.rpartition(PARTED)
    return {**read_starts(starts), name: int(start)} if start.isdigit() else read_starts(starts)


def read_starts(text: str) -> dict[str, int]:
    """What `write_starts` wrote; anything else is the beginning of every list."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {str(name): start for name, start in found.items() if isinstance(start, int)}


def write_starts(starts: Mapping[str, int]) -> str:
    """Where the lists begin, as a short text."""
    return json.dumps({name: start for name, start in starts.items() if start})
