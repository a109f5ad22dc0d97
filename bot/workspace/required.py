"""What Slack's own client checks before it sends a form."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.workspace import state
from bot.workspace.words import say

if TYPE_CHECKING:
    from bot.workspace.shapes import Json
    from bot.workspace.views import OpenView

_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_NUMBER = re.compile(r"-?\d+([.,]\d+)?")


def client_errors(view: OpenView, locale: str) -> dict[str, str]:
    """Give the errors beside the inputs, by block id: missing, too short, too long, not a number."""
    values = state.values(view.blocks, view.typed)
    errors: dict[str, str] = {}
    for block in view.blocks:
        if block["type"] == "input":
            element = block["element"]
            word = _wrong(block, element, values[block["block_id"]][element["action_id"]])
            if word:
                errors[block["block_id"]] = say(locale, word[0], **word[1])
    return errors


def _wrong(block: Json, element: Json, value: Json) -> tuple[str, dict[str, object]] | None:
    if state.is_empty(value):
        return None if block.get("optional") else ("field_missing", {})
    text: str | None = value.get("value")
    if text is None:
        return None
    if element["type"] == "number_input":
        return _wrong_number(element, text)
    if element["type"] == "email_text_input" and not _MAIL.fullmatch(text):
        return "field_email", {}
    return _wrong_length(element, len(text))


def _wrong_length(element: Json, length: int) -> tuple[str, dict[str, object]] | None:
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if length < least:
        return "field_short", {"n": least}
    return ("field_long", {"n": most}) if length > most else None


def _wrong_number(element: Json, text: str) -> tuple[str, dict[str, object]] | None:
    if not _NUMBER.fullmatch(text) or (not element["is_decimal_allowed"] and not text.lstrip("-").isdigit()):
        return "field_number", {}
    number = float(text.replace(",", "."))
    if "min_value" in element and number < float(element["min_value"]):
        return "field_low", {"n": element["min_value"]}
    if "max_value" in element and number > float(element["max_value"]):
        return "field_high", {"n": element["max_value"]}
    return None
