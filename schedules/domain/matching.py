"""One column for each row at the lowest total cost: successive shortest paths. Pure.

After Jonker and Volgenant, "A shortest augmenting path algorithm for dense and sparse linear assignment
problems" (Computing 38, 1987), without its heuristics for the start. Costs are integers of any size, so that
several aims in order of rank fit into one number without rounding.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


def cheapest_matching(rows: Sequence[Mapping[int, int]]) -> tuple[int, ...] | None:
    """Give every row a column of its own, at the lowest total cost.

    Args:
        rows: for each row the columns that it may have, with their costs (none negative).

    Returns:
        The column of each row, or None when they cannot all have one.
    """
    matching = _Matching(rows, [0] * len(rows))
    if not all(matching.add(row) for row in range(len(rows))):
        return None
    return tuple(matching.column_of[row] for row in range(len(rows)))


@dataclass(slots=True)
class _Search:
    """The cheapest ways from one unmatched row to the columns; `settled` ones are final."""

    cost: dict[int, int] = field(default_factory=dict)
    through: dict[int, int] = field(default_factory=dict)
    settled: set[int] = field(default_factory=set)


@dataclass(slots=True)
class _Matching:
    """Cheapest for the rows added so far. The prices keep every reduced cost at zero or more."""

    rows: Sequence[Mapping[int, int]]
    row_price: list[int]
    column_price: dict[int, int] = field(default_factory=dict)
    row_of: dict[int, int] = field(default_factory=dict)
    column_of: dict[int, int] = field(default_factory=dict)

    def add(self, start: int) -> bool:
        """Match one more row, moving others along the cheapest path; False when no path ends."""
        search = _Search()
        row, so_far = start, 0
        while True:
            self._look(search, row, so_far)
            column = min(search.cost.keys() - search.settled, key=lambda c: (search.cost[c], c), default=None)
            if column is None:
                return False
            so_far = search.cost[column]
            if column not in self.row_of:
                break
            search.settled.add(column)
            row = self.row_of[column]
        self._reprice(search, start, so_far)
        self._turn(search, start, column)
        return True

    def _look(self, search: _Search, row: int, so_far: int) -> None:
        for column, price in self.rows[row].items():
            cost = so_far + price - self.row_price[row] - self.column_price.get(column, 0)
            if column not in search.settled and cost < search.cost.get(column, cost + 1):
                search.cost[column], search.through[column] = cost, row

    def _reprice(self, search: _Search, start: int, total: int) -> None:
        self.row_price[start] += total
        for column in search.settled:
            saved = total - search.cost[column]
            self.column_price[column] = self.column_price.get(column, 0) - saved
            self.row_price[self.row_of[column]] += saved

    def _turn(self, search: _Search, start: int, end: int) -> None:
        """Along the path from its end, each row takes the column it was reached by and frees its old one."""
        column, row = end, -1
        while row != start:
            row = search.through[column]
            before = self.column_of.get(row, -1)
            self.column_of[row], self.row_of[column] = column, row
            column = before
