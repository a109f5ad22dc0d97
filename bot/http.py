"""The HTTP side: Slack's events, health, metrics, and the plain status line."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
from slack_bolt import App, BoltRequest, BoltResponse
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.metrics import Metrics
from bot.program import Program
from bot.shape import readable

MOST_BYTES = 1024 * 1024
PATIENCE = 0.5  # seconds, of the three that Slack waits
BAD_REQUEST, UNAUTHORIZED, TOO_LARGE = 400, 401, 413
TIMESTAMP = "x-slack-request-timestamp"


def routes(program: Program) -> list[BaseRoute]:
    """Health and metrics, in every mode."""

    def healthz(_: Request) -> Response:
        return PlainTextResponse("ok\n")

    def readyz(_: Request) -> Response:
        ready = program.ready and program.connected() and program.database.is_ready()
        return PlainTextResponse("ready\n" if ready else "not ready\n", 200 if ready else 503)

    def metrics(_: Request) -> Response:
        return Response(program.metrics.text(), media_type="text/plain; version=0.0.4")

    return [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)]


def status_route() -> BaseRoute:
    """The plain line at `/` when Samtid serves a real workspace."""
    return Route("/", lambda _: PlainTextResponse("Samtid\n"))


def bolt_routes(app: App, metrics: Metrics, *, in_turn: bool) -> list[BaseRoute]:
    """Where Slack delivers, signed. Bolt is synchronous: it gets a thread, never the event loop.

    `in_turn`: submitted forms are decided one after another (SQLite).
    """
    threads = anyio.CapacityLimiter(64)
    turn = Turn(PATIENCE if in_turn else 0)

    async def events(request: Request) -> Response:
        body = await _body(request)
        if body is None:
            return PlainTextResponse("too large\n", TOO_LARGE)
        if not request.headers.get(TIMESTAMP, "").isdecimal():
            return PlainTextResponse("not signed\n", UNAUTHORIZED)
        metrics.requests.inc()
        given = _bolt_request(request, body)
        if given is None or not readable(given.body):
            return PlainTextResponse("not readable\n", BAD_REQUEST)
        with metrics.open_requests:
            async with turn.taken(given):
                answer = await anyio.to_thread.run_sync(app.dispatch, given, limiter=threads)
        return _response(answer)

    return [Route("/slack/events", events, methods=["POST"])]


class Turn:
    """Submitted forms are decided one after another on SQLite, where they would wait for each other anyway.

    Threads that compete for the interpreter cost a tenth. A form waits `patience` seconds for its turn and
    then goes on without it, since the one before it may be waiting for the database.
    """

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._lock = anyio.Lock()

    @asynccontextmanager
    async def taken(self, given: BoltRequest) -> AsyncIterator[None]:
        """Hold the turn, if the request is a form and the turn comes in time."""
        waits = self._patience and given.body.get("type") == "view_submission"
        held = bool(waits) and await self._comes()
        try:
            yield
        finally:
            if held:
                self._lock.release()

    async def _comes(self) -> bool:
        with anyio.move_on_after(self._patience):
            await self._lock.acquire()
            return True
        return False


async def _body(request: Request) -> bytes | None:
    """The body; None as soon as it is larger than anything that Slack sends."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            return None
    return bytes(body)


def _bolt_request(request: Request, body: bytes) -> BoltRequest | None:
    """The request as Bolt reads it; None for what is no form and no JSON object, which it would choke on."""
    try:
        return BoltRequest(
            body=body.decode("utf-8", "replace"),
            query=str(request.query_params),
            headers={name: [value] for name, value in request.headers.items()},
        )
    except (ValueError, AttributeError, TypeError, LookupError):
        # No JSON; JSON that is no object; a number as user; an object where Bolt takes the first of a list.
        return None


def _response(answer: BoltResponse) -> Response:
    headers = {name: values[0] for name, values in answer.headers.items() if values}
    headers.pop("content-length", None)
    return Response(answer.body, answer.status, headers)
