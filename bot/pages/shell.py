"""What all our pages share: the frame, the headers, the language, and how much a form may send."""

from __future__ import annotations

import hashlib
import time
from base64 import b64encode
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from schedules.errors import CannotSave, LockTimeout
from schedules.texts.words import LANGUAGES, Words

TEMPLATES = Path(__file__).parent / "templates"
MOST_BYTES = 4096
MOST_FIELDS = 10
FORM = "application/x-www-form-urlencoded"
OK, NOT_FOUND, TOO_LARGE, UNSUPPORTED, INVALID, TOO_MANY, BUSY = 200, 404, 413, 415, 422, 429, 503


class BadForm(Exception):
    """A body that no form of ours sends. `status` is the answer's."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Shell:
    """Renders the pages. No script, no picture and no font from anywhere; the style is named by its hash."""

    def __init__(self, language: str) -> None:
        self._language = language
        style = (TEMPLATES / "pages.css").read_text(encoding="utf-8")
        self._templates = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals["style"] = Markup(style)  # noqa: S704  a file of ours
        self._headers = _headers(b64encode(hashlib.sha256(style.encode()).digest()).decode())

    def words(self, request: Request, language: str | None = None) -> Words:
        """The language asked for in the address, else the reader's, else the office's."""
        asked = request.query_params.get("lang")
        return Words(asked if asked in LANGUAGES else language or self._language)

    def page(self, template: str, words: Words, view: Mapping[str, Any], status: int = OK) -> HTMLResponse:
        """A whole page."""
        other = next(one for one in LANGUAGES if one != words.language)
        html = self._templates.get_template(template).render(
            language=words.language,
            other=other,
            other_name=Words(other)(f"language.{other}"),
            name=words("page.name"),
            view=view,
        )
        return HTMLResponse(html, status, self._headers)

    def guarded(self, show: Callable[[Request], Response]) -> Callable[[Request], Response]:
        """The same; a plain page while nothing can be saved."""

        def shown(request: Request) -> Response:
            try:
                return show(request)
            except (CannotSave, LockTimeout):
                return self.plain("not_saved", self.words(request), BUSY)

        return shown

    def plain(self, name: str, words: Words, status: int) -> HTMLResponse:
        """A page that only says what is the matter: `page.{name}.title` and `page.{name}.text`."""
        view = {"title": words(f"page.{name}.title"), "text": words(f"page.{name}.text")}
        return self.page("plain.html", words, view, status)


def _headers(style: str) -> dict[str, str]:
    policy = (
        f"default-src 'none'; style-src 'sha256-{style}'; form-action 'self'; base-uri 'none';"
        " frame-ancestors 'none'"
    )
    return {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex, nofollow",
        "Cross-Origin-Opener-Policy": "same-origin",
    }


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a small form. Raises BadForm, as soon as the body is larger than any of ours."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise BadForm(UNSUPPORTED)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise BadForm(TOO_LARGE)
    try:
        return dict(parse_qsl(body.decode(), max_num_fields=MOST_FIELDS))
    except ValueError:
        raise BadForm(INVALID) from None


class Pace:
    """At most `limit` acts by one key in `seconds` of real time. Only keys that we signed come here."""

    def __init__(
        self, limit: int = 10, seconds: float = 60, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._limit = limit
        self._seconds = seconds
        self._clock = clock
        self._acts: dict[str, deque[float]] = {}

    def allows(self, key: str) -> bool:
        """Whether one more is within the limit; it is counted then."""
        since = self._clock() - self._seconds
        for known in [one for one, acts in self._acts.items() if acts[-1] <= since]:
            del self._acts[known]
        acts = self._acts.setdefault(key, deque(maxlen=self._limit))
        if len(acts) == self._limit and acts[0] > since:
            return False
        acts.append(self._clock())
        return True
