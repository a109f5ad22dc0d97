"""Tell whoever listens that something changed: pages by server-sent events, tests by waiting."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    import anyio


class Feed:
    """Topics: "messages", "home", "mail", "modal", "problems", "clock". None as user means everybody."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._ears: set[_Ear] = set()

    def publish(self, topic: str, user_id: str | None = None) -> None:
        """Wake those whom the change concerns; safe from any thread."""
        with self._changed:
            for ear in self._ears:
                if user_id in (None, ear.user_id):
                    ear.hear(topic)
            self._changed.notify_all()

    def wait_until(self, happened: Callable[[], bool], seconds: float) -> bool:
        """Wait, without polling, until `happened`; False when the time runs out."""
        with self._changed:
            return self._changed.wait_for(happened, timeout=seconds)

    async def listen(self, user_id: str, stop: anyio.Event) -> AsyncIterator[str]:
        """Yield the topics that change for this user until the feed closes or the server stops."""
        ear = _Ear(user_id)
        stopping = asyncio.create_task(_end(ear, stop))
        with self._changed:
            self._ears.add(ear)
        try:
            while (topic := await ear.queue.get()) is not None:
                yield topic
        finally:
            stopping.cancel()
            with self._changed:
                self._ears.discard(ear)

    def close(self) -> None:
        """End every stream."""
        with self._changed:
            for ear in self._ears:
                ear.hear(None)


async def _end(ear: _Ear, stop: anyio.Event) -> None:
    await stop.wait()
    ear.hear(None)


class _Ear:
    """One open page; made on the event loop that serves it."""

    def __init__(self, user_id: str) -> None:
        self.user_id = user_id
        self.queue: asyncio.Queue[str | None] = asyncio.Queue()
        self._loop = asyncio.get_running_loop()

    def hear(self, topic: str | None) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.queue.put_nowait, topic)
