"""Several processes of the program on one database, behind a balancer: the rig, seen from outside.

Slack's stand-in, the mail server and the balancer run in the test's process; the clock is shared. A scenario
written for the rig runs unchanged, unless it looks inside the process.
"""

from __future__ import annotations

import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
import sqlalchemy as sa
from starlette.applications import Starlette

from bot.app import make_office, open_database
from bot.local import LocalClock, LocalProgram, _setup
from bot.organisation import EXAMPLE, Applier
from bot.program import Program, Slack
from bot.settings import Settings
from bot.workspace import Limits, Workspace, routes
from schedules.store.tables import DUE, LETTER
from tests.support import rig as one
from tests.support.balancer import Balancer
from tests.support.databases import _beside, _execute, own_database, shared_server
from tests.support.kill_points import Points
from tests.support.launch import Instance, Launch
from tests.support.rig import KEY, MONDAY, Rig
from tests.support.served import free_socket, served
from tests.support.shared_clock import SharedClock
from tests.support.smtp_server import Postbox, smtp_server

ROUNDS = 200
"""Ticks in which everything that is due at an instant must be done."""
TOKEN = "xoxb-fleet"


class Mailhouse(Postbox):
    """The mail server; what it takes lies in the stand-in's mailbox, too."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace

    def take(self, sender: str, recipient: str, raw: bytes) -> None:
        super().take(sender, recipient, raw)
        self._workspace.mailbox.deliver(recipient, raw)


class Outside:
    """What a test of one process reaches inside; from here only the stand-in is seen."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    @property
    def program(self) -> Program:
        pytest.skip("looks inside the process")


@dataclass
class Fleet(Rig):
    """A rig whose program is several processes. `fallen` counts those that were killed and replaced."""

    launch: Launch
    postbox: Mailhouse
    instances: list[Instance] = field(default_factory=list)
    fallen: int = 0
    heals: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def settle(self) -> None:
        """Tick everywhere at once until nothing is left at this instant."""
        with ThreadPoolExecutor(len(self.instances)) as pool:
            for _ in range(ROUNDS):
                closed = sum(pool.map(self._tick, list(self.instances)))
                if not closed and not self.owed():
                    return
        raise AssertionError("never settles")

    def _tick(self, instance: Instance) -> float:
        try:
            answer = httpx.post(f"{instance.url}/tick", timeout=60, trust_env=False)
        except httpx.TransportError:
            assert self.fell(instance.url)
            return 1
        assert answer.status_code == httpx.codes.OK, self.logs()
        return float(answer.json()["closed"])

    def has_fallen(self) -> bool:
        """Whether a process of the program has ended meanwhile, and been replaced."""
        before = self.fallen
        for instance in list(self.instances):
            self.fell(instance.url)
        return self.fallen > before

    def fell(self, url: str) -> bool:
        """Replace the instance at that URL if it has ended: whether another one can be asked now."""
        with self._lock:
            instance = next((one for one in self.instances if one.url == url), None)
            if instance is None:
                return True
            if not instance.has_fallen() or not self.heals:
                return False
            self.instances.remove(instance)
            instance.end()
            self.fallen += 1
            self.leases_run_out()
            self.instances.append(Instance(replace(self.launch, points=None)))
            return True

    def leases_run_out(self) -> None:
        """Ten minutes pass for the leases, which are in the database's own time."""
        with self.database._engine.begin() as connection:
            for table in (LETTER, DUE):
                held = sa.update(table).where(table.c.lease_until.is_not(None))
                connection.execute(held.values(lease_until=datetime(2020, 1, 1, tzinfo=UTC)))

    def end(self) -> None:
        """End every process."""
        for instance in self.instances:
            instance.end()

    def logs(self) -> str:
        """What the processes wrote."""
        return self.launch.log.read_text() if self.launch.log.exists() else ""


@cache
def _applied_on_postgresql(organisation: Path) -> str:
    """Name of a database with the organisation applied, which the fleets' are copied from."""
    server, name = shared_server(), f"fleet{secrets.token_hex(8)}"
    _execute(server, f"CREATE DATABASE {name}")
    settings = Settings(SAMTID_DATABASE_URL=_beside(server, name), SAMTID_SECRET_KEYS=KEY)
    database = open_database(settings)
    database.migrate()
    Applier(make_office(settings, database, one.HandClock())).apply(one._read(organisation))
    database.close()
    return name


@contextmanager
def _database(kind: str, folder: Path, organisation: Path) -> Iterator[str]:
    if kind == "postgresql":
        with own_database(shared_server(), f"TEMPLATE {_applied_on_postgresql(organisation)}") as url:
            yield url
        return
    file = folder / "samtid.db"
    if not file.exists():
        shutil.copyfile(one._applied(organisation), file)
    yield f"sqlite:///{file}"


@contextmanager
def fleet(
    folder: Path,
    *,
    kind: str = "sqlite",
    processes: int = 1,
    organisation: Path = EXAMPLE,
    at: datetime = MONDAY,
    points: Points | None = None,
    ticks_by_hand: bool = True,
) -> Iterator[Fleet]:
    """Run that many processes; with `points` they are replaced when they fall."""
    if kind == "postgresql" and (folder / "clock").exists():
        pytest.skip("starts again on the file that it left")
    with ExitStack() as stack:
        url = stack.enter_context(_database(kind, folder, organisation))
        bound = free_socket()
        clock = SharedClock(folder / "clock", at)
        settings = Settings(
            SAMTID_DATABASE_URL=url, SAMTID_SECRET_KEYS=KEY, SAMTID_HTTP_PORT=bound.getsockname()[1]
        )
        database = open_database(settings)
        stack.callback(database.close)
        office = make_office(settings, database, clock)
        slack = Slack(TOKEN, secrets.token_hex(16), None)
        setup = _setup(settings, office, slack, folder / "workspace.db")
        workspace = Workspace(setup, LocalClock(clock, office), limits=Limits(30, 30, {}, file_seconds=0))
        stack.callback(workspace.close)
        postbox = Mailhouse(workspace)
        stack.enter_context(smtp_server(keeps=postbox))
        environment = _environment(url, slack, bound.getsockname()[1], postbox.port)
        launch = Launch(
            environment, folder / "clock", folder / "log", folder / "workspace.db", ticks_by_hand, points
        )
        outside = cast("LocalProgram", Outside(workspace))
        address = f"http://127.0.0.1:{bound.getsockname()[1]}"
        found = Fleet(
            outside, office, database, cast("Any", clock), one._read(organisation), address, launch, postbox
        )
        found.heals = points is not None
        balancer = Balancer(lambda: [one.url for one in found.instances], found.fell)
        stack.callback(balancer.close)
        web = Starlette(routes=[*balancer.routes(), *routes(workspace)])
        stack.enter_context(served(web, bound))
        stack.callback(found.end)
        with ThreadPoolExecutor(processes) as pool:
            found.instances += pool.map(Instance, [launch] * processes)
        yield found


def _environment(url: str, slack: Slack, port: int, smtp: int) -> dict[str, str]:
    return {
        "SAMTID_DATABASE_URL": url,
        "SAMTID_SECRET_KEYS": KEY,
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_API_URL": f"http://127.0.0.1:{port}/api/",
        "SAMTID_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SAMTID_SMTP_URL": f"smtp://127.0.0.1:{smtp}",
    }


def waited_for(happened: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until something is so in another process. Raises AssertionError if it does not come to that."""
    until = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.02)  # another process tells nobody
