"""`samtid bench`: measure, and print each figure beside its goal (issue 2, section 9)."""

from __future__ import annotations

import json
import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median, quantiles

from cryptography.fernet import Fernet
from rich.console import Console
from rich.table import Table

from bot.app import make_office, open_database
from bot.bench import acks, plan, search
from bot.bench.organisation import many_teams
from bot.bench.server import free_port, running, samtid, wait_until_answers
from bot.clock import RealClock
from bot.logs import configure_logging
from bot.organisation import Applier
from bot.settings import Settings
from schedules.services.office import Office

TEAMS = 40
SUBMISSIONS = 480
WARM_UP = 16


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value; `goal` is what it should stay under, None for a figure without one."""

    name: str
    value: float | None
    unit: str
    goal: float | None = None

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None without a goal or a value."""
        return None if self.value is None or self.goal is None else self.value < self.goal


def bench(*, as_json: bool) -> None:
    """Measure and print; exit 1 if a goal is missed."""
    configure_logging()
    figures = _measure()
    if as_json:
        print(json.dumps({"machine": _machine(), "figures": [asdict(f) | {"met": f.met} for f in figures]}))
    else:
        Console().print(_table(figures))
    if any(figure.met is False for figure in figures):
        raise SystemExit(1)


def _measure() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="samtid-bench-") as folder, ExitStack() as stack:
        slack_port = free_port()
        stub = stack.enter_context(running([sys.executable, "-m", "bot.bench.slack_stub", str(slack_port)]))
        wait_until_answers(stub, slack_port, "/")
        key = Fernet.generate_key().decode()
        figures = _submitting(Path(folder) / "acks.db", key, slack_port)
        return [*figures, *_searching(Path(folder) / "plan.db", key, slack_port)]


def _submitting(file: Path, key: str, slack_port: int) -> list[Figure]:
    with _office(file, key) as office:
        today = office.today()
        Applier(office).apply(many_teams(TEAMS, today))
    with samtid(file, key, slack_port) as server:
        idle = server.resident_mib()
        acks.measure(server.port, acks.submissions(TEAMS, WARM_UP, today, "warm"))
        took = acks.measure(server.port, acks.submissions(TEAMS, SUBMISSIONS, today, "run"))
        after = server.resident_mib()
    percentiles = quantiles(took, n=100)
    return [
        Figure("ack with the booking committed, median", median(took), "ms", 50),
        Figure("ack with the booking committed, p95", percentiles[94], "ms"),
        Figure("ack with the booking committed, p99", percentiles[98], "ms", 300),
        Figure("memory, idle after start", idle, "MiB", 200),
        Figure(f"memory, after {len(took)} submissions", after, "MiB", 200),
    ]


def _searching(file: Path, key: str, slack_port: int) -> list[Figure]:
    with _office(file, key) as office:
        teams = plan.fill(office, file, office.zone)
        took = search.measure(office, teams)
    with samtid(file, key, slack_port) as server:
        memory = server.resident_mib()
    return [
        Figure("next free slot, median", median(took), "ms", 5),
        Figure("next free slot, p99", quantiles(took, n=100)[98], "ms"),
        Figure(f"memory, idle with {plan.BOOKINGS:,} bookings", memory, "MiB", 200),
    ]


@contextmanager
def _office(file: Path, key: str) -> Iterator[Office]:
    """The use cases over a new database."""
    settings = Settings(SAMTID_DATABASE_URL=f"sqlite:///{file}", SAMTID_SECRET_KEYS=key)
    database = open_database(settings)
    try:
        database.migrate()
        yield make_office(settings, database, RealClock())
    finally:
        database.close()


def _table(figures: list[Figure]) -> Table:
    table = Table(title=f"samtid bench, {_machine()}")
    for name in ("figure", "measured", "goal", "met"):
        table.add_column(name, justify="left" if name == "figure" else "right")
    words = {True: "yes", False: "NO", None: ""}
    for figure in figures:
        measured = "" if figure.value is None else f"{figure.value:.1f} {figure.unit}"
        goal = "" if figure.goal is None else f"under {figure.goal:g} {figure.unit}"
        table.add_row(figure.name, measured, goal, words[figure.met])
    return table


def _machine() -> str:
    python = platform.python_version()
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors, Python {python}, SQLite"
