"""Who is on duty on a day: what has been handed over by then, and who is away. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from schedules.domain.organisation import Team

Absences = Mapping[str, Sequence[tuple[date, date]]]
"""Per person, local dates, both included."""


@dataclass(frozen=True, slots=True)
class Absence:
    """Local days, both included, on which a person is away. Why is nobody's business here."""

    id: str
    person: str
    from_date: date
    to_date: date

    @property
    def cause(self) -> str:
        """What stands as who answered for a person whose seat nobody could take."""
        return f"absence:{self.id}"

    def covers(self, day: date) -> bool:
        """Whether the person is away on that local day."""
        return self.from_date <= day <= self.to_date


@dataclass(frozen=True, slots=True)
class Handover:
    """From that local date on `successor` does all that `person` does in the team."""

    id: str
    team: str
    person: str
    successor: str
    from_date: date

    @property
    def cause(self) -> str:
        """As an absence's."""
        return f"handover:{self.id}"


def absence_on(absences: Iterable[Absence], day: date) -> Absence | None:
    """The first of one person's absences that covers that local day."""
    return next((absence for absence in absences if absence.covers(day)), None)


def is_away(person: str, day: date, absences: Absences) -> bool:
    """Whether the person is away on that local day."""
    spans = absences.get(person)
    return spans is not None and any(first <= day <= last for first, last in spans)


def team_on(team: Team, day: date, handovers: Collection[Handover]) -> Team:
    """The team as it is on that local day: who has handed over by then is replaced by the successor."""
    if not handovers:
        return team
    done = sorted((h for h in handovers if h.team == team.id and h.from_date <= day), key=_in_order)
    for one in done:
        team = _handed_over(team, one)
    return team


def _in_order(handover: Handover) -> tuple[date, str]:
    return handover.from_date, handover.id


def _handed_over(team: Team, handover: Handover) -> Team:
    def by_now(people: Iterable[str]) -> tuple[str, ...]:
        named = (handover.successor if p == handover.person else p for p in people)
        return tuple(dict.fromkeys(named))

    (coordinator,) = by_now([team.coordinator])
    return replace(
        team,
        coordinator=coordinator,
        coordinator_deputies=tuple(p for p in by_now(team.coordinator_deputies) if p != coordinator),
        parties=tuple(replace(m, representatives=by_now(m.representatives)) for m in team.parties),
    )


def coordinator_on(team: Team, day: date, absences: Absences, handovers: Collection[Handover] = ()) -> str:
    """Who coordinates the team on that local day: the coordinator, else the first deputy who is there.

    The coordinator when all are away: somebody is to be found, and the absent one comes back.
    """
    then = team_on(team, day, handovers)
    leaders = (then.coordinator, *then.coordinator_deputies)
    return next((p for p in leaders if not is_away(p, day, absences)), then.coordinator)
