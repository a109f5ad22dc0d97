"""The vocabulary of the tables: what a value may look like. Data only; `walk` reads it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Str:
    """A string with at most `most` and at least `least` characters; `pattern` is a full match."""

    most: int = 10**6
    least: int = 1
    pattern: str | None = None


@dataclass(frozen=True, slots=True)
class Bool:
    """`true` or `false`."""


@dataclass(frozen=True, slots=True)
class Int:
    """A whole number from `low` to `high`."""

    low: int = 0
    high: int = 10**12


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the given strings."""

    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class Items:
    """A list of `least` to `most` values that each follow `rule`."""

    rule: Rule
    most: int
    least: int = 1


@dataclass(frozen=True, slots=True)
class Shape:
    """An object: the fields that it must have, those it may have, and nothing else.

    `one_of`: exactly one of these must be there; `any_of`: at least one.
    """

    required: Mapping[str, Rule] = field(default_factory=dict)
    optional: Mapping[str, Rule] = field(default_factory=dict)
    one_of: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Typed:
    """An object whose `type` chooses its shape."""

    shapes: Mapping[str, Shape]


@dataclass(frozen=True, slots=True)
class Anything:
    """Not looked at."""


Rule = Str | Bool | Int | Choice | Items | Shape | Typed | Anything
