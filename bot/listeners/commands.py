"""`/samtid` and its words, in Swedish and English."""

from __future__ import annotations

from slack_bolt import App
from slack_sdk import WebClient

from bot.listeners import lists
from bot.listeners.desk import Ack, Body, Desk, User
from bot.listeners.referral import raise_case
from bot.views import blocks as b
from bot.views import message, plain
from bot.views.blocks import Block
from schedules.errors import LockTimeout, NotAllowed, NotFound
from schedules.services.publish_report import statistics
from schedules.texts.report_message import report_message

REFER = frozenset({"", "lyft", "anmäl", "refer"})
FIGURES = frozenset({"statistik", "stats"})


def register(app: App, desk: Desk) -> None:
    """Listen for the one slash command."""

    def command(ack: Ack, body: Body, client: WebClient) -> None:
        word, _, rest = str(body.get("text") or "").strip().casefold().partition(" ")
        if word in REFER:
            raise_case(desk, ack, body, client)
            return
        user = desk.user(body)
        if user is None:
            ack(response_type="ephemeral", text=desk.refusal_text())
            return
        blocks = _figures(desk, user, rest.strip()) if word in FIGURES else _answer(desk, user, word)
        ack(response_type="ephemeral", text=user.words("help.title"), blocks=blocks)

    app.command("/samtid")(command)


def _answer(desk: Desk, user: User, word: str) -> list[Block]:
    found = lists.answer(desk, user, lists.WORDS.get(word, ""))
    return plain.help_blocks(user.words) if found is None else found


def _figures(desk: Desk, user: User, wanted: str) -> list[Block]:
    """The last finished term, for those who may see it; whoever else is told so."""
    try:
        published, names = statistics(desk.office, user.person.id, wanted)
    except NotAllowed:
        return [b.words_section(user.words("report.not_allowed"))]
    except NotFound:
        return [b.words_section(user.words("report.unknown_page"))]
    except LockTimeout:
        return [b.words_section(user.words("error.busy"))]
    others = names if len(names) > 1 and not wanted else ()
    return message.message_blocks(report_message(published, user.words, others))
