"""The assignment problem, against trying every way."""

from __future__ import annotations

from itertools import permutations
from random import Random

import pytest

from schedules.domain.matching import cheapest_matching


def cost_of(rows: list[dict[int, int]], columns: tuple[int, ...]) -> int | None:
    if any(column not in row for row, column in zip(rows, columns, strict=True)):
        return None
    return sum(row[column] for row, column in zip(rows, columns, strict=True))


@pytest.mark.parametrize("seed", range(60))
def test_no_way_costs_less(seed: int) -> None:
    draw = Random(seed)
    rows = [
        {column: draw.randint(0, 9) for column in range(5) if draw.random() < 0.6}
        for _ in range(draw.randint(0, 5))
    ]
    costs = [cost_of(rows, ways) for ways in permutations(range(5), len(rows))]
    possible = [cost for cost in costs if cost is not None]
    found = cheapest_matching(rows)
    if found is None:
        assert not possible
    else:
        assert len(set(found)) == len(rows)
        assert cost_of(rows, found) == min(possible)


def test_costs_of_any_size_are_exact() -> None:
    """Floating point would lose the last unit."""
    huge = 10**40
    assert cheapest_matching([{0: huge, 1: huge + 1}, {0: huge + 1, 1: huge + 1}]) == (0, 1)
    assert cheapest_matching([{0: huge, 1: huge}, {0: huge, 1: huge + 1}]) == (1, 0)
