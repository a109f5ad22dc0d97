"""What is on record: who did what, and the de-identified facts of the figures."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Protocol

from schedules.domain.figures.closing import Closed
from schedules.domain.figures.disclosure import Shown
from schedules.domain.figures.facts import Fact, Facts, FollowUpFact
from schedules.domain.figures.month import Month, Period
from schedules.domain.figures.page import Page
from schedules.domain.goals import PartyAttendance


class AuditStore(Protocol):
    """Who did or saw what (promise 6)."""

    def record(self, actor: str, party: str | None, action: str, subject: str, at: datetime) -> None:
        """Add one line; `subject` is an id of ours, never a word about a person."""
        ...


class Figures(Protocol):
    """De-identified facts for the figures, and what reports have shown of them (docs/figures.md)."""

    def write(self, *facts: Fact, first: bool = False) -> None:
        """Insert each fact, or replace what was written with the same id.

        `first`: nothing was written before about anything that these facts name, since it is new in this
        transaction. Said of what is not new, the transaction fails.
        On the way in, `id`, `case` and `meeting` are ids of ours; what is stored under them is a random id.
        """
        ...

    def forget(self, ids: Collection[str]) -> None:
        """Cut the way from these ids of ours to their facts; the facts stay, so no figure changes."""
        ...

    def read(self, page: Page) -> Facts:
        """All facts of a team, a municipality or the association, as it was when they were written."""
        ...

    def follow_up(self, case: str) -> FollowUpFact | None:
        """What the case's follow-up was answered with, as long as the way to it is there."""
        ...

    def attendance(self, teams: Collection[str], period: Period) -> tuple[PartyAttendance, ...]:
        """Each party's attendance in each team; cancelled and not reported meetings are not counted."""
        ...

    def met_two_organisations(self, teams: Collection[str], since: Month) -> dict[str, int]:
        """By team, how many persons met two organisations, for the first time in that month or later."""
        ...

    def shown(self, page: str) -> frozenset[Shown]:
        """Which counts the page's reports have shown so far."""
        ...

    def remember(self, page: str, shown: Iterable[Shown]) -> None:
        """Record which counts the page has shown; what was shown earlier stays on record."""
        ...

    def closed(self, page: str) -> Closed:
        """The months that the page's reports have taken in, with what was counted in them then."""
        ...

    def close(self, page: str, months: Closed) -> None:
        """Close months; one that is closed already stays as it is."""
        ...
