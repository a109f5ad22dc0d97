"""Rolling restart: the code of the version before runs on the schema of the next one.

Old code names the columns that it knows. So each step may add tables, and columns that may be left out; it
takes nothing away, makes nothing stricter, and refuses no row that was good before.
"""

from __future__ import annotations

from itertools import pairwise

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory

from schedules.store.database import Database
from schedules.store.engine import make_engine
from schedules.store.migration import configuration

REVISIONS = [one.revision for one in ScriptDirectory.from_config(configuration()).walk_revisions()][::-1]


def schema_at(engine: sa.Engine, revision: str) -> sa.MetaData:
    found = sa.MetaData()
    with engine.connect() as connection, connection.begin():
        command.upgrade(configuration(connection), revision)
        found.reflect(connection)
    return found


def _unique(table: sa.Table) -> set[tuple[str, ...]]:
    constraints = [c.columns for c in table.constraints if isinstance(c, sa.UniqueConstraint)]
    indexes = [index.columns for index in table.indexes if index.unique]
    return {tuple(column.name for column in columns) for columns in (*constraints, *indexes)}


def refusals(old: sa.MetaData, new: sa.MetaData) -> list[str]:
    """What in the new schema the old code would stumble over."""
    found = [f"{name} is gone" for name in old.tables if name not in new.tables]
    for name, before in old.tables.items():
        after = new.tables.get(name)
        if after is None:
            continue
        found += [f"{c} is gone" for c in before.columns if c.name not in after.columns]
        shared = [(c, after.columns[c.name]) for c in before.columns if c.name in after.columns]
        found += [f"{a} is another" for a, b in shared if str(a.type) != str(b.type)]
        found += [f"{a} is stricter" for a, b in shared if a.nullable and not b.nullable]
        fresh = [c for c in after.columns if c.name not in before.columns]
        found += [f"{c} must be given" for c in fresh if not c.nullable and c.server_default is None]
        known = {c.name for c in before.columns}
        found += [f"{name}{key} is unique" for key in _unique(after) - _unique(before) if known >= set(key)]
    return found


@pytest.mark.parametrize(("before", "after"), list(pairwise(REVISIONS)))
def test_each_version_is_one_that_the_one_before_can_live_with(
    empty_database_url: str, before: str, after: str
) -> None:
    engine = make_engine(empty_database_url, 1.5)
    try:
        old = schema_at(engine, before)
        assert refusals(old, schema_at(engine, after)) == []
        with engine.connect() as connection:
            for table in old.sorted_tables:  # what old code reads, column by column
                connection.execute(sa.select(table)).all()
    finally:
        engine.dispose()


def test_old_code_starts_and_stays_ready_on_the_schema_of_the_next_version(database: Database) -> None:
    """The first of the new processes has migrated; the old ones go on, and one of them is started again."""
    version = sa.text("UPDATE alembic_version SET version_num = :revision")
    with database._engine.begin() as connection:
        connection.execute(version, {"revision": "of_the_next_version"})
    assert database.is_ready()
    database.migrate()
    assert database.is_ready()
    with database._engine.begin() as connection:
        connection.execute(version, {"revision": REVISIONS[-2]})
    assert not database.is_ready()


def test_a_step_that_old_code_could_not_live_with_is_seen() -> None:
    old, new = sa.MetaData(), sa.MetaData()
    sa.Table("a", old, sa.Column("x", sa.String()), sa.Column("y", sa.String()), sa.Column("z", sa.String()))
    sa.Table("b", old)
    sa.Table(
        "a",
        new,
        sa.Column("x", sa.Integer()),
        sa.Column("y", sa.String(), nullable=False, unique=True),
        sa.Column("w", sa.String(), nullable=False),
    )
    assert sorted(refusals(old, new)) == [
        "a('y',) is unique",
        "a.w must be given",
        "a.x is another",
        "a.y is stricter",
        "a.z is gone",
        "b is gone",
    ]
