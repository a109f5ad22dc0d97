"""Alembic, run from the package's own files, without an alembic.ini."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from schedules.store.engine import IMMEDIATE

# Alembic loads in a tenth of a second, for what is done once at the start: it is imported where it is used.
if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = sa.text("SELECT pg_advisory_xact_lock(5241719)")  # any number, the same in every instance


def configuration(connection: sa.Connection | None = None) -> Config:
    """Alembic's configuration; `env.py` takes the connection from its attributes."""
    from alembic.config import Config  # noqa: PLC0415  see the top of the file

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def upgrade(engine: sa.Engine) -> None:
    """Upgrade to the newest revision in one transaction; instances that start together take turns.

    A database that a newer version has upgraded is left as it is: in a rolling restart, or when an upgrade
    is taken back, this version runs on the schema of the next one.
    """
    from alembic import command  # noqa: PLC0415  see the top of the file

    with engine.connect() as plain:
        connection = plain.execution_options(**{IMMEDIATE: True})
        with connection.begin():
            if engine.dialect.name == "postgresql":
                connection.execute(_LOCK)
            found = _heads(connection)
            if found != _known().newest and not _is_newer(found):
                command.upgrade(configuration(connection), "head")


def is_current(engine: sa.Engine) -> bool:
    """Whether the database stands at our newest revision, or at one of a newer version."""
    with engine.connect() as connection:
        found = _heads(connection)
    return found == _known().newest or _is_newer(found)


def _heads(connection: sa.Connection) -> frozenset[str]:
    from alembic.runtime.migration import MigrationContext  # noqa: PLC0415  see the top of the file

    return frozenset(MigrationContext.configure(connection).get_current_heads())


def _is_newer(found: frozenset[str]) -> bool:
    return not found <= _known().every


@dataclass(frozen=True, slots=True)
class _Revisions:
    newest: frozenset[str]
    every: frozenset[str]


@cache
def _known() -> _Revisions:
    from alembic.script import ScriptDirectory  # noqa: PLC0415  see the top of the file

    scripts = ScriptDirectory.from_config(configuration())
    every = frozenset(script.revision for script in scripts.walk_revisions())
    return _Revisions(frozenset(scripts.get_heads()), every)
