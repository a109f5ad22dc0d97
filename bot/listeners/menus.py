"""An entry of a line's menu is the press of the button that it names: one listener serves both."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.middleware import Middleware

from bot.views.tools import MENU, PARTED


def register(app: App) -> None:
    """Let every listener of a button hear the menus' entries as well."""
    app.use(Unfolding())


class Unfolding(Middleware):
    """Bolt's own kind of middleware: it works out anew for every request what a function is to be given."""

    def process(
        self,
        *,
        req: BoltRequest,
        resp: BoltResponse,  # noqa: ARG002  Bolt gives it by name
        next: Callable[[], BoltResponse],  # noqa: A002  Bolt's own name for it
    ) -> BoltResponse | None:
        """Turn a chosen entry into its button's press, and go on."""
        unfold(req.body)
        return next()


def unfold(body: dict[str, Any]) -> None:
    """Turn the chosen entry "action|value" into that button's press."""
    pressed = (body.get("actions") or [{}])[0]
    if pressed.get("type") == "overflow" and pressed.get("action_id") == MENU:
        action, _, value = str((pressed.get("selected_option") or {}).get("value")).partition(PARTED)
        body["actions"][0] = {**pressed, "type": "button", "action_id": action, "value": value}
