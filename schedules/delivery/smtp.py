"""Mail over SMTP: one connection that stays open, and refusals told apart by whose fault they are.

Errors carry the code only. The server's words name addresses, so they are neither kept nor logged, and our
errors are raised outside the `except` that saw theirs, so that no traceback shows them either.
"""

import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Literal, Self
from urllib.parse import unquote, urlsplit

from schedules.errors import SamtidError
from schedules.ports import PermanentRefusal, ServerUnavailable, TemporaryRefusal, UnknownOutcome

Security = Literal["plain", "starttls", "tls"]

_SCHEMES: dict[str, tuple[Security, int]] = {
    "smtp": ("plain", 25),
    "smtp+starttls": ("starttls", 587),
    "smtps": ("tls", 465),
}
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_LOST = 0  # in place of a reply code: the connection broke
_FINE_MIN, _REFUSED_MIN, _REFUSED_FOR_GOOD_MIN = 200, 400, 500  # RFC 5321 4.2.1
_GO_ON = 354
_CLOSING = 421


class BadSmtpUrl(SamtidError, ValueError):
    """An SMTP address must be smtp://, smtps:// or smtp+starttls://user:password@host:port."""


@dataclass(frozen=True, slots=True)
class SmtpUrl:
    """Where mail is handed over, and how. The password never shows in a repr."""

    security: Security
    host: str
    port: int
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @classmethod
    def parse(cls, url: str) -> Self:
        """Read `smtp://`, `smtps://` or `smtp+starttls://`, `user:password@host:port`, percent-decoded.

        Without a port: 25, 465, 587.

        Raises:
            BadSmtpUrl: it is something else; the message never repeats the URL, which holds a password.
        """
        try:
            parts = urlsplit(url)
            scheme, host, port = parts.scheme, parts.hostname, parts.port
        except ValueError:
            scheme, host, port = "", None, None
        if scheme not in _SCHEMES or not host or parts.path not in ("", "/") or parts.query or parts.fragment:
            raise BadSmtpUrl
        security, usual_port = _SCHEMES[scheme]
        user, password = _credentials(parts.username, parts.password)
        if user is not None and security == "plain" and host not in _LOOPBACK:
            raise BadSmtpUrl("A password travels only by smtps:// or smtp+starttls://.")
        return cls(security, host, usual_port if port is None else port, user, password)


def _credentials(user: str | None, password: str | None) -> tuple[str | None, str | None]:
    if user is None and password is None:
        return None, None
    if not user or not password:
        raise BadSmtpUrl("An SMTP address with a user needs a password, and the other way round.")
    user, password = unquote(user), unquote(password)
    if not (user.isascii() and password.isascii()):
        raise BadSmtpUrl("The SMTP user and password must be ASCII: smtplib sends no other.")
    return user, password


