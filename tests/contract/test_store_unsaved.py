"""A database that is full or gone is one plain error; whatever was not committed never was."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from schedules.errors import CannotSave
from schedules.store.database import Database
from tests.support.databases import SECRET_KEY, away, own_database


def filled(database: Database, values: int) -> None:
    with database.unit_of_work() as unit:
        for number in range(values):
            unit.settings.set(f"name{number}", "x" * 4000)
        unit.commit()


def test_a_full_disk(sqlite_template: Path, tmp_path: Path) -> None:
    """SQLite is told how many pages there are: it says "database or disk is full" as of a full disk."""
    path = tmp_path / "samtid.db"
    path.write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{path}", [SECRET_KEY])

    @sa.event.listens_for(database._engine, "connect")
    def small(connection: object, _record: object) -> None:
        connection.execute("PRAGMA max_page_count = 10")  # type: ignore[attr-defined]  # the driver's

    with pytest.raises(CannotSave):
        filled(database, 200)
    with database.unit_of_work() as unit:
        assert unit.settings.get("name0") is None
    database.close()


def test_a_server_that_is_gone(postgresql_server: str, postgresql_template: str) -> None:
    """Before anything, and in the middle; afterwards it goes on with connections of its own."""
    with own_database(postgresql_server, f"TEMPLATE {postgresql_template}") as url:
        database = Database(url, [SECRET_KEY])
        with database.unit_of_work() as unit:
            unit.settings.set("in the middle", "yes")
            with away(url):
                with pytest.raises(CannotSave):
                    unit.settings.set("and then", "yes")
                with pytest.raises(CannotSave):
                    filled(database, 1)
                with database.unit_of_work() as another, pytest.raises(CannotSave):
                    another.settings.get("name0")
        filled(database, 1)
        with database.unit_of_work() as unit:
            assert unit.settings.get("name0") is not None
            assert unit.settings.get("in the middle") is None
        database.close()


def test_a_connection_lost_while_it_commits_is_no_promise(
    postgresql_server: str, postgresql_template: str
) -> None:
    """Nobody knows what was saved, so nobody says that nothing was."""
    with own_database(postgresql_server, f"TEMPLATE {postgresql_template}") as url:
        database = Database(url, [SECRET_KEY])
        with database.unit_of_work() as unit:
            unit.settings.set("name", "yes")
            with away(url), pytest.raises(sa.exc.OperationalError) as lost:
                unit.commit()
        assert isinstance(lost.value.orig, psycopg.Error)
        database.close()
