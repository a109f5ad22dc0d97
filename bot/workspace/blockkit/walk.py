"""Hold a value against a rule and say, in Slack's words, what is wrong where."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.workspace.blockkit.rules import Anything, Bool, Choice, Int, Items, Shape, Str, Typed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.workspace.blockkit.rules import Rule


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule: where (a JSON pointer) and what (in Slack's words)."""

    pointer: str
    text: str

    def __str__(self) -> str:
        """Give the line that Slack writes in `response_metadata.messages`."""
        return f"[ERROR] {self.text} [json-pointer:{self.pointer}]"


def walk(value: Any, rule: Rule, pointer: str) -> Iterator[Violation]:
    """Yield every violation in `value`, in reading order."""
    yield from _WALKERS[type(rule)](value, rule, pointer)


def _string(value: Any, rule: Str, pointer: str) -> Iterator[Violation]:
    if not isinstance(value, str):
        yield Violation(pointer, "must provide a string")
    elif len(value) > rule.most:
        yield Violation(pointer, f"must be less than {rule.most + 1} characters")
    elif len(value) < rule.least:
        yield Violation(pointer, f"must be more than {rule.least - 1} characters")
    elif rule.pattern and not re.fullmatch(rule.pattern, value):
        yield Violation(pointer, f"must match the pattern {rule.pattern}")


def _bool(value: Any, _rule: Bool, pointer: str) -> Iterator[Violation]:
    if not isinstance(value, bool):
        yield Violation(pointer, "must provide a boolean")


def _integer(value: Any, rule: Int, pointer: str) -> Iterator[Violation]:
    if not isinstance(value, int) or isinstance(value, bool):
        yield Violation(pointer, "must provide an integer")
    elif value > rule.high:
        yield Violation(pointer, f"must be less than {rule.high + 1}")
    elif value < rule.low:
        yield Violation(pointer, f"must be more than {rule.low - 1}")


def _choice(value: Any, rule: Choice, pointer: str) -> Iterator[Violation]:
    if value not in rule.values:
        yield Violation(pointer, "must be a valid enum value")


def _items(value: Any, rule: Items, pointer: str) -> Iterator[Violation]:
    if not isinstance(value, list):
        yield Violation(pointer, "must provide an array")
        return
    if len(value) > rule.most:
        yield Violation(pointer, f"no more than {rule.most} items allowed")
    if len(value) < rule.least:
        yield Violation(pointer, f"must provide at least {rule.least} items")
    for index, item in enumerate(value):
        yield from walk(item, rule.rule, f"{pointer}/{index}")


def _shape(value: Any, rule: Shape, pointer: str) -> Iterator[Violation]:
    if not isinstance(value, dict):
        yield Violation(pointer, "must provide an object")
        return
    yield from _presence(value, rule, pointer)
    for name, item in value.items():
        inner = rule.required.get(name) or rule.optional.get(name)
        if inner is not None:
            yield from walk(item, inner, f"{pointer}/{name}")
        elif name != "type":
            yield Violation(pointer, f"invalid additional property: {name}")


def _presence(value: dict[str, Any], rule: Shape, pointer: str) -> Iterator[Violation]:
    for name in rule.required:
        if name not in value:
            yield Violation(pointer, f"missing required field: {name}")
    words = ", ".join(f"`{name}`" for name in (rule.one_of or rule.any_of))
    given = [name for name in (rule.one_of or rule.any_of) if name in value]
    if rule.one_of and len(given) != 1:
        yield Violation(pointer, f"must define exactly one of {words}")
    if rule.any_of and not given:
        yield Violation(pointer, f"must define one of {words}")


def _typed(value: Any, rule: Typed, pointer: str) -> Iterator[Violation]:
    if not isinstance(value, dict):
        yield Violation(pointer, "must provide an object")
    elif "type" not in value:
        yield Violation(pointer, "missing required field: type")
    elif not isinstance(value["type"], str) or value["type"] not in rule.shapes:
        yield Violation(f"{pointer}/type", f"unsupported type: {value['type']}")
    else:
        yield from _shape(value, rule.shapes[value["type"]], pointer)


def _anything(_value: Any, _rule: Anything, _pointer: str) -> Iterator[Violation]:
    return iter(())


_WALKERS: dict[type[Any], Callable[[Any, Any, str], Iterator[Violation]]] = {
    Str: _string,
    Bool: _bool,
    Int: _integer,
    Choice: _choice,
    Items: _items,
    Shape: _shape,
    Typed: _typed,
    Anything: _anything,
}
