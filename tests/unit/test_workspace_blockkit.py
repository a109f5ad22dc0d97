"""One broken view for each limit of Block Kit is refused; a view at the limit is accepted."""

from __future__ import annotations

from typing import Any

import pytest

from bot.workspace.blockkit.check import check_blocks, check_metadata, check_options, check_view

Json = dict[str, Any]


def plain(text: str = "x") -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "x") -> Json:
    return {"type": "mrkdwn", "text": text}


def option(value: str = "v", text: str = "x", **more: Any) -> Json:
    return {"text": plain(text), "value": value, **more}


def options(count: int) -> list[Json]:
    return [option(str(number)) for number in range(count)]


def select(count: int = 1, **more: Any) -> Json:
    return {"type": "static_select", "options": options(count), **more}


def field(element: Json, **more: Any) -> Json:
    return {"type": "input", "label": plain(), "element": element, **more}


def text_field(**more: Any) -> Json:
    return field({"type": "plain_text_input", **more})


def section(**more: Any) -> Json:
    return {"type": "section", "text": plain(), **more}


def button(**more: Any) -> Json:
    return {"type": "button", "text": plain(), **more}


def acts(*elements: Json, **more: Any) -> Json:
    return {"type": "actions", "elements": list(elements), **more}


def modal(*blocks: Json, **more: Any) -> Json:
    return {"type": "modal", "title": plain(), "submit": plain(), "blocks": list(blocks), **more}


def confirm(**more: Any) -> Json:
    return {"title": plain(), "text": plain(), **more}


def context(count: int, text: str = "x") -> Json:
    return {"type": "context", "elements": [mrkdwn(text) for _ in range(count)]}


# What is limited, a view at the limit, the same view one beyond it, and what Slack says of that.
LIMITS: dict[str, tuple[Json, Json, str]] = {}


def limit(name: str, build: Any, most: int, says: str) -> None:
    LIMITS[name] = (build(most), build(most + 1), says)


limit("modal blocks", lambda n: modal(*[section()] * n), 100, "no more than 100 items allowed")
limit(
    "section text", lambda n: modal(section(text=mrkdwn("x" * n))), 3000, "must be less than 3001 characters"
)
limit("section fields", lambda n: modal(section(fields=[plain()] * n)), 10, "no more than 10 items allowed")
limit(
    "field text", lambda n: modal(section(fields=[plain("x" * n)])), 2000, "must be less than 2001 characters"
)
limit(
    "header",
    lambda n: modal({"type": "header", "text": plain("x" * n)}),
    150,
    "must be less than 151 characters",
)
limit(
    "label",
    lambda n: modal({**text_field(), "label": plain("x" * n)}),
    2000,
    "must be less than 2001 characters",
)
limit(
    "hint",
    lambda n: modal({**text_field(), "hint": plain("x" * n)}),
    2000,
    "must be less than 2001 characters",
)
limit("title", lambda n: modal(title=plain("x" * n)), 24, "must be less than 25 characters")
limit("submit", lambda n: modal(submit=plain("x" * n)), 24, "must be less than 25 characters")
limit("close", lambda n: modal(close=plain("x" * n)), 24, "must be less than 25 characters")
limit(
    "button text", lambda n: modal(acts(button(text=plain("x" * n)))), 75, "must be less than 76 characters"
)
limit("button value", lambda n: modal(acts(button(value="x" * n))), 2000, "must be less than 2001 characters")
limit("button url", lambda n: modal(acts(button(url="x" * n))), 3000, "must be less than 3001 characters")
limit("action_id", lambda n: modal(acts(button(action_id="x" * n))), 255, "must be less than 256 characters")
limit("block_id", lambda n: modal(section(block_id="x" * n)), 255, "must be less than 256 characters")
limit("callback_id", lambda n: modal(callback_id="x" * n), 255, "must be less than 256 characters")
limit("external_id", lambda n: modal(external_id="x" * n), 255, "must be less than 256 characters")
limit(
    "private_metadata", lambda n: modal(private_metadata="x" * n), 3000, "must be less than 3001 characters"
)
limit(
    "placeholder",
    lambda n: modal(text_field(placeholder=plain("x" * n))),
    150,
    "must be less than 151 characters",
)
limit("select options", lambda n: modal(field(select(n))), 100, "no more than 100 items allowed")
limit(
    "option groups",
    lambda n: modal(
        field({"type": "static_select", "option_groups": [{"label": plain(), "options": options(1)}] * n})
    ),
    100,
    "no more than 100 items allowed",
)
limit(
    "option text",
    lambda n: modal(field({"type": "static_select", "options": [option(text="x" * n)]})),
    75,
    "must be less than 76 characters",
)
limit(
    "option text of a radio button",
    lambda n: modal(field({"type": "radio_buttons", "options": [option(text="x" * n)]})),
    75,
    "must be less than 76 characters",
)
limit(
    "option value",
    lambda n: modal(field({"type": "static_select", "options": [option("x" * n)]})),
    150,
    "must be less than 151 characters",
)
limit(
    "option description",
    lambda n: modal(field({"type": "checkboxes", "options": [option(description=plain("x" * n))]})),
    75,
    "must be less than 76 characters",
)
limit(
    "checkboxes",
    lambda n: modal(field({"type": "checkboxes", "options": options(n)})),
    10,
    "no more than 10 items allowed",
)
limit(
    "radio buttons",
    lambda n: modal(field({"type": "radio_buttons", "options": options(n)})),
    10,
    "no more than 10 items allowed",
)
limit(
    "overflow",
    lambda n: modal(section(accessory={"type": "overflow", "options": options(n)})),
    5,
    "no more than 5 items allowed",
)
limit("actions", lambda n: modal(acts(*[button()] * n)), 25, "no more than 25 items allowed")
limit("context", lambda n: modal(context(n)), 10, "no more than 10 items allowed")
limit("max_files", lambda n: modal(field({"type": "file_input", "max_files": n})), 10, "must be less than 11")
limit("max_length", lambda n: modal(text_field(max_length=n)), 3000, "must be less than 3001")
limit("min_length", lambda n: modal(text_field(min_length=n)), 3000, "must be less than 3001")
limit(
    "initial_value",
    lambda n: modal(text_field(initial_value="x" * n, max_length=20)),
    20,
    "must be less than 21 characters",
)
limit(
    "confirm title",
    lambda n: modal(acts(button(confirm=confirm(title=plain("x" * n))))),
    100,
    "must be less than 101 characters",
)
limit(
    "confirm text",
    lambda n: modal(acts(button(confirm=confirm(text=plain("x" * n))))),
    300,
    "must be less than 301 characters",
)
limit(
    "confirm button",
    lambda n: modal(acts(button(confirm=confirm(confirm=plain("x" * n))))),
    30,
    "must be less than 31 characters",
)
limit(
    "image alt_text",
    lambda n: modal({"type": "image", "image_url": "u", "alt_text": "x" * n}),
    2000,
    "must be less than 2001 characters",
)
limit(
    "home blocks",
    lambda n: {"type": "home", "blocks": [section()] * n},
    100,
    "no more than 100 items allowed",
)


