"""A report as a chat message: what a board asks first; the whole of it is in the files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from schedules.domain.chat import ChatMessage, Section
from schedules.domain.figures.page import Published
from schedules.domain.figures.report import Line
from schedules.texts.compose import compose
from schedules.texts.opinion_tables import opinion_lines
from schedules.texts.report_charts import report_charts
from schedules.texts.report_tables import label, shown, title
from schedules.texts.words import Words

FIRST = ("persons_raised", "persons_met", "two_organisations", "discussions")
LATER = ("followed_up", "support:changed", "by_caseworker:more", "by_person:more")


def report_message(published: Published, words: Words, pages: Sequence[str] = ()) -> ChatMessage:
    """The message; `pages` are the names of other pages that the reader may ask for."""
    said = title(published, words)
    context = [words("report.explained")]
    if pages:
        context.append(words("report.message.pages", names=", ".join(pages)))
    made = compose(
        words,
        words("report.message", title=said),
        (
            Section(said),
            _section("persons", FIRST, published, words),
            Section(words("report.section.raised_by"), tuple(_raised(published, words))),
            Section(words("report.section.meetings"), tuple(_meetings(published, words))),
            Section(words("report.section.attendance"), tuple(_attendance(published, words))),
            Section(words("report.section.decision"), tuple(_decisions(published, words))),
            _section("follow_up", LATER, published, words),
            *_climate(published, words),
        ),
        "\n".join(context),
    )
    return replace(made, charts=report_charts(published, words))


def _climate(published: Published, words: Words) -> Iterator[Section]:
    if lines := tuple(opinion_lines(published.opinions, words)):
        yield Section(words("report.climate.section"), lines)


def _section(key: str, rows: Sequence[str], published: Published, words: Words) -> Section:
    lines = [published.report.line(row) for row in rows]
    return Section(words(f"report.section.{key}"), tuple(_count(line, published, words) for line in lines))


def _count(line: Line, published: Published, words: Words) -> str:
    said = words(
        "report.message.counts",
        label=label(line.row, published, words),
        total=shown(line.total, words),
        women=shown(line.women, words),
        men=shown(line.men, words),
    )
    goal = published.report.goals.two_organisations
    if line.row.id != "two_organisations" or goal is None:
        return said
    return words("report.message.goal", line=said, goal=goal)


def _raised(published: Published, words: Words) -> Iterator[str]:
    for line in published.report.table("raised_by"):
        yield _count(line, published, words)
    if published.report.evenness is not None:
        yield words("report.message.evenness", evenness=published.report.evenness)


def _meetings(published: Published, words: Words) -> Iterator[str]:
    figures = published.report.meetings
    yield words(
        "report.message.meetings",
        held=figures.held,
        planned=figures.planned,
        cancelled=figures.cancelled,
        moved=figures.moved,
    )
    everybody = published.report.waiting[-1]
    if everybody.median_days is not None and everybody.ninetieth_days is not None:
        median, ninetieth = words.number(everybody.median_days), everybody.ninetieth_days
        yield words("report.message.waiting", median=median, ninetieth=ninetieth)


def _attendance(published: Published, words: Words) -> Iterator[str]:
    goal = published.report.goals.attendance_percent
    called = [one for one in published.report.parties if one.attendance is not None]
    if not called:
        yield words("report.message.none")
    for one in called:
        name, percent = published.names.get(one.party, one.party), one.attendance or 0
        line = words(
            "report.message.attendance", party=name, percent=percent, came=one.came, called=one.called
        )
        below = goal is not None and percent < goal
        yield words("report.message.below", line=line, goal=goal) if below else line


def _decisions(published: Published, words: Words) -> Iterator[str]:
    lines = [line for line in published.report.table("decision") if line.total != 0]
    for line in lines:
        yield _count(line, published, words)
    if not lines:
        yield words("report.message.no_decisions")
