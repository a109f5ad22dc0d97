"""The schema comes from the migrations, and they say all that the tables say."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from cryptography.fernet import Fernet

from schedules.errors import SamtidError
from schedules.store.database import Database
from schedules.store.encryption import MissingKeys, WrongKeys
from schedules.store.tables import METADATA
from tests.support.databases import SECRET_KEY


def test_upgrade_from_nothing(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The folder is made, the working directory does not matter, and a second upgrade changes nothing."""
    monkeypatch.chdir(tmp_path)
    database = Database(empty_database_url, [SECRET_KEY])
    assert not database.is_current()
    database.migrate()
    database.migrate()
    assert database.is_current()
    database.close()


def test_migrations_say_what_the_tables_say(database: Database) -> None:
    """What `alembic check` asks."""
    with database._engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, METADATA) == []


def test_partial_indexes_are_partial(database: Database) -> None:
    """Alembic does not compare the conditions of indexes, so they are looked at here."""
    inspector = sa.inspect(database._engine)
    dialect = database._engine.dialect.name
    indexes = {index["name"]: index for index in inspector.get_indexes("booking")}
    for name in ("uq_booking_live_slot", "uq_booking_live_referral"):
        assert indexes[name]["unique"]
        condition = str(indexes[name]["dialect_options"][f"{dialect}_where"])
        assert "proposed" in condition
        assert "booked" in condition
        assert "cancelled" not in condition


def test_wrong_keys_are_named_at_the_start(database_url: str) -> None:
    database = Database(database_url, [Fernet.generate_key().decode()])
    with pytest.raises(WrongKeys, match="SAMTID_SECRET_KEYS"):
        database.migrate()
    database.close()


@pytest.mark.parametrize("keys", [[], [""], ["no key"]])
def test_missing_keys_are_named(keys: list[str], tmp_path: Path) -> None:
    with pytest.raises(MissingKeys, match="SAMTID_SECRET_KEYS"):
        Database(f"sqlite:///{tmp_path}/samtid.db", keys)


@pytest.mark.parametrize("url", ["mysql://localhost/samtid", "sqlite://"])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(SamtidError, match="SAMTID_DATABASE_URL"):
        Database(url, [SECRET_KEY])
