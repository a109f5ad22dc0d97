"""What the delivery of letters needs: claims, senders and how a send can fail."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from schedules.errors import SamtidError
from schedules.ports.letters import Channel


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A claimed row: one message to one recipient, and what is known of earlier attempts.

    `id` is a uuid in hex and travels with a chat message as metadata. `stream` is (recipient, channel,
    booking); a row is claimed only when all with a lower `position` in its stream are final. `attempts`
    counts claims, this one included, and tells two claims of the same row apart. `failures` counts the
    earlier attempts that failed and count towards the end. `outcome_unknown`: an earlier attempt may have
    left, either because it said so or because its lease ran out without a word. `previous_ref` is the
    delivery reference (JSON) of the latest sent row of the stream: the message that chat updates.
    """

    id: str
    stream: str
    position: int
    channel: Channel
    kind: str
    recipient: str
    payload: str
    attempts: int
    failures: int = 0
    outcome_unknown: bool = False
    previous_ref: str | None = None


class Standing(StrEnum):
    """What has become of a claimed row by its turn."""

    READY = "ready"  # the claim stands, by the database's time
    POINTLESS = "pointless"  # replaced, or past its `expires_at`
    LOST = "lost"  # the lease has run out, or the row is another's


class Outbox(Protocol):
    """The rows that are due; each call is its own short transaction.

    `due`, `at` and `not_before` are UTC by the movable clock; leases use the database's real time.
    """

    def claim(
        self, channels: Collection[Channel], due: datetime, limit: int, lease: timedelta
    ) -> list[OutboxRow]:
        """At most `limit` rows that are due and whose stream is ready, nobody else's for `lease`."""
        ...

    def standing(self, row: OutboxRow, now: datetime) -> Standing:
        """Whether it may be sent: asked directly before the call, with nothing in between.

        What has expired by `now` is recorded as final, unless the row is somebody else's by then.
        """
        ...

    def mark_sent(
        self, row: OutboxRow, ref: str | None, at: datetime, following: OutboxRow | None = None
    ) -> bool:
        """Sent (final). Holds also when the lease ran out during the call: what has left has left.

        Whether the `following` row was ready in the same transaction; False may also mean that it is to be
        asked.
        """
        ...

    def mark_retry(
        self, row: OutboxRow, reason: str, not_before: datetime, *, counted: bool, outcome_unknown: bool
    ) -> None:
        """Not sent, to be tried again from `not_before`; adds to `failures` when `counted`.

        Does nothing when the lease has run out: the row is somebody else's by then.
        """
        ...

    def mark_failed(self, row: OutboxRow, reason: str, at: datetime, *, outcome_unknown: bool) -> None:
        """Given up (final, shown to the coordinator). Does nothing when the lease has run out."""
        ...


class SendFailed(SamtidError):
    """A message could not be sent.

    `reason` is a short code such as `smtp_550` or `slack_ratelimited`, never text of the other side: that
    names addresses. `retry_after` is the pause the other side asked for. `permanent`: never try again.
    `outcome_unknown`: the message may have left all the same.
    """

    def __init__(
        self,
        reason: str,
        *,
        retry_after: timedelta | None = None,
        permanent: bool = False,
        outcome_unknown: bool = False,
    ) -> None:
        super().__init__(f"A message could not be sent: {reason}", reason=reason)
        self.reason = reason
        self.retry_after = retry_after
        self.permanent = permanent
        self.outcome_unknown = outcome_unknown


class Sender(Protocol):
    """One per channel: a network call, outside any transaction."""

    def send(self, row: OutboxRow) -> str | None:
        """Send the row's message and give the delivery reference (JSON), if the channel has one.

        Raises:
            SendFailed: it was not sent, or may not have been.
        """
        ...


class MailTransport(Protocol):
    """Takes a finished mail to a mail server (or to the local workspace's mailbox)."""

    def send(self, sender: str, recipient: str, raw: bytes) -> None:
        """Hand over one mail; `raw` is the whole RFC 5322 message with CRLF lines.

        Raises:
            PermanentRefusal: the recipient or the mail is refused for good.
            TemporaryRefusal: refused for now.
            ServerUnavailable: no server to hand it to, or it does not take us; not the recipient's fault.
            UnknownOutcome: the connection was lost after DATA was begun.
        """
        ...


class PermanentRefusal(SendFailed):
    """The mail server refuses this recipient or this mail for good (5yz)."""

    def __init__(self, code: int) -> None:
        super().__init__(f"smtp_{code}", permanent=True)
        self.code = code


class TemporaryRefusal(SendFailed):
    """The mail server refuses this recipient or this mail for now (4yz)."""

    def __init__(self, code: int) -> None:
        super().__init__(f"smtp_{code}")
        self.code = code


class ServerUnavailable(SendFailed):
    """No mail server takes our mail at the moment: unreachable, or it refuses our login or our address."""

    def __init__(self, step: str) -> None:
        super().__init__(f"smtp_{step}")


class UnknownOutcome(SendFailed):
    """The connection was lost after DATA was begun: the mail may have left."""

    def __init__(self) -> None:
        super().__init__("smtp_lost", outcome_unknown=True)
