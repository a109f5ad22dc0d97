"""A real SMTP server (aiosmtpd) on a free port of 127.0.0.1, which can be told to misbehave."""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "samtid", "h:m/l@g?"
DROP = "drop"
SILENT = "silent"


class Postbox:
    """Keeps what it takes, counts connections, and answers a command or address as told, once each."""

    def __init__(self, *, pipelining: bool = False) -> None:
        self.port = 0
        self.pipelining = pipelining
        self.mails: list[tuple[str, str, bytes]] = []
        self.servers: list[Any] = []  # one a connection
        self.loop: asyncio.AbstractEventLoop | None = None
        self._told: dict[str, list[str]] = {}

    @property
    def connections(self) -> int:
        return len(self.servers)

    def tell(self, key: str, *answers: str) -> None:
        """The next answers to MAIL, DATA or an address: a reply line, or DROP to cut the line.

        To DATA also SILENT: the mail is taken, and no answer ever comes.
        """
        self._told[key] = list(answers)

    def take(self, sender: str, recipient: str, raw: bytes) -> None:
        """Keep a mail."""
        self.mails.append((sender, recipient, raw))

    def drop_all(self) -> None:
        """Cut every open line, as a server does that has waited long enough; returns when they are cut."""
        assert self.loop is not None
        asyncio.run_coroutine_threadsafe(self._abort_all(), self.loop).result(5)

    async def _abort_all(self) -> None:
        for server in self.servers:
            if server.transport is not None:
                server.transport.abort()

    def _answer(self, server: Any, *keys: str) -> str | None:
        for key in keys:
            if self._told.get(key):
                answer = self._told[key].pop(0)
                if answer == DROP:
                    server.transport.abort()
                return answer
        return None

    # aiosmtpd finds its hooks by these names.
    async def handle_EHLO(  # noqa: N802  aiosmtpd's names
        self, server: Any, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return ["250-PIPELINING", *responses] if self.pipelining else responses

    async def handle_MAIL(  # noqa: N802  aiosmtpd's names
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self._answer(server, "MAIL")
        if answer is None:
            envelope.mail_from = address
        return answer or "250 OK"

    async def handle_RCPT(  # noqa: N802  aiosmtpd's names
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self._answer(server, address)
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:  # noqa: N802  aiosmtpd's names
        answer = self._answer(server, "DATA")
        if answer in {None, SILENT}:
            (recipient,) = envelope.rcpt_tos
            self.take(str(envelope.mail_from), recipient, _content(envelope))
        if answer == SILENT:
            await asyncio.Event().wait()  # until the client hangs up
        return answer or "250 OK"


def _content(envelope: Envelope) -> bytes:
    assert isinstance(envelope.content, bytes)  # aiosmtpd gives str only when told to
    return envelope.content


def _authenticate(
    server: Any, session: Session, envelope: Envelope, mechanism: str, login: Any
) -> AuthResult:
    good = login == LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=good, handled=False)


async def _serve(
    postbox: Postbox, ready: "Future[asyncio.Event]", tls: ssl.SSLContext | None, options: dict[str, Any]
) -> None:
    postbox.loop, stop = asyncio.get_running_loop(), asyncio.Event()

    def connect() -> Any:
        server = SMTP(postbox, hostname="localhost", loop=postbox.loop, **options)
        postbox.servers.append(server)
        return server

    listener = await postbox.loop.create_server(connect, "127.0.0.1", 0, ssl=tls)
    postbox.port = listener.sockets[0].getsockname()[1]
    ready.set_result(stop)
    await stop.wait()
    listener.close()
    await postbox._abort_all()


@contextmanager
def smtp_server(
    tls: ssl.SSLContext | None = None, keeps: Postbox | None = None, **options: Any
) -> Iterator[Postbox]:
    """The server in a thread; `tls` from the first byte on, `options` as aiosmtpd's SMTP takes them."""
    postbox, ready = keeps or Postbox(), Future[asyncio.Event]()
    options = {"authenticator": _authenticate, "auth_require_tls": False, **options}
    thread = threading.Thread(target=lambda: asyncio.run(_serve(postbox, ready, tls, options)))
    thread.start()
    stop = ready.result(5)
    try:
        yield postbox
    finally:
        assert postbox.loop is not None
        postbox.loop.call_soon_threadsafe(stop.set)
        thread.join(5)
        assert not thread.is_alive()
