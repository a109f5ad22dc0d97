"""`samtid audit` and `samtid export`: who saw or did what with a case, and all that is held on it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from rich.table import Table

from bot.app import make_office, open_database
from bot.commands import clock_of
from bot.logs import configure_logging
from bot.report_command import OPERATOR
from bot.settings import read_settings
from schedules.codec import encode
from schedules.domain.case_file import CaseFile, Trail
from schedules.errors import NotFound, SamtidError
from schedules.services.case_file import audit_trail, export_case
from schedules.services.office import Office
from schedules.texts.case_document import case_document
from schedules.texts.record import sealed_since, trail_columns, trail_rows, trail_title
from schedules.texts.record_page import record_html, record_text
from schedules.texts.words import Words

OWNER_ONLY = 0o600
WIDTH = 120

T = TypeVar("T")


class NoSuchCase(SamtidError):
    """There is no case with that reference."""


class CannotWrite(SamtidError):
    """The file cannot be written."""


def audit(reference: str, *, as_json: bool) -> None:
    """Print who saw or did what with the case, in order of time."""

    def shown(office: Office, words: Words) -> str:
        trail = audit_trail(office, reference, OPERATOR)
        return as_data(trail) if as_json else table(trail, office, words)

    sys.stdout.write(_with_office(reference, shown))


def export(reference: str, out: Path | None, *, as_json: bool) -> None:
    """Print all that is held on the case, or write it to `out`: HTML, or JSON. Only its owner may read it."""

    def made(office: Office, words: Words) -> str:
        if out is None:
            return document(export_case(office, reference, OPERATOR), office, words, as_json=as_json)
        # Opened first: an export that could not be written is not on record as one.
        with os.fdopen(_open_for_owner(out), "w", encoding="utf-8") as file:
            try:
                held = export_case(office, reference, OPERATOR)
            except SamtidError:
                out.unlink()
                raise
            file.write(as_data(held) if as_json else record_html(case_document(held, words, office.zone)))
        return words("record.written", file=out) + "\n"

    sys.stdout.write(_with_office(reference, made))


def document(held: CaseFile, office: Office, words: Words, *, as_json: bool) -> str:
    """The export for the terminal."""
    return as_data(held) if as_json else record_text(case_document(held, words, office.zone))


def as_data(held: CaseFile | Trail) -> str:
    """The same as JSON: keys of the code, ids with a table of names, instants in UTC."""
    return json.dumps(json.loads(encode(held)), ensure_ascii=False, indent=2) + "\n"


def table(trail: Trail, office: Office, words: Words, width: int = WIDTH) -> str:
    """The audit trail for a terminal, `width` characters wide."""
    out = StringIO()
    console = Console(file=out, width=width, highlight=False, markup=False, emoji=False)
    console.print(trail_title(trail, words), style="bold")
    if sealed := sealed_since(trail.record, words, office.zone):
        console.print(sealed)
    shown = Table(box=None, pad_edge=False)
    for column in trail_columns(words):
        shown.add_column(column)
    for row in trail_rows(trail, words, office.zone):
        shown.add_row(*row)
    console.print()
    console.print(shown)
    return out.getvalue()


def _open_for_owner(out: Path) -> int:
    """A new file that nobody else may read; one that is there already is not overwritten."""
    try:
        return os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    except OSError as error:
        raise CannotWrite(f"{out}: {os.strerror(error.errno or 0)}") from None


def _with_office(reference: str, work: Callable[[Office, Words], T]) -> T:
    settings = read_settings()
    configure_logging()
    words = Words(settings.language)
    database = open_database(settings)
    try:
        database.migrate()
        return work(make_office(settings, database, clock_of(settings, database)), words)
    except NotFound:
        raise NoSuchCase(words("record.unknown", reference=reference)) from None
    finally:
        database.close()
