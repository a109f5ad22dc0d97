"""What happened in Tierp, as a coordinator would have kept it by hand: the script of the replay.

tests/replay/tierp/cases.csv has a line for each time that a case was called to, meetings.csv one for each
meeting of the plan.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "replay" / "tierp"
HELD = ("plan_agreed", "new_meeting", "no_further")


@dataclass(frozen=True)
class Said:
    """A party's first answer, in days after the call: it comes (+), its deputy does (~), not its case (!)."""

    party: str
    how: str
    days: int


@dataclass(frozen=True)
class Line:
    """One time that a person's case was called to: `called` is the day of the call, `meeting` the time's.

    The person's first line is the referral. `outcome` is `moved` where the meeting fell away or moved before
    its day (the next line says where to), `withdrawn` where the case was taken back (on `reported`), empty
    where it had not been yet.
    """

    person: int
    called: date
    by: str
    asks: tuple[str, ...]
    gender: str
    urgency: str
    sick_since: date | None
    meeting: date
    answers: tuple[Said, ...]
    outcome: str
    present: tuple[str, ...]
    took_part: str
    decisions: tuple[str, ...]
    missed: tuple[str, ...]
    reported: date | None
    told: date | None

    @property
    def parties(self) -> tuple[str, ...]:
        """All who have a seat, the case's own first."""
        return (self.by, *self.asks)

    @property
    def held(self) -> bool:
        return self.outcome in HELD


@dataclass(frozen=True)
class MeetingLine:
    """A meeting of the plan, what became of it and when; `to` is the day that it moved to."""

    day: date
    became: str
    on: date | None
    to: date | None


def lines() -> list[Line]:
    """All lines, a person's in order."""
    return [_line(row) for row in _rows("cases.csv")]


def meetings() -> list[MeetingLine]:
    return [
        MeetingLine(date.fromisoformat(row["day"]), row["became"], _day(row["on"]), _day(row["to"]))
        for row in _rows("meetings.csv")
    ]


def by_person(found: list[Line]) -> dict[int, list[Line]]:
    people: dict[int, list[Line]] = {}
    for line in found:
        people.setdefault(line.person, []).append(line)
    return people


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _line(row: dict[str, str]) -> Line:
    return Line(
        person=int(row["person"]),
        called=date.fromisoformat(row["called"]),
        by=row["by"],
        asks=tuple(row["asks"].split()),
        gender=row["gender"],
        urgency=row["urgency"],
        sick_since=_day(row["sick_since"]),
        meeting=date.fromisoformat(row["meeting"]),
        answers=tuple(_said(word) for word in row["answers"].split()),
        outcome=row["outcome"],
        present=tuple(row["present"].split()),
        took_part=row["took_part"],
        decisions=tuple(row["decisions"].split()),
        missed=tuple(row["missed"].split()),
        reported=_day(row["reported"]),
        told=_day(row["told"]),
    )


def _said(word: str) -> Said:
    how = next(sign for sign in "+~!" if sign in word)
    party, days = word.split(how)
    return Said(party, how, int(days))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
