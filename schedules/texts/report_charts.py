"""Which charts a report has, what they show, and the same in words for whoever does not see them."""

from __future__ import annotations

from collections.abc import Sequence

from schedules.domain.chart import Bars, Chart, Mark
from schedules.domain.figures.page import Published
from schedules.domain.figures.report import Line
from schedules.domain.figures.tally import MEN, WOMEN
from schedules.texts.report_tables import COUNTED, label, title
from schedules.texts.words import Words

HUNDRED = 100


def report_charts(published: Published, words: Words) -> tuple[Chart, ...]:
    """The report's charts; those that have nothing to show are left out."""
    found = (
        _by_gender(published, words, "persons"),
        _raised_by(published, words),
        _attendance(published, words),
        _by_gender(published, words, "follow_up"),
    )
    return tuple(chart for chart in found if chart is not None)


def _by_gender(published: Published, words: Words, key: str) -> Chart | None:
    """Women and men side by side for each row of a section."""
    lines = [line for name in COUNTED[key] for line in published.report.table(name) if not _nobody(line)]
    rows = [label(line.row, published, words) for line in lines]
    bars = [_bars(lines, who, words(f"report.column.{who}"), words) for who in (WOMEN, MEN)]
    return _chart(published, words, key, rows, bars)


def _raised_by(published: Published, words: Words) -> Chart | None:
    """How many cases each party raised; a suppressed one has the word in place of a bar."""
    lines = published.report.table("raised_by")
    if all(map(_nobody, lines)):
        return None
    rows = [label(line.row, published, words) for line in lines]
    return _chart(published, words, "raised_by", rows, [_bars(lines, "total", "", words)])


def _attendance(published: Published, words: Words) -> Chart | None:
    """Percent of the meetings each party was called to, with the goal as a line."""
    parties = [one for one in published.report.parties if one.called]
    goal = published.report.goals.attendance_percent
    rows = [published.names.get(one.party, one.party) for one in parties]
    said = tuple(f"{one.attendance} % ({one.came}/{one.called})" for one in parties)
    bars = Bars("", tuple(one.attendance for one in parties), said)
    mark = Mark(goal, f"{words('report.column.goal')} {goal} %") if goal is not None else None
    return _chart(published, words, "attendance", rows, [bars], mark, HUNDRED)


def _nobody(line: Line) -> bool:
    return line.women == line.men == line.total == 0


def _bars(lines: Sequence[Line], who: str, name: str, words: Words) -> Bars:
    counts = tuple(line.count(who) for line in lines)
    return Bars(name, counts, tuple(words("report.hidden") if n is None else str(n) for n in counts))


def _chart(
    published: Published,
    words: Words,
    key: str,
    rows: Sequence[str],
    bars: Sequence[Bars],
    goal: Mark | None = None,
    most: int | None = None,
) -> Chart | None:
    if not rows:
        return None
    heading, about = words(f"report.section.{key}"), title(published, words)
    figures = [f"{row}: {_row(bars, at)}" for at, row in enumerate(rows)]
    said = [*figures, *([goal.label] if goal else [])]
    alt = words("report.chart.alt", title=heading, subtitle=about, figures="; ".join(said))
    return Chart(key, heading, about, tuple(rows), tuple(bars), alt, goal, most)


def _row(bars: Sequence[Bars], at: int) -> str:
    return ", ".join(f"{one.label.lower()} {one.said[at]}".strip() for one in bars)
