"""chat.* and conversations.*."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from bot.workspace.arguments import flag, names, need
from bot.workspace.core import checked_message
from bot.workspace.shapes import SlackError

if TYPE_CHECKING:
    from bot.workspace.core import Core
    from bot.workspace.messages import Conversation, Message
    from bot.workspace.shapes import Json


def post_message(core: Core, given: Json) -> Json:
    """Write into a channel or, with a user's id, into their direct message with the bot."""
    need(given, "channel")
    channel = core.messages.conversation(given["channel"])
    body = checked_message(given)
    core.files.check(body.get("blocks", []))
    message = core.messages.post(channel.id, core.setup.bot_user_id, body)
    return {"channel": channel.id, "ts": message.ts, "message": message.shown()}


def post_ephemeral(core: Core, given: Json) -> Json:
    """Write something that one user sees."""
    need(given, "channel", "user")
    channel = core.messages.conversation(given["channel"])
    if given["user"] not in channel.members:
        raise SlackError("user_not_in_channel")
    body = checked_message(given)
    message = core.messages.post(channel.id, core.setup.bot_user_id, body, only_for=given["user"])
    return {"message_ts": message.ts}


def update(core: Core, given: Json) -> Json:
    """Change one of the bot's own messages; blocks that are not given again go away, metadata stays."""
    old = _own(core, given, "cant_update_message")
    kept: Json = {name: old.body[name] for name in ("metadata", "thread_ts") if name in old.body}
    edited = {"user": core.setup.bot_user_id, "ts": f"{core.clock.now().timestamp():.6f}"}
    body = checked_message(given)
    core.files.check(body.get("blocks", []))
    message = core.messages.rewrite(old, {**kept, **body, "edited": edited})
    return {"channel": old.channel, "ts": old.ts, "text": message.body["text"], "message": message.shown()}


def delete(core: Core, given: Json) -> Json:
    """Remove one of the bot's own messages."""
    old = _own(core, given, "cant_delete_message")
    core.messages.delete(old)
    return {"channel": old.channel, "ts": old.ts}


def _own(core: Core, given: Json, refusal: str) -> Message:
    need(given, "channel", "ts")
    channel = core.messages.conversation(given["channel"])
    message = core.messages.get(channel.id, given["ts"])
    if message.only_for is not None:
        raise SlackError("message_not_found")  # an ephemeral message is known to its response_url only
    if message.author != core.setup.bot_user_id:
        raise SlackError(refusal)
    return message


def open_conversation(core: Core, given: Json) -> Json:
    """Open the bot's direct message with one or more users."""
    if given.get("channel"):
        return {"channel": _described(core.messages.conversation(given["channel"]))}
    need(given, "users")
    conversation = core.messages.open_direct(names(given, "users"))
    return {"channel": _described(conversation) if flag(given, "return_im") else {"id": conversation.id}}


def info(core: Core, given: Json) -> Json:
    """Describe a conversation."""
    need(given, "channel")
    return {"channel": _described(core.messages.conversation(given["channel"]))}


def history(core: Core, given: Json) -> Json:
    """Give the messages of a conversation, newest first; ephemeral ones are never part of it."""
    need(given, "channel")
    channel = core.messages.conversation(given["channel"])
    every = [one for one in core.messages.history(channel.id) if _between(one.ts, given)]
    limit = max(1, min(int(given.get("limit") or 100), 999))
    start = int(given.get("cursor") or 0)
    page = every[::-1][start : start + limit]
    more = len(every) > start + limit
    return {
        "messages": [one.shown(metadata=flag(given, "include_all_metadata")) for one in page],
        "has_more": more,
        "pin_count": 0,
        "response_metadata": {"next_cursor": str(start + limit) if more else ""},
    }


def _between(ts: str, given: Json) -> bool:
    try:
        at, inclusive = Decimal(ts), flag(given, "inclusive")
        oldest = Decimal(str(given.get("oldest") or "0"))
        latest = Decimal(str(given.get("latest") or "Infinity"))
    except InvalidOperation:
        raise SlackError("invalid_ts_oldest") from None
    return oldest <= at <= latest if inclusive else oldest < at < latest


def _described(conversation: Conversation) -> Json:
    facts: Json = {
        "id": conversation.id,
        "is_channel": conversation.kind == "channel",
        "is_im": conversation.kind == "im",
        "is_mpim": conversation.kind == "mpim",
        "is_private": conversation.kind != "channel",
        "is_archived": False,
        "is_member": True,
        "num_members": len(conversation.members),
    }
    if conversation.kind == "im":
        return {**facts, "user": conversation.members[0]}
    return {**facts, "name": conversation.name, "name_normalized": conversation.name}


def of_user(core: Core, given: Json) -> Json:
    """Give the conversations of a user (the bot's own without one)."""
    user_id = given.get("user") or core.setup.bot_user_id
    types = set(names(given, "types") or ("public_channel",))
    kinds = {"public_channel": "channel", "private_channel": "channel", "im": "im", "mpim": "mpim"}
    wanted = {kinds.get(one, "") for one in types}
    found = [one for one in core.messages.of_user(user_id) if one.kind in wanted]
    return {"channels": [_described(one) for one in found], "response_metadata": {"next_cursor": ""}}


METHODS = {
    "chat.postMessage": post_message,
    "chat.postEphemeral": post_ephemeral,
    "chat.update": update,
    "chat.delete": delete,
    "conversations.open": open_conversation,
    "conversations.info": info,
    "conversations.history": history,
    "users.conversations": of_user,
}
