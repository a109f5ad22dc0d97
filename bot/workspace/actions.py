"""What a person does: each function sends Slack's request and applies the bot's answer."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from bot.workspace import payloads, state
from bot.workspace.blockkit.check import check_options, check_view, listed_options
from bot.workspace.core import checked_message, refuse
from bot.workspace.required import client_errors
from bot.workspace.shapes import SlackError

if TYPE_CHECKING:
    from bot.workspace.core import Core
    from bot.workspace.courier import Ack
    from bot.workspace.messages import Message
    from bot.workspace.shapes import Json
    from bot.workspace.views import OpenView

RESPONSE_ACTIONS = frozenset({"errors", "update", "push", "clear"})


def send_command(core: Core, user_id: str, channel_id: str, name: str, text: str) -> Ack:
    """Send a slash command; a body in the ack becomes a message (ephemeral unless it says `in_channel`)."""
    channel = core.messages.conversation(channel_id)
    ack = core.courier.form(payloads.command(core, user_id, channel, name, text))
    if not ack.ok:
        words = f"{name} failed with the error “{ack.reason}”"
        core.messages.post(channel.id, core.setup.bot_user_id, {"text": words}, only_for=user_id)
        core.problem(name, ack.reason)
    elif ack.body:
        answer = ack.body if isinstance(ack.body, dict) else {"text": str(ack.body)}
        _say(core, name, answer, user_id, channel.id)
    return ack


def send_shortcut(core: Core, user_id: str, callback_id: str) -> Ack:
    """Send a global shortcut."""
    return _expect(core, callback_id, core.courier.payload(payloads.shortcut(core, user_id, callback_id)))


def open_home(core: Core, user_id: str) -> Ack:
    """Tell the bot that the user looks at its Home tab."""
    channel = core.messages.open_direct((user_id,))
    event = payloads.home_opened(core, user_id, channel.id, core.views.home(user_id))
    return _expect(core, "app_home_opened", core.courier.event(event))


def verify_url(core: Core) -> bool:
    """Ask the events URL for its challenge, as Slack does when it is entered."""
    challenge = secrets.token_urlsafe(16)
    ack = core.courier.event(payloads.url_verification(challenge))
    found = ack.body.get("challenge") if isinstance(ack.body, dict) else ack.body
    return ack.ok and found == challenge


def act_in_message(core: Core, user_id: str, message: Message, action: Json) -> Ack:
    """Send the block_actions of a message."""
    channel = core.messages.conversation(message.channel)
    values = state.values(message.body.get("blocks", []), {})
    if "type" in action and action["type"] in state.STATE_FIELDS:
        values.setdefault(action["block_id"], {})[action["action_id"]] = _only_state(action)
    body = payloads.message_action(core, user_id, channel, message, values=values, action=action)
    return _expect(core, action["action_id"], core.courier.payload(body))


def act_in_view(core: Core, view: OpenView, action: Json) -> Ack:
    """Send the block_actions of a modal or Home tab."""
    body = payloads.view_action(core, view, action)
    return _expect(core, action["action_id"], core.courier.payload(body))


def type_in(core: Core, view: OpenView, block_id: str, action_id: str, value: Json) -> OpenView:
    """Remember what the user typed; the bot hears of it only by `dispatch_action` or on submit."""
    return core.views.type_in(view, block_id, action_id, value)


def submit(core: Core, view: OpenView) -> None:
    """Submit a modal; errors, another view or nothing replace it. What was typed is kept on any failure."""
    errors = client_errors(view, core.persona(view.user_id).locale)
    if errors:
        core.views.show(view, errors)
        return
    ack = core.courier.payload(payloads.submission(core, view))
    try:
        if not ack.ok:
            raise SlackError(ack.reason)  # noqa: TRY301  # one way out for everything that went wrong
        _apply(core, view, ack.body or {})
    except SlackError as error:
        core.problem("view_submission", " ".join([error.code, *error.messages]))
        core.views.show(view, view.errors, failed=True)


def _apply(core: Core, view: OpenView, answer: Any) -> None:
    if not isinstance(answer, dict):
        raise SlackError("invalid_response")
    kind = answer.get("response_action")
    if kind is None and not answer:
        core.views.remove(view)
    elif kind == "clear":
        core.views.clear(view.user_id)
    elif kind == "errors":
        _show_errors(core, view, answer.get("errors"))
    elif kind in {"update", "push"}:
        fresh: Json = answer.get("view") or {}
        refuse(check_view(fresh), "invalid_view")
        if kind == "update":
            core.views.update(view, fresh)
        else:
            core.views.show(view, {})
            core.views.push(view.user_id, fresh)
    else:
        raise SlackError("invalid_response", [f"[ERROR] unsupported response_action: {kind}"])


def _show_errors(core: Core, view: OpenView, errors: Any) -> None:
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors:
        raise SlackError(
            "invalid_response", ["[ERROR] missing required field: errors [json-pointer:/errors]"]
        )
    strangers = sorted(set(errors) - inputs)
    if strangers:
        lines = [f"[ERROR] no input block has this `block_id` [json-pointer:/errors/{s}]" for s in strangers]
        raise SlackError("invalid_response", lines)
    core.views.show(view, {key: str(text) for key, text in errors.items()})


def close(core: Core, view: OpenView, *, everything: bool = False) -> None:
    """Close a modal (or the whole stack); the bot hears of it where it asked to (`notify_on_close`)."""
    stack = core.views.stack(view.user_id)
    everything = everything or bool(view.body["clear_on_close"])
    gone = list(reversed(stack)) if everything else [view]
    for one in gone:
        core.views.remove(one)
    for one in gone:
        if one.body["notify_on_close"]:
            body = payloads.closing(core, one, is_cleared=everything)
            _expect(core, "view_closed", core.courier.payload(body))


def suggest(core: Core, view: OpenView, block_id: str, action_id: str, query: str) -> list[Json]:
    """Ask the bot for the options of an external select."""
    ack = core.courier.payload(payloads.suggestion(core, view, block_id, action_id, query))
    found = check_options(ack.body) if ack.ok else []
    for one in found:
        core.problem("block_suggestion", str(one))
    good = _expect(core, "block_suggestion", ack).ok and not found
    offer = core.offer(view.id, action_id)
    offer.query, offer.last = query, (listed_options(ack.body) or []) if good else []
    offer.known.update({one["value"]: one for one in offer.last})
    return offer.last


def respond(core: Core, token: str, answer: Json) -> None:
    """Apply what the bot POSTs to a response URL.

    Raises:
        SlackError: the URL is used up or too old, or the message is not one that Slack takes.
    """
    right = core.response_urls.redeem(token)
    about = _about(core, right.channel, right.message_ts)
    if answer.get("delete_original") and about:
        core.messages.delete(about)
    elif answer.get("replace_original") and about:
        core.messages.rewrite(about, checked_message(answer))
    else:
        only_for = None if answer.get("response_type") == "in_channel" else right.user_id
        body = checked_message(answer)
        core.messages.post(right.channel, core.setup.bot_user_id, body, only_for=only_for)


def _about(core: Core, channel: str, ts: str | None) -> Message | None:
    if ts is None:
        return None
    try:
        return core.messages.get(channel, ts)
    except SlackError:
        return None


def _say(core: Core, where: str, answer: Json, user_id: str, channel: str) -> None:
    try:
        body = checked_message(answer)
    except SlackError as error:
        core.problem(where, " ".join([error.code, *error.messages]))
        return
    only_for = None if answer.get("response_type") == "in_channel" else user_id
    core.messages.post(channel, core.setup.bot_user_id, body, only_for=only_for)


def _expect(core: Core, where: str, ack: Ack) -> Ack:
    if not ack.ok:
        core.problem(where, ack.reason)
    return ack


def _only_state(action: Json) -> Json:
    name, _ = state.STATE_FIELDS[action["type"]]
    return {"type": action["type"], name: action.get(name)}
