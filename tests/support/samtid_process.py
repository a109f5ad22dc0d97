"""The command `samtid` as a process of its own, with nothing in its environment but what a test gives."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from bot.settings import TAKES
from tests.support.served import free_socket

START_SECONDS = 60


def samtid(*arguments: str, folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run one command to its end, with a database in `folder`."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        env=environment(folder, settings),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def environment(folder: Path, settings: dict[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in TAKES}
    return kept | {"SAMTID_DATABASE_URL": f"sqlite:///{folder}/samtid.db", "SAMTID_LANGUAGE": "en"} | settings


@contextmanager
def running(folder: Path, **settings: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """`samtid run` on a free port: its URL and the process. It is ended with SIGINT, as by Ctrl-C."""
    bound = free_socket()
    port = bound.getsockname()[1]
    bound.close()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "run"],
        env=environment(folder, settings | {"SAMTID_HTTP_PORT": str(port)}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=(folder / "stderr").open("w"),
        text=True,
    )
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
