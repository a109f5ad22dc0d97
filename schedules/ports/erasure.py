"""What erasure (gallring) needs of the store: which cases are old enough, and how they go."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from schedules.domain.figures.month import Month
from schedules.ports.letters import Channel


@dataclass(frozen=True, slots=True)
class HeldCase:
    """A case of which something is held. `running`: booked or waiting. `sealed`: its key still exists."""

    id: str
    team: str
    reference: str
    running: bool
    sealed: bool


@dataclass(frozen=True, slots=True)
class ErasedCase:
    """A case that was erased: when (UTC), and by which decision."""

    at: datetime
    decision: str


@dataclass(frozen=True, slots=True)
class StreamLetter:
    """A row of a stream in which the case is named, in the stream's order.

    `names`: this row names the case. `final`: it will not be sent any more. `pending`: it is not being sent
    at this moment, and will not be before the transaction ends. `ref` is the delivery reference (JSON) of
    the message it posted or changed. `may_have_left`: without a reference, and nobody knows.
    """

    id: str
    stream: str
    channel: Channel
    kind: str
    recipient: str
    payload: str
    ref: str | None
    names: bool
    final: bool
    pending: bool
    may_have_left: bool


class ErasureStore(Protocol):
    """Cases that go. Called under the team's lock, but for `ripe` and `find`."""

    def ripe(self, protected_before: datetime, all_before: datetime) -> tuple[HeldCase, ...]:
        """Cases that may be old enough, oldest first: what they hold, and their last times, say so.

        None of them is running. Their last event (`events`) is not looked at: it decides.
        """
        ...

    def find(self, reference: str) -> tuple[HeldCase, ...]:
        """The cases with that running reference: one, unless two teams have had the same prefix."""
        ...

    def erased(self, reference: str) -> ErasedCase | None:
        """When the case with that reference was erased, as long as that is on record."""
        ...

    def events(self, case: str) -> tuple[datetime, Month | None]:
        """The case's latest known event (UTC): raised, booked, reported, ended; and the month it ended in."""
        ...

    def letters(self, case: HeldCase) -> tuple[StreamLetter, ...]:
        """Every row of the streams in which the case is named, by stream and position."""
        ...

    def counts(self, case: str) -> Mapping[str, int]:
        """How many rows of each table (by its name) belong to the case."""
        ...

    def destroy_letters(self, gone: tuple[str, ...], changed: Mapping[str, str]) -> None:
        """Remove the rows with those ids; give others, by id, a payload without the case."""
        ...

    def destroy_protected(self, case: str) -> None:
        """Destroy the case's key, its ciphertexts and the HMAC of its own reference."""
        ...

    def destroy(self, case: HeldCase) -> None:
        """Destroy every row of the case but the audit trail, which says from now on what it is about.

        The caller has seen to the letters.
        """
        ...

    def undeleted(self, kinds: Collection[str]) -> int:
        """How many letters of those kinds, which take a case out of messages, were given up."""
        ...

    def held_at(self, meeting: str) -> int:
        """How many cases that were taken up at the meeting have been erased since."""
        ...

    def fact_subjects(self, case: str) -> tuple[str, ...]:
        """The ids of ours from which a way leads to the case's facts."""
        ...

    def forget_audit(self, before: datetime, limit: int) -> int:
        """Remove at most `limit` audit rows from before that instant (UTC); how many."""
        ...
