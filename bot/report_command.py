"""`samtid report`: the figures of a period, on the terminal or as a file."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.table import Table as RichTable

from bot.app import make_office, open_database
from bot.commands import clock_of
from bot.logs import configure_logging
from bot.report_formats import ReportFormat
from bot.settings import read_settings
from schedules.domain.figures.month import Month, Period
from schedules.domain.figures.page import WHOLE, Page, PageKind, Published
from schedules.errors import NotFound, SamtidError
from schedules.services.office import Office
from schedules.services.publish_report import MonthNotOver, publish
from schedules.texts.report_charts import report_charts
from schedules.texts.report_tables import Value, tables, title
from schedules.texts.words import Words

OPERATOR = "command line"
"""Who asked, in the audit trail: whoever may run the command on the machine."""

_PARTY_WIDTH = 64


class CannotReport(SamtidError):
    """The report cannot be made as asked."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command was told: months as YYYY-MM, and at most one of the three pages."""

    since: str
    until: str
    team: str | None = None
    municipality: str | None = None
    association: bool = False


def report(asked: Asked, form: ReportFormat, out: Path | None) -> None:
    """Make the report and print it or write it to `out`: a file, or for charts a folder."""
    settings = read_settings()
    configure_logging()
    words = Words(settings.language)
    if out is None and form in {ReportFormat.XLSX, ReportFormat.PNG}:
        raise CannotReport(words("report.needs_out", format=form.value))
    page, period = page_asked(asked, words), period_asked(asked, words)
    database = open_database(settings)
    try:
        database.migrate()
        office = make_office(settings, database, clock_of(settings, database))
        published = make(office, page, period, words)
    finally:
        database.close()
    hand_out(published, form, out, words)


def rendered(published: Published, form: ReportFormat, words: Words) -> bytes:
    """The report as the bytes of one file; the libraries are loaded for the formats that need them."""
    makers: dict[ReportFormat, Callable[[Published, Words], bytes]] = {
        ReportFormat.JSON: _json,
        ReportFormat.CSV: _csv,
        ReportFormat.XLSX: _xlsx,
        ReportFormat.TEXT: lambda one, said: text(one, said).encode(),
    }
    return makers[form](published, words)


def text(published: Published, words: Words, width: int = 120) -> str:
    """The report for a terminal, `width` characters wide."""
    out = StringIO()
    console = Console(file=out, width=width, highlight=False, markup=False, emoji=False)
    console.print(title(published, words), style="bold")
    console.print(words("report.explained"))
    for table in tables(published, words):
        shown = RichTable(title=table.title, title_justify="left", box=None, pad_edge=False)
        for number, column in enumerate(table.columns):
            shown.add_column(column, justify="right" if number else "left", max_width=_PARTY_WIDTH)
        for row in table.rows:
            shown.add_row(*(_written(value, words) for value in row))
        console.print()
        console.print(shown)
    return out.getvalue()


def _written(value: Value, words: Words) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else words.number(value)


def _json(published: Published, words: Words) -> bytes:
    from schedules.reports.json_file import json_bytes  # noqa: PLC0415  loaded when it is asked for

    del words  # JSON speaks no language
    return json_bytes(published)


def _csv(published: Published, words: Words) -> bytes:
    from schedules.reports.csv_file import csv_bytes  # noqa: PLC0415  loaded when it is asked for

    return csv_bytes(published, words)


def _xlsx(published: Published, words: Words) -> bytes:
    from schedules.reports.xlsx_file import xlsx_bytes  # noqa: PLC0415  loaded when it is asked for

    return xlsx_bytes(published, words, report_charts(published, words))


def hand_out(published: Published, form: ReportFormat, out: Path | None, words: Words) -> None:
    """Print the report, or write it and say where. Raises CannotReport when it cannot be written."""
    if out is None:
        sys.stdout.buffer.write(rendered(published, form, words))
        sys.stdout.flush()
        return
    try:
        written = (
            _draw(published, out, words) if form is ReportFormat.PNG else _write(published, form, out, words)
        )
    except OSError as error:
        raise CannotReport(f"{out}: {os.strerror(error.errno or 0)}") from None
    for path in written:
        print(words("report.written", file=path))


def _write(published: Published, form: ReportFormat, out: Path, words: Words) -> list[Path]:
    out.write_bytes(rendered(published, form, words))
    return [out]


def _draw(published: Published, folder: Path, words: Words) -> list[Path]:
    from schedules.reports.charts import png  # noqa: PLC0415  loaded when it is asked for

    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for chart in report_charts(published, words):
        path = folder / f"{chart.name}.png"
        path.write_bytes(png(chart))
        written.append(path)
    return written


def make(office: Office, page: Page, period: Period, words: Words) -> Published:
    """The report. Raises CannotReport in the user's words."""
    try:
        return publish(office, page, period, OPERATOR)
    except MonthNotOver:
        latest = Month.of(office.today()).plus(-1)
        raise CannotReport(words("report.month_not_over", month=words.month(latest.first_day))) from None
    except NotFound:
        raise CannotReport(words("report.unknown_page")) from None


def page_asked(asked: Asked, words: Words) -> Page:
    """The one page that was chosen; the association when none was."""
    if sum([asked.team is not None, asked.municipality is not None, asked.association]) > 1:
        raise CannotReport(words("report.one_page"))
    if asked.team is not None:
        return Page(PageKind.TEAM, asked.team)
    return WHOLE if asked.municipality is None else Page(PageKind.MUNICIPALITY, asked.municipality)


def period_asked(asked: Asked, words: Words) -> Period:
    """The months that were asked for."""
    first, last = (_month(text, words) for text in (asked.since, asked.until))
    if last < first:
        raise CannotReport(words("report.turned"))
    return Period(first, last)


def _month(text: str, words: Words) -> Month:
    try:
        return Month.parse(text)
    except ValueError:
        raise CannotReport(words("report.bad_month", month=text)) from None
