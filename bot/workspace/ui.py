"""The page's endpoints: thin over `Actor`, so that a click and a scenario test take the same path."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import timedelta
from functools import partial, wraps
from hashlib import sha1
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import anyio
from jinja2 import Environment, FileSystemLoader
from sse_starlette import EventSourceResponse
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.workspace.actor import Actor
from bot.workspace.scene import Scene, initials, place_of, tone
from bot.workspace.shapes import Persona, SlackError
from bot.workspace.words import say

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from starlette.datastructures import FormData
    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from bot.workspace.setup import Workspace

    Work = Callable[["Ui", "Visit"], Response]

TEMPLATES = Path(__file__).parent / "templates"
_SAFE = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https:;"
        " connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_MAIL_SAFE = {
    **_SAFE,
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self';"
        # A link opens in a tab of its own, as it does from a mail program.
        " sandbox allow-popups allow-popups-to-escape-sandbox"
    ),
}
_FRAGMENTS = frozenset({"sidebar", "messages", "home", "mails", "modal", "clock", "problems"})


class Visit:
    """One request of the page: who, where, and what the form says."""

    def __init__(self, workspace: Workspace, request: Request, form: FormData | None) -> None:
        self.query = request.query_params
        self.form = form
        self.path = request.path_params
        self.actor = Actor(workspace, self.query.get("as", ""))
        place = place_of(workspace.core, self.actor, self.query.get("at", ""), self.query.get("mail", ""))
        self.scene = Scene(workspace.core, self.actor, place)

    def said(self, name: str) -> str:
        """Give a field of the form."""
        return str(self.form.get(name, "")) if self.form else ""

    def listed(self, name: str) -> list[str]:
        """Give every value of a field of the form."""
        return [str(one) for one in self.form.getlist(name)] if self.form else []


def _served(work: Work) -> Callable[[Ui, Request], Awaitable[Response]]:
    """Guard an endpoint and run it in a thread: it may call the bot, which answers on this same event loop.

    Only this host is served (no other name may be pointed here), and what changes something must come from
    htmx, whose header another site cannot send.
    """

    @wraps(work)
    async def endpoint(self: Ui, request: Request) -> Response:
        if request.headers.get("host") != self.host:
            return PlainTextResponse("misdirected", 421)
        if request.method == "POST" and "hx-request" not in request.headers:
            return PlainTextResponse("forbidden", 403)
        form = await request.form() if request.method == "POST" else None
        return await anyio.to_thread.run_sync(partial(self.answer, work, request, form), limiter=self.threads)

    return endpoint


class Ui:
    """The page and its fragments."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.host = urlsplit(workspace.core.setup.events_url).netloc
        self.threads = anyio.CapacityLimiter(40)
        self._typed = _Typed()
        self._templates = Environment(
            loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True
        )
        self._templates.filters |= {"fid": _fid, "initials": initials, "tone": tone, "vals": json.dumps}

    def answer(self, work: Work, request: Request, form: FormData | None) -> Response:
        """Do the work; somebody who is nobody chooses who to be, a button that is gone is no error."""
        try:
            return work(self, Visit(self._workspace, request, form))
        except SlackError:
            return self._choose(request.query_params.get("lang", ""))
        except LookupError:
            return Response(status_code=204)

    def _choose(self, lang: str) -> Response:
        setup = self._workspace.core.setup
        locale = lang if lang in {"sv", "en"} else setup.personas[0].locale if setup.personas else "sv"
        groups: dict[str, list[Persona]] = {}
        for one in setup.personas:
            groups.setdefault(one.groups.get(locale, ""), []).append(one)
        names = {one.user_id: one.name for one in setup.personas}
        t = partial(say, locale)
        return self._html("choose.html", setup=setup, groups=groups, names=names, t=t, locale=locale)

    def render(self, name: str, visit: Visit) -> Response:
        """Render a template for the visitor."""
        return self._html(name, s=visit.scene, t=visit.scene.t)

    def _html(self, name: str, **context: Any) -> Response:
        return HTMLResponse(self._templates.get_template(name).render(**context), headers=_SAFE)

    @_served
    def page(self, visit: Visit) -> Response:
        """Show the whole page."""
        return self.render("page.html", visit)

    @_served
    def fragment(self, visit: Visit) -> Response:
        """Show one part of the page anew."""
        name = visit.path["name"]
        return self.render(f"_{name}.html", visit) if name in _FRAGMENTS else Response(status_code=404)

    @_served
    def mail_html(self, visit: Visit) -> Response:
        """Show a mail's HTML, for a sandboxed frame: no scripts, nothing from outside."""
        mail = visit.scene.mail
        return HTMLResponse(mail.html if mail else "", headers=_MAIL_SAFE)

    @_served
    def picture(self, visit: Visit) -> Response:
        """Show a picture to whoever takes part in a conversation where it stands."""
        wanted = visit.path["file"]
        found = self._workspace.core.files.picture(wanted) if _stands(visit, wanted) else None
        if found is None:
            return Response(status_code=404)
        return Response(found.content, media_type=found.mimetype, headers=_SAFE)

    @_served
    def say(self, visit: Visit) -> Response:
        """Send what stands in the composer: a command or a message."""
        words, place = visit.said("text").strip(), visit.actor.direct_or(visit.scene.place.at)
        name, _, rest = words.partition(" ")
        if name.startswith("/"):
            self._command(visit, name, rest.strip(), place)
        elif words:
            visit.actor.say(words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"), place)
        return Response(status_code=204)

    def _command(self, visit: Visit, name: str, text: str, place: str) -> None:
        core = self._workspace.core
        if name in {known for known, _ in core.setup.commands}:
            visit.actor.command(name, text, place)
        else:
            words = visit.scene.t("unknown_command", name=name)
            core.messages.post(place, core.setup.bot_user_id, {"text": words}, only_for=visit.actor.user_id)

    @_served
    def shortcut(self, visit: Visit) -> Response:
        """Choose a shortcut."""
        visit.actor.shortcut(visit.said("callback_id"))
        return Response(status_code=204)

    @_served
    def open_home(self, visit: Visit) -> Response:
        """Tell the bot that its Home tab is open."""
        visit.actor.open_home()
        return Response(status_code=204)

    @_served
    def click(self, visit: Visit) -> Response:
        """Use a control in a message or on the Home tab."""
        value: Any = visit.listed("chosen") if visit.said("many") else visit.said("chosen") or None
        if visit.said("ts"):
            message = self._workspace.core.messages.get(visit.said("channel"), visit.said("ts"))
            visit.actor.click(visit.said("action"), value, message=message, block_id=visit.said("block"))
        else:
            visit.actor.click(visit.said("action"), value, where="home", block_id=visit.said("block"))
        return Response(status_code=204)

    @_served
    def modal(self, visit: Visit) -> Response:
        """Keep what was typed, then do what was pressed: submit, close, change, press, or nothing."""
        top = visit.actor.modal
        if top is not None and top.id == visit.said("view_id"):
            self._typed.keep(visit)
            _do(visit, visit.path["deed"])
        return self.render("_modal.html", visit)

    @_served
    def options(self, visit: Visit) -> Response:
        """Ask the bot for the options of an external select, and show them in the form."""
        top = visit.actor.modal
        if top is not None and top.id == visit.said("view_id"):
            self._typed.keep(visit)
            visit.actor.suggestions(visit.said("action"), visit.said("query__" + visit.said("action")))
        return self.render("_modal.html", visit)

    @_served
    def answer_mail(self, visit: Visit) -> Response:
        """Answer the open invitation by mail, and say that the answer has left."""
        if visit.scene.place.mail is None:
            return Response(status_code=204)
        visit.actor.answer_mail(visit.scene.place.mail, visit.path["answer"])
        return self._html("_answered.html", answer=visit.path["answer"], t=visit.scene.t)

    @_served
    def clock(self, visit: Visit) -> Response:
        """Move the clock by a day, or to the next due thing."""
        core = self._workspace.core
        due = core.clock.next_due(visit.actor.persona.locale)
        if visit.path["how"] == "day":
            core.clock.advance(timedelta(days=1))
        elif due is not None:
            core.clock.advance(max(due[0] - core.clock.now(), timedelta()))
        core.feed.publish("clock")
        return self.render("_clock.html", visit)

    @_served
    def forget(self, visit: Visit) -> Response:
        """Clear the red lines."""
        self._workspace.core.problems.clear()
        return self.render("_problems.html", visit)

    async def stream(self, request: Request) -> Response:
        """Tell an open page, by server-sent events, which part of it changed."""
        if request.headers.get("host") != self.host:
            return PlainTextResponse("misdirected", 421)
        stop = anyio.Event()
        changes = self._changes(request.query_params.get("as", ""), stop)
        return EventSourceResponse(changes, shutdown_event=stop, shutdown_grace_period=2)

    async def _changes(self, user_id: str, stop: anyio.Event) -> AsyncIterator[dict[str, str]]:
        async for topic in self._workspace.core.feed.listen(user_id, stop):
            yield {"event": topic, "data": "changed"}


class _Typed:
    """What people have typed into their forms. Requests overtake each other: an older one changes nothing."""

    def __init__(self) -> None:
        self._writing = Lock()
        self._newest: dict[str, int] = {}

    def keep(self, visit: Visit) -> None:
        """Keep every field as the request has it, unless a later request (`asked`) was here before."""
        person, asked = visit.actor.user_id, int(visit.said("asked") or 0)
        with self._writing:
            if asked < self._newest.get(person, 0):
                return
            self._newest[person] = asked
            for name in visit.listed("fields"):
                _keep_field(visit, name)


def _keep_field(visit: Visit, name: str) -> None:
    block_id, _, action_id = name.partition("::")
    given: Any = visit.listed(name)
    with suppress(LookupError):  # the bot has changed the form meanwhile; the field is gone
        visit.actor.enter(block_id, action_id, given if visit.said("many__" + name) else "".join(given[:1]))


def _do(visit: Visit, deed: str) -> None:
    actor = visit.actor
    if deed == "submit":
        actor.submit()
    elif deed in {"close", "close_all"}:
        actor.close(everything=deed == "close_all")
    elif deed == "change":
        actor.changed(visit.said("block"), visit.said("action"))
    elif deed == "press":
        actor.click(
            visit.said("action"), visit.said("chosen") or None, where="modal", block_id=visit.said("block")
        )


def _stands(visit: Visit, file_id: str) -> bool:
    blocks = (block for one in visit.actor.messages() for block in one.body.get("blocks", []))
    return any(block.get("slack_file", {}).get("id") == file_id for block in blocks)


def _fid(name: str) -> str:
    """Give an id without blanks for any name."""
    return "f" + sha1(name.encode(), usedforsecurity=False).hexdigest()[:10]


def routes(workspace: Workspace) -> list[BaseRoute]:
    """Give the page's routes."""
    ui, at = Ui(workspace), "/workspace/ui"
    posted: list[tuple[str, Any]] = [
        ("/say", ui.say),
        ("/shortcut", ui.shortcut),
        ("/home/open", ui.open_home),
        ("/click", ui.click),
        ("/modal/{deed}", ui.modal),
        ("/options", ui.options),
        ("/mail/answer/{answer}", ui.answer_mail),
        ("/clock/{how}", ui.clock),
        ("/problems/forget", ui.forget),
    ]
    return [
        Route("/", ui.page),
        Route(at + "/stream", ui.stream),
        Route(at + "/mail", ui.mail_html),
        Route(at + "/part/{name}", ui.fragment),
        Route(at + "/picture/{file}", ui.picture),
        *(Route(at + path, endpoint, methods=["POST"]) for path, endpoint in posted),
    ]
