"""The whole program as people start it, `python -m bot run`, in a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

from bot.app import open_database
from bot.clock import OFFSET
from bot.settings import Settings
from tests.support.served import free_socket

ROOT = Path(__file__).parent.parent.parent
SECONDS = 60  # far more than a start or a stop takes


class Running:
    """One start of the program; `said` is what it wrote to standard output, up to and with the address."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        assert self._process.stdout is not None
        giving_up = threading.Timer(SECONDS, self._process.kill)
        giving_up.start()
        self.said = self._process.stdout.readline()
        giving_up.cancel()

    def interrupt(self) -> tuple[int, str, str]:
        """Press Ctrl-C: the exit code, the rest of standard output, standard error."""
        self._process.send_signal(signal.SIGINT)
        rest, errors = self._process.communicate(timeout=SECONDS)
        return self._process.returncode, rest, errors

    def kill(self) -> None:
        """End it if it still runs."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.communicate()


class Installation:
    """A folder with a database, and a port: the program can be started there again and again."""

    def __init__(self, folder: Path) -> None:
        bound = free_socket()
        self.url = f"http://127.0.0.1:{bound.getsockname()[1]}"
        bound.close()
        self._folder = folder
        ours = ("SAMTID_", "SLACK_")
        self._environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        self._environment |= {
            "SAMTID_DATABASE_URL": self._database,
            "SAMTID_HTTP_PORT": self.url.rpartition(":")[2],
        }

    @property
    def _database(self) -> str:
        return f"sqlite:///{self._folder}/samtid.db"

    def begin_at(self, instant: datetime) -> None:
        """Set the movable clock before the first start: what is booked must not depend on today."""
        database = open_database(Settings(SAMTID_DATABASE_URL=self._database))
        database.migrate()
        with database.unit_of_work() as uow:
            uow.settings.set(OFFSET, str((instant - datetime.now(UTC)).total_seconds()))
            uow.commit()
        database.close()

    def start(self) -> Running:
        """Start the program and wait until it says where it is."""
        return Running(self._environment)
