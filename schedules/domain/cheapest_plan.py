"""The cheapest plan for several cases at once, where not every pair of times can be held together. Pure.

Without overlapping times it is an assignment problem, solved once. Where times overlap and cases need the
same people, the assignment is only a lower bound: best-first branch and bound then tries the plans in order
of that bound, so that the first one whose people can be seated is the cheapest of all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import combinations

from schedules.domain.matching import cheapest_matching

Placement = tuple[int, int]  # case, slot


@dataclass(frozen=True, slots=True)
class Option:
    """What a case may get, and what that costs; `slot` None is to wait."""

    cost: int
    slot: int | None


Options = tuple[tuple[Option, ...], ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A slot, or None, for each case. `proven` when no plan costs less."""

    slots: tuple[int | None, ...]
    proven: bool


@dataclass(frozen=True, slots=True)
class _Node:
    """A part of all plans, and the cheapest one in it if people could be in two places."""

    options: Options
    slots: tuple[int | None, ...]
    cost: int

    def required(self, case: int) -> bool:
        return len(self.options[case]) == 1


def cheapest_plan(
    options: Options,
    overlap: Callable[[int, int], bool],
    seatable: Callable[[Sequence[Placement]], bool],
    limit: int,
) -> Plan:
    """Find the cheapest plan that can be seated.

    Args:
        options: for each case its options, one of which is to wait.
        overlap: whether two different slots overlap in time.
        seatable: whether placements can all be held, each person being in one place at a time.
        limit: how many plans are looked at. Beyond it the answer is a plan that can be held, but is not
            proven to be the cheapest.
    """
    return _Search(options, overlap, seatable).run(limit)


@dataclass(slots=True)
class _Search:
    options: Options
    overlap: Callable[[int, int], bool]
    seatable: Callable[[Sequence[Placement]], bool]
    column: dict[int, int] = field(default_factory=dict)
    pairs: dict[tuple[Placement, Placement], bool] = field(default_factory=dict)

    def run(self, limit: int) -> Plan:
        self.column = self._columns()
        frontier: list[tuple[int, int, _Node]] = []
        serial = 0
        for node in self._relaxed(self.options):
            heappush(frontier, (node.cost, serial, node))
        for _ in range(limit):
            node = heappop(frontier)[2]
            conflict = self._conflict(node.slots)
            if not conflict:
                return Plan(node.slots, proven=True)
            for child in self._children(node, conflict):
                serial += 1
                heappush(frontier, (child.cost, serial, child))
        return Plan(self._dive(frontier[0][2]), proven=False)

    def _children(self, node: _Node, conflict: Sequence[Placement]) -> Iterator[_Node]:
        """Split at one placement of the conflict: the plans that have it and those that do not."""
        placement = next((p for p in conflict if not node.required(p[0])), None)
        if placement is not None:
            yield from self._relaxed(self._require(node.options, placement))
            yield from self._relaxed(_forbid(node.options, placement))

    def _dive(self, node: _Node) -> tuple[int | None, ...]:
        """A plan near `node` that can be held: of each conflict the last case gives up its slot."""
        while conflict := self._conflict(node.slots):
            gives = next((p for p in reversed(conflict) if not node.required(p[0])), None)
            # Three or more that are all required cannot be held: then from all plans, where none is.
            options = self.options if gives is None else _forbid(node.options, gives)
            (node,) = self._relaxed(options)
        return node.slots

    # --- the lower bound ---------------------------------------------------------------------------

    def _relaxed(self, options: Options) -> Iterator[_Node]:
        """One node, or none when a required placement rules out another one."""
        rows = [self._row(case, some) for case, some in enumerate(options)]
        columns = cheapest_matching([{column: o.cost for column, o in row.items()} for row in rows])
        if columns is not None:
            chosen = [row[column] for row, column in zip(rows, columns, strict=True)]
            yield _Node(options, tuple(o.slot for o in chosen), sum(o.cost for o in chosen))

    def _row(self, case: int, options: Sequence[Option]) -> dict[int, Option]:
        """The cheapest option in each column. More columns than there are cases are never needed."""
        row: dict[int, Option] = {}
        for option in options:
            column = -1 - case if option.slot is None else self.column[option.slot]
            row.setdefault(column, option)
            if len(row) == len(self.options):
                break
        return row

    def _columns(self) -> dict[int, int]:
        """Slots of which only one can be held, whichever cases get them, share a column."""
        users: dict[int, list[int]] = {}
        for case, some in enumerate(self.options):
            for option in some:
                if option.slot is not None:
                    users.setdefault(option.slot, []).append(case)
        columns: list[list[int]] = []
        for slot in sorted(users):
            for column in columns:
                if all(self._exclusive(slot, other, users) for other in column):
                    column.append(slot)
                    break
            else:
                columns.append([slot])
        return {slot: n for n, column in enumerate(columns) for slot in column}

    def _exclusive(self, one: int, other: int, users: dict[int, list[int]]) -> bool:
        return self.overlap(one, other) and all(
            case == rival or self._clash((case, one), (rival, other))
            for case in users[one]
            for rival in users[other]
        )

    # --- who stands in whose way -------------------------------------------------------------------

    def _clash(self, one: Placement, other: Placement) -> bool:
        """Whether two cases' placements rule each other out."""
        if one[1] == other[1]:
            return True
        if not self.overlap(one[1], other[1]):
            return False
        pair = (min(one, other), max(one, other))
        if pair not in self.pairs:
            self.pairs[pair] = not self.seatable(pair)
        return self.pairs[pair]

    def _conflict(self, slots: Sequence[int | None]) -> tuple[Placement, ...]:
        """As few placements as cannot be held together, in the cases' order; empty when all can be."""
        placements = [(case, slot) for case, slot in enumerate(slots) if slot is not None]
        clash = next((pair for pair in combinations(placements, 2) if self._clash(*pair)), None)
        if clash is not None:
            return clash
        if self.seatable(placements):
            return ()
        for placement in tuple(placements):
            fewer = [p for p in placements if p != placement]
            if not self.seatable(fewer):
                placements = fewer
        return tuple(placements)

    def _require(self, options: Options, placement: Placement) -> Options:
        """Only plans with the placement: what it rules out for the other cases goes."""
        case, slot = placement
        return tuple(
            tuple(o for o in some if o.slot == slot)
            if other == case
            else tuple(o for o in some if o.slot is None or not self._clash(placement, (other, o.slot)))
            for other, some in enumerate(options)
        )


def _forbid(options: Options, placement: Placement) -> Options:
    case, slot = placement
    return tuple(
        tuple(o for o in some if o.slot != slot) if other == case else some
        for other, some in enumerate(options)
    )