@pytest.mark.parametrize("name", LIMITS)
def test_a_view_beyond_the_limit_is_refused_in_slacks_words(name: str) -> None:
    _, beyond, says = LIMITS[name]
    assert [one.text for one in check_view(beyond)] == [says]


@pytest.mark.parametrize("name", LIMITS)
def test_a_view_at_the_limit_is_accepted(name: str) -> None:
    at_limit, _, _ = LIMITS[name]
    assert check_view(at_limit) == []


# What is wrong, the view, and the whole line that Slack gives.
BROKEN: dict[str, tuple[Json, str]] = {
    "input without submit": (
        {"type": "modal", "title": plain(), "blocks": [text_field()]},
        "[ERROR] must define `submit` to use an `input` block in modals [json-pointer:/view/blocks/0/input]",
    ),
    "option without value": (
        modal(field({"type": "static_select", "options": [{"text": plain()}]})),
        "[ERROR] missing required field: value [json-pointer:/view/blocks/0/element/options/0]",
    ),
    "same block_id twice": (
        modal(section(block_id="a"), section(block_id="a")),
        "[ERROR] `block_id` already exists: a [json-pointer:/view/blocks/1/block_id]",
    ),
    "same action_id twice": (
        modal(acts(button(action_id="a"), button(action_id="a"))),
        "[ERROR] `action_id` already exists: a [json-pointer:/view/blocks/0/elements/1/action_id]",
    ),
    "initial option that is not among the options": (
        modal(field(select(2, initial_option=option("7")))),
        "[ERROR] must match one of the options [json-pointer:/view/blocks/0/element/initial_option]",
    ),
    "initial option with another text": (
        modal(field(select(2, initial_option=option("1", "y")))),
        "[ERROR] must match one of the options [json-pointer:/view/blocks/0/element/initial_option]",
    ),
    "initial options that are not among the options": (
        modal(field({"type": "checkboxes", "options": options(2), "initial_options": [option("7")]})),
        "[ERROR] must match one of the options [json-pointer:/view/blocks/0/element/initial_options/0]",
    ),
    "unknown block": (
        modal({"type": "banner"}),
        "[ERROR] unsupported type: banner [json-pointer:/view/blocks/0/type]",
    ),
    "unknown element": (
        modal(field({"type": "slider"})),
        "[ERROR] unsupported type: slider [json-pointer:/view/blocks/0/element/type]",
    ),
    "button as input": (
        modal(field(button())),
        "[ERROR] unsupported type: button [json-pointer:/view/blocks/0/element/type]",
    ),
    "text input among actions": (
        modal(acts({"type": "plain_text_input"})),
        "[ERROR] unsupported type: plain_text_input [json-pointer:/view/blocks/0/elements/0/type]",
    ),
    "unknown property of a block": (
        modal(section(colour="red")),
        "[ERROR] invalid additional property: colour [json-pointer:/view/blocks/0]",
    ),
    "unknown property of an element": (
        modal(text_field(rows=4)),
        "[ERROR] invalid additional property: rows [json-pointer:/view/blocks/0/element]",
    ),
    "mrkdwn in a label": (
        modal({**text_field(), "label": mrkdwn()}),
        "[ERROR] unsupported type: mrkdwn [json-pointer:/view/blocks/0/label/type]",
    ),
    "mrkdwn in a title": (
        modal(title=mrkdwn()),
        "[ERROR] unsupported type: mrkdwn [json-pointer:/view/title/type]",
    ),
    "no title": (
        {"type": "modal", "blocks": []},
        "[ERROR] missing required field: title [json-pointer:/view]",
    ),
    "no label": (
        modal({"type": "input", "element": {"type": "plain_text_input"}}),
        "[ERROR] missing required field: label [json-pointer:/view/blocks/0]",
    ),
    "empty text": (
        modal(section(text=mrkdwn(""))),
        "[ERROR] must be more than 0 characters [json-pointer:/view/blocks/0/text/text]",
    ),
    "no options": (
        modal(field(select(0))),
        "[ERROR] must provide at least 1 items [json-pointer:/view/blocks/0/element/options]",
    ),
    "neither options nor groups": (
        modal(field({"type": "static_select"})),
        "[ERROR] must define exactly one of `options`, `option_groups` [json-pointer:/view/blocks/0/element]",
    ),
    "section without text": (
        modal({"type": "section"}),
        "[ERROR] must define one of `text`, `fields` [json-pointer:/view/blocks/0]",
    ),
    "a date that is none": (
        modal(field({"type": "datepicker", "initial_date": "1/12 2026"})),
        "[ERROR] must match the pattern",
    ),
    "number input without is_decimal_allowed": (
        modal(field({"type": "number_input"})),
        "[ERROR] missing required field: is_decimal_allowed [json-pointer:/view/blocks/0/element]",
    ),
    "two elements that take the focus": (
        modal(text_field(focus_on_load=True), text_field(focus_on_load=True)),
        "[ERROR] only one element may set `focus_on_load` [json-pointer:/view/blocks]",
    ),
    "a modal's property on a Home tab": (
        {"type": "home", "blocks": [], "submit": plain()},
        "[ERROR] invalid additional property: submit [json-pointer:/view]",
    ),
    "an unknown view": (
        {"type": "popup", "blocks": []},
        "[ERROR] unsupported type: popup [json-pointer:/view/type]",
    ),
    "no view at all": ([], "[ERROR] must provide an object [json-pointer:/view]"),  # type: ignore[dict-item]  # the point of it
    "an unknown style": (
        modal(acts(button(style="loud"))),
        "[ERROR] must be a valid enum value [json-pointer:/view/blocks/0/elements/0/style]",
    ),
    "a number instead of a text": (
        modal(section(text={"type": "mrkdwn", "text": 5})),
        "[ERROR] must provide a string [json-pointer:/view/blocks/0/text/text]",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_view_is_refused(name: str) -> None:
    view, line = BROKEN[name]
    found = [str(one) for one in check_view(view)]
    assert len(found) == 1
    assert found[0].startswith(line)


def test_a_message_holds_fifty_blocks() -> None:
    assert check_blocks([section()] * 50) == []
    assert [str(one) for one in check_blocks([section()] * 51)] == [
        "[ERROR] no more than 50 items allowed [json-pointer:/blocks]"
    ]


@pytest.mark.parametrize(
    ("metadata", "text"),
    [
        ({"event_type": "x"}, "missing required field: event_payload"),
        ({"event_type": "x", "event_payload": []}, "must provide an object"),
        ({"event_type": "x", "event_payload": {}, "id": 1}, "invalid additional property: id"),
        ("x", "must provide an object"),
    ],
)
def test_metadata_has_a_shape(metadata: Any, text: str) -> None:
    assert [one.text for one in check_metadata(metadata)] == [text]
    assert check_metadata({"event_type": "x", "event_payload": {"id": 1}}) == []


def test_suggested_options_are_held_to_the_same_limits() -> None:
    assert check_options({"options": options(100)}) == []
    assert [one.text for one in check_options({"options": options(101)})] == [
        "no more than 100 items allowed"
    ]
    grouped = {"option_groups": [{"label": plain(), "options": [option(text="x" * 76)]}]}
    assert [one.text for one in check_options(grouped)] == ["must be less than 76 characters"]
