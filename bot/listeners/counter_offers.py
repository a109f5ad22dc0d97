"""The coordinator's answer to a proposal of another time: hold on to the time."""

from __future__ import annotations

from slack_bolt import App
from slack_sdk import WebClient

from bot.listeners.desk import Body, Desk, User, open_view
from bot.listeners.doors import button, value_of
from bot.views import plain
from schedules.services.counter_offer import refuse_counter


def register(app: App, desk: Desk) -> None:
    """Listen for the button; that it was done is said, since the message stays as it is."""

    def refuse(user: User, body: Body, client: WebClient) -> None:
        refuse_counter(desk.office, user.person.id, value_of(body))
        done = plain.notice(user.words("done.title"), user.words("done.counter_refused"), user.words)
        open_view(client, body, done)

    app.action("counter_refuse")(button(desk, refuse))
