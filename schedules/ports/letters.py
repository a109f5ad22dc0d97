"""What is owed to somebody, as the deciding transaction writes it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Channel(StrEnum):
    """How a message travels."""

    MAIL = "mail"
    CHAT = "chat"


@dataclass(frozen=True, slots=True)
class Letter:
    """An outbox row to be written. `replaces` supersedes rows of the stream, of those kinds, not yet sent.

    `meeting` and `booking` tie it to what makes it pointless; `referral` names the case of a letter that has
    neither. `not_before` (aware UTC) holds it back.
    `needs_sent` names a kind: if no row of that kind can have left in this stream, this one is skipped
    (a CANCEL without its REQUEST, a pointer without its card). `only_news`: it is skipped as well if the
    stream says the same already. `corrects` names kinds: once a row of them can have left in this stream,
    this one does not expire, since what has left would stay as it is.
    """

    stream: str
    channel: Channel
    kind: str
    recipient: str
    payload: str
    not_before: datetime
    booking: str | None = None
    meeting: str | None = None
    replaces: tuple[str, ...] = ()
    needs_sent: tuple[str, ...] = ()
    expires_at: datetime | None = None
    message_id: str | None = None
    referral: str | None = None
    only_news: bool = False
    corrects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FailedLetter:
    """A row that did not arrive. `recipient` is an address or a Slack id: never shown, only looked up."""

    id: str
    channel: Channel
    recipient: str
    booking: str | None
    meeting: str | None
    referral: str | None = None


class OutboxWriter(Protocol):
    """Writes rows in the deciding transaction (promise 3)."""

    def add(self, letter: Letter, at: datetime) -> str | None:
        """Append to the stream; the row's id, or None if it was skipped as pointless."""
        ...

    def has(self, stream: str) -> bool:
        """Whether the stream has any row."""
        ...

    def failed(self, teams: Collection[str]) -> tuple[FailedLetter, ...]:
        """What could not be delivered about the teams' meetings and waiting cases, newest first."""
        ...

    def mail(self, message_id: str) -> FailedLetter | None:
        """The mail of ours with that Message-ID (angle brackets included), if it may have left."""
        ...
