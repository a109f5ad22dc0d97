"""View state as Slack sends it: initial values that nobody touched, and what an update keeps."""

from __future__ import annotations

from typing import Any

import pytest

from bot.workspace import state

A, B = ({"text": {"type": "plain_text", "text": one}, "value": one} for one in "ab")
# element, its state untouched, its state with an initial value
KINDS: list[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    ({"type": "plain_text_input", "initial_value": "x"}, {"value": "x"}, {"value": None}),
    ({"type": "number_input", "initial_value": "7"}, {"value": "7"}, {"value": None}),
    ({"type": "email_text_input", "initial_value": "a@b.c"}, {"value": "a@b.c"}, {"value": None}),
    ({"type": "static_select", "initial_option": A}, {"selected_option": A}, {"selected_option": None}),
    ({"type": "external_select", "initial_option": A}, {"selected_option": A}, {"selected_option": None}),
    ({"type": "radio_buttons", "initial_option": A}, {"selected_option": A}, {"selected_option": None}),
    ({"type": "checkboxes", "initial_options": [A]}, {"selected_options": [A]}, {"selected_options": []}),
    (
        {"type": "multi_static_select", "initial_options": [A]},
        {"selected_options": [A]},
        {"selected_options": []},
    ),
    (
        {"type": "multi_external_select", "initial_options": [A]},
        {"selected_options": [A]},
        {"selected_options": []},
    ),
    ({"type": "users_select", "initial_user": "U1"}, {"selected_user": "U1"}, {"selected_user": None}),
    (
        {"type": "multi_users_select", "initial_users": ["U1"]},
        {"selected_users": ["U1"]},
        {"selected_users": []},
    ),
    (
        {"type": "conversations_select", "initial_conversation": "C1"},
        {"selected_conversation": "C1"},
        {"selected_conversation": None},
    ),
    (
        {"type": "channels_select", "initial_channel": "C1"},
        {"selected_channel": "C1"},
        {"selected_channel": None},
    ),
    (
        {"type": "datepicker", "initial_date": "2026-12-01"},
        {"selected_date": "2026-12-01"},
        {"selected_date": None},
    ),
    ({"type": "timepicker", "initial_time": "13:30"}, {"selected_time": "13:30"}, {"selected_time": None}),
]


def block(element: dict[str, Any], block_id: str = "f") -> dict[str, Any]:
    return {"type": "input", "block_id": block_id, "element": {"action_id": "f", **element}}


@pytest.mark.parametrize(("element", "initial", "empty"), KINDS, ids=[one[0]["type"] for one in KINDS])
def test_untouched_inputs(element: dict[str, Any], initial: dict[str, Any], empty: dict[str, Any]) -> None:
    bare = {"type": element["type"]}
    assert state.values([block(element)], {}) == {"f": {"f": {**bare, **initial}}}
    assert state.values([block(bare)], {}) == {"f": {"f": {**bare, **empty}}}


def test_an_update_keeps_what_was_typed_where_ids_and_type_stay() -> None:
    typed = {"f": {"f": {"type": "plain_text_input", "value": "mitt"}}}
    assert state.still_typed([block({"type": "plain_text_input"})], typed) == typed
    assert state.still_typed([block({"type": "plain_text_input"}, "g")], typed) == {}
    assert state.still_typed([block({"type": "email_text_input"})], typed) == {}


def test_an_update_drops_a_choice_that_is_no_longer_offered() -> None:
    typed = {"f": {"f": {"type": "checkboxes", "selected_options": [A, B]}}}
    kept = state.still_typed([block({"type": "checkboxes", "options": [B]})], typed)
    assert kept["f"]["f"]["selected_options"] == [B]


def test_what_is_not_on_offer_cannot_be_chosen() -> None:
    element = {"type": "static_select", "option_groups": [{"options": [A, B]}]}
    assert state.chosen(element, "b")["selected_option"] == B
    assert state.chosen(element, "c")["selected_option"] is None
