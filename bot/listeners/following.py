"""A form that follows what is chosen in it, while its user goes on choosing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.forms.state import BrokenForm, FormState
from bot.listeners.desk import Body, Desk, User, log
from bot.views.blocks import View
from schedules.errors import SamtidError
from schedules.services.form_choices import is_newest, note_choice


def _by_view(view: Mapping[str, Any]) -> str:
    return FormState(view).view_id


def follow_choice(
    desk: Desk,
    body: Body,
    client: WebClient,
    followed: Callable[[User, Mapping[str, Any]], View],
    form: Callable[[Mapping[str, Any]], str] = _by_view,
) -> None:
    """Build the form anew from what is chosen; Slack keeps what was typed. `form` tells forms apart."""
    user = desk.user(body)
    view = body.get("view")
    if user is None or view is None:
        return
    try:
        followed_form, at = form(view), _chosen_at(body)
        with desk.in_order.turn(followed_form, at) as newest:
            if newest and note_choice(desk.office, followed_form, at):
                _update(desk, client, view, followed(user, view), (followed_form, at))
    except SlackApiError as error:
        log.info("form_not_updated", error=error.response.get("error"))  # the user has closed it
    except SamtidError as error:
        log.info("form_not_read", error=type(error).__name__)


def _chosen_at(body: Body) -> float:
    """When the user chose, in seconds since 1970. Raises BrokenForm for a choice without it."""
    at = body["actions"][0].get("action_ts")
    if at is None:
        raise BrokenForm
    return float(at)


def _update(
    desk: Desk, client: WebClient, view: Mapping[str, Any], new: View, choice: tuple[str, float]
) -> None:
    """Show the form anew, unless another process has meanwhile shown a newer choice, or what follows it.

    Two quick choices carry the same hash, so that a conflict alone does not say which is the newer.
    """
    try:
        client.views_update(view_id=view["id"], view=new, hash=view.get("hash"))
    except SlackApiError as error:
        if error.response.get("error") != "hash_conflict":
            raise
        if is_newest(desk.office, *choice):
            client.views_update(view_id=view["id"], view=new)
