"""Where all that is held on a case is read, across the other stores."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from schedules.domain.case_file import AuditLine, SentMessage
from schedules.domain.plan import Invitation


class CaseFiles(Protocol):
    """What belongs to a case besides its referrals and bookings; for its export and its erasure."""

    def calls(self, booking: str) -> tuple[Invitation, ...]:
        """The booking's invitations, those that have ended too, by when they were made."""
        ...

    def messages(self, bookings: Collection[str], referrals: Collection[str]) -> tuple[SentMessage, ...]:
        """What was written about the bookings or referrals, in order of time."""
        ...

    def cards(
        self, meetings: Collection[str], recipients: Collection[str], since: datetime
    ) -> tuple[SentMessage, ...]:
        """What was written to them about the meetings as a whole, which gathers a reader's cases."""
        ...

    def audit(self, subjects: Collection[str]) -> tuple[AuditLine, ...]:
        """The lines of the audit trail about these ids of ours, in order of time."""
        ...
