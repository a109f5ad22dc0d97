"""views.open, views.push, views.update, views.publish."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.workspace.arguments import need
from bot.workspace.blockkit.check import check_view
from bot.workspace.core import refuse
from bot.workspace.shapes import SlackError

if TYPE_CHECKING:
    from bot.workspace.core import Core
    from bot.workspace.shapes import Json
    from bot.workspace.views import OpenView


def _checked(given: Json, kind: str) -> Json:
    need(given, "view")
    view: Json = given["view"]
    refuse(check_view(view), "invalid_arguments")
    if view["type"] != kind:
        raise SlackError("invalid_arguments", [f"[ERROR] must be `{kind}` [json-pointer:/view/type]"])
    return view


def _answer(view: OpenView) -> Json:
    return {"view": view.shown()}


def views_open(core: Core, given: Json) -> Json:
    """Show a modal to the user whose trigger it is."""
    need(given, "trigger_id")
    view = _checked(given, "modal")
    return _answer(core.views.open(core.triggers.redeem(given["trigger_id"]), view))


def views_push(core: Core, given: Json) -> Json:
    """Lay a modal on the user's uppermost one."""
    need(given, "trigger_id")
    view = _checked(given, "modal")
    return _answer(core.views.push(core.triggers.redeem(given["trigger_id"]), view))


def views_update(core: Core, given: Json) -> Json:
    """Replace a view in its place."""
    found = given.get("view_id") or given.get("external_id")
    if not found:
        need(given, "view_id")
    old = core.views.find(str(found))
    view = _checked(given, old.body["type"])
    if given.get("hash") and given["hash"] != old.body["hash"]:
        raise SlackError("hash_conflict")
    return _answer(core.views.update(old, view))


def views_publish(core: Core, given: Json) -> Json:
    """Replace a user's Home tab."""
    need(given, "user_id")
    user_id = core.persona(given["user_id"]).user_id
    view = _checked(given, "home")
    old = core.views.home(user_id)
    if given.get("hash") and (old is None or given["hash"] != old.body["hash"]):
        raise SlackError("hash_conflict")
    return _answer(core.views.publish(user_id, view))


METHODS = {
    "views.open": views_open,
    "views.push": views_push,
    "views.update": views_update,
    "views.publish": views_publish,
}
