"""Counting persons and cases, by row, gender and month. Each row's definition is in docs/figures.md.

Every count adds up over months: a person is counted once, in the month in which something happened to that
person for the first time. What is shown of the counts is decided in `disclosure`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from schedules.domain.cases import Gender, Support, Urgency
from schedules.domain.figures.facts import (
    CaseFact,
    Decision,
    Ending,
    Facts,
    Feedback,
    Outcome,
    OutcomeFact,
    Readiness,
    TookPart,
)
from schedules.domain.figures.month import Month, Period

WOMEN, MEN, OTHERS = "women", "men", "others"
GENDERS = (WOMEN, MEN, OTHERS)
TWO_ORGANISATIONS = 2
DAYS = "days"
OF_PARTIES = ("raised_by", "requested", "missed")
"""The tables with a row a party."""
CHANGED, UNCHANGED, NOT_KNOWN = "changed", "unchanged", "not_known"

T = TypeVar("T")
When = tuple[str, Month]
"""Gender (one of GENDERS) and month."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the report: `table` is what is counted, `of` which party or value.

    The row counts a part of `within`; the rows `rest_of` and this one together are all of `within`.
    """

    table: str
    of: str = ""
    within: str | None = None
    rest_of: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The row's name within a report."""
        return f"{self.table}:{self.of}" if self.of else self.table


@dataclass(slots=True)
class Tally:
    """Rows in the order of the report, and how often each gender and month is counted in them.

    `counts` holds more than the rows: how many waited how many days, under `days:12`. No report shows it; it
    is counted like a row so that a median too keeps to closed months.
    """

    rows: list[Row] = field(default_factory=list)
    counts: dict[str, Counter[When]] = field(default_factory=dict)

    def count(self, row: str, period: Period, genders: Iterable[str] = GENDERS) -> int:
        """The count of some genders over a period."""
        wanted = frozenset(genders)
        return sum(
            n for (gender, month), n in self.counts[row].items() if gender in wanted and month in period
        )

    def days(self, period: Period, genders: Iterable[str]) -> list[int]:
        """The waiting days of each who waited, in no order."""
        lengths = [name for name in self.counts if name.startswith(f"{DAYS}:")]
        return [
            int(name.removeprefix(f"{DAYS}:"))
            for name in lengths
            for _ in range(self.count(name, period, genders))
        ]

    def add(self, row: Row, when: Iterable[When]) -> None:
        """Add a row that counts these."""
        self.rows.append(row)
        self.counts[row.id] = Counter(when)

    def each(
        self, table: str, within: str, items: Sequence[tuple[Sequence[str], When]], of: Sequence[str]
    ) -> None:
        """A row a value; an item may have several values or none."""
        for value in of:
            self.add(Row(table, value, within), [when for values, when in items if value in values])

    def split(self, table: str, within: str, items: Sequence[tuple[str, When]], of: Sequence[str]) -> None:
        """A row a value; each item has exactly one, so that the rows add up to `within`."""
        rest = tuple(Row(table, value).id for value in of[:-1])
        for value in of:
            row = Row(table, value, within, rest if value == of[-1] else ())
            self.add(row, [when for one, when in items if one == value])


def tally(facts: Facts, parties: Sequence[str], earlier: Collection[str] = ()) -> Tally:
    """Count everything; `parties` are those that might have raised or been asked for, in order.

    `earlier` are others that an earlier report had rows of.
    """
    genders = {case.id: gender_of(case.gender) for case in facts.cases}
    found = Tally()
    known = _known(facts, parties, earlier)
    _raised(found, facts, genders, known)
    _waited(found, facts, genders)
    _met(found, facts, genders, known)
    _followed_up(found, facts, genders)
    _ended(found, facts.cases)
    slots = [(OTHERS, meeting.month) for meeting in facts.meetings for _ in range(meeting.slots_used)]
    found.add(Row("slots_used"), slots)
    return found


def gender_of(gender: Gender) -> str:
    """The gender as the figures know it; other and unknown are counted in the total only."""
    return {Gender.WOMAN: WOMEN, Gender.MAN: MEN}.get(gender, OTHERS)


def _known(facts: Facts, parties: Sequence[str], earlier: Collection[str]) -> tuple[str, ...]:
    """The parties asked about, then those that only the facts or earlier reports know."""
    raised = {referral.party for referral in facts.referrals}
    asked = {party for referral in facts.referrals for party in referral.requested}
    missed = {party for outcome in facts.outcomes for party in outcome.missed}
    return (*parties, *sorted((raised | asked | missed | set(earlier)) - set(parties)))


