"""Every figure of Tierp's two years, counted from the ledger: no line is shared with what it is compared to.

Each function is the sentence of docs/figures.md in plain loops.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from tests.support.tierp_ledger import Line, MeetingLine, by_person

FIRST, LAST = date(2018, 4, 1), date(2020, 3, 31)
PARTIES = ("kommun", "fk", "af", "vc")
SLOTS = 4
GOAL_DAYS = 35
DECISIONS = (
    "coordinated_rehabilitation",
    "medical_certificate",
    "work_training",
    "individual_plan",
    "other_support",
    "support_missing",
)
SUPPORT = (
    *("sickness_benefit", "sickness_compensation", "activity_compensation", "unemployment_benefit"),
    *("activity_support", "income_support", "none", "unknown"),
)
READINESS = ("more", "same", "less", "not_asked")

BESIDE = {
    **dict.fromkeys(("raised_by:af women", "raised_by:af men"), "with the other parties it gives vc's"),
    **dict.fromkeys(("urgency:ordinary women", "urgency:ordinary men"), "the rest is the urgent ones"),
    **dict.fromkeys(("ending:ended women", "ending:ended men"), "the rest is those broken off"),
    **dict.fromkeys(
        ("feedback_given women", "feedback_given men"), "the rest of those due is small in a term"
    ),
    "outcome:no_further men": "with the plans agreed it gives the new meetings",
    "took_part:in_room women": "the rest is the men",
    **dict.fromkeys(
        ("took_part:online women", "took_part:online men"),
        "with those who did not come it gives those in the room",
    ),
    "decision:other_support women": "the rest is the men",
}
"""Counts of five and more that are hidden as well, since a smaller one would follow from them; and how."""

FEWEST = 5
Value = float | None
Figures = dict[str, Value]


def counted(ledger: list[Line], plan: list[MeetingLine]) -> Figures:
    """All figures of the period by name, as if nothing had to be hidden."""
    ledger = [line for line in ledger if line.meeting <= LAST]
    people = by_person(ledger)
    raised = [lines[0] for lines in people.values()]
    held = [line for line in ledger if line.held]
    found: Figures = {}
    _count(found, "persons_raised", raised)
    _count(found, "cases_raised", raised)
    for party in PARTIES:
        _count(found, f"raised_by:{party}", [line for line in raised if line.by == party])
        _count(found, f"requested:{party}", [line for line in raised if party in line.asks])
        _count(found, f"missed:{party}", [line for line in held if party in line.missed])
    for urgency in ("urgent", "ordinary"):
        _count(found, f"urgency:{urgency}", [line for line in raised if line.urgency == urgency])
    _met(found, people)
    _discussed(found, held)
    _count(found, "not_held", [line for line in ledger if line.outcome == "not_held"])
    _ended(found, people)
    _followed_up(found)
    _meetings(found, plan, held)
    for party in PARTIES:
        _party(found, party, ledger)
    found["goal persons"], found["goal attendance"], found["goal days"] = 120, 85, GOAL_DAYS
    return found


def shown(figures: Figures) -> Figures:
    """The same with None for what may not be shown: one to four persons, and what stands beside them."""
    hidden = {name for name, value in figures.items() if _of_persons(name) and value in range(1, FEWEST)}
    assert not hidden & BESIDE.keys()
    return {name: None if name in hidden or name in BESIDE else value for name, value in figures.items()}


def _of_persons(name: str) -> bool:
    about_authorities = ("meetings", "slots offered", "goal ", *(f"{party} " for party in PARTIES))
    return not name.startswith((*about_authorities, "waiting"))


def _count(found: Figures, row: str, lines: Iterable[Line]) -> None:
    lines = list(lines)
    found[f"{row} women"] = sum(line.gender == "woman" for line in lines)
    found[f"{row} men"] = sum(line.gender == "man" for line in lines)
    found[f"{row} total"] = len(lines)


def _met(found: Figures, people: dict[int, list[Line]]) -> None:
    """Each person once, at the first time that took place; the wait is from the day the case was raised."""
    first = [
        (lines[0], next(line for line in lines if line.held)) for lines in people.values() if _held(lines)
    ]
    _count(found, "persons_met", [line for _, line in first])
    two = [raised for raised, _ in first if any(len(x.present) >= 2 for x in people[raised.person] if x.held)]
    _count(found, "two_organisations", two)
    _count(found, "waited", [line for _, line in first])
    known = [(raised, line) for raised, line in first if line.sick_since]
    within = [(r, line) for r, line in known if (line.meeting - _sick(line)).days <= GOAL_DAYS]
    _count(found, "goal_known", [line for _, line in known])
    _count(found, "within_goal", [line for _, line in within])
    for who, genders in (("women", ["woman"]), ("men", ["man"]), ("total", ["woman", "man"])):
        days = sorted((line.meeting - raised.called).days for raised, line in first if line.gender in genders)
        found[f"waiting {who} median"] = _median(days)
        found[f"waiting {who} 90th"] = next(
            d for d in days if 10 * sum(x <= d for x in days) >= 9 * len(days)
        )
        of = [line for _, line in known if line.gender in genders]
        found[f"waiting {who} within"] = _percent(sum(w.gender in genders for _, w in within), len(of))
    counts = [found[f"raised_by:{party} total"] or 0 for party in PARTIES]
    equal = sum(counts) / len(counts)
    over = sum(count - equal for count in counts if count > equal)
    found["evenness"] = 100 - int(100 * over / (sum(counts) - equal) + 0.5)


def _held(lines: list[Line]) -> bool:
    return any(line.held for line in lines)


def _sick(line: Line) -> date:
    assert line.sick_since is not None
    return line.sick_since


def _discussed(found: Figures, held: list[Line]) -> None:
    _count(found, "discussions", held)
    for outcome in ("plan_agreed", "new_meeting", "no_further"):
        _count(found, f"outcome:{outcome}", [line for line in held if line.outcome == outcome])
    for took_part in ("in_room", "online", "no"):
        _count(found, f"took_part:{took_part}", [line for line in held if line.took_part == took_part])
    for decision in DECISIONS:
        _count(found, f"decision:{decision}", [line for line in held if decision in line.decisions])
    _count(found, "feedback_due", [line for line in held if line.took_part == "no"])
    _count(found, "feedback_given", [line for line in held if line.told])


def _ended(found: Figures, people: dict[int, list[Line]]) -> None:
    """A case ends at the meeting that led to no other, or on the day that it was taken back."""
    last = [lines[-1] for lines in people.values()]
    settled = [line for line in last if line.outcome in {"plan_agreed", "no_further"}]
    withdrawn = [line for line in last if line.outcome == "withdrawn"]
    _count(found, "cases_ended", [*settled, *withdrawn])
    _count(found, "ending:ended", settled)
    _count(found, "ending:broken_off", withdrawn)
    _count(found, "ending:consent_withdrawn", [])


def _followed_up(found: Figures) -> None:
    """Nobody answered a follow-up."""
    _count(found, "followed_up", [])
    tables = {"support": ("changed", "unchanged", "not_known"), "support_after": SUPPORT}
    tables |= {"by_caseworker": READINESS, "by_person": READINESS}
    for table, values in tables.items():
        for value in values:
            _count(found, f"{table}:{value}", [])


def _meetings(found: Figures, plan: list[MeetingLine], held: list[Line]) -> None:
    """A meeting that moved counts twice: moved on the day it had, held on the day it got."""
    days = {line.meeting for line in held}
    became = [line.became for line in plan]
    assert days == {line.to or line.day for line in plan if line.became in {"held", "moved"}}
    found["meetings planned"] = len(plan) + became.count("moved")
    found["meetings held"] = len(days)
    found["meetings cancelled"] = became.count("cancelled") + became.count("not held")
    found["meetings moved"] = became.count("moved")
    found["meetings released"] = became.count("released")
    found["slots offered"] = len(days) * SLOTS
    # Nobody has a gender in it: women and men are nought, and the total is what the page says.
    found["slots_used women"], found["slots_used men"], found["slots_used total"] = 0, 0, len(held)


def _party(found: Figures, party: str, ledger: list[Line]) -> None:
    called = [line for line in ledger if party in line.parties]
    came = {line.meeting for line in called if party in line.present}
    away = {
        line.meeting
        for line in called
        if line.held
        and party not in line.present
        and (party, "!") not in [(s.party, s.how) for s in line.answers]
    }
    asked = [line for line in called if line.outcome and line.outcome != "moved"]
    days = sorted(said.days for line in asked for said in line.answers if said.party == party)
    found[f"{party} called"] = len(came | away)
    found[f"{party} came"] = len(came)
    found[f"{party} attendance"] = _percent(len(came), len(came | away))
    found[f"{party} answered"] = _percent(len(days), len(asked))
    found[f"{party} days to answer"] = _median(days)


def _percent(part: int, whole: int) -> int:
    return int(100 * part / whole + 0.5)


def _median(days: list[int]) -> float:
    half = len(days) // 2
    return days[half] if len(days) % 2 else (days[half - 1] + days[half]) / 2
