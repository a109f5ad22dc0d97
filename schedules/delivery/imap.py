"""The mailbox over IMAP: read without a trace, mark what was handled, wait by IDLE.

Errors carry the step only: the server's words name addresses. Ours are raised outside the `except` that saw
the library's, so that no traceback shows them either.
"""

import imaplib
import re
import ssl
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal, Self, TypeVar
from urllib.parse import unquote, urlsplit

from imap_tools.errors import ImapToolsError
from imap_tools.mailbox import BaseMailBox, MailBox, MailBoxUnencrypted

from schedules.errors import SamtidError
from schedules.ports import MailboxUnavailable, MailKey, StoredMail

HANDLED = "SamtidHandled"  # a keyword: a mark of our own beside \Seen (RFC 3501 2.3.2)
LONGEST_MAIL = 2 * 1024 * 1024  # bytes; no more of a mail is fetched

_SCHEMES: dict[str, tuple[Literal["plain", "tls"], int]] = {"imap": ("plain", 143), "imaps": ("tls", 993)}
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_SLICE = 1.0  # seconds between looks at whether to stop waiting
_LONGEST_IDLE = 25 * 60.0  # seconds; servers may hang up after 30 minutes (RFC 2177)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

# imaplib.IMAP4.abort is an IMAP4.error. ValueError: a socket closed under it; a line that is no IMAP.
_FAULTS = (imaplib.IMAP4.error, ImapToolsError, OSError, ValueError)

_Result = TypeVar("_Result")


class BadImapUrl(SamtidError, ValueError):
    """An IMAP address must be imap:// or imaps://user:password@host:port/folder."""


@dataclass(frozen=True, slots=True)
class ImapUrl:
    """Which folder of which mailbox. The password never shows in a repr."""

    security: Literal["plain", "tls"]
    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"

    @classmethod
    def parse(cls, url: str) -> Self:
        """Read `imap://` or `imaps://user:password@host:port/folder`, percent-decoded.

        Without a port 143 or 993, without a folder INBOX.

        Raises:
            BadImapUrl: it is something else; the message never repeats the URL, which holds a password.
        """
        try:
            parts = urlsplit(url)
            scheme, host, port = parts.scheme, parts.hostname, parts.port
        except ValueError:
            scheme, host, port = "", None, None
        if scheme not in _SCHEMES or not host or parts.query or parts.fragment:
            raise BadImapUrl
        security, usual_port = _SCHEMES[scheme]
        if security == "plain" and host not in _LOOPBACK:
            raise BadImapUrl("A password travels only by imaps://.")
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        folder = unquote(parts.path.strip("/")) or "INBOX"
        if not user or not password or _CONTROL.search(user + password + folder):
            raise BadImapUrl
        return cls(security, host, usual_port if port is None else port, user, password, folder)