def _raised(found: Tally, facts: Facts, genders: dict[str, str], parties: Sequence[str]) -> None:
    found.add(Row("persons_raised"), [(gender_of(case.gender), case.raised) for case in facts.cases])
    when = [(one, (genders[one.case], one.month)) for one in facts.referrals]
    found.add(Row("cases_raised"), [moment for _, moment in when])
    found.split("raised_by", "cases_raised", [(one.party, moment) for one, moment in when], parties)
    found.each("requested", "cases_raised", [(one.requested, moment) for one, moment in when], parties)
    urgency = [(one.urgency.value, moment) for one, moment in when]
    found.split("urgency", "cases_raised", urgency, [Urgency.URGENT, Urgency.ORDINARY])


def _waited(found: Tally, facts: Facts, genders: dict[str, str]) -> None:
    met = [(one, (genders[one.case], one.met)) for one in facts.referrals if one.met is not None]
    found.add(Row("waited"), [when for one, when in met if one.waiting_days is not None])
    for one, when in met:
        if one.waiting_days is not None:
            found.counts.setdefault(f"{DAYS}:{one.waiting_days}", Counter())[when] += 1
    known = [(one, when) for one, when in met if one.within_goal is not None and one.waiting_days is not None]
    found.add(Row("goal_known", within="waited"), [when for _, when in known])
    found.add(Row("within_goal", within="goal_known"), [when for one, when in known if one.within_goal])


def _met(found: Tally, facts: Facts, genders: dict[str, str], parties: Sequence[str]) -> None:
    held = [one for one in facts.outcomes if one.outcome is not Outcome.NOT_HELD]
    found.add(Row("persons_met"), _first(held, genders))
    two = [one for one in held if one.organisations >= TWO_ORGANISATIONS]
    found.add(Row("two_organisations", within="persons_met"), _first(two, genders))
    _discussed(found, [(one, (genders[one.case], one.month)) for one in held], parties)
    fell = [(genders[one.case], one.month) for one in facts.outcomes if one.outcome is Outcome.NOT_HELD]
    found.add(Row("not_held"), fell)


def _first(outcomes: Iterable[OutcomeFact], genders: dict[str, str]) -> list[When]:
    """Each case once, in the month of its first outcome."""
    first: dict[str, Month] = {}
    for one in outcomes:
        first[one.case] = min(one.month, first.get(one.case, one.month))
    return [(genders[case], month) for case, month in first.items()]


def _discussed(found: Tally, held: list[tuple[OutcomeFact, When]], parties: Sequence[str]) -> None:
    found.add(Row("discussions"), [when for _, when in held])
    split = _splitter(found, "discussions", held)
    split("outcome", lambda one: one.outcome, [Outcome.PLAN_AGREED, Outcome.NEW_MEETING, Outcome.NO_FURTHER])
    split("took_part", lambda one: one.took_part, list(TookPart))
    found.each("decision", "discussions", [(one.decisions, when) for one, when in held], list(Decision))
    found.each("missed", "discussions", [(one.missed, when) for one, when in held], parties)
    owed = [(one, when) for one, when in held if one.feedback is not Feedback.NOT_NEEDED]
    found.add(Row("feedback_due", within="discussions"), [when for _, when in owed])
    given = [when for one, when in owed if one.feedback is Feedback.GIVEN]
    found.add(Row("feedback_given", within="feedback_due"), given)


def _followed_up(found: Tally, facts: Facts, genders: dict[str, str]) -> None:
    answers = [(one, (genders[one.case], one.month)) for one in facts.follow_ups]
    found.add(Row("followed_up"), [when for _, when in answers])
    split = _splitter(found, "followed_up", answers)
    split("support", lambda one: _change(one.before, one.after), [CHANGED, UNCHANGED, NOT_KNOWN])
    split("support_after", lambda one: one.after, list(Support))
    split("by_caseworker", lambda one: one.by_caseworker, list(Readiness))
    split("by_person", lambda one: one.by_person, list(Readiness))


def _splitter(
    found: Tally, within: str, items: Sequence[tuple[T, When]]
) -> Callable[[str, Callable[[T], str], Sequence[str]], None]:
    def split(table: str, value: Callable[[T], str], of: Sequence[str]) -> None:
        found.split(table, within, [(value(one), when) for one, when in items], of)

    return split


def _change(before: Support, after: Support) -> str:
    if Support.UNKNOWN in {before, after}:
        return NOT_KNOWN
    return UNCHANGED if before == after else CHANGED


def _ended(found: Tally, cases: Sequence[CaseFact]) -> None:
    over = [
        (case.ending.value, (gender_of(case.gender), case.ended))
        for case in cases
        if case.ending is not None and case.ended is not None
    ]
    found.add(Row("cases_ended"), [when for _, when in over])
    found.split("ending", "cases_ended", over, list(Ending))
