"""Slack's composition objects and block elements with their limits (docs.slack.dev, reference/block-kit)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.workspace.blockkit.rules import Bool, Choice, Int, Items, Shape, Str, Typed

if TYPE_CHECKING:
    from bot.workspace.blockkit.rules import Rule

_DATE = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_TIME = r"([01]\d|2[0-3]):[0-5]\d"


def plain(most: int) -> Typed:
    """Give the rule for a plain text of at most `most` characters."""
    return Typed({"plain_text": Shape({"text": Str(most)}, {"emoji": Bool()})})


def either(most: int) -> Typed:
    """Give the rule for a plain or a mrkdwn text of at most `most` characters."""
    mrkdwn = Shape({"text": Str(most)}, {"verbatim": Bool()})
    return Typed({**plain(most).shapes, "mrkdwn": mrkdwn})


ID = Str(255)
_ACTION: dict[str, Rule] = {"action_id": ID}
_FOCUS: dict[str, Rule] = {"focus_on_load": Bool()}
_PLACEHOLDER: dict[str, Rule] = {"placeholder": plain(150)}
CONFIRM = Shape(
    {"title": plain(100), "text": either(300)},
    {"confirm": plain(30), "deny": plain(30), "style": Choice(frozenset({"primary", "danger"}))},
)
_CONFIRM: dict[str, Rule] = {"confirm": CONFIRM}


def _option(text: Typed) -> Shape:
    return Shape({"text": text, "value": Str(150)}, {"description": either(75), "url": Str(3000)})


OPTION = _option(plain(75))
_MARKED_OPTION = _option(either(75))
_GROUP = Shape({"label": plain(75), "options": Items(OPTION, 100)})
_CHOOSE_ONE: dict[str, Rule] = {"initial_option": OPTION}
_CHOOSE_MANY: dict[str, Rule] = {"initial_options": Items(OPTION, 100), "max_selected_items": Int(1, 100)}
_SELECT: dict[str, Rule] = {**_ACTION, **_PLACEHOLDER, **_FOCUS, **_CONFIRM}
_LISTED: dict[str, Rule] = {"options": Items(OPTION, 100), "option_groups": Items(_GROUP, 100)}
_FILTER: dict[str, Rule] = {
    "filter": Shape(
        any_of=("include", "exclude_external_shared_channels", "exclude_bot_users"),
        optional={
            "include": Items(Choice(frozenset({"im", "mpim", "private", "public"})), 4),
            "exclude_external_shared_channels": Bool(),
            "exclude_bot_users": Bool(),
        },
    ),
    "default_to_current_conversation": Bool(),
}
_RESPONSE_URL: dict[str, Rule] = {"response_url_enabled": Bool()}
_TYPED_IN: dict[str, Rule] = {
    **_ACTION,
    **_PLACEHOLDER,
    **_FOCUS,
    "dispatch_action_config": Shape(
        {"trigger_actions_on": Items(Choice(frozenset({"on_enter_pressed", "on_character_entered"})), 2)}
    ),
}

BUTTON = Shape(
    {"text": plain(75)},
    {
        **_ACTION,
        **_CONFIRM,
        "value": Str(2000),
        "url": Str(3000),
        "style": Choice(frozenset({"primary", "danger"})),
        "accessibility_label": Str(75),
    },
)
SLACK_FILE = Shape(optional={"id": Str(pattern="[F][A-Z0-9]{8,}"), "url": Str(3000)}, one_of=("id", "url"))
PICTURE: dict[str, Rule] = {"image_url": Str(3000), "slack_file": SLACK_FILE}
IMAGE = Shape({"alt_text": Str(2000)}, PICTURE, one_of=tuple(PICTURE))

SELECTS = {
    "static_select": Shape(
        optional={**_SELECT, **_LISTED, **_CHOOSE_ONE}, one_of=("options", "option_groups")
    ),
    "external_select": Shape(optional={**_SELECT, **_CHOOSE_ONE, "min_query_length": Int(0, 150)}),
    "users_select": Shape(optional={**_SELECT, "initial_user": Str()}),
    "conversations_select": Shape(
        optional={**_SELECT, **_FILTER, **_RESPONSE_URL, "initial_conversation": Str()}
    ),
    "channels_select": Shape(optional={**_SELECT, **_RESPONSE_URL, "initial_channel": Str()}),
    "multi_static_select": Shape(
        optional={**_SELECT, **_LISTED, **_CHOOSE_MANY}, one_of=("options", "option_groups")
    ),
    "multi_external_select": Shape(optional={**_SELECT, **_CHOOSE_MANY, "min_query_length": Int(0, 150)}),
    "multi_users_select": Shape(
        optional={**_SELECT, "initial_users": Items(Str(), 100), "max_selected_items": Int(1, 100)}
    ),
}
CHOICES = {
    "checkboxes": Shape(
        {"options": Items(_MARKED_OPTION, 10)},
        {**_ACTION, **_CONFIRM, **_FOCUS, "initial_options": Items(_MARKED_OPTION, 10)},
    ),
    "radio_buttons": Shape(
        {"options": Items(_MARKED_OPTION, 10)},
        {**_ACTION, **_CONFIRM, **_FOCUS, "initial_option": _MARKED_OPTION},
    ),
}
PICKERS = {
    "datepicker": Shape(
        optional={**_ACTION, **_PLACEHOLDER, **_CONFIRM, **_FOCUS, "initial_date": Str(pattern=_DATE)}
    ),
    "timepicker": Shape(
        optional={
            **_ACTION,
            **_PLACEHOLDER,
            **_CONFIRM,
            **_FOCUS,
            "initial_time": Str(pattern=_TIME),
            "timezone": Str(),
        }
    ),
}
FIELDS = {
    "plain_text_input": Shape(
        optional={
            **_TYPED_IN,
            "initial_value": Str(3000, least=0),
            "multiline": Bool(),
            "min_length": Int(0, 3000),
            "max_length": Int(1, 3000),
        }
    ),
    "number_input": Shape(
        {"is_decimal_allowed": Bool()},
        {**_TYPED_IN, "initial_value": Str(), "min_value": Str(), "max_value": Str()},
    ),
    "email_text_input": Shape(optional={**_TYPED_IN, "initial_value": Str()}),
    "url_text_input": Shape(optional={**_TYPED_IN, "initial_value": Str()}),
    "file_input": Shape(
        optional={**_ACTION, "filetypes": Items(Str(), 100), "max_files": Int(1, 10)},
    ),
}
OVERFLOW = Shape({"options": Items(OPTION, 5)}, {**_ACTION, **_CONFIRM})

IN_INPUT = Typed({**SELECTS, **CHOICES, **PICKERS, **FIELDS})
IN_ACTIONS = Typed({"button": BUTTON, "overflow": OVERFLOW, **SELECTS, **CHOICES, **PICKERS})
IN_SECTION = Typed({**IN_ACTIONS.shapes, "image": IMAGE})
