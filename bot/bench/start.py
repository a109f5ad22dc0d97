"""How soon there is an answer after `make run`, and how long the program's modules take to load."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from bot.bench.figures import Figure
from bot.bench.places import Place
from bot.bench.rounds import ROUNDS
from bot.bench.server import clean_environment, free_port, running, wait_until_answers

ROOT = Path(__file__).parent.parent.parent
IMPORT = "import time; before = time.perf_counter(); import bot.serve; print(time.perf_counter() - before)"


def figures(place: Place, _slack_port: int) -> list[Figure]:
    """The local workspace on an embedded database: what somebody sees who tries it out."""
    warm = place.folder / "warm"
    _first_answer(warm)  # writes the bytecode and the database
    _imported()
    with_database = [_first_answer(warm) for _ in range(ROUNDS)]
    without = [_first_answer(place.folder / f"new{number}") for number in range(ROUNDS)]
    return [
        Figure("make run to the first answer, warm", median(with_database), "s", 3),
        Figure("make run to the first answer, empty database", median(without), "s", 3),
        Figure("import of the program", median(_imported() for _ in range(ROUNDS)), "s", 1),
    ]


def _first_answer(folder: Path) -> float:
    """Seconds until the workspace's page is there."""
    port = free_port()
    settings = {"SAMTID_DATABASE_URL": f"sqlite:///{folder}/samtid.db", "SAMTID_HTTP_PORT": str(port)}
    before = time.monotonic()
    with running(_command(), clean_environment(settings)) as process:
        wait_until_answers(process, port, "/")
        return time.monotonic() - before


def _command() -> list[str]:
    """`make run` itself where it has nothing to install; elsewhere what it calls."""
    make = ["make", "--silent", "-C", str(ROOT)]
    try:
        subprocess.run([*make, "-q", ".venv/run.stamp"], check=True, capture_output=True)  # noqa: S603  our own Makefile
    except (OSError, subprocess.CalledProcessError):
        return [sys.executable, "-m", "bot", "run"]
    return [*make, "run"]


def _imported() -> float:
    """Seconds."""
    said = subprocess.run(  # noqa: S603  our own interpreter
        [sys.executable, "-c", IMPORT], env=clean_environment({}), cwd=ROOT, capture_output=True, check=True
    )
    return float(said.stdout)
