"""The person takes the consent back: the question, and the case is blocked."""

from __future__ import annotations

from slack_bolt import App
from slack_sdk import WebClient

from bot.forms.state import FormState
from bot.listeners.desk import Body, Desk, User, open_view
from bot.listeners.doors import button, submitted, value_of
from bot.views.block_case import CALLBACK
from bot.views.block_case import block_case as question
from schedules.services.block_case import block_case, to_block


def register(app: App, desk: Desk) -> None:
    """Listen for the case page's button and for the yes; the case page closes with it."""

    def ask(user: User, body: Body, client: WebClient) -> None:
        shown = to_block(desk.office, user.person.id, value_of(body))
        open_view(client, body, question(shown, user.words))

    def confirmed(user: User, body: Body) -> None:
        block_case(desk.office, user.person.id, FormState(body["view"]).needed_metadata("referral"))

    app.action("consent_withdraw")(button(desk, ask))
    app.view(CALLBACK)(submitted(desk, confirmed))
