"""The command `samtid` as a process of its own, with nothing in its environment but what a test gives."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from bot.cli import main
from bot.settings import TAKES
from tests.support.launch import CONTEXT
from tests.support.served import free_socket

START_SECONDS = 60


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
