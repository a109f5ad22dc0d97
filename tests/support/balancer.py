"""A load balancer in front of several instances: each request goes to the next one, bytes unchanged."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import anyio
import httpx
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

HOP = frozenset({"content-length", "transfer-encoding", "connection"})
PAGES = ("/svar/{token}", "/brev/{token}", "/enkat/{token}", "/uppfoljning/{token}")
SECONDS = 30


class Balancer:
    """`urls` gives the instances as they are now; `fell` is asked when one did not answer.

    If `fell` says that another may be tried, the same request is sent again: as a person presses again.
    """

    def __init__(self, urls: Callable[[], Sequence[str]], fell: Callable[[str], bool]) -> None:
        self._urls = urls
        self._fell = fell
        self._client = httpx.Client(timeout=SECONDS, trust_env=False)
        self._lock = threading.Lock()
        self._turn = 0

    def routes(self) -> list[Route]:
        """What the instances serve."""
        plain = [Route(path, self._pass_on) for path in ("/healthz", "/readyz", "/metrics")]
        pages = [Route(path, self._pass_on, methods=["GET", "POST"]) for path in PAGES]
        return [Route("/slack/events", self._pass_on, methods=["POST"]), *pages, *plain]

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    async def _pass_on(self, request: Request) -> Response:
        body = await request.body()
        return await anyio.to_thread.run_sync(self._send, request, body)

    def _send(self, request: Request, body: bytes) -> Response:
        headers = [(k, v) for k, v in request.headers.raw if k.decode().lower() not in HOP | {"host"}]
        while True:
            url = self._next()
            try:
                answer = self._client.request(
                    request.method, f"{url}{_wanted(request)}", content=body, headers=headers
                )
            except httpx.TransportError:
                if not self._fell(url):
                    return Response("no instance\n", 502)
            else:
                kept = {k: v for k, v in answer.headers.items() if k.lower() not in HOP}
                return Response(answer.content, answer.status_code, kept)

    def _next(self) -> str:
        with self._lock:
            urls = self._urls()
            self._turn += 1
            return urls[self._turn % len(urls)]


def _wanted(request: Request) -> str:
    """Path and query as they came."""
    path: bytes = request.scope["raw_path"]
    query: bytes = request.scope["query_string"]
    return (path + b"?" + query if query else path).decode("ascii")
