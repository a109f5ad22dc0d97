"""The least of Slack's Web API that the outbox needs: every call succeeds, unless there are too many.

`python -m bot.bench.slack_stub PORT` serves it on loopback; with `--rates` a call beyond Slack's rates is
answered by 429, as Slack does. The strict stand-in (`bot.workspace`) would take the processor time that is to
be measured.
"""

from __future__ import annotations

import itertools
import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from bot.workspace.limits import SLACK_RATES, RateGate

_NUMBERS = itertools.count(1)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Headers and body leave in two writes: without this each answer waits 40 ms for the kernel.
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Say that it runs."""
        self._answer()

    def do_POST(self) -> None:
        """Accept any call that comes at Slack's rates."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        method = self.path.rpartition("/")[2]
        wait = GATE.retry_after(method, _channel(body) if method == "chat.postMessage" else "")
        if wait is None:
            self._answer()
        else:
            self._send(429, {"ok": False, "error": "ratelimited"}, ("Retry-After", str(wait)))

    def _answer(self) -> None:
        number = next(_NUMBERS)
        answer = {"ok": True, "ts": f"1700000000.{number:06d}", "channel": {"id": f"D{number}"}}
        answer |= {"users": [], "messages": []}
        if self.path.endswith("chat.postMessage"):
            answer["channel"] = "D1"
        self._send(200, answer)

    def _send(self, status: int, answer: dict[str, Any], *more: tuple[str, str]) -> None:
        body = json.dumps(answer).encode()
        self.send_response(status)
        for name, value in (("Content-Type", "application/json"), *more):
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class's name
        """Stay quiet."""


def _channel(body: bytes) -> str:
    """Whom a message is for, in either of the forms that the SDK sends."""
    if body.startswith(b"{"):
        return str(json.loads(body).get("channel"))
    return parse_qs(body.decode()).get("channel", [""])[0]


class _Server(ThreadingHTTPServer):
    daemon_threads = True


GATE = RateGate(SLACK_RATES if "--rates" in sys.argv else {}, time.monotonic)

if __name__ == "__main__":
    _Server(("127.0.0.1", int(sys.argv[1])), _Handler).serve_forever()
