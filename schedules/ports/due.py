"""What is to be done at an instant, and where it is kept."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol


class DueKind(StrEnum):
    """What a tick does when its time has come."""

    CALL = "call"  # a proposed booking confirms itself
    UNANSWERED_FIRST = "unanswered_first"
    UNANSWERED_SECOND = "unanswered_second"
    IDENTITY = "identity"
    DETAILS = "details"
    LAPSE = "lapse"  # a held time that nobody has confirmed goes to others
    AGENDA = "agenda"
    DAY_BEFORE = "day_before"
    MORNING = "morning"
    COORDINATOR = "coordinator"  # somebody else coordinates from today: the open proposals go there
    REPORT = "report"  # a meeting that is not reported: the coordinator is reminded
    FOLLOW_UP = "follow_up"  # six months after its last meeting, a case's owner is asked; or is reminded
    PULSE = "pulse"  # a meeting is over: whoever was there may say how it was
    PULSE_ENDS = "pulse_ends"
    HANDOVER = "handover"  # the organisation is to say what was handed over
    FREE_TIMES = "free_times"  # the channel is told of a meeting's free times
    TERM_OPENS = "term_opens"  # and of a new term's; the subject is its first meeting
    WAITING = "waiting"  # times may have become free: a meeting's reserve is released, a person is freed


class DueOutcome(StrEnum):
    """How a due row ended."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Due:
    """A thing to do at `at` (aware UTC). One row per (kind, subject, round), whoever writes it."""

    id: str
    kind: DueKind
    subject: str
    team: str
    at: datetime
    round: int = 0


class DueStore(Protocol):
    """Due rows: what apscheduler's ticks look for."""

    def plan(self, due: Due) -> None:
        """Insert; the same (kind, subject, round) again replaces `at` while the row is open."""
        ...

    def claim(
        self, owner: str, now: datetime, lease: timedelta, besides: Collection[str] = ()
    ) -> tuple[Due, ...]:
        """Lease one team's open rows whose time has come, oldest first; none if no team's are free.

        A team is taken whole, and left alone while another owner has a lease on any of its rows or while
        its plan is being changed: nobody waits. Leases are in the database's own time. What they are for
        is that the work is shared; that a row is done once follows from `open_of` under the team's lock.
        """
        ...

    def release(self, owner: str, rows: Collection[str]) -> None:
        """Give back what was claimed and is still open."""
        ...

    def open_of(self, rows: Collection[str]) -> set[str]:
        """Those that are still to be done; read within the deciding transaction."""
        ...

    def close(self, due: str, outcome: DueOutcome, at: datetime, note: str = "") -> None:
        """Record how it ended."""
        ...

    def drop_for(self, subject: str, kinds: Collection[DueKind], at: datetime, note: str) -> None:
        """Drop the open rows of those kinds for one subject."""
        ...

    def next_at(self) -> tuple[datetime, DueKind] | None:
        """The earliest open row, or None."""
        ...
