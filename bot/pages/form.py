"""Forms for readers without Slack, behind a mail's link: the climate survey, and the follow-up of a case.

GET shows, POST sends. What has been sent, or is not asked any more, says so and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import anyio
import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.pages.shell import BUSY, INVALID, NOT_FOUND, TOO_MANY, BadForm, Pace, Shell, form_of
from schedules.domain.cases import Support
from schedules.domain.figures.facts import Readiness
from schedules.domain.follow_up import AnswerFollowUp
from schedules.domain.opinions import SCALE
from schedules.errors import LockTimeout, NotAllowed, NotFound, Outdated
from schedules.services.climate_survey import answer_survey, open_survey
from schedules.services.follow_up import answer_follow_up, open_follow_up
from schedules.services.links import FOLLOW_UP_PAGE, SURVEY_PAGE, FormLink
from schedules.services.office import Office
from schedules.texts import terms
from schedules.texts.words import Words

SEE_OTHER = 303
READINESS = ("readiness_caseworker", "readiness_person")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Field:
    """A question with its choices, (value, words); one has to be chosen."""

    name: str
    label: str
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Form:
    """What a page asks."""

    title: str
    intro: str
    fields: tuple[Field, ...]
    submit: str


Open = Callable[[Office, FormLink, Words], Form]
Send = Callable[[Office, FormLink, Mapping[str, str]], None]


def routes(office: Office, shell: Shell, wake: Callable[[], None]) -> list[BaseRoute]:
    """The two forms' pages."""
    pages = (
        FormPages(SURVEY_PAGE, office, shell, wake, survey_form, send_survey),
        FormPages(FOLLOW_UP_PAGE, office, shell, wake, follow_up_form, send_follow_up),
    )
    return [
        Route(f"/{page.path}/{{token}}", act, methods=[method])
        for page in pages
        for method, act in (("GET", page.show), ("POST", page.act))
    ]


class FormPages:
    """Shows and sends one kind of form, in a thread: the database may make it wait."""

    def __init__(
        self,
        path: str,
        office: Office,
        shell: Shell,
        wake: Callable[[], None],
        open_form: Open,
        send: Send,
    ) -> None:
        self.path = path
        self._office = office
        self._shell = shell
        self._wake = wake
        self._open = open_form
        self._send = send
        self._pace = Pace()
        self._threads = anyio.CapacityLimiter(4)

    async def show(self, request: Request) -> Response:
        """The form as it stands."""
        return await anyio.to_thread.run_sync(self._answer, request, None, limiter=self._threads)

    async def act(self, request: Request) -> Response:
        """Take what was sent."""
        try:
            sent = await form_of(request)
        except BadForm as bad:
            return self._shell.plain("bad_form", self._shell.words(request), bad.status)
        return await anyio.to_thread.run_sync(self._answer, request, sent, limiter=self._threads)

    def _answer(self, request: Request, sent: Mapping[str, str] | None) -> Response:
        link = (
            self._office.links.form_of(self.path, request.path_params["token"])
            if self._office.links
            else None
        )
        words = self._shell.words(request, self._language(link))
        if link is None:
            return self._shell.plain("unknown", words, NOT_FOUND)
        try:
            return self._open_or_send(request, link, sent, words)
        except (NotFound, NotAllowed):
            return self._shell.plain("unknown", words, NOT_FOUND)
        except Outdated:
            return self._shell.plain("form_over", words, 200)
        except LockTimeout:
            return self._shell.plain("busy", words, BUSY)

    def _open_or_send(
        self, request: Request, link: FormLink, sent: Mapping[str, str] | None, words: Words
    ) -> Response:
        form = self._open(self._office, link, words)
        if sent is None:
            return self._shell.page("form.html", words, form_view(form, words))
        if not self._pace.allows(f"{link.subject}:{link.reader}"):
            return self._shell.plain("too_many", words, TOO_MANY)
        if missing(form, sent):
            return self._shell.page("form.html", words, form_view(form, words, sent), INVALID)
        self._send(self._office, link, sent)
        self._wake()
        log.info("form_taken", page=self.path)
        query = f"?lang={words.language}" if request.query_params.get("lang") else "?"
        headers = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
        return RedirectResponse(query, SEE_OTHER, headers)

    def _language(self, link: FormLink | None) -> str | None:
        if link is None:
            return None
        with self._office.unit_of_work() as uow:
            reader = uow.organisation.people([link.reader]).get(link.reader)
        return reader.language if reader else None


def missing(form: Form, sent: Mapping[str, str]) -> frozenset[str]:
    """The fields without a choice of theirs."""
    return frozenset(f.name for f in form.fields if sent.get(f.name) not in {value for value, _ in f.choices})


def form_view(form: Form, words: Words, sent: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What the template shows; `sent` is what has to be mended. Pure."""
    wrong = missing(form, sent) if sent is not None else frozenset()
    return {
        "title": form.title,
        "intro": form.intro,
        "submit": form.submit,
        "error": words("form_page.error") if wrong else None,
        "beside": words("refused.choose"),
        "fields": [
            {
                "name": field.name,
                "label": field.label,
                "choices": field.choices,
                "chosen": (sent or {}).get(field.name),
                "wrong": field.name in wrong,
            }
            for field in form.fields
        ],
    }


# --- the two forms -------------------------------------------------------------------------------------


def survey_form(office: Office, link: FormLink, words: Words) -> Form:
    """The climate survey. Raises NotFound, NotAllowed, Outdated."""
    shown = open_survey(office, link.reader, link.subject)
    scale = tuple((value, words(f"survey_form.scale.{value}")) for value in SCALE)
    return Form(
        words("survey_form.title"),
        words("survey_form.intro"),
        tuple(Field(one.id, one.said(words.language), scale) for one in shown.questions),
        words("survey_form.submit"),
    )


def send_survey(office: Office, link: FormLink, sent: Mapping[str, str]) -> None:
    """Count the answers."""
    answer_survey(office, link.reader, link.subject, sent)


def follow_up_form(office: Office, link: FormLink, words: Words) -> Form:
    """The follow-up. Raises NotFound, NotAllowed, Outdated."""
    shown = open_follow_up(office, link.reader, link.subject)
    day = words.day_and_year(shown.meeting_day)
    supports = tuple((one.value, terms.support(one, words)) for one in Support)
    return Form(
        words("follow_up_form.title"),
        words("follow_up_form.intro", reference=shown.reference, team=shown.team, day=day),
        (
            Field("support", words("follow_up_form.support.label"), supports),
            *(_readiness(name, words) for name in READINESS),
        ),
        words("follow_up_form.submit"),
    )


def _readiness(name: str, words: Words) -> Field:
    choices = tuple((one.value, words(f"follow_up_form.{name}.{one.value}")) for one in Readiness)
    return Field(name, words(f"follow_up_form.{name}.label"), choices)


def send_follow_up(office: Office, link: FormLink, sent: Mapping[str, str]) -> None:
    """Keep the answer as a fact."""
    ready = (Readiness(sent[name]) for name in READINESS)
    answer_follow_up(office, AnswerFollowUp(link.reader, link.subject, Support(sent["support"]), *ready))
