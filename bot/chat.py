"""The sender of the chat channel: outbox rows to the Slack Web API (promise 3)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.chart_files import ChartFiles, not_ready
from bot.views.message import message_blocks, message_text, pointer_blocks
from schedules.codec import decode
from schedules.domain.chat import ChatMessage
from schedules.ports import OutboxRow, SendFailed
from schedules.services.erase_messages import ERASE, REWRITE, Place, Rewritten
from schedules.services.letters import CARD, CARD_EDIT
from schedules.services.live_home import HOME

EVENT = "samtid_outbox"
LOOK_BACK = 200
SERVER_ERROR = 500
# The recipient or the message is at fault, and will be the next time too.
FINAL = frozenset(
    {
        "as_user_not_supported",
        "cannot_dm_bot",
        "channel_not_found",
        "invalid_blocks",
        "invalid_blocks_format",
        "is_archived",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
        "not_in_channel",
        "restricted_action",
        "too_many_attachments",
        "user_disabled",
        "user_not_found",
        "user_not_visible",
        "users_not_found",
    }
)
# Slack's error codes are words; anything else is a page of some server in between, and no reason to keep.
CODE = re.compile(r"[a-z0-9_]{1,60}")
# The message that should change is gone or frozen: there is nothing left to change.
NOTHING_TO_DELETE = frozenset({"message_not_found", "cant_delete_message", "channel_not_found"})
NOTHING_TO_EDIT = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})


class SlackSender:
    """Implements `Sender`. `home` gives a person's App Home view by Slack user id, None for somebody unknown.

    Rate limits are not slept away here: a row goes back to the outbox with Slack's own pause, so that one
    slow channel never holds up the others.
    """

    def __init__(self, client: WebClient, home: Callable[[str], dict[str, Any] | None]) -> None:
        self._client = client
        self._home = home
        self._files = ChartFiles(client)

    def send(self, row: OutboxRow) -> str | None:
        """Send, and give `{"channel", "ts"}` of the message. Raises SendFailed."""
        try:
            return self._send(row)
        except SlackApiError as error:
            raise _failure(error) from None
        except (SlackClientError, HTTPError, URLError, HTTPException, OSError) as error:
            raise SendFailed(f"slack_{type(error).__name__}", outcome_unknown=True) from None

    def _send(self, row: OutboxRow) -> str | None:
        if row.kind == HOME:
            self._publish_home(row.recipient)
            return None
        if row.kind == ERASE:
            self._erase(decode(Place, row.payload))
            return None
        if row.kind == REWRITE:
            return self._rewrite(decode(Rewritten, row.payload))
        message = decode(ChatMessage, row.payload)
        if row.kind == CARD_EDIT:
            return self._edit(row.previous_ref, message)
        place = self._left_before(row) if row.outcome_unknown else None
        place = place or self._post(row, message)
        if row.kind == CARD:
            self._shrink_behind(row.previous_ref, place["ts"], message)
        return json.dumps(place)

    def _publish_home(self, user: str) -> None:
        view = self._home(user)
        if view is not None:
            self._client.views_publish(user_id=user, view=view)

    def _post(self, row: OutboxRow, message: ChatMessage) -> dict[str, str]:
        """A person's id is a channel too: Slack lets only 50 conversations a minute be opened."""
        files = self._files.of(row, message.charts)
        try:
            answer = self._client.chat_postMessage(
                channel=row.recipient,
                text=message_text(message),
                blocks=message_blocks(message, files),
                metadata={"event_type": EVENT, "event_payload": {"id": row.id}},
                unfurl_links=False,
                unfurl_media=False,
            )
        except SlackApiError as error:
            raise (not_ready(error) if files else None) or error from None
        self._files.done(row)
        return {"channel": str(answer["channel"]), "ts": str(answer["ts"])}

    def _edit(self, ref: str | None, message: ChatMessage) -> str | None:
        if ref is None:
            return None
        place = json.loads(ref)
        self._update(place, message_text(message), message_blocks(message))
        return ref

    def _shrink_behind(self, ref: str | None, newest: str, message: ChatMessage) -> None:
        """The new message stands already: a retry must look for it, and an old one that resists stays."""
        try:
            self._shrink(ref, newest, message)
        except SlackApiError as error:
            failure = _failure(error)
            if not failure.permanent:
                failure.outcome_unknown = True
                raise failure from None

    def _shrink(self, ref: str | None, newest: str, message: ChatMessage) -> None:
        """The older message becomes a pointer: an edit notifies nobody."""
        if ref is None:
            return
        place = json.loads(ref)
        if place["ts"] != newest:
            self._update(place, message.pointer or message.text, pointer_blocks(message))

    def _update(self, place: dict[str, str], text: str, blocks: list[dict[str, Any]]) -> None:
        try:
            self._client.chat_update(channel=place["channel"], ts=place["ts"], text=text, blocks=blocks)
        except SlackApiError as error:
            if error.response.get("error") not in NOTHING_TO_EDIT:
                raise

    def _rewrite(self, rewritten: Rewritten) -> str:
        place = {"channel": rewritten.channel, "ts": rewritten.ts}
        self._update(place, message_text(rewritten.message), message_blocks(rewritten.message))
        return json.dumps(place)

    def _erase(self, place: Place) -> None:
        """Delete a message of ours; one that is gone, or that nobody may delete, is done with."""
        channel = self._channel(place.channel)
        for ts in [place.ts] if place.ts else self._posted_by(channel, place.row or ""):
            try:
                self._client.chat_delete(channel=channel, ts=ts)
            except SlackApiError as error:
                if error.response.get("error") not in NOTHING_TO_DELETE:
                    raise

    def _left_before(self, row: OutboxRow) -> dict[str, str] | None:
        """Look for the row's message after an unknown outcome; a duplicate is removed."""
        channel = self._channel(row.recipient)
        found = self._posted_by(channel, row.id)
        for extra in found[1:]:
            self._client.chat_delete(channel=channel, ts=extra)
        return {"channel": channel, "ts": found[0]} if found else None

    def _posted_by(self, channel: str, row_id: str) -> list[str]:
        """The row's messages among the channel's latest, oldest first."""
        answer = self._client.conversations_history(
            channel=channel, include_all_metadata=True, limit=LOOK_BACK
        )
        return sorted(m["ts"] for m in answer["messages"] if _is_row(m.get("metadata"), row_id))

    def _channel(self, recipient: str) -> str:
        """A channel stays itself; a person has one whose history is asked for by its own id."""
        if not recipient.startswith(("U", "W")):
            return recipient
        return str(self._client.conversations_open(users=[recipient])["channel"]["id"])


