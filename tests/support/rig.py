"""The whole program on a free port, with its stand-in for Slack and a clock that is moved by hand.

Everything goes its real way: signed HTTP both ways, a real database, the outbox. `settle()` is the tick.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, cast

from cryptography.fernet import Fernet

from bot.app import make_office, open_database
from bot.local import LocalProgram, build_local
from bot.organisation import EXAMPLE, Applier, read
from bot.settings import Settings
from bot.workspace import Actor, Limits
from schedules.domain.organisation import Organisation, Person
from schedules.ports import Channel
from schedules.services.office import Office
from schedules.services.run_due import run_due
from schedules.store.database import Database
from tests.support.databases import leave_the_disk_alone
from tests.support.served import free_socket, served

KEY = Fernet.generate_key().decode()
MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # 09:00 in Stockholm


class HandClock:
    """A clock that stands still until it is moved."""

    def __init__(self, at: datetime = MONDAY) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def advance(self, by: timedelta) -> None:
        self.at += by


@dataclass
class Rig:
    """One running program; people are named by their id in the organisation file."""

    local: LocalProgram
    office: Office
    database: Database
    clock: HandClock
    organisation: Organisation
    url: str

    def person(self, person: str) -> Person:
        """The person of the file."""
        return next(p for p in self.organisation.people if p.id == person)

    def actor(self, person: str) -> Actor:
        """The person at the keyboard; a Slack user id works as well."""
        known = [p for p in self.organisation.people if p.id == person]
        return Actor(self.local.workspace, known[0].slack[0] if known else person)

    @property
    def address(self) -> str:
        """The database's, for a command in a process of its own."""
        url = self.database._engine.url
        return url.set(drivername=url.get_backend_name()).render_as_string(hide_password=False)

    def has_fallen(self) -> bool:
        """Whether a process of the program has ended meanwhile, and been replaced."""
        return False

    def settle(self) -> None:
        """Do what is due and deliver what is owed, until nothing is left at this instant."""
        jobs = self.local.program.jobs
        assert jobs.mailroom is not None
        while True:
            jobs.mailroom.look()
            closed = run_due(self.office).closed
            for channel in Channel:
                jobs.deliver(channel)
            if not (closed and self._is_due()) and not self.owed():
                return

    def _is_due(self) -> bool:
        """Whether something is still to be done at this instant."""
        following = self._next()
        return following is not None and following <= self.clock.now()

    def owed(self) -> int:
        """How many outbox rows are due now and not final."""
        statement = (
            "SELECT count(*) FROM outbox WHERE status IN ('pending', 'claimed') AND not_before <= :now"
        )
        return self.count(statement, now=self.clock.now())

    def count(self, statement: str, **values: object) -> int:
        """The number that a query gives."""
        import sqlalchemy as sa

        with self.database._engine.connect() as connection:
            query = sa.text(statement)
            if "now" in values:
                query = query.bindparams(sa.bindparam("now", type_=_utc_type()))
            return int(connection.execute(query, values).scalar_one())

    def until(self, instant: datetime) -> None:
        """Move the clock to an instant, stopping at each thing that is due on the way."""
        while (due := self._next()) is not None and due <= instant:
            self.clock.at = max(due, self.clock.at)
            self.settle()
        self.clock.at = max(instant, self.clock.at)
        self.settle()

    def _next(self) -> datetime | None:
        with self.office.unit_of_work() as uow:
            found = uow.due.next_at()
        return found[0] if found else None

    def pass_time(self, **span: float) -> None:
        """Let time pass: `days=1`, `minutes=10`."""
        self.until(self.clock.at + timedelta(**span))

    def mails(self, person: str) -> list[EmailMessage]:
        """The person's mails, oldest first."""
        return [_read_mail(raw) for raw in self.raw_mails(person)]

    def raw_mails(self, person: str) -> list[bytes]:
        """The same as they arrived."""
        stored = self.local.workspace.mailbox.messages(self.person(person).email or "")
        return [mail.raw for mail in reversed(stored)]


@lru_cache(maxsize=256)
def _read_mail(raw: bytes) -> EmailMessage:
    """Nobody writes in a mail that was received, so that one reading is enough."""
    return BytesParser(policy=policy.default).parsebytes(raw)


def _utc_type() -> Any:
    from schedules.store.tables import LETTER

    return LETTER.c.not_before.type


@cache
def _read(organisation: Path) -> Organisation:
    return read(organisation)


@cache
def _applied(organisation: Path) -> Path:
    """A migrated database with the organisation applied, made once a process and copied by every rig."""
    folder = Path(tempfile.mkdtemp(prefix="samtid-rig-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    settings = Settings(SAMTID_DATABASE_URL=f"sqlite:///{folder}/samtid.db", SAMTID_SECRET_KEYS=KEY)
    database = open_database(settings)
    database.migrate()
    Applier(make_office(settings, database, HandClock())).apply(_read(organisation))
    with database._engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return folder / "samtid.db"


@contextmanager
def rig(
    folder: Path,
    *,
    organisation: Path = EXAMPLE,
    url: str | None = None,
    at: datetime = MONDAY,
) -> Iterator[Rig]:
    """Run the program in `folder`; `url` is a database of one's own, SQLite otherwise.

    The same folder again is a restart, at the instant `at`. With SAMTID_TESTS_PROCESSES (as
    `postgresql:8`) the program is that many processes on that database: the same scenarios hold.
    """
    several = os.environ.get("SAMTID_TESTS_PROCESSES")
    if several and url is None:
        from tests.support.fleet import fleet

        kind, _, number = several.partition(":")
        with fleet(folder, kind=kind, processes=int(number), organisation=organisation, at=at) as ran:
            yield ran
        return
    bound = free_socket()
    settings = Settings(
        SAMTID_DATABASE_URL=url or f"sqlite:///{folder}/samtid.db",
        SAMTID_HTTP_PORT=bound.getsockname()[1],
        SAMTID_SECRET_KEYS=KEY,
    )
    clock = HandClock(at)
    found = _read(organisation)
    if url is None and not (folder / "samtid.db").exists():
        shutil.copyfile(_applied(organisation), folder / "samtid.db")
    database = open_database(settings)
    leave_the_disk_alone(database)
    database.migrate()
    office = make_office(settings, database, clock)
    if url is not None:
        Applier(office).apply(found)
    # The folder is said: without it every rig on PostgreSQL, in every worker, would share one workspace.
    local = build_local(settings, database, office, clock, Limits(rates={}, file_seconds=0), folder)
    try:
        with served(local.program.web, bound) as address:
            yield Rig(local, office, database, clock, found, address)
    finally:
        local.program.close()


def calendar_part(mail: EmailMessage) -> bytes | None:
    """The bytes of a mail's text/calendar part."""
    for part in mail.walk():
        if part.get_content_type() == "text/calendar":
            return cast("bytes", part.get_payload(decode=True))
    return None
