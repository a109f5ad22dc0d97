"""A mailbox for every address: the raw bytes as they would have left over SMTP."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from bot.workspace.database import Database
    from bot.workspace.feed import Feed
    from bot.workspace.shapes import ClockControl, Persona


@dataclass(frozen=True, slots=True)
class StoredMail:
    """A mail that arrived. `received_at` is ISO 8601 in UTC."""

    id: int
    recipient: str
    received_at: str
    raw: bytes
    seen: bool


class Mailbox(Protocol):
    """What a sender of mail and a reader of mail need."""

    def deliver(self, recipient: str, raw: bytes) -> None:
        """Put the mail into the recipient's box."""
        ...

    def messages(self, address: str) -> list[StoredMail]:
        """Give the mails of an address, newest first."""
        ...

    def mark_seen(self, mail_id: int) -> None:
        """Remember that the mail was opened."""
        ...

    def on_arrival(self, address: str, tell: Callable[[], None]) -> None:
        """Call `tell` whenever a mail has come to the address."""
        ...


class MailBook:
    """The mailbox in the stand-in's database. Addresses are compared without regard to case."""

    def __init__(
        self, database: Database, feed: Feed, clock: ClockControl, personas: tuple[Persona, ...]
    ) -> None:
        self._database = database
        self._feed = feed
        self._clock = clock
        self._told: dict[str, list[Callable[[], None]]] = {}
        self._users = {one.email.lower(): one.user_id for one in personas if one.email}

    def deliver(self, recipient: str, raw: bytes) -> None:
        """Keep the mail and tell the page of the person who has this address."""
        address = recipient.lower()
        sql = "INSERT INTO mails (recipient, received_at, raw) VALUES (?, ?, ?)"
        self._database.run(sql, address, self._clock.now().isoformat(), raw)
        if address in self._users:
            self._feed.publish("mail", self._users[address])
        else:
            self._feed.publish("mail")
        for tell in self._told.get(address, ()):
            tell()

    def on_arrival(self, address: str, tell: Callable[[], None]) -> None:
        """Call `tell` whenever a mail has come to the address."""
        self._told.setdefault(address.lower(), []).append(tell)

    def messages(self, address: str) -> list[StoredMail]:
        """Give the mails of an address, newest first."""
        sql = "SELECT * FROM mails WHERE recipient = ? ORDER BY id DESC"
        return [_mail(row) for row in self._database.all(sql, address.lower())]

    def get(self, address: str, mail_id: int) -> StoredMail | None:
        """Give one mail of this address."""
        sql = "SELECT * FROM mails WHERE id = ? AND recipient = ?"
        row = self._database.one(sql, mail_id, address.lower())
        return _mail(row) if row else None

    def unseen(self, address: str) -> int:
        """Count the mails that were not opened yet."""
        sql = "SELECT count(*) AS n FROM mails WHERE recipient = ? AND NOT seen"
        row = self._database.one(sql, address.lower())
        return int(row["n"]) if row else 0

    def mark_seen(self, mail_id: int) -> None:
        """Remember that the mail was opened."""
        self._database.run("UPDATE mails SET seen = 1 WHERE id = ?", mail_id)


def _mail(row: sqlite3.Row) -> StoredMail:
    return StoredMail(row["id"], row["recipient"], row["received_at"], row["raw"], bool(row["seen"]))
