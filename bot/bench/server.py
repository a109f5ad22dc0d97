"""`samtid run` in a process of its own, so that the clients do not share its interpreter lock."""

from __future__ import annotations

import http.client
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from schedules.errors import SamtidError

SIGNING_SECRET = secrets.token_hex(16)
START_SECONDS = 60
PAUSE = 0.05


class NotStarted(SamtidError):
    """The program did not start in time."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running program: its port on loopback and its process id."""

    port: int
    pid: int

    def resident_mib(self) -> float | None:
        """Resident memory in MiB as the kernel tells it; None where there is no /proc."""
        try:
            status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        except OSError:
            return None
        return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS"))


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port: int = bound.getsockname()[1]
        return port


@contextmanager
def samtid(
    database: str, key: str, slack_port: int, smtp_port: int | None = None, *, kept: bool = False
) -> Iterator[Server]:
    """Serve the database at that URL over signed HTTP, with stand-ins for Slack and perhaps a mail server.

    `kept`: on one processor only, as docs/operations.md says of several instances.
    """
    settings = {"SAMTID_DATABASE_URL": database, "SAMTID_SECRET_KEYS": key}
    if smtp_port is not None:
        settings["SAMTID_SMTP_URL"] = f"smtp://127.0.0.1:{smtp_port}"
    with _served(["-m", "bot", "run"], settings | _slack(slack_port), kept=kept) as server:
        yield server


@contextmanager
def no_op(slack_port: int) -> Iterator[Server]:
    """The same HTTP side with a listener that only acks."""
    with _served(["-m", "bot.bench.no_op"], _slack(slack_port)) as server:
        yield server


def keep_to_one_processor(pid: int) -> None:
    """Let all the threads that a process will start run on one processor, where the kernel can do so."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(pid, {min(os.sched_getaffinity(0))})


def clean_environment(settings: dict[str, str]) -> dict[str, str]:
    """Our own environment with these settings instead of any other; bytecode is kept, as everywhere."""
    left_out = ("SAMTID_", "SLACK_", "PYTHONDONTWRITEBYTECODE")
    return {name: value for name, value in os.environ.items() if not name.startswith(left_out)} | settings


def _slack(port: int) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": "xoxb-bench",
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "SLACK_API_URL": f"http://127.0.0.1:{port}/api/",
    }


@contextmanager
def _served(command: list[str], settings: dict[str, str], *, kept: bool = False) -> Iterator[Server]:
    port = free_port()
    environment = clean_environment(settings | {"SAMTID_HTTP_PORT": str(port)})
    with running([sys.executable, *command], environment) as process:
        if kept:
            keep_to_one_processor(process.pid)
        wait_until_answers(process, port, "/readyz")
        yield Server(port, process.pid)


@contextmanager
def running(
    command: list[str], environment: dict[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Start a process, and end it on the way out."""
    process = subprocess.Popen(  # noqa: S603  our own interpreter with our own modules
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(START_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def stub(name: str, *options: str) -> Iterator[int]:
    """A stand-in in a process of its own, by the name of its module here; its port."""
    port = free_port()
    with running([sys.executable, "-m", f"bot.bench.{name}", str(port), *options]) as process:
        wait_until_open(process, port)
        yield port


def wait_until_open(process: subprocess.Popen[bytes], port: int) -> None:
    """Wait for the port to be listened on. Raises NotStarted."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except OSError:
            time.sleep(PAUSE)
        else:
            return
    raise NotStarted


def wait_until_answers(process: subprocess.Popen[bytes], port: int, path: str) -> None:
    """Wait for 200 OK. Raises NotStarted."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", path)
            if connection.getresponse().status == http.client.OK:
                return
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(PAUSE)
    raise NotStarted
