"""A balancer sends people only to a process that is migrated, connected and not about to stop."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import anyio
import httpx
import pytest

from bot.app import make_office
from bot.assembly import assemble
from bot.bench.organisation import many_teams, team_id
from bot.clock import RealClock
from bot.organisation import Applier
from bot.program import Program, Slack
from bot.settings import Settings
from schedules.store.database import Database
from schedules.store.engine import LOG_PAGES
from tests.support.databases import SECRET_KEY
from tests.support.statements import statements


@contextmanager
def serving(url: str) -> Iterator[Program]:
    """One that has begun to serve from the database at that URL."""
    settings = Settings(SAMTID_DATABASE_URL=url, SAMTID_SECRET_KEYS=SECRET_KEY)
    database = Database(url, [SECRET_KEY])
    slack = Slack("xoxb-test", "secret", "http://127.0.0.1:9")
    built = assemble(settings, database, make_office(settings, database, RealClock()), slack, None)
    built.ready = True
    yield built
    built.close()


@pytest.fixture
def program(database_url: str) -> Iterator[Program]:
    """One whose database is migrated."""
    with serving(database_url) as built:
        yield built


def answer(program: Program, path: str = "/readyz") -> int:
    async def ask() -> int:
        transport = httpx.ASGITransport(program.web)
        async with httpx.AsyncClient(transport=transport, base_url="http://samtid") as client:
            return (await client.get(path)).status_code

    return anyio.run(ask)


def test_not_before_the_database_is_migrated(empty_database_url: str) -> None:
    with serving(empty_database_url) as program:
        assert answer(program) == 503
        assert answer(program, "/healthz") == 200
        program.database.migrate()
        assert answer(program) == 200


def test_not_while_slack_does_not_reach_it(program: Program) -> None:
    program.connected = lambda: False
    assert answer(program) == 503


def test_not_before_it_serves_nor_while_it_stops(program: Program) -> None:
    program.ready = False
    assert answer(program) == 503
    program.ready = True
    assert answer(program) == 200
    program.close()
    assert answer(program) == 503


def test_a_start_reads_what_the_first_forms_will_ask_for(program: Program, database_url: str) -> None:
    """On SQLite, where it is kept; and the log has its length."""
    today = program.office.today()
    Applier(program.office).apply(many_teams(2, today))
    program.start()
    program.jobs.stop()
    with statements() as asked, program.database.unit_of_work() as unit:
        assert len([*unit.plan.openings(team_id(1), today, 13)]) == 13
    sqlite = database_url.startswith("sqlite")
    assert any("slot.starts_at" in sql for sql, _ in asked) != sqlite
    if sqlite:
        log = Path(f"{database_url.removeprefix('sqlite:///')}-wal")
        assert log.stat().st_size > LOG_PAGES * 4096
