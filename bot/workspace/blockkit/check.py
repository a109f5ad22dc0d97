"""The doors of this package: is this view, this message, acceptable to Slack?

Beside the tables stand the rules that look at more than one value; Slack's own SDK misses most of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.workspace.blockkit.elements import OPTION
from bot.workspace.blockkit.rules import Items, Typed
from bot.workspace.blockkit.surfaces import HOME, MESSAGE_BLOCKS, METADATA, MODAL
from bot.workspace.blockkit.walk import Violation, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

MESSAGE_TEXT = 40_000
METADATA_BYTES = 8_000


def check_view(view: Any) -> list[Violation]:
    """Say what Slack would refuse in the `view` of views.open, push, update or publish."""
    found = list(walk(view, Typed({"modal": MODAL, "home": HOME}), "/view"))
    if not isinstance(view, dict) or not isinstance(view.get("blocks"), list):
        return found
    found += _across_blocks(view["blocks"], "/view/blocks")
    if view.get("type") == "modal" and "submit" not in view:
        found += _inputs_need_submit(view["blocks"])
    return found


def check_blocks(blocks: Any) -> list[Violation]:
    """Say what Slack would refuse in the `blocks` of a message."""
    found = list(walk(blocks, MESSAGE_BLOCKS, "/blocks"))
    if isinstance(blocks, list):
        found += _across_blocks(blocks, "/blocks")
    return found


def check_metadata(metadata: Any) -> list[Violation]:
    """Say what Slack would refuse in the `metadata` of a message."""
    found = list(walk(metadata, METADATA, "/metadata"))
    if not found and not isinstance(metadata["event_payload"], dict):
        found.append(Violation("/metadata/event_payload", "must provide an object"))
    return found


def check_options(answer: Any) -> list[Violation]:
    """Say what Slack would refuse in the answer to a block_suggestion."""
    if isinstance(answer, dict) and "option_groups" in answer:
        groups = answer["option_groups"]
        grouped = [one for group in groups for one in group.get("options", [])]
        return list(walk(grouped, Items(OPTION, 100 * 100, least=0), "/option_groups"))
    options = answer.get("options") if isinstance(answer, dict) else None
    return list(walk(options, Items(OPTION, 100, least=0), "/options"))


def _inputs_need_submit(blocks: list[Any]) -> Iterator[Violation]:
    for index, block in enumerate(blocks):
        if isinstance(block, dict) and block.get("type") == "input":
            text = "must define `submit` to use an `input` block in modals"
            yield Violation(f"/view/blocks/{index}/input", text)


def _across_blocks(blocks: list[Any], pointer: str) -> Iterator[Violation]:
    seen: set[str] = set()
    focused = 0
    for index, block in enumerate(blocks):
        if not isinstance(block, dict):
            continue
        block_id = block.get("block_id")
        if isinstance(block_id, str):
            if block_id in seen:
                yield Violation(f"{pointer}/{index}/block_id", f"`block_id` already exists: {block_id}")
            seen.add(block_id)
        for where, element in _elements(block, f"{pointer}/{index}"):
            yield from _element(element, where)
            focused += bool(element.get("focus_on_load"))
        yield from _same_action_twice(block, f"{pointer}/{index}")
    if focused > 1:
        yield Violation(pointer, "only one element may set `focus_on_load`")


def _elements(block: dict[str, Any], pointer: str) -> Iterator[tuple[str, dict[str, Any]]]:
    inner: list[tuple[str, Any]] = [(name, block[name]) for name in ("element", "accessory") if name in block]
    listed = block.get("elements")
    if isinstance(listed, list):
        inner += [(f"elements/{index}", element) for index, element in enumerate(listed)]
    for name, element in inner:
        if isinstance(element, dict):
            yield f"{pointer}/{name}", element


def _same_action_twice(block: dict[str, Any], pointer: str) -> Iterator[Violation]:
    seen: set[str] = set()
    for where, element in _elements(block, pointer):
        action_id = element.get("action_id")
        if isinstance(action_id, str) and action_id in seen:
            yield Violation(f"{where}/action_id", f"`action_id` already exists: {action_id}")
        seen.add(str(action_id))


def _element(element: dict[str, Any], pointer: str) -> Iterator[Violation]:
    yield from _initial_among_options(element, pointer)
    least, most = element.get("min_length"), element.get("max_length")
    if isinstance(least, int) and isinstance(most, int) and least > most:
        yield Violation(f"{pointer}/min_length", "must be less than or equal to `max_length`")
    initial = element.get("initial_value")
    if isinstance(initial, str) and isinstance(most, int) and len(initial) > most:
        yield Violation(f"{pointer}/initial_value", f"must be less than {most + 1} characters")


def _initial_among_options(element: dict[str, Any], pointer: str) -> Iterator[Violation]:
    options = listed_options(element)
    if options is None:
        yield from ()
        return
    if "initial_option" in element and element["initial_option"] not in options:
        yield Violation(f"{pointer}/initial_option", "must match one of the options")
    for index, initial in enumerate(element.get("initial_options") or []):
        if initial not in options:
            yield Violation(f"{pointer}/initial_options/{index}", "must match one of the options")


def listed_options(element: dict[str, Any]) -> list[Any] | None:
    """Give all options that the element itself lists, groups flattened; None where it lists none."""
    if isinstance(element.get("options"), list):
        return list(element["options"])
    groups = element.get("option_groups")
    if isinstance(groups, list):
        return [one for group in groups if isinstance(group, dict) for one in group.get("options") or []]
    return None
