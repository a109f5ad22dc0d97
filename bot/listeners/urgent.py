"""The coordinator looks at what has been marked as urgent."""

from __future__ import annotations

from slack_bolt import App
from slack_sdk import WebClient

from bot.listeners.desk import Body, Desk, User, open_view
from bot.listeners.doors import button, value_of
from bot.views.urgent_cases import urgent_cases
from schedules.services.urgent_cases import show_urgent


def register(app: App, desk: Desk) -> None:
    """Listen for the Home button; its value is the team's id."""

    def show(user: User, body: Body, client: WebClient) -> None:
        page = show_urgent(desk.office, user.person.id, value_of(body))
        open_view(client, body, urgent_cases(page, user.words))

    app.action("urgent_show")(button(desk, show))
