"""A report as tables in words: what the terminal, spreadsheets and messages show, each in its own dress."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from schedules.domain.figures.measures import PartyFigures, percent
from schedules.domain.figures.page import Published
from schedules.domain.figures.report import Line
from schedules.domain.figures.tally import Row
from schedules.texts.opinion_tables import opinion_tables
from schedules.texts.words import Words

Value = str | int | float | None
"""A cell: words, a number, or nothing to tell."""

COUNTED = {
    "persons": (
        "persons_raised",
        "cases_raised",
        "persons_met",
        "two_organisations",
        "discussions",
        "not_held",
    ),
    "raised_by": ("raised_by",),
    "requested": ("requested",),
    "urgency": ("urgency",),
    "outcome": ("outcome",),
    "took_part": ("took_part", "feedback_due", "feedback_given"),
    "decision": ("decision",),
    "missed": ("missed",),
    "follow_up": ("followed_up", "support", "by_caseworker", "by_person"),
    "support_after": ("support_after",),
    "ending": ("cases_ended", "ending"),
}
"""Section to the tables of counts in it, in the order of the report."""

OF_PARTIES = frozenset({"raised_by", "requested", "missed"})


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its title; every row is as long as `columns`."""

    key: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


def title(published: Published, words: Words) -> str:
    """What the report is about: "Samverkansteam Tierp, juli 2026–december 2026"."""
    return words("report.title", title=published.title, period=period(published, words))


def period(published: Published, words: Words) -> str:
    """The report's months."""
    since, until = published.period.since, published.period.until
    if since == until:
        return words.month(since.first_day)
    return words("report.period", since=words.month(since.first_day), until=words.month(until.first_day))


def tables(published: Published, words: Words) -> tuple[Table, ...]:
    """Every table of the report."""
    return (
        *(_counted(published, key, words) for key in ("persons", "raised_by", "requested", "urgency")),
        _waiting(published, words),
        _meetings(published, words),
        _attendance(published, words),
        _answers(published, words),
        *(_counted(published, key, words) for key in ("outcome", "took_part", "decision", "missed")),
        *(_counted(published, key, words) for key in ("follow_up", "support_after", "ending")),
        _sus(published, words),
        *(Table(*one) for one in opinion_tables(published.opinions, words)),
    )


def label(row: Row, published: Published, words: Words) -> str:
    """What a row counts."""
    if not row.of:
        return words(f"report.row.{row.table}")
    if row.table in OF_PARTIES:
        return published.names.get(row.of, row.of)
    return words(f"report.{row.table}.{row.of}")


def shown(value: Value, words: Words) -> Value:
    """The value, or the word for what is suppressed."""
    return words("report.hidden") if value is None else value


def _counted(published: Published, key: str, words: Words) -> Table:
    rows = [
        _count_row(published, line, words) for table in COUNTED[key] for line in published.report.table(table)
    ]
    if key == "raised_by":
        rows.append((words("report.row.evenness"), None, None, None, _evenness(published, words), None))
    return Table(key, words(f"report.section.{key}"), _count_columns(words), tuple(rows))


def _evenness(published: Published, words: Words) -> Value:
    hidden = any(line.total is None for line in published.report.table("raised_by"))
    return shown(published.report.evenness, words) if hidden else published.report.evenness


def _count_columns(words: Words) -> tuple[str, ...]:
    return (
        words("report.column.what"),
        words("report.column.women"),
        words("report.column.men"),
        words("report.column.total"),
        words("report.column.share"),
        words("report.column.goal"),
    )


def _count_row(published: Published, line: Line, words: Words) -> tuple[Value, ...]:
    goal = published.report.goals.two_organisations if line.row.id == "two_organisations" else None
    counts = (shown(count, words) for count in (line.women, line.men, line.total))
    return label(line.row, published, words), *counts, _share(published, line), goal


def _share(published: Published, line: Line) -> int | None:
    """Percent of the row that this one is a part of, where both are shown."""
    if line.row.within is None or line.total is None:
        return None
    whole = published.report.line(line.row.within).total
    return None if whole is None else percent(line.total, whole)


def _waiting(published: Published, words: Words) -> Table:
    goal = published.report.goals.first_contact_days
    rows: list[tuple[Value, ...]] = [
        (words("report.row.median"), *_across(published, "median_days", words)),
        (words("report.row.ninetieth"), *_across(published, "ninetieth_days", words)),
        (_within_goal(goal, words), *_across(published, "within_goal_percent", words)),
    ]
    columns = _count_columns(words)[:4]
    return Table("waiting", words("report.section.waiting"), columns, tuple(rows))


def _across(published: Published, measure: str, words: Words) -> Iterator[Value]:
    """Women, men, all; where nobody waited there is nothing to hide."""
    waited = published.report.line("waited")
    for one in published.report.waiting:
        value: Value = getattr(one, measure)
        yield value if waited.count(one.who) == 0 else shown(value, words)


def _within_goal(goal: int | None, words: Words) -> str:
    return words("report.row.within_goal") if goal is None else words("report.row.within_days", days=goal)


def _meetings(published: Published, words: Words) -> Table:
    figures, used = published.report.meetings, published.report.slots_used
    rows: tuple[tuple[Value, ...], ...] = (
        (words("report.meetings.planned"), figures.planned),
        (words("report.meetings.held"), figures.held),
        (words("report.meetings.cancelled"), figures.cancelled),
        (words("report.meetings.moved"), figures.moved),
        (words("report.meetings.released"), figures.released),
        (words("report.meetings.slots_offered"), figures.slots_offered),
        (words("report.meetings.slots_used"), shown(used, words)),
    )
    columns = (words("report.column.what"), words("report.column.number"))
    return Table("meetings", words("report.section.meetings"), columns, rows)


def _attendance(published: Published, words: Words) -> Table:
    goal = published.report.goals.attendance_percent
    rows = tuple(
        (_party(one, published), one.called, one.came, one.attendance, goal)
        for one in published.report.parties
        if one.called
    )
    columns = (
        words("report.column.party"),
        words("report.column.called"),
        words("report.column.came"),
        words("report.column.attendance"),
        words("report.column.goal"),
    )
    return Table("attendance", words("report.section.attendance"), columns, rows)


def _answers(published: Published, words: Words) -> Table:
    rows = tuple(
        (_party(one, published), shown(one.answer_percent, words), shown(one.answer_days, words))
        for one in published.report.parties
    )
    columns = (words("report.column.party"), words("report.column.answered"), words("report.column.days"))
    return Table("answers", words("report.section.answers"), columns, rows)


def _party(figures: PartyFigures, published: Published) -> str:
    return published.names.get(figures.party, figures.party)


def _sus(published: Published, words: Words) -> Table:
    """The terms of the national follow-up system SUS; broken off is what did not end as planned."""
    rows = tuple(
        (name, *(shown(count, words) for count in counts)) for name, counts in _sus_rows(published, words)
    )
    return Table("sus", words("report.section.sus"), _count_columns(words)[:4], rows)


def _sus_rows(published: Published, words: Words) -> Iterator[tuple[str, tuple[int | None, ...]]]:
    report = published.report
    started, over, ended = (
        _counts(report.line(row)) for row in ("persons_raised", "cases_ended", "ending:ended")
    )
    yield words("report.sus.started"), started
    yield words("report.sus.over"), over
    yield words("report.sus.ended"), ended
    off = tuple(None if a is None or b is None else a - b for a, b in zip(over, ended, strict=True))
    yield words("report.sus.broken_off"), off


def _counts(line: Line) -> tuple[int | None, ...]:
    return line.women, line.men, line.total
