"""The exact bodies of Slack's requests (docs.slack.dev, reference/interaction-payloads and events)."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.workspace.core import Core
    from bot.workspace.messages import Conversation, Message
    from bot.workspace.shapes import Json
    from bot.workspace.views import OpenView

_OLD_TOKEN = "verification-token-of-the-stand-in"  # noqa: S105  # Slack's deprecated field; nobody may rely on it


def _domain(core: Core) -> str:
    return "".join(c for c in core.setup.workspace_name.lower() if c.isascii() and c.isalnum()) or "local"


def _username(core: Core, user_id: str) -> str:
    return core.persona(user_id).name.lower().replace(" ", ".")


def _app_id(core: Core) -> str:
    return "A" + core.setup.team_id[1:]


def action_ts(core: Core) -> str:
    """Give the (movable) time of an action as Slack's timestamp."""
    return f"{core.clock.now().timestamp():.6f}"


def _common(core: Core, user_id: str, kind: str) -> Json:
    name = _username(core, user_id)
    return {
        "type": kind,
        "team": {"id": core.setup.team_id, "domain": _domain(core)},
        "user": {"id": user_id, "username": name, "name": name, "team_id": core.setup.team_id},
        "api_app_id": _app_id(core),
        "token": _OLD_TOKEN,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def command(core: Core, user_id: str, channel: Conversation, name: str, text: str) -> dict[str, str]:
    """Build the form of a slash command."""
    return {
        "token": _OLD_TOKEN,
        "team_id": core.setup.team_id,
        "team_domain": _domain(core),
        "channel_id": channel.id,
        "channel_name": channel.name if channel.kind == "channel" else "directmessage",
        "user_id": user_id,
        "user_name": _username(core, user_id),
        "command": name,
        "text": text,
        "api_app_id": _app_id(core),
        "is_enterprise_install": "false",
        "response_url": core.response_urls.issue(user_id, channel.id),
        "trigger_id": core.triggers.issue(user_id),
    }


def shortcut(core: Core, user_id: str, callback_id: str) -> Json:
    """Build a global shortcut."""
    extra = {"callback_id": callback_id, "action_ts": action_ts(core)}
    return {**_common(core, user_id, "shortcut"), **extra, "trigger_id": core.triggers.issue(user_id)}


def submission(core: Core, view: OpenView) -> Json:
    """Build a view_submission."""
    common = _common(core, view.user_id, "view_submission")
    trigger = core.triggers.issue(view.user_id)
    return {**common, "trigger_id": trigger, "view": view.shown(), "response_urls": []}


def closing(core: Core, view: OpenView, *, is_cleared: bool) -> Json:
    """Build a view_closed."""
    return {**_common(core, view.user_id, "view_closed"), "view": view.shown(), "is_cleared": is_cleared}


def view_action(core: Core, view: OpenView, action: Json) -> Json:
    """Build the block_actions of something done in a modal or on the Home tab."""
    shown = view.shown()
    return {
        **_common(core, view.user_id, "block_actions"),
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": core.triggers.issue(view.user_id),
        "view": shown,
        "state": shown["state"],
        "actions": [action],
    }


def message_action(
    core: Core, user_id: str, channel: Conversation, message: Message, *, values: Json, action: Json
) -> Json:
    """Build the block_actions of something done in a message."""
    name = channel.name if channel.kind == "channel" else "directmessage"
    container = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": message.only_for is not None,
    }
    return {
        **_common(core, user_id, "block_actions"),
        "container": container,
        "trigger_id": core.triggers.issue(user_id),
        "channel": {"id": channel.id, "name": name},
        "message": message.shown(metadata=False),
        "state": {"values": values},
        "response_url": core.response_urls.issue(user_id, channel.id, message.ts),
        "actions": [action],
    }


def suggestion(core: Core, view: OpenView, block_id: str, action_id: str, query: str) -> Json:
    """Build the block_suggestion of an external select."""
    return {
        **_common(core, view.user_id, "block_suggestion"),
        "container": {"type": "view", "view_id": view.id},
        "block_id": block_id,
        "action_id": action_id,
        "value": query,
        "view": view.shown(),
    }


def home_opened(core: Core, user_id: str, channel_id: str, home: OpenView | None) -> Json:
    """Build the event_callback of an opened Home tab."""
    event: Json = {
        "type": "app_home_opened",
        "user": user_id,
        "channel": channel_id,
        "tab": "home",
        "event_ts": action_ts(core),
    }
    if home is not None:
        event["view"] = home.shown()
    return {
        "token": _OLD_TOKEN,
        "team_id": core.setup.team_id,
        "api_app_id": _app_id(core),
        "event": event,
        "type": "event_callback",
        "event_id": "Ev" + secrets.token_hex(5).upper(),
        "event_time": int(core.clock.now().timestamp()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": core.setup.team_id,
                "user_id": core.setup.bot_user_id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
    }


def url_verification(challenge: str) -> Json:
    """Build the request by which Slack learns that an events URL answers."""
    return {"token": _OLD_TOKEN, "challenge": challenge, "type": "url_verification"}
