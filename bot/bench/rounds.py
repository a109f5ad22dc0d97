"""Two ways of doing the same, in turn: what else the machine does meets both alike."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median

ROUNDS = 5

Side = Callable[[int], list[float]]
"""Does its part of a round, by the round's number: milliseconds of each thing that it did."""


def alternate(one: Side, other: Side) -> tuple[list[list[float]], list[list[float]]]:
    """Both sides' times, a list a round."""
    ones, others = [], []
    for number in range(ROUNDS):
        ones.append(one(number))
        others.append(other(number))
    return ones, others


def ratio(
    above: list[list[float]], below: list[list[float]], measure: Callable[[list[float]], float]
) -> float:
    """The median over the rounds of a measure of the one side by that of the other."""
    pairs = zip(above, below, strict=True)
    return median(measure(one) / measure(other) for one, other in pairs)
