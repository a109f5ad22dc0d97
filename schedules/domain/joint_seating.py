"""Who sits for each party when several cases are given their times at once. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

Seating = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Sitting:
    """A case at a time, [starts_at, ends_at) in UTC, and who may sit for each party, the best first."""

    starts_at: datetime
    ends_at: datetime
    people: tuple[tuple[str, tuple[str, ...]], ...]

    def overlaps(self, other: Sitting) -> bool:
        """Whether nobody could be in both."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


@dataclass(frozen=True, slots=True)
class _Seat:
    """One party's chair: the sitting's place in the sequence, the party, and who may take it."""

    sitting: int
    party: str
    people: tuple[str, ...]


def seat_all(sittings: Sequence[Sitting]) -> tuple[Seating, ...] | None:
    """Seat every party of every sitting so that a person is in one place, on one chair, at a time.

    Returns:
        For each sitting the person of each party, or None when it cannot be done. Of several ways the
        first: the first sitting's first party gets the best person that any way allows it, and so on.
        For one sitting this is what `assignment.judge` chooses.
    """
    taken: dict[_Seat, str] = {}
    for group in _groups(sittings):
        found = _seated(sittings, group, {})
        if found is None:
            return None
        taken |= found
    return tuple(
        tuple((party, taken[_Seat(n, party, people)]) for party, people in sitting.people)
        for n, sitting in enumerate(sittings)
    )


def _groups(sittings: Sequence[Sitting]) -> list[list[_Seat]]:
    """The seats in groups that share no person at overlapping times, so that each is seated by itself."""
    groups: list[list[_Seat]] = []
    for seat in _seats(sittings):
        touched = [group for group in groups if any(_rivals(sittings, seat, other) for other in group)]
        groups = [group for group in groups if group not in touched]
        merged = [*(other for group in touched for other in group), seat]
        groups.append(sorted(merged, key=lambda s: (s.sitting, _place(sittings, s))))
    return groups


def _seats(sittings: Sequence[Sitting]) -> Iterator[_Seat]:
    for n, sitting in enumerate(sittings):
        for party, people in sitting.people:
            yield _Seat(n, party, people)


def _place(sittings: Sequence[Sitting], seat: _Seat) -> int:
    return [party for party, _ in sittings[seat.sitting].people].index(seat.party)


def _rivals(sittings: Sequence[Sitting], one: _Seat, other: _Seat) -> bool:
    meet = sittings[one.sitting].overlaps(sittings[other.sitting])
    return meet and not set(one.people).isdisjoint(other.people)


def _seated(
    sittings: Sequence[Sitting], seats: Sequence[_Seat], taken: Mapping[_Seat, str]
) -> dict[_Seat, str] | None:
    """Seat one chair after another; go back when one is left without anybody."""
    if not seats:
        return dict(taken)
    seat, *rest = seats
    at = sittings[seat.sitting]
    sitting_then = {person for other, person in taken.items() if sittings[other.sitting].overlaps(at)}
    for person in seat.people:
        if person not in sitting_then:
            found = _seated(sittings, rest, {**taken, seat: person})
            if found is not None:
                return found
    return None
