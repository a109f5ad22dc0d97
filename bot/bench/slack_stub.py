"""The least of Slack's Web API that the outbox needs: every call succeeds.

`python -m bot.bench.slack_stub PORT` serves it on loopback. The strict stand-in (`bot.workspace`) would take
the processor time that is to be measured.
"""

from __future__ import annotations

import itertools
import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_NUMBERS = itertools.count(1)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Headers and body leave in two writes: without this each answer waits 40 ms for the kernel.
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Say that it runs."""
        self._answer()

    def do_POST(self) -> None:
        """Accept any call."""
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self._answer()

    def _answer(self) -> None:
        number = next(_NUMBERS)
        answer = {"ok": True, "ts": f"1700000000.{number:06d}", "channel": {"id": f"D{number}"}}
        answer |= {"users": [], "messages": []}
        if self.path.endswith("chat.postMessage"):
            answer["channel"] = "D1"
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class's name
        """Stay quiet."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True


if __name__ == "__main__":
    _Server(("127.0.0.1", int(sys.argv[1])), _Handler).serve_forever()
