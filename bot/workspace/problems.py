"""What the bot did that Slack would not have taken: kept, and shown as red lines on the page."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bot.workspace.feed import Feed


@dataclass(frozen=True, slots=True)
class Problem:
    """One violation: when (UTC), in which call, and what in Slack's words."""

    at: datetime
    where: str
    text: str


class ProblemLog:
    """The last 200 problems, newest last."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._kept: deque[Problem] = deque(maxlen=200)
        self._lock = threading.Lock()

    def add(self, at: datetime, where: str, text: str) -> None:
        """Record a problem."""
        with self._lock:
            self._kept.append(Problem(at, where, text))
        self._feed.publish("problems")

    def all(self) -> tuple[Problem, ...]:
        """Give the recorded problems."""
        with self._lock:
            return tuple(self._kept)

    def clear(self) -> None:
        """Forget them, when the reader has seen them."""
        with self._lock:
            self._kept.clear()
        self._feed.publish("problems")
