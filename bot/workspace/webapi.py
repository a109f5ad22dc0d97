"""Slack's Web API: the methods that the bot may call, as a table."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.workspace import webapi_chat, webapi_files, webapi_people, webapi_views
from bot.workspace.shapes import NotYet, SlackError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.workspace.core import Core
    from bot.workspace.shapes import Json

METHODS: Mapping[str, Callable[[Core, Json], Json]] = {
    **webapi_chat.METHODS,
    **webapi_files.METHODS,
    **webapi_people.METHODS,
    **webapi_views.METHODS,
}
# Slack's everyday answers; a bot that meets them has done nothing that Slack would call malformed.
_ORDINARY = frozenset(
    {"expired_trigger_id", "exchanged_trigger_id", "hash_conflict", "message_not_found", "not_found"}
)
_JSON_FIELDS = frozenset({"blocks", "view", "metadata"})


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer: status, JSON body, extra headers."""

    status: int
    body: Json
    headers: dict[str, str] = field(default_factory=dict)


def call(core: Core, method: str, token: str, given: Mapping[str, Any]) -> Answer:
    """Carry out one call. Every refusal is recorded as a problem, save a too fast or a late one."""
    if method != "api.test" and token != core.setup.bot_token:
        core.problem(method, "invalid_auth")
        return _refusal(SlackError("invalid_auth" if token else "not_authed"))
    handler = METHODS.get(method)
    if handler is None:
        core.problem(method, "unknown_method")
        return _refusal(SlackError("unknown_method"))
    try:
        arguments = _read(given)
        wait = core.gate.retry_after(method, _channel(method, arguments))
        if wait is not None:
            return Answer(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": str(wait)})
        return Answer(200, {"ok": True, **handler(core, arguments)})
    except SlackError as error:
        if error.code not in _ORDINARY and not isinstance(error, NotYet):
            for line in error.messages or [error.code]:
                core.problem(method, line)
        return _refusal(error)


def _channel(method: str, arguments: Json) -> str:
    return str(arguments.get("channel", "")) if method == "chat.postMessage" else ""


def _refusal(error: SlackError) -> Answer:
    body: Json = {"ok": False, "error": error.code}
    if error.messages:
        body["errors"] = [line.removeprefix("[ERROR] ") for line in error.messages]
        body["response_metadata"] = {"messages": error.messages}
    return Answer(200, body)


def _read(given: Mapping[str, Any]) -> Json:
    return {name: _decoded(name, value) for name, value in given.items() if name != "token"}


def _decoded(name: str, value: Any) -> Any:
    if name not in _JSON_FIELDS or not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise SlackError("invalid_arguments", [f"[ERROR] must provide JSON [json-pointer:/{name}]"]) from None
