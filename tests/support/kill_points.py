"""Every commit and every send of a process, numbered: it can be killed just before or just after one.

A send is a call of Slack's Web API by the outbox, a mail handed to the server, or a mark in the mailbox.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from bot.program import Program
from schedules.ports import Channel

COMMIT, MAIL, MARK = "commit", "mail", "mark"


@dataclass(frozen=True, slots=True)
class Points:
    """Where the points are written down, and at which (1 the first) the process ends itself, if any."""

    trace: Path
    kill_at: int | None = None
    after: bool = False


class _Numbered:
    def __init__(self, points: Points) -> None:
        self._points = points
        self._trace = os.open(points.trace, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
        self._lock = threading.Lock()
        self._number = 0

    def around(self, label: str, work: Callable[..., Any], *given: Any, **named: Any) -> Any:
        """Do the work; die before or after it if it is its turn."""
        with self._lock:
            self._number += 1
            dies = self._number == self._points.kill_at
            os.write(self._trace, f"{label}\n".encode())
        if dies and not self._points.after:
            _die()
        try:
            return work(*given, **named)
        finally:
            if dies:
                _die()


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def number(program: Program, points: Points) -> None:
    """Let the program's commits and sends be counted from here on."""
    numbered = _Numbered(points)
    # A connection's own objects: wrapped on the instance, the code around them is the program's.
    dialect: Any = program.database._engine.dialect
    dialect.do_commit = partial(numbered.around, COMMIT, dialect.do_commit)
    chat: Any = program.jobs._senders[Channel.CHAT]
    call = chat._client.api_call
    chat._client.api_call = lambda method, *a, **k: numbered.around(method, call, method, *a, **k)
    mail: Any = program.jobs._senders[Channel.MAIL]
    mail.transport.send = partial(numbered.around, MAIL, mail.transport.send)
    room: Any = program.jobs.mailroom
    if room is not None:
        room._reader.mark_handled = partial(numbered.around, MARK, room._reader.mark_handled)
