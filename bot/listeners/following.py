"""A form that follows what is chosen in it, while its user goes on choosing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.listeners.desk import Body, Desk, User, log
from bot.views.blocks import View
from schedules.errors import SamtidError


def _by_view(view: Mapping[str, Any]) -> str:
    return str(view["id"])


def follow_choice(
    desk: Desk,
    body: Body,
    client: WebClient,
    followed: Callable[[User, Mapping[str, Any]], View],
    form: Callable[[Mapping[str, Any]], str] = _by_view,
) -> None:
    """Build the form anew from what is chosen; Slack keeps what was typed. `form` tells forms apart."""
    user = desk.user(body)
    if user is None:
        return
    try:
        view, at = body["view"], float(body["actions"][0]["action_ts"])
        with desk.in_order.turn(form(view), at) as newest:
            if newest:
                client.views_update(view_id=view["id"], view=followed(user, view))
    except SlackApiError as error:
        # The user has closed it. No hash is sent: two quick choices carry the same one, and the newer shows.
        log.info("form_not_updated", error=error.response.get("error"))
    except SamtidError as error:
        log.info("form_not_read", error=type(error).__name__)