class SmtpTransport:
    """Hands mails to one server over one connection, one mail at a time (a `MailTransport`).

    `timeout` holds for each step of the dialogue. `tls` defaults to the system's certificates. `hello` is
    the name said in EHLO (default: this machine's).
    """

    def __init__(
        self,
        url: SmtpUrl,
        *,
        timeout: timedelta = timedelta(seconds=30),
        tls: ssl.SSLContext | None = None,
        hello: str | None = None,
    ) -> None:
        self._url = url
        self._timeout = timeout.total_seconds()
        self._tls = tls
        self._hello = hello
        self._connection: smtplib.SMTP | None = None
        self._lock = threading.Lock()

    def send(self, sender: str, recipient: str, raw: bytes) -> None:
        """Hand over one mail, over the open connection if it still holds, else over a new one.

        Raises:
            PermanentRefusal: the recipient or the mail is refused for good.
            TemporaryRefusal: refused for now, or lost before the mail itself was begun.
            ServerUnavailable: no connection, no login, or our own address is refused.
            UnknownOutcome: the connection was lost after DATA was begun.
        """
        with self._lock:
            connection, accepted, goes_on = self._begin(sender, recipient)
            if goes_on != _GO_ON:
                refused = goes_on if _is_fine(accepted) else accepted
                self._check(connection, refused if refused >= _REFUSED_MIN else _LOST)
            if not _is_fine(accepted):
                _reply(lambda: _body(connection, b""))  # it is for nobody, but the server waits for it
                self._check(connection, accepted)
            code = _reply(lambda: _body(connection, raw))
            if code == _LOST:
                self._drop()
                raise UnknownOutcome
            self._check(connection, code)

    def close(self) -> None:
        """Say goodbye to the server, if connected; the next `send` connects again."""
        with self._lock:
            if self._connection is not None:
                _reply(self._connection.quit)
                self._drop()

    def _begin(self, sender: str, recipient: str) -> tuple[smtplib.SMTP, int, int]:
        """A connection on which the sender has been accepted, and the replies to RCPT and DATA.

        An old connection may have been dropped meanwhile.
        """
        commands = (
            f"mail from:{smtplib.quoteaddr(sender)}",
            f"rcpt to:{smtplib.quoteaddr(recipient)}",
            "data",
        )
        if self._connection is not None:
            code, accepted, goes_on = _asked(self._connection, commands)
            if _is_fine(code):
                return self._connection, accepted, goes_on
        self._drop()
        connection = self._connection = self._connect()
        code, accepted, goes_on = _asked(connection, commands)
        if not _is_fine(code):
            self._drop()
            # Not the recipient's fault, even when 5yz: mails must not be given up for our own address.
            raise ServerUnavailable(f"sender_{code or _CLOSING}")
        return connection, accepted, goes_on

    def _connect(self) -> smtplib.SMTP:
        step = "unreachable"
        connection = None
        try:
            connection = self._open()
            connection.ehlo_or_helo_if_needed()
            step = "login"
            if self._url.user is not None and self._url.password is not None:
                connection.login(self._url.user, self._url.password)
        except (smtplib.SMTPException, OSError):
            if connection is not None:
                connection.close()
        else:
            return connection
        raise ServerUnavailable(step)

    def _open(self) -> smtplib.SMTP:
        url = self._url
        if url.security == "tls":
            return smtplib.SMTP_SSL(
                url.host, url.port, self._hello, timeout=self._timeout, context=self._context()
            )
        connection = smtplib.SMTP(url.host, url.port, self._hello, timeout=self._timeout)
        if connection.sock is not None:
            # Else the kernel keeps the second of two commands back until the first is answered.
            connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if url.security == "starttls":
            try:
                connection.starttls(context=self._context())
            except (smtplib.SMTPException, OSError):
                connection.close()
                raise
        return connection

    def _context(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = ssl.create_default_context()
        return self._tls

    def _check(self, connection: smtplib.SMTP, code: int) -> None:
        """Raise for a refusal, leaving the connection ready for the next mail, or dropped."""
        if _is_fine(code):
            return
        if code in (_LOST, _CLOSING) or not _is_fine(_reply(connection.rset)):
            self._drop()
        if code >= _REFUSED_FOR_GOOD_MIN:
            raise PermanentRefusal(code)
        raise TemporaryRefusal(code or _CLOSING)

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _asked(connection: smtplib.SMTP, commands: Sequence[str]) -> list[int]:
    """The code replied to each, asked in one trip where the server says that it can (RFC 2920).

    What was not asked any more, or not replied to, is `_LOST`.
    """
    at_once = connection.has_extn("pipelining")
    steps: list[Callable[[], tuple[int, bytes]]] = [
        partial(_say, connection, (command,)) for command in commands
    ]
    if at_once:
        steps = [partial(_say, connection, commands), *[connection.getreply] * (len(commands) - 1)]
    codes = [_LOST] * len(commands)
    for number, step in enumerate(steps):
        code = codes[number] = _reply(step)
        if code == _LOST or not (at_once or _is_fine(code)):
            break
    return codes


def _say(connection: smtplib.SMTP, commands: Iterable[str]) -> tuple[int, bytes]:
    for command in commands:
        connection.putcmd(command)
    return connection.getreply()


def _body(connection: smtplib.SMTP, raw: bytes) -> tuple[int, bytes]:
    """The mail itself, after the server's go-ahead (RFC 5321 4.5.2)."""
    # Hardly any has such a line, and to look for one is several times as quick as to replace it.
    dotted = raw.startswith(b".") or b"\n." in raw
    lines = re.sub(rb"(?m)^\.", b"..", raw) if dotted else raw
    connection.send(lines + (b".\r\n" if not lines or lines.endswith(b"\r\n") else b"\r\n.\r\n"))
    return connection.getreply()


def _is_fine(code: int) -> bool:
    return _FINE_MIN <= code < _REFUSED_MIN


def _reply(command: Callable[[], tuple[int, bytes]]) -> int:
    """The code of the server's reply, or `_LOST`."""
    try:
        return command()[0]
    except smtplib.SMTPServerDisconnected:
        return _LOST
    except smtplib.SMTPResponseException as refusal:
        # Below 400 is no refusal: a server that answers DATA with 250 has not heard the mail.
        return refusal.smtp_code if refusal.smtp_code >= _REFUSED_MIN else _LOST
    except OSError:  # smtplib turns most of these into SMTPServerDisconnected, not all
        return _LOST
