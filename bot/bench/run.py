"""`samtid bench`: measure, and print each figure beside its goal."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet
from rich.console import Console

from bot.bench import booking, clients, mails, peak, races, search, start
from bot.bench.figures import Figure, as_json, as_table
from bot.bench.places import NoServer, Place, postgresql
from bot.bench.server import stub
from bot.logs import configure_logging
from bot.serve import settle_memory
from schedules.errors import SamtidError


class NoSuchMeasure(SamtidError):
    """There is no measure of that name."""


@dataclass(frozen=True, slots=True)
class Measure:
    """Something to measure: on each kind of database, or once. It gets the port of a stand-in for Slack."""

    take: Callable[[Place, int], list[Figure]]
    once: bool = False


MEASURES = {
    "booking": Measure(lambda place, _: booking.figures(place)),
    "ack": Measure(clients.acked),
    "clients": Measure(clients.crowded),
    "search": Measure(search.figures),
    "races": Measure(races.figures),
    "mail": Measure(mails.figures),
    "peak": Measure(peak.figures),
    "start": Measure(start.figures, once=True),
}


def bench(*, json: bool, only: Sequence[str] = (), on_postgresql: bool = False) -> None:
    """Measure all or `only` some, and print; exit 1 if a goal is missed. Raises NoSuchMeasure."""
    unknown = set(only) - set(MEASURES)
    if unknown:
        raise NoSuchMeasure(f"--only takes {', '.join(MEASURES)}; not {', '.join(sorted(unknown))}")
    configure_logging()
    settle_memory()  # what is measured in this process has it as the program does
    left_out: list[str] = []
    figures = _measure([MEASURES[name] for name in only or MEASURES], left_out, on_postgresql=on_postgresql)
    if json:
        print(as_json(figures, left_out))
    else:
        Console(width=None if sys.stdout.isatty() else 120).print(as_table(figures), *left_out, sep="\n")
    if any(figure.met is False for figure in figures):
        raise SystemExit(1)


def _measure(measures: Sequence[Measure], left_out: list[str], *, on_postgresql: bool) -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="samtid-bench-") as folder, ExitStack() as stack:
        places = list(_places(stack, Path(folder), left_out, on_postgresql=on_postgresql))
        slack_port = stack.enter_context(stub("slack_stub"))
        return [
            figure
            for measure in measures
            for place in (places[:1] if measure.once else places)
            for figure in measure.take(place, slack_port)
        ]


def _places(stack: ExitStack, folder: Path, left_out: list[str], *, on_postgresql: bool) -> Iterator[Place]:
    key = Fernet.generate_key().decode()
    yield Place("SQLite", folder, key)
    if not on_postgresql:
        left_out.append("PostgreSQL is not measured: give --postgresql.")
        return
    try:
        yield Place("PostgreSQL", folder, key, stack.enter_context(postgresql(folder)))
    except NoServer as missing:
        left_out.append(str(missing))
