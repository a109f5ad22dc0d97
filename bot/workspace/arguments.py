"""Reading the arguments of a Web API call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.workspace.shapes import SlackError

if TYPE_CHECKING:
    from bot.workspace.shapes import Json


def need(given: Json, *names: str) -> None:
    """Refuse a call without these arguments.

    Raises:
        SlackError: `invalid_arguments`.
    """
    missing = [name for name in names if given.get(name) in (None, "")]
    if missing:
        lines = [f"[ERROR] missing required field: {name} [json-pointer:/{name}]" for name in missing]
        raise SlackError("invalid_arguments", lines)


def flag(given: Json, name: str) -> bool:
    """Read a boolean as forms and JSON carry it."""
    return given.get(name) in (True, "true", "True", "1", 1)


def names(given: Json, name: str) -> tuple[str, ...]:
    """Read a list that a form carries with commas."""
    value = given.get(name) or ()
    listed = value.split(",") if isinstance(value, str) else value
    return tuple(str(one).strip() for one in listed)
