"""A letter to the person, to print or copy. Nothing in it says who the person is: that is written by hand."""

from __future__ import annotations

from typing import Any

import anyio
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.pages.shell import NOT_FOUND, Shell
from schedules.domain.facts import Contact
from schedules.errors import CaseSealed, NotAllowed, NotFound, Outdated
from schedules.services.office import Office
from schedules.services.person_letter import LetterPage, letter_link, open_letter
from schedules.texts import terms
from schedules.texts.words import Words


def routes(office: Office, shell: Shell) -> list[BaseRoute]:
    """The letter's page."""
    threads = anyio.CapacityLimiter(4)

    def letter(request: Request) -> Response:
        try:
            link = letter_link(office, request.path_params["token"])
            page = open_letter(office, link)
        except CaseSealed as sealed:
            return shell.plain(sealed.ids["seal"], shell.words(request), NOT_FOUND)
        except (NotFound, NotAllowed, Outdated):
            return shell.plain("letter_gone", shell.words(request), NOT_FOUND)
        words = shell.words(request, page.language)
        return shell.page("letter.html", words, letter_view(page, words))

    async def show(request: Request) -> Response:
        return await anyio.to_thread.run_sync(shell.guarded(letter), request, limiter=threads)

    return [Route("/brev/{token}", show, methods=["GET"])]


def letter_view(page: LetterPage, words: Words) -> dict[str, Any]:
    """The letter's words. Pure."""
    case = page.case
    when = words(
        "mail.when",
        day=terms.opening(words.day(case.meeting.day)),
        year=case.meeting.day.year,
        span=words.span(case.start, case.end),
    )
    rows = [
        (words("letter_page.when"), when),
        (words("letter_page.where"), case.meeting.place),
        (words("letter_page.who"), terms.opening(words.all_of(case.parties))),
        (words("letter_page.leads"), words("letter_page.coordinator", name=case.coordinator.name)),
    ]
    return {
        "page_title": words("letter_page.page_title"),
        "help": [
            words("letter_page.help.name"),
            words("letter_page.help.print"),
            words("letter_page.help.short"),
        ],
        "name": words("letter_page.name"),
        "title": words("letter_page.title"),
        "intro": words(f"letter_page.intro.{case.person_takes_part.value}"),
        "facts": [row for row in rows if row[1]],
        "parts": [
            (words("letter_page.voluntary.title"), words("letter_page.voluntary.text")),
            (words("letter_page.consent.title"), words("letter_page.consent.text")),
            (words("letter_page.questions.title"), _questions(case.coordinator, words)),
        ],
        "regards": words("letter_page.regards"),
        "signature": words("letter_page.signature"),
    }


def _questions(coordinator: Contact, words: Words) -> str:
    reach = coordinator.phone or coordinator.email
    if not reach:
        return words("letter_page.questions.name", name=coordinator.name)
    key = "letter_page.questions.phone" if coordinator.phone else "letter_page.questions.mail"
    return words(key, name=coordinator.name, reach=reach)
