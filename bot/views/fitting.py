"""Lists that share a page's limited number of blocks, each with its own place to begin. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.views.blocks import Block


@dataclass(frozen=True, slots=True)
class Shown:
    """What of a list is shown: the first item's place (from 0), how many, and how many there are.

    `page` is how many the first page shows: the last one may show fewer, and the way back is a whole page.
    """

    name: str
    first: int
    count: int
    total: int
    page: int

    @property
    def whole(self) -> bool:
        """Whether nothing is left out."""
        return self.count == self.total

    @property
    def previous(self) -> int | None:
        """Where the page before begins; None on the first."""
        return max(0, self.first - max(self.page, 1)) if self.first else None

    @property
    def next(self) -> int | None:
        """Where the next page begins; None on the last."""
        end = self.first + self.count
        return end if end < self.total else None


@dataclass(frozen=True, slots=True)
class Group:
    """A list of a page: how it begins (always as many blocks), and the blocks of each item.

    `turns` gives one block with the ways to the other pages.
    """

    name: str
    begins: Callable[[Shown], Sequence[Block]]
    items: tuple[tuple[Block, ...], ...]
    turns: Callable[[Shown], Block]


def fit(groups: Sequence[Group], room: int, starts: Mapping[str, int] | None = None) -> list[Block]:
    """The groups in at most `room` blocks: items are admitted in turn, so that no part starves another.

    `starts`: where a group's page begins, by its name; what no longer exists begins at its last item.
    """
    wanted = starts or {}
    page = _admitted(groups, room, [0] * len(groups), [len(group.items) for group in groups])
    first = [min(max(wanted.get(g.name, 0), 0), max(len(g.items) - 1, 0)) for g in groups]
    count = _admitted(groups, room, first, page) if any(first) else page
    found = zip(groups, first, count, page, strict=True)
    return [block for group, at, n, whole in found for block in _part(group, at, n, whole)]


def _admitted(groups: Sequence[Group], room: int, first: Sequence[int], most: Sequence[int]) -> list[int]:
    """How many items of each group have room, from `first` on and `most` at the most."""
    count = [0] * len(groups)
    used = sum(len(group.begins(_shown(group, 0, 0, 0))) + 1 for group in groups)  # one for the other pages
    admitted = True
    while admitted:
        admitted = False
        for at, group in enumerate(groups):
            place = first[at] + count[at]
            if place < len(group.items) and count[at] < most[at]:
                size = len(group.items[place])
                if used + size <= room:
                    used, count[at], admitted = used + size, count[at] + 1, True
    return count


def _shown(group: Group, first: int, count: int, page: int) -> Shown:
    return Shown(group.name, first, count, len(group.items), page)


def _part(group: Group, first: int, count: int, page: int) -> list[Block]:
    shown = _shown(group, first, count, page)
    items = (block for item in group.items[first : first + count] for block in item)
    turns = [] if shown.whole else [group.turns(shown)]
    return [*group.begins(shown), *items, *turns]
