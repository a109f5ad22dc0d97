"""Medians, shares, evenness, attendance. Each definition is in docs/figures.md."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from schedules.domain.figures.facts import Attendance, CallFact, MeetingFact, MeetingState
from schedules.domain.figures.month import Period

FEWEST = 5
"""The smallest group that is shown."""

NINETY = 90
HUNDRED = 100


def percent(part: int, whole: int) -> int | None:
    """The share in whole percent, halves upwards; None of nothing."""
    return (2 * HUNDRED * part + whole) // (2 * whole) if whole else None


def middle(values: Sequence[int]) -> float | None:
    """The median; of an even number the mean of the two in the middle."""
    return float(median(values)) if values else None


def ninetieth(values: Sequence[int]) -> int | None:
    """The smallest value that at least 90 % of the values do not exceed (nearest rank)."""
    rank = -(-NINETY * len(values) // HUNDRED)
    return sorted(values)[rank - 1] if values else None


def evenness(counts: Sequence[int]) -> int | None:
    """How evenly the parties raise cases: 100 all equally many, 0 all from one; None without cases.

    What would have to be moved from the parties with more than their part, as a share of the most that
    could have to be moved (the Hoover index turned round and scaled).
    """
    whole, n = sum(counts), len(counts)
    if not whole or n == 1:
        return None
    # Times n, so that the equal part is a whole number.
    over = sum(max(0, n * count - whole) for count in counts)
    return HUNDRED - (percent(over, whole * (n - 1)) or 0)


@dataclass(frozen=True, slots=True)
class MeetingFigures:
    """Meetings by what became of them (`planned` is all of the plan), and the slots of those held."""

    planned: int
    held: int
    cancelled: int
    moved: int
    released: int
    slots_offered: int


def meeting_figures(meetings: Iterable[MeetingFact], period: Period) -> MeetingFigures:
    """The meetings of the period. A slot is offered at a meeting that was held."""
    found = [meeting for meeting in meetings if meeting.month in period]
    held = [meeting for meeting in found if meeting.state is MeetingState.HELD]
    states = [meeting.state for meeting in found]
    return MeetingFigures(
        planned=len(found),
        held=len(held),
        cancelled=states.count(MeetingState.CANCELLED),
        moved=states.count(MeetingState.MOVED),
        released=states.count(MeetingState.RELEASED),
        slots_offered=sum(meeting.slots_offered for meeting in held),
    )


@dataclass(frozen=True, slots=True)
class PartyFigures:
    """One party: meetings it was called to, and came to; percent of calls it answered, median days to it.

    Answers are None with fewer than five calls: calls are as many as cases.
    """

    party: str
    called: int
    came: int
    answer_percent: int | None
    answer_days: float | None

    @property
    def attendance(self) -> int | None:
        """Percent of the meetings it was called to."""
        return percent(self.came, self.called)


def party_figures(
    calls: Iterable[CallFact], parties: Sequence[str], period: Period
) -> tuple[PartyFigures, ...]:
    """Every party that was called in the period, those asked about first and in their order."""
    by_party: dict[str, list[CallFact]] = {party: [] for party in parties}
    for call in calls:
        if call.month in period:
            by_party.setdefault(call.party, []).append(call)
    rest = sorted(by_party.keys() - set(parties))
    return tuple(_of_party(party, by_party[party]) for party in (*parties, *rest) if by_party[party])


def _of_party(party: str, calls: Sequence[CallFact]) -> PartyFigures:
    """A party was at a meeting if it was there for one of the cases it was called to."""
    came = {call.meeting for call in calls if call.attendance is Attendance.CAME}
    away = {call.meeting for call in calls if call.attendance is Attendance.STAYED_AWAY}
    days = [call.days_to_answer for call in calls if call.days_to_answer is not None]
    enough = len(calls) >= FEWEST
    answered = percent(len(days), len(calls)) if enough else None
    return PartyFigures(
        party, len(came | away), len(came), answered, middle(days) if len(days) >= FEWEST else None
    )
