"""Which rows belong to a case: those that lead to it by foreign keys, whatever tables there are.

A new table that refers to a case, a referral, a booking or an invitation is erased with the case without
being named here; tests/contract/test_erasure_store.py asks what is to become of every other table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa

from schedules.store.statements import listed
from schedules.store.tables import CASE, METADATA
from schedules.store.transaction import Transaction

SECRETS = ("data_key", "protected", "own_reference_hmac")
"""Columns whose values are protected fields, or lead to them."""


@dataclass(frozen=True, slots=True)
class Owned:
    """A table of a case's rows, and the columns by which a row leads to another table's row."""

    table: sa.Table
    links: tuple[tuple[sa.Column[Any], sa.Table], ...]

    def of(self, ids: Mapping[str, Iterable[str]]) -> sa.ColumnElement[bool]:
        """Whether a row belongs to one of the rows with those ids, by table."""
        if self.table is CASE:
            return CASE.c.id.in_(list(ids[CASE.name]))
        return sa.or_(*(column.in_(list(ids.get(parent.name, ()))) for column, parent in self.links))

    @property
    def secrets(self) -> tuple[str, ...]:
        """The columns of this table that hold protected fields."""
        return tuple(name for name in SECRETS if name in self.table.c)


@cache
def owned_tables() -> tuple[Owned, ...]:
    """All of them, each after those that its rows lead to."""
    found: dict[sa.Table, Owned] = {CASE: Owned(CASE, ())}
    for table in METADATA.sorted_tables:
        links = tuple(
            (key.parent, key.column.table)
            for key in sorted(table.foreign_keys, key=lambda key: key.parent.name)
            if key.column.table in found
        )
        if links and table is not CASE:
            found[table] = Owned(table, links)
    return tuple(found.values())


def owned_ids(transaction: Transaction, case: str) -> dict[str, list[str]]:
    """The ids of the case's rows by table, of the tables that have an id (public ids among them)."""
    ids: dict[str, list[str]] = {CASE.name: [case]}
    for owned in owned_tables()[1:]:
        name = next((name for name in ("id", "public_id") if name in owned.table.c), None)
        if name is not None:
            rows = transaction.rows(sa.select(owned.table.c[name].label("id")).where(owned.of(ids)))
            ids[owned.table.name] = sorted(row.id for row in rows)
    return ids


def every_id(ids: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The parameter of `among` for all of them."""
    return listed([one for some in ids.values() for one in some])
