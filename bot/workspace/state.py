"""View state: what a form holds, in Slack's `state.values[block_id][action_id]` form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.workspace.blockkit.check import listed_options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.workspace.shapes import Json

# element type -> (the field of the state, the property of the element that it starts from)
STATE_FIELDS: dict[str, tuple[str, str]] = {
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "file_input": ("files", "initial_files"),
}
MANY = {"selected_options", "selected_users", "files"}


def elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Yield (block, element) for everything that somebody can act on."""
    for block in blocks:
        if block["type"] == "input":
            yield block, block["element"]
        elif block["type"] == "actions":
            yield from ((block, element) for element in block["elements"])
        elif block["type"] == "section" and "action_id" in block.get("accessory", {}):
            yield block, block["accessory"]


def find(blocks: list[Json], action_id: str, block_id: str | None = None) -> tuple[Json, Json] | None:
    """Find an element by its action id, and by its block id where that is given."""
    for block, element in elements(blocks):
        if element["action_id"] == action_id and block_id in (None, block["block_id"]):
            return block, element
    return None


def untouched(element: Json) -> Json:
    """Give the state of an element that nobody has touched."""
    name, initial = STATE_FIELDS[element["type"]]
    empty: Any = [] if name in MANY else None
    return {"type": element["type"], name: element.get(initial, empty)}


def values(blocks: list[Json], typed: Json) -> Json:
    """Give `state.values`: what was typed, else what each element started with."""
    found: Json = {}
    for block, element in elements(blocks):
        if element["type"] in STATE_FIELDS:
            block_id, action_id = block["block_id"], element["action_id"]
            kept = typed.get(block_id, {}).get(action_id)
            found.setdefault(block_id, {})[action_id] = kept or untouched(element)
    return found


def still_typed(blocks: list[Json], typed: Json) -> Json:
    """Keep, after an update, what was typed in inputs whose block id, action id and type stayed the same."""
    kept: Json = {}
    for block, element in elements(blocks):
        block_id, action_id = block["block_id"], element["action_id"]
        state = typed.get(block_id, {}).get(action_id)
        if state and state["type"] == element["type"]:
            kept.setdefault(block_id, {})[action_id] = _without_lost_options(element, state)
    return kept


def _without_lost_options(element: Json, state: Json) -> Json:
    options = listed_options(element)
    if options is None:
        return state
    if "selected_options" in state:
        return {**state, "selected_options": [one for one in state["selected_options"] if one in options]}
    if state.get("selected_option") not in options:
        return {**state, "selected_option": None}
    return state


def chosen(element: Json, given: Any, offered: list[Json] | None = None) -> Json:
    """Turn what a person typed or chose (text, an option's value, ids) into the element's state.

    `offered`: the options that an external select was last given. Values that are not on offer are ignored.
    """
    name, _ = STATE_FIELDS[element["type"]]
    state: Json = {"type": element["type"]}
    options = (listed_options(element) or []) + (offered or [])
    if name == "selected_option":
        state[name] = next((one for one in options if one["value"] == given), None)
    elif name == "selected_options":
        state[name] = [one for one in options if one["value"] in (given or ())]
    elif name in MANY:
        state[name] = list(given or ())
    else:
        state[name] = str(given) if given not in (None, "") else None
    return state


def is_empty(state: Json) -> bool:
    """Say whether the person has given nothing."""
    return not next((value for key, value in state.items() if key != "type"), None)
