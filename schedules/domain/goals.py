"""Goals of a team that are at risk while they can still be reached, as its coordinator's page warns of them.

Attendance is about authorities. Of persons only the goal is said, never how many there are so far: the page
of a team shows no count that a report would have to hide (docs/figures.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from schedules.domain.figures.measures import percent
from schedules.domain.home import SilentCall

SOON = timedelta(days=14)
"""How long before the goal of a first contact a case without a time is shown."""

_JULY = 7
_YEARS_MONTHS = 11
"""July has no meetings."""


@dataclass(frozen=True, slots=True)
class PartyAttendance:
    """At how many meetings a party was, of those that it was called to and that are reported."""

    team: str
    party: str
    called: int
    came: int


def meetings_needed(called: int, came: int, left: int, goal: int) -> int | None:
    """To how many of `left` more meetings the party must come; None on course, out of reach or uncalled."""
    now = percent(came, called)
    if now is None or now >= goal:
        return None
    for more in range(left + 1):
        if (percent(came + more, called + left) or 0) >= goal:
            return more
    return None


def behind(met: int, goal: int, today: date) -> bool:
    """Whether fewer persons have met so far than the year's part that is over asks for."""
    over = [month for month in range(1, today.month) if month != _JULY]
    return met * _YEARS_MONTHS < goal * len(over)


def reachable(met: int, left: int, goal: int, today: date) -> bool:
    """Whether the year's goal can still be reached; in spring the autumn's meetings are not planned yet."""
    return today.month < _JULY or met + left >= goal


def first_contact_at_risk(last: date, day: date | None, today: date) -> bool:
    """Whether a case misses its last day unless something is done. `day` is that of its time, if any."""
    if last < today:
        return False
    return last - today <= SOON if day is None else day > last


def silent_of(silent: Sequence[SilentCall], team: str, party: str) -> tuple[SilentCall, ...]:
    """Who of the party has not answered; both by name."""
    return tuple(one for one in silent if one.team == team and one.party == party)
