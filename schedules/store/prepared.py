"""Statements that SQLAlchemy puts into words once, and the driver's own cursor executes.

Its compiler, types and dialects make the words; what it does at each execution took two fifths of a booking.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from operator import itemgetter
from types import MappingProxyType
from typing import Any, TypeAlias, cast
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.engine import result_tuple
from sqlalchemy.sql.expression import UpdateBase
from sqlmodel.sql.sqltypes import UTCDateTime

Values: TypeAlias = Mapping[str, Any]
Row: TypeAlias = sa.Row[Any]
Process: TypeAlias = Callable[[Any], Any]
Take: TypeAlias = Callable[[Values], Sequence[Any]]
Heard: TypeAlias = Callable[[str, Sequence[Any]], None]
Kind: TypeAlias = tuple[str, tuple[str, ...]]
"""The dialect's name, and the columns that a change is given."""

NONE_GIVEN: Values = MappingProxyType({})
HEARERS: list[Heard] = []
"""Told of each statement and the driver's parameters, a set for each row: for measurements and tests."""


def prepared(statement: sa.Executable, dialect: sa.Dialect, values: Values) -> Prepared:
    """The statement, ready for the driver, as long as the statement itself is there."""
    kind = dialect.name, (tuple(values) if isinstance(statement, UpdateBase) else ())
    known = _KNOWN.get(statement)
    if known is None:
        known = _KNOWN[statement] = {}
    found = known.get(kind)
    if found is None:
        found = known[kind] = Prepared()
    return found


@dataclass(frozen=True, slots=True)
class Wording:
    """The words for lists of certain lengths, and where each given value goes."""

    sql: str
    constants: tuple[Any, ...] | None
    """What stands at each place before the given values; None: every place is given."""
    names: tuple[str, ...] | None
    """Of the parameters, in order, for a driver that takes them by name."""
    given: tuple[int, ...]
    take: Take
    """The values of these places."""
    listed: tuple[tuple[int, str, int], ...]
    processes: tuple[tuple[int, Process], ...]

    def parameters(self, values: Values) -> Any:
        """What the driver wants. Raises KeyError for a value that is missing."""
        if self.constants is None:
            filled = [*self.take(values)]
        else:
            filled = [*self.constants]
            for place, value in zip(self.given, self.take(values), strict=True):
                filled[place] = value
            for place, name, number in self.listed:
                filled[place] = values[name][number]
        for place, process in self.processes:
            filled[place] = process(filled[place])
        return filled if self.names is None else dict(zip(self.names, filled, strict=True))


class Prepared:
    """One statement in the words of one dialect. Safe to share between threads.

    It is given the statement each time: one that holds it would keep it for ever.
    """

    def __init__(self) -> None:
        self._plain: Wording | None = None
        self._lists: tuple[str, ...] = ()
        self._by_lengths: dict[tuple[int, ...], Wording] = {}
        self._finds: bool | None = None  # whether it gives rows; psycopg describes them anew at each question
        self._make: Callable[[Sequence[Any]], Row] | None = None
        self._processes: tuple[tuple[int, Process], ...] = ()

    def execute(
        self, statement: sa.Executable, dialect: sa.Dialect, cursor: Any, values: Sequence[Values]
    ) -> tuple[list[Row], int]:
        """The rows that it finds or returns, and how many it changed. Raises the driver's errors."""
        self.send(statement, dialect, cursor, values)
        return self.collect(statement, dialect, cursor)

    def send(
        self, statement: sa.Executable, dialect: sa.Dialect, cursor: Any, values: Sequence[Values]
    ) -> None:
        """Execute it. In a driver's pipeline the answer is there when the pipeline has ended."""
        wording = self._plain or self._wording(statement, dialect, values[0])
        every = [wording.parameters(one) for one in values]
        for hear in HEARERS:
            hear(wording.sql, every)
        if len(every) > 1:
            cursor.executemany(wording.sql, every)
        else:
            cursor.execute(wording.sql, every[0])

    def in_words(
        self, statement: sa.Executable, dialect: sa.Dialect, values: Values
    ) -> tuple[str, Mapping[str, Any]]:
        """The words and what the driver is to fill in, for a driver that takes it by name."""
        wording = self._wording(statement, dialect, values)
        parameters = wording.parameters(values)
        for hear in HEARERS:
            hear(wording.sql, [parameters])
        return wording.sql, parameters

    def collect(self, statement: sa.Executable, dialect: sa.Dialect, cursor: Any) -> tuple[list[Row], int]:
        """What `execute` gives, once the answer is there."""
        if self._finds is None:
            self._finds = bool(cursor.description)
        if self._finds:
            rows = self._rows(statement, dialect, cursor)
            return rows, len(rows)
        return [], cursor.rowcount

    def _wording(self, statement: sa.Executable, dialect: sa.Dialect, values: Values) -> Wording:
        if self._plain is not None:
            return self._plain
        found = None
        if self._lists:
            found = self._by_lengths.get(tuple([len(values[name]) for name in self._lists]))
        return found or self._put_into_words(statement, dialect, values)

    def _put_into_words(self, statement: sa.Executable, dialect: sa.Dialect, values: Values) -> Wording:
        names = list(values) if isinstance(statement, UpdateBase) else None
        # As for many rows, so that an insert returns nothing that was not asked for.
        compiled: Any = cast("sa.ClauseElement", statement).compile(
            dialect=dialect, column_keys=names, for_executemany=names is not None
        )
        wording = _in_words(compiled, dialect, values)
        lists = tuple(
            sorted(name for name, bind in compiled.binds.items() if bind.expanding and name in values)
        )
        if lists:
            self._by_lengths[tuple([len(values[name]) for name in lists])] = wording
            self._lists = lists
        else:
            self._plain = wording
        return wording

    def _rows(self, statement: sa.Executable, dialect: sa.Dialect, cursor: Any) -> list[Row]:
        make = self._make or self._learn_rows(statement, dialect, cursor.description)
        if not self._processes:
            return [make(found) for found in cursor.fetchall()]
        rows = []
        for found in cursor.fetchall():
            read = list(found)
            for place, process in self._processes:
                read[place] = process(read[place])
            rows.append(make(read))
        return rows

    def _learn_rows(
        self, statement: sa.Executable, dialect: sa.Dialect, description: Sequence[Sequence[Any]]
    ) -> Callable[[Sequence[Any]], Row]:
        columns = getattr(statement, "exported_columns", ())  # words of SQL have none
        readers = [
            _reads(column.type, dialect, found[1])
            for column, found in zip(columns, description, strict=False)
        ]
        self._processes = tuple((place, read) for place, read in enumerate(readers) if read is not None)
        make: Callable[[Sequence[Any]], Row] = result_tuple([found[0] for found in description])
        self._make = make
        return make


