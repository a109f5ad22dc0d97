"""The follow-up six months after a meeting: the form, and its answer."""

from __future__ import annotations

from slack_bolt import App
from slack_sdk import WebClient

from bot.forms import follow_up as form
from bot.forms.errors import FieldErrors
from bot.listeners.desk import Body, Desk, User, open_view
from bot.listeners.doors import button, submitted, value_of
from bot.views.follow_up import CALLBACK
from bot.views.follow_up import follow_up as form_view
from schedules.services.follow_up import answer_follow_up, open_follow_up


def register(app: App, desk: Desk) -> None:
    """Listen for the card's and the page's button, and for the form."""

    def open_form(user: User, body: Body, client: WebClient) -> None:
        shown = open_follow_up(desk.office, user.person.id, value_of(body))
        open_view(client, body, form_view(shown, user.words))

    def answer(user: User, body: Body) -> FieldErrors | None:
        read = form.parse(body["view"], user.person.id)
        if isinstance(read, FieldErrors):
            return read
        answer_follow_up(desk.office, read)
        return None

    app.action("follow_up_open")(button(desk, open_form))
    app.view(CALLBACK)(submitted(desk, answer))
