"""auth.test, api.test, users.*, usergroups.*."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.workspace.arguments import flag, need
from bot.workspace.shapes import SlackError

if TYPE_CHECKING:
    from bot.workspace.core import Core
    from bot.workspace.shapes import Json, Persona


def api_test(_core: Core, given: Json) -> Json:
    """Echo the arguments; `error` is given back as an error."""
    if given.get("error"):
        raise SlackError(str(given["error"]))
    return {"args": given} if given else {}


def auth_test(core: Core, _given: Json) -> Json:
    """Say whose token it is."""
    setup = core.setup
    return {
        "url": core.origin + "/",
        "team": setup.workspace_name,
        "user": setup.bot_name.lower(),
        "team_id": setup.team_id,
        "user_id": setup.bot_user_id,
        "bot_id": "B" + setup.bot_user_id[1:],
        "is_enterprise_install": False,
    }


def users_info(core: Core, given: Json) -> Json:
    """Describe a user."""
    need(given, "user")
    if given["user"] == core.setup.bot_user_id:
        return {"user": _bot(core)}
    return {"user": _described(core, core.persona(given["user"]))}


def users_list(core: Core, _given: Json) -> Json:
    """Describe everybody, the bot included."""
    members = [_described(core, one) for one in core.setup.personas]
    return {"members": [*members, _bot(core)], "cache_ts": 0, "response_metadata": {"next_cursor": ""}}


def _described(core: Core, one: Persona) -> Json:
    profile: Json = {"real_name": one.name, "display_name": one.name, "title": one.role}
    if one.email:
        profile["email"] = one.email
    return {
        "id": one.user_id,
        "team_id": core.setup.team_id,
        "name": one.name.lower().replace(" ", "."),
        "real_name": one.name,
        "deleted": False,
        "is_bot": False,
        "is_app_user": False,
        "locale": {"sv": "sv-SE", "en": "en-GB"}.get(one.locale, one.locale),
        "tz": "Europe/Stockholm",
        "profile": profile,
    }


def _bot(core: Core) -> Json:
    name = core.setup.bot_name
    return {
        "id": core.setup.bot_user_id,
        "team_id": core.setup.team_id,
        "name": name.lower(),
        "real_name": name,
        "deleted": False,
        "is_bot": True,
        "is_app_user": False,
        "profile": {"real_name": name, "display_name": name, "bot_id": "B" + core.setup.bot_user_id[1:]},
    }


def usergroups_list(core: Core, given: Json) -> Json:
    """Give the user groups, with their users where `include_users` asks for them."""
    groups = []
    for group_id, users in core.setup.user_groups.items():
        group: Json = {"id": group_id, "team_id": core.setup.team_id, "is_usergroup": True}
        group |= {"name": group_id, "handle": group_id.lower(), "date_delete": 0, "user_count": len(users)}
        groups.append({**group, "users": list(users)} if flag(given, "include_users") else group)
    return {"usergroups": groups}


def usergroups_users_list(core: Core, given: Json) -> Json:
    """Give the users of a group."""
    need(given, "usergroup")
    if given["usergroup"] not in core.setup.user_groups:
        raise SlackError("no_such_subteam")
    return {"users": list(core.setup.user_groups[given["usergroup"]])}


METHODS = {
    "api.test": api_test,
    "auth.test": auth_test,
    "users.info": users_info,
    "users.list": users_list,
    "usergroups.list": usergroups_list,
    "usergroups.users.list": usergroups_users_list,
}
