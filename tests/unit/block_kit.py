"""Slack's limits as the tests assert them (TRAPS.md), and the state that Slack would send for a view."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

Block = dict[str, Any]
OPTION_LIMITS = {
    "overflow": 5,
    "radio_buttons": 10,
    "checkboxes": 10,
    "static_select": 100,
    "multi_static_select": 100,
}
ELEMENTS = {
    *OPTION_LIMITS,
    "external_select",
    "users_select",
    "plain_text_input",
    "datepicker",
    "button",
}


def check_view(view: Mapping[str, Any]) -> None:
    """Every limit that Slack sets on a modal or a home page."""
    assert view["type"] in {"modal", "home"}
    check_blocks(view["blocks"], 100)
    if view["type"] == "home":
        return
    for part in ("title", "close", "submit"):
        if part in view:
            check_text(view[part], "plain_text", 24)
    has_input = any(block["type"] == "input" for block in view["blocks"])
    assert "submit" in view or not has_input
    assert len(view["callback_id"]) <= 255
    assert len(view["private_metadata"]) <= 3000
    json.dumps(view)


def check_blocks(blocks: list[Block], most: int) -> None:
    """Every limit on a list of blocks."""
    assert 1 <= len(blocks) <= most
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    assert len(ids) == len(set(ids))
    assert all(len(one) <= 255 for one in ids)
    for block in blocks:
        check_block(block)


def check_block(block: Block) -> None:
    match block["type"]:
        case "section":
            check_text(block["text"], None, 3000)
            if "accessory" in block:
                check_element(block["accessory"])
        case "context":
            assert 1 <= len(block["elements"]) <= 10
            for one in block["elements"]:
                check_text(one, None, 3000)
        case "header":
            check_text(block["text"], "plain_text", 150)
        case "actions":
            check_actions(block)
        case "input":
            check_input(block)
        case "divider":
            pass
        case other:
            raise AssertionError(other)


def check_actions(block: Block) -> None:
    assert 1 <= len(block["elements"]) <= 25
    names = [element["action_id"] for element in block["elements"]]
    assert len(names) == len(set(names))
    for element in block["elements"]:
        check_element(element)


def check_input(block: Block) -> None:
    check_text(block["label"], "plain_text", 2000)
    if "hint" in block:
        check_text(block["hint"], "plain_text", 2000)
    assert block["block_id"] == block["element"]["action_id"]
    check_element(block["element"])


def check_element(element: Block) -> None:
    kind = element["type"]
    assert kind in ELEMENTS
    assert 1 <= len(element["action_id"]) <= 255
    if "placeholder" in element:
        check_text(element["placeholder"], "plain_text", 150)
    if kind in OPTION_LIMITS:
        check_options(element, OPTION_LIMITS[kind])
    if kind == "plain_text_input":
        assert 1 <= element["max_length"] <= 3000
        assert len(element.get("initial_value", "")) <= element["max_length"]
    if kind == "button":
        check_button(element)


def check_button(element: Block) -> None:
    check_text(element["text"], "plain_text", 75)
    assert 1 <= len(element["value"]) <= 2000
    assert element.get("style", "primary") in {"primary", "danger"}
    if "confirm" in element:
        limits = {"title": 100, "text": 300, "confirm": 30, "deny": 30}
        for part, limit in limits.items():
            check_text(element["confirm"][part], None, limit)


def check_options(element: Block, most: int) -> None:
    options = element["options"]
    assert 1 <= len(options) <= most
    for one in options:
        check_text(one["text"], "plain_text", 75)
        assert 1 <= len(one["value"]) <= 150
    values = [one["value"] for one in options]
    assert len(values) == len(set(values))
    initial = element.get("initial_options", [])
    initial = [*initial, element["initial_option"]] if "initial_option" in element else initial
    assert all(one in options for one in initial)
    assert "initial_options" not in element or element["initial_options"]


def check_text(text: Block, kind: str | None, most: int) -> None:
    assert kind is None or text["type"] == kind
    assert text["type"] in {"plain_text", "mrkdwn"}
    assert 1 <= len(text["text"]) <= most
    assert text["text"].strip()


def inputs(view: Mapping[str, Any]) -> list[str]:
    """The names of the fields, in order."""
    return [block["block_id"] for block in view["blocks"] if block["type"] == "input"]


def element(view: Mapping[str, Any], field: str) -> Block:
    """The element of a field."""
    found: Block = block_of(view, field)["element"]
    return found


def block_of(view: Mapping[str, Any], field: str) -> Block:
    """The input block of a field."""
    found: Block = next(block for block in view["blocks"] if block.get("block_id") == field)
    return found


def values_of(view: Mapping[str, Any], field: str) -> list[str]:
    """The values that a field offers, in order."""
    return [one["value"] for one in element(view, field)["options"]]


def texts(found: object) -> Iterator[str]:
    """Every text that is shown."""
    if isinstance(found, Mapping):
        if found.get("type") in {"plain_text", "mrkdwn"} and isinstance(found.get("text"), str):
            yield found["text"]
        for one in found.values():
            yield from texts(one)
    elif isinstance(found, list):
        for one in found:
            yield from texts(one)


def submitted(view: Mapping[str, Any], view_id: str = "V1", **typed: object) -> dict[str, Any]:
    """The `view` of Slack's view_submission: the initial values, and what was typed over them."""
    state: dict[str, Any] = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            name = block["block_id"]
            value = state_value(block["element"], typed[name]) if name in typed else initial(block["element"])
            state[name] = {name: value}
    return {**view, "id": view_id, "state": {"values": state}}


def initial(found: Block) -> Block:
    """What Slack sends for an element that nobody touched."""
    kind = found["type"]
    match kind:
        case "plain_text_input":
            return {"type": kind, "value": found.get("initial_value")}
        case "datepicker":
            return {"type": kind, "selected_date": found.get("initial_date")}
        case "users_select":
            return {"type": kind, "selected_user": found.get("initial_user")}
        case "checkboxes" | "multi_static_select":
            return {"type": kind, "selected_options": found.get("initial_options", [])}
        case _:
            return {"type": kind, "selected_option": found.get("initial_option")}


def state_value(found: Block, typed: Any) -> Block:
    """What Slack sends for an element when `typed` (a text, a date, a value, values) was entered."""
    kind = found["type"]
    keys = {"plain_text_input": "value", "datepicker": "selected_date", "users_select": "selected_user"}
    if kind in keys:
        return {"type": kind, keys[kind]: typed}
    if kind in {"checkboxes", "multi_static_select"}:
        return {"type": kind, "selected_options": [{"value": one} for one in typed]}
    return {"type": kind, "selected_option": None if typed is None else {"value": typed}}
