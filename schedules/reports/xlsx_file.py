"""A report as XLSX: a sheet a table, the charts on one, texts never taken for formulas."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from schedules.domain.chart import Chart
from schedules.domain.figures.page import Published
from schedules.reports.charts import png
from schedules.texts.report_tables import Table, Value, tables, title
from schedules.texts.words import Words

_NAME = 31  # a sheet's name, without what Excel forbids in it
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_WIDE, _NARROW = 58, 16  # characters
_ROWS_A_CHART = 26
# A text such as "=1+1" stays a text, and so does a web address (TRAPS.md).
_TEXTS_STAY_TEXTS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def xlsx_bytes(published: Published, words: Words, charts: Sequence[Chart] = ()) -> bytes:
    """The workbook."""
    out = BytesIO()
    book = Workbook(out, {"in_memory": True, **_TEXTS_STAY_TEXTS})
    strong = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    _about(book.add_worksheet(_fitting(words("report.sheet.about"))), published, words, strong)
    for table in tables(published, words):
        _fill(book.add_worksheet(_fitting(table.title, book)), table, strong)
    if charts:
        _draw(book.add_worksheet(_fitting(words("report.sheet.charts"), book)), charts)
    book.close()
    return out.getvalue()


def _about(sheet: Worksheet, published: Published, words: Words, strong: Format) -> None:
    sheet.set_column(0, 0, 2 * _WIDE)
    sheet.write_string(0, 0, title(published, words), strong)
    sheet.write_string(1, 0, published.association)
    sheet.write_string(2, 0, words("report.explained"))


def _fill(sheet: Worksheet, table: Table, strong: Format) -> None:
    sheet.set_column(0, 0, _WIDE)
    sheet.set_column(1, len(table.columns), _NARROW)
    sheet.freeze_panes(2, 1)
    sheet.write_string(0, 0, table.title, strong)
    for column, name in enumerate(table.columns):
        sheet.write_string(1, column, name, strong)
    for at, row in enumerate(table.rows, 2):
        for column, value in enumerate(row):
            _write(sheet, at, column, value)


def _write(sheet: Worksheet, row: int, column: int, value: Value) -> None:
    if isinstance(value, str):
        sheet.write_string(row, column, value)
    elif value is not None:
        sheet.write_number(row, column, value)


def _draw(sheet: Worksheet, charts: Sequence[Chart]) -> None:
    for at, chart in enumerate(charts):
        options = {
            "image_data": BytesIO(png(chart)),
            "description": chart.alt,
            "x_scale": 0.5,
            "y_scale": 0.5,
        }
        sheet.insert_image(at * _ROWS_A_CHART, 0, f"{chart.name}.png", options)


def _fitting(name: str, book: Workbook | None = None) -> str:
    """A sheet's name that Excel takes and that no earlier sheet has."""
    short = name.translate(_FORBIDDEN)[:_NAME].strip()
    taken = {sheet.get_name().casefold() for sheet in book.worksheets()} if book else set()
    number = 2
    while short.casefold() in taken:
        short = f"{name.translate(_FORBIDDEN)[: _NAME - 3].strip()} {number}"
        number += 1
    return short
