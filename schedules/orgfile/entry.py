"""One mapping of the file: its values read by key, each mistake reported at the value's own line.

A value that cannot be read is reported and stands in by an empty one, so that reading goes on and finds
the rest; `good` tells which values may be compared with others.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterator
from typing import TypeVar

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from schedules.orgfile.problems import Report
from schedules.orgfile.tree import line_of

_NULL = "tag:yaml.org,2002:null"
T = TypeVar("T")


class BadValue(ValueError):
    """A value that cannot be read; carries the catalogue's code and facts."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


Parse = Callable[[str, ScalarNode], T]


def nearest(word: str, known: Collection[str]) -> str | None:
    """The known word that was probably meant."""
    return next(iter(difflib.get_close_matches(word, sorted(known), n=1)), None)


class Entry:
    """A mapping of the file, and what is wrong with it."""

    def __init__(self, node: MappingNode, keys: Collection[str], report: Report) -> None:
        self.report = report
        self.own_line = line_of(node)
        self._bad: set[str] = set()
        self._lines: dict[str, int] = {}
        self._nodes: dict[str, Node] = {}
        for key, value in node.value:
            self._take(key, value, keys)

    def _take(self, key: Node, value: Node, keys: Collection[str]) -> None:
        name = key.value if isinstance(key, ScalarNode) else "?"
        if name in self._lines:
            self.report.add(line_of(key), "repeated_key", key=name, first=self._lines[name])
        elif name in keys:
            self._lines[name] = line_of(key)
            if not (isinstance(value, ScalarNode) and value.tag == _NULL):
                self._nodes[name] = value
        else:
            self._lines[name] = line_of(key)
            self._unknown(name, line_of(key), keys)

    def _unknown(self, name: str, line: int, keys: Collection[str]) -> None:
        if near := nearest(name, keys):
            self._bad.add(near)  # it is misspelt, not missing
            self.report.add(line, "unknown_key_near", key=name, near=near)
        else:
            self.report.add(line, "unknown_key", key=name, keys=", ".join(keys))

    # --- where ---------------------------------------------------------------------------------------

    def line(self, key: str) -> int:
        """The line of a key's value, of the key if it has none, else of the mapping itself."""
        if key in self._nodes:
            return line_of(self._nodes[key])
        return self._lines.get(key, self.own_line)

    def has(self, key: str) -> bool:
        """Whether the key has a value."""
        return key in self._nodes

    def good(self, *keys: str) -> bool:
        """Whether these keys have values that could be read."""
        return self.sound(*keys) and all(key in self._nodes for key in keys)

    def sound(self, *keys: str) -> bool:
        """Whether nothing under these keys was wrong; an absent key is sound."""
        return not self._bad.intersection(keys)

    def bad(self, at: str, code: str, /, **facts: object) -> None:
        """Report a problem at the line of key `at`; the key is no longer good."""
        self._bad.add(at)
        self.report.add(self.line(at), code, **facts)

    # --- single values -------------------------------------------------------------------------------

    def optional(self, key: str, parse: Parse[T]) -> T | None:
        """The key's value, or None if it is absent, null or wrong."""
        if not self.has(key):
            return None
        return self._read(self._nodes[key], key, parse)

    def required(self, key: str, parse: Parse[T], stand_in: T) -> T:
        """The key's value; if it is missing or wrong that is reported and `stand_in` returned."""
        self.need(key)
        value = self.optional(key, parse)
        return stand_in if value is None else value

    def default(self, key: str, parse: Parse[T], default: T) -> T:
        """The key's value, or `default` if it is absent (or wrong, which is reported)."""
        value = self.optional(key, parse)
        return default if value is None else value

    def need(self, key: str) -> None:
        """Report the key if it has no value."""
        if self.sound(key) and not self.has(key):
            self.bad(key, "missing_key", key=key)

    def _read(self, node: Node, key: str, parse: Parse[T]) -> T | None:
        try:
            if not isinstance(node, ScalarNode):
                raise BadValue("not_text")  # noqa: TRY301  # one way of reporting for every value
            return parse(node.value.strip(), node)
        except BadValue as wrong:
            self._bad.add(key)
            facts = {"key": key, "value": getattr(node, "value", ""), **wrong.facts}
            self.report.add(line_of(node), wrong.code, **facts)
            return None

    # --- lists and mappings --------------------------------------------------------------------------

    def texts(self, key: str, parse: Parse[T], *, single: bool = False) -> list[tuple[T, int]]:
        """The list's values with their lines; `single` allows one value without brackets."""
        node = self._nodes.get(key)
        alone = single and isinstance(node, ScalarNode)
        items = [node] if node and alone else self._items(key)
        read = [(self._read(item, key, parse), line_of(item)) for item in items]
        return [(value, line) for value, line in read if value is not None]

    def entries(self, key: str, keys: Collection[str], *, required: bool = False) -> list[Entry]:
        """The list's mappings."""
        if required:
            self.need(key)
        found = [self._entry(item, key, keys) for item in self._items(key)]
        return [entry for entry in found if entry]

    def entry(self, key: str, keys: Collection[str]) -> Entry | None:
        """The key's mapping, if it has one."""
        return self._entry(self._nodes[key], key, keys) if self.has(key) else None

    def _items(self, key: str) -> Iterator[Node]:
        node = self._nodes.get(key)
        if isinstance(node, SequenceNode):
            yield from node.value
        elif node is not None:
            self.bad(key, "not_list", key=key)

    def _entry(self, node: Node, key: str, keys: Collection[str]) -> Entry | None:
        if isinstance(node, MappingNode):
            return Entry(node, keys, self.report)
        self._bad.add(key)
        self.report.add(line_of(node), "not_mapping", key=key)
        return None
