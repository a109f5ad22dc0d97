"""Lists that share a page's limited number of blocks. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.views.blocks import Block


@dataclass(frozen=True, slots=True)
class Group:
    """A part of a page: how it begins, the blocks of each item, and the words for those left out."""

    begins: tuple[Block, ...]
    items: tuple[tuple[Block, ...], ...]
    more: Callable[[int], Block]


def fit(groups: Sequence[Group], room: int) -> list[Block]:
    """The groups in at most `room` blocks: items are admitted in turn, so that no part starves another."""
    shown = [0] * len(groups)
    used = sum(len(group.begins) + 1 for group in groups)  # one is kept for the words "… och n till"
    admitted = True
    while admitted:
        admitted = False
        for at, group in enumerate(groups):
            if shown[at] < len(group.items) and used + len(group.items[shown[at]]) <= room:
                used += len(group.items[shown[at]])
                shown[at] += 1
                admitted = True
    return [block for at, group in enumerate(groups) for block in _part(group, shown[at])]


def _part(group: Group, shown: int) -> list[Block]:
    left = len(group.items) - shown
    blocks = [*group.begins, *(block for item in group.items[:shown] for block in item)]
    return [*blocks, group.more(left)] if left else blocks
