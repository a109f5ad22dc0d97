"""How fast and how long: Slack's tiers, the life of a trigger, the time to answer."""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class Rate:
    """`per_minute` calls in the long run, `burst` at once."""

    per_minute: float
    burst: int


TIER_2 = Rate(20, 20)
TIER_3 = Rate(50, 50)
TIER_4 = Rate(100, 100)
PER_CHANNEL = Rate(60, 5)  # chat.postMessage: about one a second in a channel, short bursts are let through

SLACK_RATES: Mapping[str, Rate] = {
    "api.test": TIER_4,
    "auth.test": Rate(300, 300),  # "special": hundreds a minute
    "chat.delete": TIER_3,
    "chat.postEphemeral": TIER_4,
    "chat.postMessage": PER_CHANNEL,
    "chat.update": TIER_3,
    "conversations.history": TIER_3,
    "conversations.info": TIER_3,
    "conversations.open": TIER_3,
    "files.completeUploadExternal": TIER_4,
    "files.getUploadURLExternal": TIER_4,
    "usergroups.list": TIER_2,
    "usergroups.users.list": TIER_2,
    "users.conversations": TIER_3,
    "users.info": TIER_4,
    "users.list": TIER_2,
    "views.open": TIER_4,
    "views.publish": TIER_4,
    "views.push": TIER_4,
    "views.update": TIER_4,
}


@dataclass(frozen=True, slots=True)
class Limits:
    """Slack's own by default. Seconds are real seconds; an empty `rates` lets everything through.

    `file_seconds` pass after an upload before a message may show the file.
    """

    trigger_seconds: float = 3.0
    ack_seconds: float = 3.0
    rates: Mapping[str, Rate] = field(default_factory=lambda: SLACK_RATES)
    file_seconds: float = 1.0


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class RateGate:
    """A token bucket for each method (chat.postMessage: for each channel too)."""

    def __init__(self, rates: Mapping[str, Rate], real_time: Callable[[], float]) -> None:
        self._rates = rates
        self._real_time = real_time
        self._buckets: dict[tuple[str, str], _Bucket] = {}
        self._lock = threading.Lock()

    def retry_after(self, method: str, channel: str = "") -> int | None:
        """Take one call; None when it may go, else the whole seconds for `Retry-After`."""
        rate = self._rates.get(method)
        if rate is None:
            return None
        now, a_second = self._real_time(), rate.per_minute / 60
        with self._lock:
            bucket = self._buckets.setdefault((method, channel), _Bucket(rate.burst, now))
            bucket.left = min(rate.burst, bucket.left + (now - bucket.at) * a_second)
            bucket.at = now
            if bucket.left < 1:
                return max(1, math.ceil((1 - bucket.left) / a_second))
            bucket.left -= 1
        return None
