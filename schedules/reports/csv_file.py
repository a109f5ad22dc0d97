"""A report as CSV (RFC 4180), safe against formulas."""

from __future__ import annotations

import csv
from io import StringIO

from schedules.domain.figures.page import Published
from schedules.texts.report_tables import Value, tables, title
from schedules.texts.words import Words

# What a spreadsheet takes for the beginning of a formula, also behind a line break or a tab.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_BOM = "\ufeff"  # without it a spreadsheet takes å, ä and ö for something else


def csv_bytes(published: Published, words: Words) -> bytes:
    """All tables below each other, UTF-8; decimals have a point in every language."""
    out = StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([harmless(title(published, words))])
    writer.writerow([harmless(words("report.explained"))])
    for table in tables(published, words):
        writer.writerow([])
        writer.writerow([harmless(table.title)])
        writer.writerow([harmless(column) for column in table.columns])
        writer.writerows([harmless(value) for value in row] for row in table.rows)
    return (_BOM + out.getvalue()).encode()


def harmless(value: Value) -> Value:
    """Text that a spreadsheet would run as a formula gets an apostrophe in front; numbers stay numbers."""
    if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA):
        return f"'{value}"
    return value
