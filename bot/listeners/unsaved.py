"""The last place before Slack's own "something went wrong": a database that is gone is told plainly."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from slack_bolt import Ack, BoltResponse

from bot.forms.state import BrokenForm
from bot.listeners.desk import Body, answer_problem
from bot.logs import log_fault
from bot.views import plain
from schedules.errors import CannotSave
from schedules.texts.words import Words

BAD_REQUEST = 400

log = structlog.get_logger(__name__)


def told_plainly(language: str) -> Callable[..., BoltResponse | None]:
    """Bolt's error handler. What is typed in a form stays; who is asking cannot be looked up any more.

    Only of a database that cannot be reached is it known that nothing was saved; anything else that a
    listener did not expect is logged, and Slack says that it did not work.
    """
    words = Words(language)

    def handle(error: Exception, body: Body, ack: Ack) -> BoltResponse | None:
        if isinstance(error, BrokenForm):  # nothing that Slack would send: nobody is there to read words
            log.info("refused", error=type(error).__name__)
            return BoltResponse(status=BAD_REQUEST, body="not readable\n")
        if not isinstance(error, CannotSave):
            log_fault(error)
            return None
        if body.get("type") == "view_submission":
            answer_problem(ack, error, words, list(body["view"].get("state", {}).get("values", {})))
        elif "command" in body:
            ack(response_type="ephemeral", text=plain.error_text(words))
        else:
            log_fault(error)
        return ack.response

    return handle
