"""Where it is kept who was asked for their opinion, and, apart from that, what was answered."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from schedules.domain.opinions import Counted, Place, Survey


class OpinionStore(Protocol):
    """Two sets of rows that nothing connects: who was asked and has answered; and counters without people."""

    def surveys(self) -> tuple[Survey, ...]:
        """Every year's survey, oldest first."""
        ...

    def save_survey(self, survey: Survey) -> None:
        """Insert or update."""
        ...

    def ask(self, topic: str, people: Collection[str]) -> None:
        """These people may answer, each once; whoever was asked before stays as they are."""
        ...

    def asked(self, topic: str) -> dict[str, bool]:
        """Who was asked, and whether they have answered."""
        ...

    def take(self, topic: str, person: str) -> bool:
        """Mark that the person answers; False if they were not asked or have answered already."""
        ...

    def forget(self, topic: str) -> None:
        """Who was asked and who answered is deleted."""
        ...

    def add(self, topic: str, place: Place, answers: Collection[tuple[str, str]]) -> None:
        """Add one to the counter of each (question, value)."""
        ...

    def counted(self, topic: str) -> tuple[Counted, ...]:
        """All counters."""
        ...
