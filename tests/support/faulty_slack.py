"""A proxy in front of the stand-in for Slack that fails as told: the bot's own client meets real faults."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

Serve = Callable[["_Handler"], None]


@dataclass(slots=True)
class FaultySlack:
    """`tell` says how the next calls of a method go; what is not told goes through. `calls` counts them."""

    url: str = ""
    calls: list[str] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)
    _told: dict[str, list[Serve]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def tell(self, method: str, *faults: Serve) -> None:
        """The next calls of `method` meet these faults, one each."""
        self._told[method] = list(faults)

    def next(self, method: str) -> Serve:
        """How to serve a call."""
        with self._lock:
            self.calls.append(method)
            told = self._told.get(method)
            return told.pop(0) if told else passes


class _Handler(BaseHTTPRequestHandler):
    upstream: str
    slack: FaultySlack

    def do_POST(self) -> None:  # http.server finds it by this name
        self.body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.slack.next(self.path.rpartition("/")[2])(self)

    def do_GET(self) -> None:
        self.body = b""
        self.slack.next(urlsplit(self.path).path.rpartition("/")[2])(self)

    def forward(self) -> tuple[int, bytes]:
        """Let the stand-in carry it out."""
        parts = urlsplit(self.upstream)
        line = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
        try:
            headers = {k: v for k, v in self.headers.items() if k.lower() != "host"}
            line.request(self.command, self.path, self.body, headers)
            answer = line.getresponse()
            return answer.status, answer.read()
        finally:
            line.close()

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, said in {"content-type": "application/json", **headers}.items():
            self.send_header(name, said)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Stay silent."""


def passes(call: _Handler) -> None:
    """No fault."""
    call.answer(*call.forward())


def too_many(seconds: int) -> Serve:
    """429 with Retry-After; nothing was done."""
    return lambda call: call.answer(
        429, b'{"ok": false, "error": "ratelimited"}', **{"retry-after": str(seconds)}
    )


def refuses(error: str) -> Serve:
    """An error in Slack's words; nothing was done."""
    return lambda call: call.answer(200, f'{{"ok": false, "error": "{error}"}}'.encode())


def gateway_error(call: _Handler) -> None:
    """A page of some server in between; nothing was done, but nobody can tell."""
    call.answer(
        502, b"<html>Bad gateway for nasrin.ahmadi@forsakring.example</html>", **{"content-type": "text/html"}
    )


def does_then_500(call: _Handler) -> None:
    """Carries it out, then answers that it failed."""
    call.forward()
    call.answer(500, b'{"ok": false, "error": "internal_error"}')


def does_then_hangs_up(call: _Handler) -> None:
    """Carries it out, then closes the line without a word."""
    call.forward()
    call.close_connection = True


def does_then_is_silent(call: _Handler) -> None:
    """Carries it out and never answers: the client's patience ends."""
    call.forward()
    call.slack.ended.wait(30)
    call.close_connection = True


def does_twice_then_hangs_up(call: _Handler) -> None:
    """Carries it out twice, as after a retry on the way."""
    call.forward()
    does_then_hangs_up(call)


@contextmanager
def faulty_slack(upstream: str) -> Iterator[FaultySlack]:
    """The proxy on a free loopback port, in front of the program's own stand-in."""
    slack = FaultySlack()
    handler = type("Handler", (_Handler,), {"upstream": upstream, "slack": slack})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    slack.url = f"http://127.0.0.1:{server.server_address[1]}/api/"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield slack
    finally:
        slack.ended.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
