"""Mail over SMTP: one connection that stays open, and refusals told apart by whose fault they are.

Errors carry the code only. The server's words name addresses, so they are neither kept nor logged, and our
errors are raised outside the `except` that saw theirs, so that no traceback shows them either.
"""

import smtplib
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
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
_GO_AHEAD_MIN, _REFUSED_MIN, _REFUSED_FOR_GOOD_MIN = 200, 400, 500  # RFC 5321 4.2.1
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
            connection, accepted = self._begin(sender, recipient)
            self._check(connection, accepted)
            code = _reply(lambda: connection.data(raw))
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

    def _begin(self, sender: str, recipient: str) -> tuple[smtplib.SMTP, int]:
        """A connection on which the sender has been accepted, and the reply to the recipient.

        An old connection may have been dropped meanwhile.
        """
        if self._connection is not None:
            code, accepted = _envelope(self._connection, sender, recipient)
            if code < _REFUSED_MIN:
                return self._connection, accepted
        self._drop()
        connection = self._connection = self._connect()
        code, accepted = _envelope(connection, sender, recipient)
        if code >= _REFUSED_MIN:
            self._drop()
            # Not the recipient's fault, even when 5yz: mails must not be given up for our own address.
            raise ServerUnavailable(f"sender_{code}")
        return connection, accepted

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
        if _GO_AHEAD_MIN <= code < _REFUSED_MIN:
            return
        if code in (_LOST, _CLOSING) or not _GO_AHEAD_MIN <= _reply(connection.rset) < _REFUSED_MIN:
            self._drop()
        if code >= _REFUSED_FOR_GOOD_MIN:
            raise PermanentRefusal(code)
        raise TemporaryRefusal(code or _CLOSING)

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _envelope(connection: smtplib.SMTP, sender: str, recipient: str) -> tuple[int, int]:
    """The replies to MAIL and RCPT; asked in one trip where the server says that it can (RFC 2920)."""
    if not connection.has_extn("pipelining"):
        code = _reply(lambda: connection.mail(sender))
        accepted = (
            _reply(lambda: connection.rcpt(recipient)) if _GO_AHEAD_MIN <= code < _REFUSED_MIN else code
        )
    else:
        code = _reply(lambda: _both(connection, sender, recipient))
        accepted = _LOST if code == _LOST else _reply(connection.getreply)
    return _CLOSING if code == _LOST else code, accepted


def _both(connection: smtplib.SMTP, sender: str, recipient: str) -> tuple[int, bytes]:
    connection.putcmd("mail", f"from:{smtplib.quoteaddr(sender)}")
    connection.putcmd("rcpt", f"to:{smtplib.quoteaddr(recipient)}")
    return connection.getreply()


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
