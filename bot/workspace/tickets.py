"""Short-lived rights: triggers (one modal each) and response URLs (answers to one interaction)."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.workspace.shapes import SlackError

if TYPE_CHECKING:
    from collections.abc import Callable

RESPONSE_SECONDS = 30 * 60
RESPONSE_USES = 5


@dataclass(slots=True)
class _Trigger:
    user_id: str
    at: float
    used: bool = False


class Triggers:
    """A trigger_id is good once, for a few real seconds."""

    def __init__(self, real_time: Callable[[], float], seconds: float) -> None:
        self._real_time = real_time
        self._seconds = seconds
        self._given: dict[str, _Trigger] = {}
        self._lock = threading.Lock()

    def issue(self, user_id: str) -> str:
        """Make a trigger for something that this user just did."""
        now = self._real_time()
        trigger_id = f"{int(now * 1000)}.{secrets.randbelow(10**12):012d}.{secrets.token_hex(16)}"
        with self._lock:
            fresh = now - 10 * self._seconds
            self._given = {key: one for key, one in self._given.items() if one.at > fresh}
            self._given[trigger_id] = _Trigger(user_id, now)
        return trigger_id

    def redeem(self, trigger_id: str) -> str:
        """Use the trigger up; give the user who made it.

        Raises:
            SlackError: `invalid_trigger_id`, `exchanged_trigger_id` or `expired_trigger_id`.
        """
        with self._lock:
            trigger = self._given.get(trigger_id)
            if trigger is None:
                raise SlackError("invalid_trigger_id")
            if trigger.used:
                raise SlackError("exchanged_trigger_id")
            if self._real_time() - trigger.at > self._seconds:
                raise SlackError("expired_trigger_id")
            trigger.used = True
            return trigger.user_id


@dataclass(slots=True)
class ResponseRight:
    """Where an answer goes: to this user, in this channel, about this message (if any)."""

    user_id: str
    channel: str
    message_ts: str | None
    at: float
    left: int = RESPONSE_USES


class ResponseUrls:
    """Five answers within half an hour."""

    def __init__(self, base: str, real_time: Callable[[], float]) -> None:
        self._base = base
        self._real_time = real_time
        self._given: dict[str, ResponseRight] = {}
        self._lock = threading.Lock()

    def issue(self, user_id: str, channel: str, message_ts: str | None = None) -> str:
        """Make the URL that goes into a payload."""
        token, now = secrets.token_urlsafe(24), self._real_time()
        with self._lock:
            fresh = now - RESPONSE_SECONDS
            self._given = {key: one for key, one in self._given.items() if one.at > fresh}
            self._given[token] = ResponseRight(user_id, channel, message_ts, now)
        return f"{self._base}/{token}"

    def redeem(self, token: str) -> ResponseRight:
        """Use the URL once.

        Raises:
            SlackError: `expired_url` or `used_url`.
        """
        with self._lock:
            right = self._given.get(token)
            if right is None or self._real_time() - right.at > RESPONSE_SECONDS:
                raise SlackError("expired_url")
            if right.left <= 0:
                raise SlackError("used_url")
            right.left -= 1
            return right
