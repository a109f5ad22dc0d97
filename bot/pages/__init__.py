"""Our own pages, served beside Slack's events in every mode: an answer, a letter, forms."""

from __future__ import annotations

from collections.abc import Callable

from starlette.routing import BaseRoute

from bot.pages import answer, form, letter
from bot.pages.shell import Shell
from schedules.services.office import Office


def routes(office: Office, wake: Callable[[], None]) -> list[BaseRoute]:
    """The pages' routes; `wake` is called when something was decided, so that messages leave at once."""
    shell = Shell(office.language)
    return [
        *answer.routes(office, shell, wake),
        *letter.routes(office, shell),
        *form.routes(office, shell, wake),
    ]
