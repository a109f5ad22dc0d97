"""The mailbox that answers come to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from schedules.errors import SamtidError


@dataclass(frozen=True, slots=True)
class MailKey:
    """Which mail: its UID in the folder while UIDVALIDITY stays the same (RFC 3501 2.3.1.1)."""

    validity: str
    uid: str


@dataclass(frozen=True, slots=True)
class StoredMail:
    """A mail as it lies in the mailbox; `raw` is the whole of it, or its beginning if it is very long."""

    key: MailKey
    raw: bytes


class MailboxReader(Protocol):
    """The folder to which answers come. Used by one thread; connects when first asked, and again when cut.

    Reading leaves no trace. Only what was handled is marked; everything else stays as it was.
    """

    def unseen(
        self, limit: int, known: Collection[MailKey] = (), since: date | None = None
    ) -> list[StoredMail]:
        """At most `limit` mails, oldest first, that are not marked as handled and not among `known`.

        `known`: what was looked at and left untouched, or else it would be read again each time. `since`:
        nothing that arrived before that day. Whether a person has read the mail does not matter, except to
        a server that keeps no marks of ours.

        Raises:
            MailboxUnavailable: the mailbox cannot be read now.
        """
        ...

    def mark_handled(self, key: MailKey) -> None:
        """Mark it as read and as handled by us; one that is gone is no error. Raises MailboxUnavailable."""
        ...

    def wait(self, seconds: float) -> bool:
        """Wait until the server tells of something new, but no longer than that, or until `stop`.

        False at once where the server cannot tell, or when the connection is lost: the caller then polls at
        its own pace. Raises MailboxUnavailable.
        """
        ...

    def stop(self) -> None:
        """End a `wait` within a second; callable from any thread."""
        ...

    def close(self) -> None:
        """Log out, if connected."""
        ...


class MailboxUnavailable(SamtidError):
    """The mailbox for answers cannot be read at the moment.

    `step` says where it ended: `unreachable`, `login`, `folder` or `lost`; never the server's words.
    """

    def __init__(self, step: str) -> None:
        super().__init__(f"The mailbox for answers cannot be read: {step}", step=step)
        self.step = step
