"""The HTTP side: Slack's events, health, metrics, and the plain status line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio
from slack_bolt import App, BoltRequest, BoltResponse
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.metrics import Metrics

if TYPE_CHECKING:
    from bot.app import Program

MOST_BYTES = 1024 * 1024
BAD_REQUEST, UNAUTHORIZED, TOO_LARGE = 400, 401, 413
TIMESTAMP = "x-slack-request-timestamp"


def routes(program: Program) -> list[BaseRoute]:
    """Health and metrics, in every mode."""

    def healthz(_: Request) -> Response:
        return PlainTextResponse("ok\n")

    def readyz(_: Request) -> Response:
        ready = program.ready and program.database.is_current()
        return PlainTextResponse("ready\n" if ready else "not ready\n", 200 if ready else 503)

    def metrics(_: Request) -> Response:
        return Response(program.metrics.text(), media_type="text/plain; version=0.0.4")

    return [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)]


def status_route() -> BaseRoute:
    """The plain line at `/` when Samtid serves a real workspace."""
    return Route("/", lambda _: PlainTextResponse("Samtid\n"))


def bolt_routes(app: App, metrics: Metrics) -> list[BaseRoute]:
    """Where Slack delivers, signed. Bolt is synchronous: it gets a thread, never the event loop."""
    threads = anyio.CapacityLimiter(64)

    async def events(request: Request) -> Response:
        body = await _body(request)
        if body is None:
            return PlainTextResponse("too large\n", TOO_LARGE)
        if not request.headers.get(TIMESTAMP, "").isdecimal():
            return PlainTextResponse("not signed\n", UNAUTHORIZED)
        metrics.requests.inc()
        given = _bolt_request(request, body)
        if given is None:
            return PlainTextResponse("not readable\n", BAD_REQUEST)
        with metrics.open_requests:
            answer = await anyio.to_thread.run_sync(app.dispatch, given, limiter=threads)
        return _response(answer)

    return [Route("/slack/events", events, methods=["POST"])]


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
    except (ValueError, AttributeError):  # no JSON; JSON that is no object
        return None


def _response(answer: BoltResponse) -> Response:
    headers = {name: values[0] for name, values in answer.headers.items() if values}
    headers.pop("content-length", None)
    return Response(answer.body, answer.status, headers)
