"""Whether a request has the shape of one of Slack's: what has not is refused before anybody reads it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from bot.storable import is_storable


def readable(body: Mapping[str, Any]) -> bool:
    """Whether every part that Bolt or a listener reaches into is what Slack sends there, or is absent.

    Ids, values of buttons and metadata are looked up, so they are text that a database can hold. What a field
    of a form holds is read, and refused, by the form itself.
    """
    return _BODY(body) and _has_its_user(body)


_BY_SOMEBODY = {
    "block_actions",
    "block_suggestion",
    "message_action",
    "shortcut",
    "view_closed",
    "view_submission",
}
_EVENTS_BY_SOMEBODY = {"app_home_opened"}


def _has_its_user(body: Mapping[str, Any]) -> bool:
    event = body.get("event")
    if isinstance(event, Mapping) and event.get("type") in _EVENTS_BY_SOMEBODY:
        return _identified(event.get("user"))
    return body.get("type") not in _BY_SOMEBODY or _identified(body.get("user"))


_ABSENT = object()


def _optional(good: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda found: found is _ABSENT or good(found)


def _absent_or(good: Callable[[Any], bool]) -> Callable[[Any], bool]:
    """Absent, or null, as Slack sends what there is nothing to say of."""
    return _optional(lambda found: found is None or good(found))


def _text(found: Any) -> bool:
    return isinstance(found, str) and is_storable(found)


def _seconds(found: Any) -> bool:
    """Slack's instants: seconds and microseconds since 1970."""
    return isinstance(found, str) and re.fullmatch(r"\d{1,12}(\.\d{1,9})?", found, re.ASCII) is not None


def _object(**parts: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda found: (
        isinstance(found, Mapping) and all(good(found.get(name, _ABSENT)) for name, good in parts.items())
    )


def _list_of(good: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda found: isinstance(found, list) and all(map(good, found))


def _identified(found: Any) -> bool:
    """A person stands as an id or as an object with one, never without."""
    return bool(found.get("id") if isinstance(found, Mapping) else found)


_ID = _absent_or(_text)
_OWNER = _absent_or(lambda found: _text(found) or _object(id=_ID)(found))
_STATE = _optional(_object(values=_optional(_object())))
_VIEW = _object(
    id=_ID,
    type=_text,  # Bolt asks every submitted view for it
    callback_id=_ID,
    hash=_ID,
    private_metadata=_ID,
    app_installed_team_id=_ID,
    state=_STATE,
)
_ACTION = _object(
    type=_ID,
    action_id=_text,  # Bolt asks every action for it
    block_id=_ID,
    value=_ID,
    action_ts=_optional(_seconds),
    selected_option=_absent_or(_object(value=_ID)),
)
_GRANT = _object(team_id=_ID, enterprise_id=_ID, user_id=_ID)
_BODY = _object(
    type=_ID,
    team=_OWNER,
    team_id=_ID,
    enterprise=_OWNER,
    enterprise_id=_ID,
    user=_absent_or(lambda found: _OWNER(found) and _identified(found)),
    user_id=_ID,
    channel=_OWNER,
    channel_id=_ID,
    container=_absent_or(_object()),
    message=_absent_or(_object()),
    command=_ID,
    text=_ID,
    trigger_id=_ID,
    response_url=_ID,
    response_urls=_absent_or(_list_of(_object())),
    callback_id=_ID,
    view=_optional(_VIEW),
    actions=_optional(lambda found: bool(found) and _list_of(_ACTION)(found)),
    event=_optional(_object(type=_ID, user=_OWNER, channel=_OWNER, view=_absent_or(_object()))),
    authorizations=_absent_or(lambda found: bool(found) and _list_of(_GRANT)(found)),
)
