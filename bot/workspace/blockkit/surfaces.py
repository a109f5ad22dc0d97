"""Slack's blocks and the places that hold them: modal, Home tab, message."""

from __future__ import annotations

from bot.workspace.blockkit.elements import (
    ID,
    IMAGE,
    IN_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    PICTURE,
    either,
    plain,
)
from bot.workspace.blockkit.rules import Anything, Bool, Items, Shape, Str, Typed

_BLOCK = {"block_id": ID}

BLOCKS = Typed(
    {
        "section": Shape(
            optional={
                **_BLOCK,
                "text": either(3000),
                "fields": Items(either(2000), 10),
                "accessory": IN_SECTION,
                "expand": Bool(),
            },
            any_of=("text", "fields"),
        ),
        "header": Shape({"text": plain(150)}, _BLOCK),
        "divider": Shape(optional=_BLOCK),
        "context": Shape(
            {"elements": Items(Typed({**either(2000).shapes, "image": IMAGE}), 10)},
            _BLOCK,
        ),
        "actions": Shape({"elements": Items(IN_ACTIONS, 25)}, _BLOCK),
        "input": Shape(
            {"label": plain(2000), "element": IN_INPUT},
            {**_BLOCK, "hint": plain(2000), "optional": Bool(), "dispatch_action": Bool()},
        ),
        "image": Shape(
            {"alt_text": Str(2000)},
            {**_BLOCK, **PICTURE, "title": plain(2000)},
            one_of=tuple(PICTURE),
        ),
        "rich_text": Shape({"elements": Items(Anything(), 100)}, _BLOCK),
    }
)

_VIEW = {"callback_id": ID, "private_metadata": Str(3000, least=0), "external_id": ID}
MODAL = Shape(
    {"title": plain(24), "blocks": Items(BLOCKS, 100, least=0)},
    {
        **_VIEW,
        "submit": plain(24),
        "close": plain(24),
        "clear_on_close": Bool(),
        "notify_on_close": Bool(),
        "submit_disabled": Bool(),
    },
)
HOME = Shape({"blocks": Items(BLOCKS, 100, least=0)}, _VIEW)
MESSAGE_BLOCKS = Items(BLOCKS, 50, least=0)
METADATA = Shape({"event_type": Str(255), "event_payload": Anything()})
