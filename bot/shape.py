"""Whether a request has the shape of one of Slack's: what has not is refused before anybody reads it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.storable import is_storable


def readable(body: Mapping[str, Any]) -> bool:
    """Whether every part that Bolt or a listener reaches into is what Slack sends there, or is absent.

    Ids, values of buttons and metadata are looked up, so they are text that a database can hold. What a field
    of a form holds is read, and refused, by the form itself.
    """
    return all(good(body.get(name)) for name, good in _PARTS.items())


def _absent_or(good: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda found: found is None or good(found)


def _text(found: Any) -> bool:
    return isinstance(found, str) and is_storable(found)


def _object(**parts: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda found: (
        isinstance(found, Mapping) and all(good(found.get(name)) for name, good in parts.items())
    )


def _list_of(good: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda found: isinstance(found, list) and all(map(good, found))


def _identified(found: Any) -> bool:
    """A person stands as an id or as an object with one, never without."""
    return bool(found.get("id") if isinstance(found, Mapping) else found)


_ID = _absent_or(_text)
_OWNER = _absent_or(lambda found: _text(found) or _object(id=_ID)(found))
_STATE = _absent_or(_object(values=_absent_or(_object())))
_VIEW = _object(
    id=_ID,
    type=_text,  # Bolt asks every submitted view for it
    callback_id=_ID,
    hash=_ID,
    private_metadata=_ID,
    app_installed_team_id=_ID,
    state=_STATE,
)
_ACTION = _object(type=_ID, action_id=_ID, block_id=_ID, value=_ID, action_ts=_ID)
_GRANT = _object(team_id=_ID, enterprise_id=_ID, user_id=_ID)
_PARTS: Mapping[str, Callable[[Any], bool]] = {
    "type": _ID,
    "team": _OWNER,
    "team_id": _ID,
    "enterprise": _OWNER,
    "enterprise_id": _ID,
    "user": _absent_or(lambda found: _OWNER(found) and _identified(found)),
    "user_id": _ID,
    "channel": _OWNER,
    "channel_id": _ID,
    "container": _absent_or(_object()),
    "message": _absent_or(_object()),
    "command": _ID,
    "text": _ID,
    "trigger_id": _ID,
    "response_url": _ID,
    "response_urls": _absent_or(_list_of(_object())),
    "callback_id": _ID,
    "view": _absent_or(_VIEW),
    "actions": _absent_or(lambda found: bool(found) and _list_of(_ACTION)(found)),
    "event": _absent_or(_object(type=_ID, user=_OWNER, channel=_OWNER, view=_absent_or(_object()))),
    "authorizations": _absent_or(lambda found: bool(found) and _list_of(_GRANT)(found)),
}
