"""The page behind a mail's link: GET shows, POST acts. A mail scanner that follows links changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import urlencode

import anyio
import structlog
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.pages.answer_view import answer_view
from bot.pages.shell import BUSY, INVALID, NOT_FOUND, TOO_MANY, BadForm, Pace, Shell, form_of
from schedules.domain.plan import DeclineReason
from schedules.errors import LockTimeout, NotAllowed, NotFound, Outdated, Refused, SlotTaken
from schedules.services import answer_by_link as service
from schedules.services.office import Office

SEE_OTHER = 303

log = structlog.get_logger(__name__)


def routes(office: Office, shell: Shell, wake: Callable[[], None]) -> list[BaseRoute]:
    """The answer page."""
    pages = AnswerPages(office, shell, wake, Pace())
    return [
        Route("/svar/{token}", pages.show, methods=["GET"]),
        Route("/svar/{token}", pages.act, methods=["POST"]),
    ]


class AnswerPages:
    """Shows and acts, each in a thread: the database may make them wait."""

    def __init__(self, office: Office, shell: Shell, wake: Callable[[], None], pace: Pace) -> None:
        self._office = office
        self._shell = shell
        self._wake = wake
        self._pace = pace
        self._threads = anyio.CapacityLimiter(8)

    async def show(self, request: Request) -> Response:
        """The page as it stands."""
        show = self._shell.guarded(self._show)
        return await anyio.to_thread.run_sync(show, request, limiter=self._threads)

    async def act(self, request: Request) -> Response:
        """Do what the pressed button says, and show the page anew."""
        try:
            form = await form_of(request)
        except BadForm as bad:
            return self._shell.plain("bad_form", self._shell.words(request), bad.status)
        act = self._shell.guarded(lambda asked: self._act(asked, form))
        return await anyio.to_thread.run_sync(act, request, limiter=self._threads)

    def _show(self, request: Request) -> Response:
        public_id = self._public_id(request)
        return self._page(request, public_id) if public_id else self._unknown(request)

    def _act(self, request: Request, form: Mapping[str, str]) -> Response:
        public_id = self._public_id(request)
        if public_id is None:
            return self._unknown(request)
        words = self._shell.words(request)
        if not self._pace.allows(public_id):
            return self._shell.plain("too_many", words, TOO_MANY)
        try:
            wrong = _wrong(form) or self._carry_out(public_id, form)
        except (LockTimeout, SlotTaken):
            return self._shell.plain("busy", words, BUSY)
        except (NotFound, NotAllowed):
            return self._unknown(request)
        return self._page(request, public_id, wrong, form) if wrong else _anew(request)

    def _carry_out(self, public_id: str, form: Mapping[str, str]) -> str | None:
        """Do it; the name of what has to be mended, if it could not be. What is outdated is shown anew."""
        try:
            self._answer(public_id, form)
        except Refused:
            return "deputy"
        except Outdated as error:
            log.info("refused", error=type(error).__name__, ids=error.ids)
        self._wake()
        return None

    def _answer(self, public_id: str, form: Mapping[str, str]) -> None:
        match form["act"]:
            case "come":
                service.accept(self._office, public_id)
            case "cannot":
                service.decline(
                    self._office, public_id, DeclineReason(form["reason"]), form.get("deputy") or None
                )
            case _:
                service.know_identity(self._office, public_id)

    def _public_id(self, request: Request) -> str | None:
        links = self._office.links
        return links.invitation(request.path_params["token"]) if links else None

    def _page(
        self,
        request: Request,
        public_id: str,
        wrong: str | None = None,
        form: Mapping[str, str] | None = None,
    ) -> HTMLResponse:
        try:
            page = service.open_link(self._office, public_id)
        except NotFound:
            return self._unknown(request)
        words = self._shell.words(request, page.language)
        view = answer_view(page, words, wrong, form or {})
        return self._shell.page("answer.html", words, view, INVALID if wrong else 200)

    def _unknown(self, request: Request) -> HTMLResponse:
        return self._shell.plain("unknown", self._shell.words(request), NOT_FOUND)


def _wrong(form: Mapping[str, str]) -> str | None:
    """What has to be mended before the answer can be taken."""
    act = form.get("act")
    if act not in {"come", "cannot", "known"}:
        return "act"
    return "reason" if act == "cannot" and form.get("reason") not in set(DeclineReason) else None


def _anew(request: Request) -> RedirectResponse:
    """The page by GET, so that reloading it sends nothing again. Relative: a proxy may add to the path."""
    language = request.query_params.get("lang")
    query = f"?{urlencode({'lang': language})}" if language else "?"
    return RedirectResponse(query, SEE_OTHER, {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"})
