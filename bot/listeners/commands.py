"""`/samtid` and its words, in Swedish and English."""

from __future__ import annotations

from slack_bolt import App, BoltContext, Respond
from slack_sdk import WebClient

from bot.listeners import lists
from bot.listeners.desk import Ack, Body, Desk, User, later
from bot.listeners.referral import raise_case
from bot.listeners.statistics import announce, send
from bot.views import plain
from bot.views.blocks import Block

REFER = frozenset({"", "lyft", "anmäl", "refer"})
FIGURES = frozenset({"statistik", "stats"})


def register(app: App, desk: Desk) -> None:
    """Listen for the one slash command."""

    def command(ack: Ack, body: Body, client: WebClient, context: BoltContext) -> None:
        word, _, rest = str(body.get("text") or "").strip().casefold().partition(" ")
        if word in REFER:
            raise_case(desk, ack, body, client)
            return
        user = desk.user(body)
        if user is None:
            ack(response_type="ephemeral", text=desk.refusal_text())
            return
        if word in FIGURES:
            announce(desk, user, rest.strip(), ack, context)
            return
        ack(response_type="ephemeral", text=user.words("help.title"), blocks=_answer(desk, user, word))

    def figures(body: Body, context: BoltContext, respond: Respond) -> None:
        send(desk, body, context, respond)

    app.command("/samtid")(ack=command, lazy=[later(figures)])


def _answer(desk: Desk, user: User, word: str) -> list[Block]:
    found = lists.answer(desk, user, lists.WORDS.get(word, ""))
    return plain.help_blocks(user.words) if found is None else found
