"""Where the follow-ups of cases are kept."""

from __future__ import annotations

from typing import Protocol

from schedules.domain.follow_up import FollowUp


class FollowUpStore(Protocol):
    """One follow-up a case. What was answered is not here: only de-identified facts have it."""

    def of_case(self, case: str) -> FollowUp | None:
        """The case's follow-up."""
        ...

    def save(self, follow_up: FollowUp) -> None:
        """Insert or update."""
        ...

    def asked_of(self, person: str) -> tuple[FollowUp, ...]:
        """Those that wait for the person, who is asked or owns the case, oldest meeting first."""
        ...

    def asked_in(self, team: str) -> tuple[FollowUp, ...]:
        """All that wait in a team, oldest meeting first."""
        ...
