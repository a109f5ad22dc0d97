"""An entry of a line's menu is the press of the button that it names: one listener serves both."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slack_bolt import App

from bot.views.tools import MENU, PARTED


def register(app: App) -> None:
    """Let every listener of a button hear the menus' entries as well."""
    app.use(unfold)


def unfold(body: dict[str, Any], next: Callable[[], None]) -> None:  # noqa: A002  Bolt's own name for it
    """Turn the chosen entry "action|value" into that button's press."""
    pressed = (body.get("actions") or [{}])[0]
    if pressed.get("type") == "overflow" and pressed.get("action_id") == MENU:
        action, _, value = str((pressed.get("selected_option") or {}).get("value")).partition(PARTED)
        body["actions"][0] = {**pressed, "type": "button", "action_id": action, "value": value}
    next()
