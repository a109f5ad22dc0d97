"""`samtid run`: serve until told to stop, then stop cleanly."""

from __future__ import annotations

import gc
import os
import signal
import threading
from types import FrameType
from typing import Protocol

import anyio
import structlog
import uvicorn

from bot.app import build
from bot.http import status_route
from bot.logs import configure_logging
from bot.program import Program
from bot.settings import Mode, read_settings
from schedules.texts.words import Words

GRACE_SECONDS = 5
STOPS_WITHIN = 9.0
"""Seconds in which what is in hand is finished; a call that hangs for longer is left to its lease."""

log = structlog.get_logger(__name__)


class Connection(Protocol):
    """A Socket Mode connection."""

    def close(self) -> None:
        """Hang up."""
        ...


def serve() -> None:
    """Run the program of the environment's settings."""
    settings = read_settings()
    configure_logging()
    program = build(settings)
    if settings.mode is not Mode.LOCAL:
        program.web.routes.append(status_route())
    server = _Server(program)
    # Uvicorn raises the signal that stopped it once more, and SIGTERM's default would end us before `close`.
    signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        server.run()
    except KeyboardInterrupt:
        # Uvicorn hands the signal on once it has stopped; there is nothing left to interrupt.
        pass
    finally:
        program.close()


class _Server(uvicorn.Server):
    """Uvicorn with the program's own start and end."""

    def __init__(self, program: Program) -> None:
        settings = program.settings
        local = settings.mode is Mode.LOCAL
        super().__init__(
            uvicorn.Config(
                program.web,
                # The stand-in takes anybody for anybody: it never leaves this machine.
                host="127.0.0.1" if local else settings.http_host,
                port=settings.http_port,
                log_config=None,
                access_log=False,
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )
        self._program = program
        self._connection: Connection | None = None
        self._told = False

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]  # as uvicorn's
        await super().startup(sockets)  # type: ignore[arg-type]  # handed on as it came
        if self.should_exit:
            return
        # Connected before it says that it is ready.
        self._connection = _connect(self._program)
        self._program.start()
        settle_memory()
        _announce(self._program)

    async def shutdown(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]  # as uvicorn's
        # The local workspace is served here too: what is on its way to it arrives before it closes.
        await anyio.to_thread.run_sync(self._program.jobs.stop)
        await super().shutdown(sockets)  # type: ignore[arg-type]  # handed on as it came

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop taking work at the first signal; uvicorn does the rest."""
        self._program.ready = False
        if not self._told:
            self._told = True
            patience = threading.Timer(STOPS_WITHIN, _leave)
            patience.daemon = True
            patience.start()
        if self._connection is not None:
            threading.Thread(target=self._connection.close, daemon=True).start()
            self._connection = None
        # A second Ctrl-C would cut requests off; the grace period is short enough.
        super().handle_exit(sig if sig != signal.SIGINT or not self.should_exit else signal.SIGTERM, frame)


def _leave() -> None:
    """End at once. It is as if the process had been stopped inside the call (promise 3)."""
    log.warning("stopped_in_hand")
    os._exit(1)


def settle_memory() -> None:
    """Leave what was made at the start out of every later collection: it lives as long as the process."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def _connect(program: Program) -> Connection | None:
    if program.settings.mode is not Mode.SOCKET:
        return None
    from slack_bolt.adapter.socket_mode import SocketModeHandler  # noqa: PLC0415  in this mode only

    handler = SocketModeHandler(program.bolt, program.settings.slack_app_token, concurrency=20)
    handler.connect()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped
    program.connected = handler.client.is_connected
    return handler


def _announce(program: Program) -> None:
    settings = program.settings
    words = Words(settings.language)
    if settings.mode is Mode.LOCAL:
        from bot.local import base_url  # noqa: PLC0415  a real workspace does not load the stand-in

        print(words("cli.local", url=f"{base_url(settings)}/"), flush=True)
    else:
        where = f"http://{settings.http_host}:{settings.http_port}/slack/events"
        print(words(f"cli.{settings.mode.value}", url=where), flush=True)
        if settings.smtp_url is None:
            print(words("cli.no_smtp"), flush=True)
