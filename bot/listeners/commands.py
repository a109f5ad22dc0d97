"""`/samtid` and its words, in Swedish and English."""

from __future__ import annotations

from slack_bolt import App
from slack_sdk import WebClient

from bot.listeners import lists
from bot.listeners.desk import Ack, Body, Desk, User
from bot.listeners.referral import raise_case
from bot.views import plain
from bot.views.blocks import Block

REFER = frozenset({"", "lyft", "anmäl", "refer"})


def register(app: App, desk: Desk) -> None:
    """Listen for the one slash command."""

    def command(ack: Ack, body: Body, client: WebClient) -> None:
        word = str(body.get("text") or "").strip().casefold().partition(" ")[0]
        if word in REFER:
            raise_case(desk, ack, body, client)
            return
        user = desk.user(body)
        if user is None:
            ack(response_type="ephemeral", text=desk.refusal_text())
            return
        blocks = _answer(desk, user, word)
        ack(response_type="ephemeral", text=user.words("help.title"), blocks=blocks)

    app.command("/samtid")(command)


def _answer(desk: Desk, user: User, word: str) -> list[Block]:
    found = lists.answer(desk, user, lists.WORDS.get(word, ""))
    return plain.help_blocks(user.words) if found is None else found