def _is_row(metadata: dict[str, Any] | None, row_id: str) -> bool:
    found = metadata or {}
    return found.get("event_type") == EVENT and found.get("event_payload", {}).get("id") == row_id


def _failure(error: SlackApiError) -> SendFailed:
    response = error.response
    status, code = response.status_code, _code(response)
    if status == 429 or code in {"ratelimited", "rate_limited"}:  # noqa: PLR2004  HTTP's Too Many Requests
        return SendFailed("slack_ratelimited", retry_after=timedelta(seconds=_retry_after(response.headers)))
    if code is None:
        return SendFailed(f"slack_http_{status}", outcome_unknown=True)
    unknown = status >= SERVER_ERROR or code in {"internal_error", "fatal_error", "request_timeout"}
    return SendFailed(f"slack_{code}", permanent=code in FINAL, outcome_unknown=unknown)


def _code(response: Any) -> str | None:
    """Slack's own word for what is wrong; None if it was not Slack that answered."""
    code = response.data.get("error") if isinstance(response.data, dict) else None
    return code if isinstance(code, str) and CODE.fullmatch(code) else None


def _retry_after(headers: dict[str, Any]) -> float:
    found = next((v for k, v in headers.items() if k.lower() == "retry-after"), "30")
    value = found[0] if isinstance(found, list) else found
    try:
        return max(1.0, float(value))
    except ValueError:
        return 30.0
