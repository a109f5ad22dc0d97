"""Serve an ASGI app on a free loopback port in a thread."""

from __future__ import annotations

import asyncio
import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.types import ASGIApp


def free_socket() -> socket.socket:
    """Bind a free port, so that its number is known before the app is built."""
    # Said to be TCP, else asyncio leaves Nagle on, and each answer with a body waits 40 ms for an ACK.
    bound = socket.socket(proto=socket.IPPROTO_TCP)
    bound.bind(("127.0.0.1", 0))
    return bound


class _Server(uvicorn.Server):
    """Says when it listens, and stops when it is told to: uvicorn's own looks ten times a second."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = threading.Event()
        self._told = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._loop = asyncio.get_running_loop()
        self.listening.set()

    async def main_loop(self) -> None:
        await self.on_tick(0)  # the headers that every answer has
        await self._told.wait()

    def stop(self) -> None:
        """End the loop, from any thread."""
        self.should_exit = True
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._told.set)


@contextmanager
def served(app: ASGIApp, bound: socket.socket) -> Iterator[str]:
    """Serve `app` on the bound socket; give its base URL."""
    config = uvicorn.Config(app, log_level="warning", lifespan="off", timeout_graceful_shutdown=1)
    server = _Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
    thread.start()
    assert server.listening.wait(10)
    try:
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"
    finally:
        server.stop()
        thread.join(10)
        bound.close()
