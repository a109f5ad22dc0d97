"""App Home: published when it is opened, and anew when the language is chosen."""

from __future__ import annotations

from slack_bolt import App
from slack_sdk import WebClient

from bot.listeners.desk import Body, Desk, at_once, later, slack_user
from bot.listeners.doors import value_of
from bot.views.blocks import View
from bot.views.home import home as home_view
from bot.views.paging import read_starts
from schedules.domain.home import HomePage
from schedules.errors import NotAllowed
from schedules.services.home import (
    home_page,
    home_starts,
    open_home,
    set_comes_unless_declined,
    set_language,
)
from schedules.texts.words import LANGUAGES


def register(app: App, desk: Desk) -> None:
    """Listen for the opened page and for the choice of language."""

    def opened(body: Body, client: WebClient) -> None:
        slack = slack_user(body)
        if body.get("event", {}).get("tab", "home") != "home":
            return
        if desk.user(body) is not None:  # nothing is kept of somebody unknown
            open_home(desk.office, slack)
        publish(desk, client, slack)

    def language(body: Body, client: WebClient) -> None:
        user = desk.user(body)
        chosen = str((body["actions"][0].get("selected_option") or {}).get("value"))
        if user is not None and chosen in LANGUAGES:
            set_language(desk.office, user.person.id, chosen)
            publish(desk, client, user.slack)

    def comes(body: Body, client: WebClient) -> None:
        user = desk.user(body)
        if user is not None:
            set_comes_unless_declined(desk.office, user.person.id, comes=value_of(body) == "yes")
            publish(desk, client, user.slack)

    app.event("app_home_opened")(ack=at_once, lazy=[later(opened)])
    app.action("language")(ack=at_once, lazy=[later(language)])
    app.action("comes_unless_declined")(ack=at_once, lazy=[later(comes)])


def publish(desk: Desk, client: WebClient, slack: str) -> None:
    """Show somebody their page as it is now."""
    client.views_publish(user_id=slack, view=home_of(desk, slack) or stranger_home(desk))


def home_of(desk: Desk, slack: str) -> View | None:
    """The page of a Slack user; None for somebody unknown."""
    user = desk.user({"user": slack})
    if user is None:
        return None
    try:
        page = home_page(desk.office, user.person.id)
    except NotAllowed:
        return None
    return home_view(page, user.words, read_starts(home_starts(desk.office, slack)))


def stranger_home(desk: Desk) -> View:
    """The page of somebody whom we do not know: the plain refusal."""
    words = desk.stranger_words()
    empty = home_view(HomePage(name="Samtid", language=words.language, may_raise=False), words)
    refusal = desk.refusal()
    return {"type": "home", "blocks": [empty["blocks"][0], *refusal["blocks"]]}
