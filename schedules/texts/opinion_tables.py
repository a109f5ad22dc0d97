"""The climate in a report: tables for files and the terminal, lines for the message."""

from __future__ import annotations

from collections.abc import Iterator

from schedules.domain.opinions import Opinions, Pulse, PulseFigures, SurveyFigures
from schedules.texts.words import Words

Cell = str | int | float | None
Plain = tuple[str, str, tuple[str, ...], tuple[tuple[Cell, ...], ...]]
"""A table's key, title, columns and rows."""


def opinion_tables(opinions: Opinions, words: Words) -> Iterator[Plain]:
    """A table a survey, and one of the pulses; none where nobody was asked."""
    for survey in opinions.surveys:
        yield _survey(survey, words)
    if opinions.pulses:
        yield _pulses(opinions.pulses, words)


def opinion_lines(opinions: Opinions, words: Words) -> Iterator[str]:
    """The same in short, for a message."""
    for survey in opinions.surveys:
        means = [mean for _, mean in survey.means if mean is not None]
        if survey.answers is None or not means:
            yield words("report.climate.few", year=survey.year)
        else:
            mean = words.number(round(sum(means) / len(means), 1))
            yield words("report.climate.line", year=survey.year, mean=mean, answers=survey.answers)
    for pulse in opinions.pulses:
        half = _half(pulse, words)
        if pulse.answers is None:
            yield words("report.pulse.few", half=half)
        else:
            clear = pulse.percent[Pulse.CLEAR]
            yield words("report.pulse.line", half=half, percent=clear, answers=pulse.answers)


def _survey(survey: SurveyFigures, words: Words) -> Plain:
    hidden = words("report.hidden")
    rows: list[tuple[Cell, ...]] = [(words("report.climate.answers"), survey.answers or hidden)]
    rows += [(q.said(words.language), hidden if mean is None else mean) for q, mean in survey.means]
    title = words("report.climate.title", year=survey.year)
    return "climate", title, (words("report.climate.question"), words("report.climate.mean")), tuple(rows)


def _pulses(pulses: tuple[PulseFigures, ...], words: Words) -> Plain:
    hidden = words("report.hidden")
    columns = (
        words("report.pulse.half"),
        words("report.climate.answers"),
        *(words("report.pulse.share", said=words(f"pulse.{said.value}")) for said in Pulse),
    )
    rows = tuple(
        (
            _half(one, words),
            hidden if one.answers is None else one.answers,
            *(hidden if one.percent[said] is None else one.percent[said] for said in Pulse),
        )
        for one in pulses
    )
    return "pulse", words("report.pulse.title"), columns, rows


def _half(pulse: PulseFigures, words: Words) -> str:
    term = pulse.term
    return f"{words.month(term.since.first_day)}–{words.month(term.until.first_day)}"
