"""What is on record: who did what, and the de-identified facts of the figures."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Protocol

from schedules.domain.figures.disclosure import Shown
from schedules.domain.figures.facts import Fact, Facts
from schedules.domain.figures.page import Page


class AuditStore(Protocol):
    """Who did or saw what (promise 6)."""

    def record(self, actor: str, party: str | None, action: str, subject: str, at: datetime) -> None:
        """Add one line; `subject` is an id of ours, never a word about a person."""
        ...


class Figures(Protocol):
    """De-identified facts for the figures, and what reports have shown of them (docs/figures.md)."""

    def write(self, *facts: Fact) -> None:
        """Insert each fact, or replace what was written with the same id.

        On the way in, `id`, `case` and `meeting` are ids of ours; what is stored under them is a random id.
        """
        ...

    def forget(self, ids: Collection[str]) -> None:
        """Cut the way from these ids of ours to their facts; the facts stay, so no figure changes."""
        ...

    def read(self, page: Page) -> Facts:
        """All facts of a team, a municipality or the association, as it was when they were written."""
        ...

    def shown(self, page: str) -> frozenset[Shown]:
        """Which counts the page's reports have shown so far."""
        ...

    def remember(self, page: str, shown: Iterable[Shown]) -> None:
        """Record which counts the page has shown; what was shown earlier stays on record."""
        ...