class ImapMailbox:
    """A `MailboxReader` over one connection, opened when first needed and anew when it was cut.

    `timeout` holds for each step of the dialogue. `tls` defaults to the system's certificates.
    """

    def __init__(
        self,
        url: ImapUrl,
        *,
        timeout: timedelta = timedelta(seconds=30),
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._url = url
        self._timeout = timeout.total_seconds()
        self._tls = tls
        self._box: BaseMailBox | None = None
        self._validity = ""
        self._keeps_marks = False
        self._can_idle = False
        self._stopped = threading.Event()

    def unseen(
        self, limit: int, known: Collection[MailKey] = (), since: date | None = None
    ) -> list[StoredMail]:
        """At most `limit` mails that are not marked as handled; see `MailboxReader`."""
        return self._again_if_cut(lambda box: self._unseen(box, limit, frozenset(known), since))

    def mark_handled(self, key: MailKey) -> None:
        """Set Seen and the keyword `SamtidHandled`; nothing is moved or deleted."""
        self._again_if_cut(lambda box: self._mark(box, key))

    def wait(self, seconds: float) -> bool:
        """IDLE until something is new, `seconds` have passed or `stop`; see `MailboxReader`."""
        box = self._connected()
        if not self._can_idle or self._stopped.is_set():
            return False
        # What came while other commands ran was told in their answers, and IDLE does not tell it again.
        if _told(box, "EXISTS"):
            return True
        try:
            self._idle(box, seconds)
        except _FAULTS:
            self._drop()
            return False
        return True

    def stop(self) -> None:
        """End a `wait`, this and all to come."""
        self._stopped.set()

    def close(self) -> None:
        """Log out, if connected; the next call connects again."""
        if self._box is not None:
            try:
                self._box.logout()
            except _FAULTS:
                pass
            finally:
                self._drop()

    def _unseen(
        self, box: BaseMailBox, limit: int, known: frozenset[MailKey], since: date | None
    ) -> list[StoredMail]:
        box.client.noop()  # a server may search only what it has told of (dovecot does)
        _told(box, "EXISTS")
        wanted = f"UNKEYWORD {HANDLED}" if self._keeps_marks else "UNSEEN"
        if since is not None:
            wanted += f" SINCE {since.day}-{_MONTHS[since.month - 1]}-{since.year}"
        keys = [
            MailKey(self._validity, uid) for uid in sorted(box.uids(f"UNDELETED {wanted}", None), key=int)
        ]
        new = [key for key in keys if key not in known][:limit]
        mails = ((key, _fetch(box, key.uid)) for key in new)
        return [StoredMail(key, raw) for key, raw in mails if raw is not None]

    def _mark(self, box: BaseMailBox, key: MailKey) -> None:
        """Not imap-tools' `flag`: it expunges, and that deletes what somebody else marked as deleted."""
        if key.validity != self._validity:  # the folder was made anew: that UID is another mail's now
            return
        marks = f"(\\Seen {HANDLED})" if self._keeps_marks else "(\\Seen)"
        status, _ = box.client.uid("STORE", key.uid, "+FLAGS.SILENT", marks)
        if status != "OK":
            raise imaplib.IMAP4.error

    def _idle(self, box: BaseMailBox, seconds: float) -> None:
        """In slices, to see `stop`; real time, since it is about a connection.

        A slice that ends early without a word may be a lost connection: leaving IDLE then shows it.
        """
        until = time.monotonic() + min(seconds, _LONGEST_IDLE)
        with box.idle as idle:
            if _came_along(box):
                return
            while not self._stopped.is_set() and (now := time.monotonic()) < until:
                length = min(until - now, _SLICE)
                if idle.poll(length) or time.monotonic() - now < length / 2:
                    return

    def _again_if_cut(self, work: Callable[[BaseMailBox], _Result]) -> _Result:
        """Do the work; if that fails, once more over a new connection. All of it may be done twice."""
        for _ in range(2):
            box = self._connected()
            try:
                return work(box)
            except _FAULTS:
                self._drop()
        raise MailboxUnavailable("lost")

    def _connected(self) -> BaseMailBox:
        if self._box is not None:
            return self._box
        step = "unreachable"
        try:
            self._box = box = self._open()
            step = "login"
            self._log_in(box)
            step = "folder"
            self._select(box)
        except _FAULTS:
            self._drop()
        else:
            return box
        raise MailboxUnavailable(step)

    def _open(self) -> BaseMailBox:
        url = self._url
        if url.security == "plain":
            return MailBoxUnencrypted(url.host, url.port, timeout=self._timeout)
        if self._tls is None:
            self._tls = ssl.create_default_context()  # imaplib's own checks no certificate
        return MailBox(url.host, url.port, timeout=self._timeout, ssl_context=self._tls)

    def _log_in(self, box: BaseMailBox) -> None:
        user, password = self._url.user, self._url.password
        log_in = box.login if (user + password).isascii() else box.login_utf8
        log_in(user, password, initial_folder=None)
        _, words = box.client.capability()  # many servers tell more after the login
        self._can_idle = b"IDLE" in b" ".join(word or b"" for word in words).upper().split()

    def _select(self, box: BaseMailBox) -> None:
        box.folder.set(self._url.folder)
        self._validity = _told(box, "UIDVALIDITY")
        kept = _told(box, "PERMANENTFLAGS")
        self._keeps_marks = "\\*" in kept or HANDLED.lower() in kept.lower()

    def _drop(self) -> None:
        """Close the line without a word; IDLE may be under way."""
        if self._box is not None:
            try:
                self._box.client.shutdown()
            except _FAULTS:
                pass
            finally:
                self._box = None


def _told(box: BaseMailBox, code: str) -> str:
    """The server's latest untagged word of that kind, which is then forgotten; empty if there was none."""
    _, data = box.client.response(code)
    latest = data[-1] if data else None
    return latest.decode("ascii", "replace") if isinstance(latest, bytes) else ""


def _came_along(box: BaseMailBox) -> bool:
    """Whether a word came in one go with the server's go-ahead.

    It waits in the library's reader then, and `poll` looks at the line only.
    """
    line = box.client.socket()
    before = line.gettimeout()
    line.settimeout(0)
    try:
        return bool(box.client.readline())
    except ssl.SSLWantReadError:
        return False
    finally:
        line.settimeout(before)


def _fetch(box: BaseMailBox, uid: str) -> bytes | None:
    """The mail's bytes, without a mark on it; None if it is gone. Not imap-tools' `fetch`: it parses."""
    status, data = box.client.uid("FETCH", uid, f"(UID BODY.PEEK[]<0.{LONGEST_MAIL}>)")
    if status != "OK":
        raise imaplib.IMAP4.error
    bodies = [one[1] for one in data if isinstance(one, tuple) and isinstance(one[1], bytes)]
    return bodies[0] if bodies else None
