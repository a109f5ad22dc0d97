"""The world outside: what time it is, which days are closed, what a free text must not hold."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Protocol


class Clock(Protocol):
    """What time it is for decisions; may be moved in the local workspace. Leases never use it."""

    def now(self) -> datetime:
        """The present instant, aware UTC."""
        ...


class ClosedDays(Protocol):
    """Public and de-facto holidays of Sweden."""

    def is_holiday(self, day: date) -> bool:
        """Whether `day` is a public or de-facto holiday (weekends are not its business)."""
        ...


class Finding(StrEnum):
    """What a free text must not hold."""

    IDENTITY_NUMBER = "identity_number"
    PHONE_NUMBER = "phone_number"
    EMAIL_ADDRESS = "email_address"


class TextCheck(Protocol):
    """Searches a free text before it is stored (promise 5)."""

    def findings(self, text: str) -> tuple[Finding, ...]:
        """What was found, in order of gravity, without the found text itself."""
        ...
