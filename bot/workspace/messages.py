"""Conversations and what was written in them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.workspace.shapes import SlackError

if TYPE_CHECKING:
    import sqlite3

    from bot.workspace.database import Database
    from bot.workspace.feed import Feed
    from bot.workspace.shapes import ClockControl, Json, Setup


@dataclass(frozen=True, slots=True)
class Conversation:
    """A channel ("channel"), a direct message ("im") or a group of people ("mpim")."""

    id: str
    kind: str
    name: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """One message; `body` holds text, blocks, metadata and so on. `only_for`: an ephemeral one's reader."""

    channel: str
    ts: str
    author: str
    only_for: str | None
    body: Json

    def shown(self, *, metadata: bool = True) -> Json:
        """Give the message as Slack's API does."""
        body = self.body if metadata else {k: v for k, v in self.body.items() if k != "metadata"}
        return {"type": "message", "user": self.author, "ts": self.ts, **body}


class MessageBook:
    """Every conversation of the workspace, in the order of Slack's timestamps."""

    def __init__(self, setup: Setup, database: Database, feed: Feed, clock: ClockControl) -> None:
        self._setup = setup
        self._database = database
        self._feed = feed
        self._clock = clock

    def conversation(self, conversation_id: str) -> Conversation:
        """Find it by id, a user's id meaning the bot's direct message with them.

        Raises:
            SlackError: `channel_not_found`.
        """
        for channel in self._setup.channels:
            if channel.channel_id == conversation_id:
                members = (*channel.members, self._setup.bot_user_id)
                return Conversation(channel.channel_id, "channel", channel.name, members)
        if conversation_id in self._people():
            return self.open_direct((conversation_id,))
        row = self._database.one("SELECT * FROM conversations WHERE id = ?", conversation_id)
        if row is None:
            raise SlackError("channel_not_found")
        return Conversation(row["id"], row["kind"], "", tuple(json.loads(row["members"])))

    def open_direct(self, user_ids: tuple[str, ...]) -> Conversation:
        """Open (or find) the bot's conversation with these users."""
        if not set(user_ids) <= self._people():
            raise SlackError("user_not_found")
        members = (*sorted(set(user_ids)), self._setup.bot_user_id)
        kind = "im" if len(members) == 2 else "mpim"  # noqa: PLR2004  # one person and the bot
        conversation_id = ("D" if kind == "im" else "G") + "".join(members[:-1])
        sql = "INSERT OR IGNORE INTO conversations (id, kind, members) VALUES (?, ?, ?)"
        self._database.run(sql, conversation_id, kind, json.dumps(members))
        return Conversation(conversation_id, kind, "", members)

    def of_user(self, user_id: str) -> list[Conversation]:
        """Give the conversations that the user takes part in: channels, then direct messages."""
        channels = [self.conversation(one.channel_id) for one in self._setup.channels]
        rows = self._database.all("SELECT id FROM conversations ORDER BY id")
        every = channels + [self.conversation(row["id"]) for row in rows]
        return [one for one in every if user_id in one.members]

    def post(self, channel: str, author: str, body: Json, only_for: str | None = None) -> Message:
        """Write a message at the present (movable) time; the timestamp is unique and always grows."""
        with self._database.lock:
            ts = self._next_ts()
            sql = "INSERT INTO messages (channel, ts, author, only_for, body) VALUES (?, ?, ?, ?, ?)"
            self._database.run(sql, channel, ts, author, only_for, json.dumps(body))
        self._feed.publish("messages", only_for)
        return Message(channel, ts, author, only_for, body)

    def _next_ts(self) -> str:
        row = self._database.one("SELECT max(ts) AS ts FROM messages")
        micros = int(self._clock.now().timestamp() * 1_000_000)
        if row and row["ts"]:
            micros = max(micros, int(row["ts"].replace(".", "")) + 1)
        return f"{micros // 1_000_000}.{micros % 1_000_000:06d}"

    def get(self, channel: str, ts: str) -> Message:
        """Find one message.

        Raises:
            SlackError: `message_not_found`.
        """
        row = self._database.one("SELECT * FROM messages WHERE channel = ? AND ts = ?", channel, ts)
        if row is None:
            raise SlackError("message_not_found")
        return _message(row)

    def rewrite(self, message: Message, body: Json) -> Message:
        """Replace what the message says."""
        sql = "UPDATE messages SET body = ? WHERE channel = ? AND ts = ?"
        self._database.run(sql, json.dumps(body), message.channel, message.ts)
        self._feed.publish("messages", message.only_for)
        return Message(message.channel, message.ts, message.author, message.only_for, body)

    def delete(self, message: Message) -> None:
        """Remove the message."""
        sql = "DELETE FROM messages WHERE channel = ? AND ts = ?"
        self._database.run(sql, message.channel, message.ts)
        self._feed.publish("messages", message.only_for)

    def history(self, channel: str, reader: str | None = None) -> list[Message]:
        """Give the messages, oldest first; ephemeral ones only to their reader."""
        sql = "SELECT * FROM messages WHERE channel = ? AND (only_for IS NULL OR only_for = ?) ORDER BY ts"
        return [_message(row) for row in self._database.all(sql, channel, reader)]

    def unread(self, user_id: str, channel: str) -> int:
        """Count what others wrote since the user last looked."""
        sql = (
            "SELECT count(*) AS n FROM messages WHERE channel = ? AND author != ?"
            " AND (only_for IS NULL OR only_for = ?)"
            " AND ts > coalesce((SELECT ts FROM reads WHERE user_id = ? AND channel = ?), '')"
        )
        row = self._database.one(sql, channel, user_id, user_id, user_id, channel)
        return int(row["n"]) if row else 0

    def mark_read(self, user_id: str, channel: str) -> None:
        """Remember that the user has seen everything so far."""
        sql = (
            "INSERT INTO reads (user_id, channel, ts)"
            " SELECT ?, ?, max(ts) FROM messages WHERE channel = ? HAVING max(ts) IS NOT NULL"
            " ON CONFLICT (user_id, channel) DO UPDATE SET ts = excluded.ts"
        )
        self._database.run(sql, user_id, channel, channel)

    def _people(self) -> set[str]:
        return {one.user_id for one in self._setup.personas}


def _message(row: sqlite3.Row) -> Message:
    return Message(row["channel"], row["ts"], row["author"], row["only_for"], json.loads(row["body"]))
