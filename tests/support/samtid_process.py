"""The command `samtid` as a process of its own, with nothing in its environment but what a test gives.

`samtid()` runs a command to its end, `running()` serves for the length of a block, and an `Installation` is
started again and again, as people do.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import httpx

from bot.app import open_database
from bot.cli import main
from bot.clock import OFFSET
from bot.settings import TAKES, Settings
from tests.support.launch import CONTEXT
from tests.support.served import free_socket

ROOT = Path(__file__).parent.parent.parent
START_SECONDS = 60  # far more than a start or a stop takes


def samtid(*arguments: str, folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run one command to its end, with a database in `folder`.

    In a process of its own, forked from one that has imported the program: that is most of a command's time.
    """
    with tempfile.TemporaryDirectory() as streams:
        said, complained = Path(streams, "stdout"), Path(streams, "stderr")
        process = CONTEXT.Process(
            target=_command, args=(arguments, environment(folder, settings), str(said), str(complained))
        )
        process.start()
        process.join(120)
        code = process.exitcode
        assert code is not None, "the command did not end"
        return subprocess.CompletedProcess(arguments, code, said.read_text(), complained.read_text())


def _command(arguments: tuple[str, ...], settings: dict[str, str], said: str, complained: str) -> None:
    os.environ.clear()
    os.environ.update(settings)
    sys.argv = ["samtid", *arguments]
    for stream, file in ((1, said), (2, complained)):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT), stream)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False)
    try:
        main()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


def environment(folder: Path, settings: dict[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in TAKES}
    return kept | {"SAMTID_DATABASE_URL": f"sqlite:///{folder}/samtid.db", "SAMTID_LANGUAGE": "en"} | settings


def _free_port() -> str:
    bound = free_socket()
    with bound:
        return str(bound.getsockname()[1])


def _served(environment: dict[str, str], stderr: int | IO[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "bot", "run"],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        encoding="utf-8",
    )


@contextmanager
def running(folder: Path, **settings: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """`samtid run` on a free port: its URL and the process. It is ended with SIGINT, as by Ctrl-C."""
    port = _free_port()
    with (folder / "stderr").open("w") as stderr:
        process = _served(environment(folder, settings | {"SAMTID_HTTP_PORT": port}), stderr)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(process, f"{url}/readyz")
        yield url, process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.wait(START_SECONDS)
        assert process.stdout is not None
        process.stdout.close()


def _wait(process: subprocess.Popen[str], url: str) -> None:
    until = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < until:
        try:
            if httpx.get(url, timeout=5).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)  # another process tells nobody when it listens
    raise AssertionError


class Running:
    """One start of the program; `said` is what it wrote to standard output, up to and with the address."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._process = _served(environment, subprocess.PIPE)
        assert self._process.stdout is not None
        giving_up = threading.Timer(START_SECONDS, self._process.kill)
        giving_up.start()
        self.said = self._process.stdout.readline()
        giving_up.cancel()

    def interrupt(self) -> tuple[int, str, str]:
        """Press Ctrl-C: the exit code, the rest of standard output, standard error."""
        self._process.send_signal(signal.SIGINT)
        rest, errors = self._process.communicate(timeout=START_SECONDS)
        return self._process.returncode, rest, errors

    def kill(self) -> None:
        """End it if it still runs."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.communicate()


class Installation:
    """A folder with a database, and a port: the program can be started there again and again, in Swedish."""

    def __init__(self, folder: Path) -> None:
        port = _free_port()
        self.url = f"http://127.0.0.1:{port}"
        self._environment = environment(folder, {"SAMTID_HTTP_PORT": port, "SAMTID_LANGUAGE": "sv"})

    def begin_at(self, instant: datetime) -> None:
        """Set the movable clock before the first start: what is booked must not depend on today."""
        database = open_database(Settings(SAMTID_DATABASE_URL=self._environment["SAMTID_DATABASE_URL"]))
        database.migrate()
        with database.unit_of_work() as uow:
            uow.settings.set(OFFSET, str((instant - datetime.now(UTC)).total_seconds()))
            uow.commit()
        database.close()

    def start(self) -> Running:
        """Start the program and wait until it says where it is."""
        return Running(self._environment)