def _in_words(compiled: Any, dialect: sa.Dialect, values: Values) -> Wording:
    state = compiled.construct_expanded_state(values, escape_names=False)
    by_name = state.positiontup is None
    names = tuple(state.parameters if state.positiontup is None else state.positiontup)
    parts = {
        part: (name, number)
        for name, expanded in state.parameter_expansion.items()
        for number, part in enumerate(expanded)
    }
    constants: list[Any] = [None] * len(names)
    given, listed, processes = {}, [], []
    for place, name in enumerate(names):
        origin, number = parts.get(name, (name, 0))
        process = _writes(compiled.binds[origin].type, dialect)
        if origin not in values:
            constant = state.parameters[name]
            constants[place] = constant if process is None else process(constant)
            continue
        if name in parts:
            listed.append((place, origin, number))
        else:
            given[place] = origin
        if process is not None:
            processes.append((place, process))
    return Wording(
        state.statement,
        None if len(given) == len(names) else tuple(constants),
        names if by_name else None,
        tuple(given),
        _taking(tuple(given.values())),
        tuple(listed),
        tuple(processes),
    )


def _taking(names: Sequence[str]) -> Take:
    if len(names) > 1:
        return itemgetter(*names)
    return lambda values: [values[name] for name in names]  # an itemgetter of one gives no sequence


def _reads(kind: sa.types.TypeEngine[Any], dialect: sa.Dialect, code: Any) -> Process | None:
    if isinstance(kind, UTCDateTime):
        return _instant if dialect.name == "sqlite" else None  # sessions on PostgreSQL are in UTC
    read: Process | None = kind.dialect_impl(dialect).result_processor(dialect, code)
    return read


def _writes(kind: sa.types.TypeEngine[Any], dialect: sa.Dialect) -> Process | None:
    if dialect.name == "sqlite" and isinstance(kind, UTCDateTime):
        return _text
    written: Process | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return written if written is None or not isinstance(kind, sa.JSON) else _few(written)


def _few(written: Process) -> Process:
    """For columns of JSON, which mostly hold one of a few lists of terms or ids."""
    known = lru_cache(maxsize=1000)(lambda texts: written([*texts]))

    def process(value: Any) -> Any:
        if type(value) is list and all(type(one) is str for one in value):
            return known(tuple(value))
        return written(value)

    return process


# A replay of a county's year reads millions of instants; the types' own way takes five times as long.
@lru_cache(maxsize=10_000)  # rows of one meeting, and of one submission, say the same instants
def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(f"{text}+00:00")


_WITHOUT_OFFSET = -len("+00:00")


def _text(instant: datetime | None) -> str | None:
    if instant is None:
        return None
    if instant.tzinfo is not UTC:
        if instant.utcoffset() is None:
            raise ValueError("an instant needs its offset from UTC")
        instant = instant.astimezone(UTC)
    return _written(instant)


@lru_cache(maxsize=1000)  # in UTC only: the two hours of a night in October are equal in local time
def _written(instant: datetime) -> str:
    return instant.isoformat(" ", "microseconds")[:_WITHOUT_OFFSET]


_KNOWN: WeakKeyDictionary[sa.Executable, dict[Kind, Prepared]] = WeakKeyDictionary()
