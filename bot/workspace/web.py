"""The routes: the Web API for the bot, response URLs, the page and its fragments."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import anyio
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.workspace import actions, ui, webapi
from bot.workspace.core import RESPONSE_PATH
from bot.workspace.shapes import SlackError

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from bot.workspace.core import Core
    from bot.workspace.setup import Workspace

T = TypeVar("T")
STATIC = Path(__file__).parent / "static"


def routes(workspace: Workspace) -> list[BaseRoute]:
    """Give the routes to serve: the page at `/`, the Web API at `/api/…`, the rest at `/workspace/…`.

    Work runs in threads of its own: the bot answers on the same server meanwhile.
    """
    api = Api(workspace.core)
    return [
        *ui.routes(workspace),
        Route("/api/{method}", api.call, methods=["GET", "POST"]),
        Route(RESPONSE_PATH + "/{token}", api.respond, methods=["POST"]),
        Mount("/workspace/static", StaticFiles(directory=STATIC)),
    ]


class Api:
    """What the bot reaches. It has its own threads, so that a busy page can never keep the bot waiting."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._threads = anyio.CapacityLimiter(40)

    async def call(self, request: Request) -> Response:
        """Answer a Web API call, given as JSON, as a form or in the query."""
        given = {**request.query_params, **await _body(request)}
        token = request.headers.get("authorization", "").removeprefix("Bearer ") or str(
            given.get("token", "")
        )
        work = partial(webapi.call, self._core, request.path_params["method"], token, given)
        answer = await self._run(work)
        return JSONResponse(answer.body, answer.status, answer.headers)

    async def respond(self, request: Request) -> Response:
        """Take what the bot POSTs to a response URL."""
        given = await _body(request)
        return await self._run(partial(self._respond, request.path_params["token"], given))

    def _respond(self, token: str, given: dict[str, Any]) -> Response:
        try:
            actions.respond(self._core, token, given)
        except SlackError as error:
            self._core.problem("response_url", " ".join([error.code, *error.messages]))
            return JSONResponse({"ok": False, "error": error.code}, 404 if "url" in error.code else 400)
        return JSONResponse({"ok": True})

    async def _run(self, work: Callable[[], T]) -> T:
        return await anyio.to_thread.run_sync(work, limiter=self._threads)


async def _body(request: Request) -> dict[str, Any]:
    if "json" in request.headers.get("content-type", ""):
        try:
            found = json.loads(await request.body())
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}
    return dict(await request.form())
