"""Signed requests to the bot, as Slack sends them."""

from __future__ import annotations

import hashlib
import hmac
import json
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import httpx

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.workspace.shapes import Json

_OK = 200


@dataclass(frozen=True, slots=True)
class Ack:
    """What the bot answered in time: `ok` is False for a late, missing or failing answer."""

    ok: bool
    body: Any
    reason: str = ""


_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def signature(secret: str, timestamp: str, body: str) -> str:
    """Sign as in docs.slack.dev, "Verifying requests from Slack", version v0."""
    digest = hmac.new(secret.encode(), f"v0:{timestamp}:{body}".encode(), hashlib.sha256)
    return "v0=" + digest.hexdigest()


class Courier:
    """Delivers over real HTTP and waits at most `seconds` for the answer."""

    def __init__(self, url: str, secret: str, real_time: Callable[[], float], seconds: float) -> None:
        self._url = url
        self._secret = secret
        self._real_time = real_time
        # Plain HTTP on loopback: the system's certificates, which take 20 ms to read, are not asked for.
        self._client = httpx.Client(timeout=httpx.Timeout(seconds), trust_env=False, verify=_NO_TLS)

    def form(self, fields: dict[str, str]) -> Ack:
        """Send a slash command."""
        return self._send(urlencode(fields), "application/x-www-form-urlencoded")

    def payload(self, payload: Json) -> Ack:
        """Send an interaction: a form with one JSON field."""
        return self.form({"payload": json.dumps(payload)})

    def event(self, body: Json) -> Ack:
        """Send an Events API request."""
        return self._send(json.dumps(body), "application/json")

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _send(self, body: str, content_type: str) -> Ack:
        timestamp = str(int(self._real_time()))
        headers = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self._secret, timestamp, body),
        }
        try:
            response = self._client.post(self._url, content=body.encode(), headers=headers)
        except httpx.TimeoutException:
            return Ack(ok=False, body=None, reason="operation_timeout")
        except httpx.HTTPError:
            return Ack(ok=False, body=None, reason="dispatch_failed")
        if response.status_code != _OK:
            return Ack(ok=False, body=None, reason=f"http_error {response.status_code}")
        return _answer(response)


def _answer(response: httpx.Response) -> Ack:
    if not response.content:
        return Ack(ok=True, body=None)
    if "json" not in response.headers.get("content-type", ""):
        return Ack(ok=True, body=response.text)
    try:
        return Ack(ok=True, body=response.json())
    except ValueError:
        return Ack(ok=False, body=None, reason="invalid_json")
