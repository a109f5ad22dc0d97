"""`samtid erase`: show what goes with a case, ask, and erase it by the file's decision."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import typer

from bot.app import make_office, open_database
from bot.commands import clock_of
from bot.logs import configure_logging
from bot.report_command import OPERATOR
from bot.settings import read_settings
from schedules.errors import LockTimeout, NotFound, SamtidError
from schedules.services.erase_case import (
    AlreadyErased,
    Erasing,
    NoDecision,
    OtherDecision,
    Scrub,
    SeveralCases,
    StillRunning,
    erase_case,
    preview_erasure,
    scrub_owed,
)
from schedules.services.erase_messages import OnTheirWay
from schedules.services.office import Office
from schedules.texts.words import Words

_WHY: tuple[tuple[type[SamtidError], str], ...] = (
    (NoDecision, "erase.no_decision"),
    (OtherDecision, "erase.other_decision"),
    (SeveralCases, "erase.several"),
    (StillRunning, "erase.running"),
    (OnTheirWay, "erase.on_their_way"),
    (LockTimeout, "erase.busy"),
    (NotFound, "erase.unknown"),
)


class NotErased(SamtidError):
    """The case was not erased."""


def erase(reference: str, decision: str, *, yes: bool) -> None:
    """Show what goes, ask on a terminal, erase, and clear the database's files. Raises NotErased."""
    reference = reference.strip().upper()
    settings = read_settings()
    configure_logging()
    words = Words(settings.language)
    database = open_database(settings)
    try:
        database.migrate()
        office = make_office(settings, database, clock_of(settings, database))
        with _told(office, words, reference, decision):
            _show(preview_erasure(office, reference, decision), decision, words)
            _ask(reference, words, yes=yes)
            erasing = erase_case(office, reference, decision, OPERATOR)
        _tell(office, database.scrub, erasing, words)
    finally:
        database.close()


def _show(erasing: Erasing, decision: str, words: Words) -> None:
    print(words("erase.preview", decision=decision))
    print(f"  - {words('erase.case', reference=erasing.case.reference)}")
    counted = (
        ("erase.rows", sum(erasing.rows.values())),
        ("erase.deleted", erasing.deleted),
        ("erase.rewritten", erasing.rewritten),
    )
    for key, number in counted:
        if number:
            print(f"  - {words(key, number=number)}")
    print(words("erase.kept"), flush=True)


def _ask(reference: str, words: Words, *, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise NotErased(words("erase.needs_yes"))
    if not typer.confirm(words("erase.confirm", reference=reference)):
        raise NotErased(words("erase.stopped"))


def _tell(office: Office, scrub: Scrub, erasing: Erasing, words: Words) -> None:
    print(words("erase.done", reference=erasing.case.reference))
    if not scrub_owed(office, scrub):
        print(words("erase.scrub_later"))
    if erasing.deleted or erasing.rewritten:
        print(words("erase.slack_later"))


@contextmanager
def _told(office: Office, words: Words, reference: str, decision: str) -> Iterator[None]:
    """Say in the user's words why it was not done."""
    try:
        yield
    except AlreadyErased as error:
        day = words.day_and_year(office.local(datetime.fromisoformat(error.ids["at"])).date())
        raise NotErased(
            words("erase.already", reference=reference, day=day, decision=error.ids["decision"])
        ) from None
    except NotErased:
        raise
    except SamtidError as error:
        key = next((key for kind, key in _WHY if isinstance(error, kind)), None)
        if key is None:
            raise
        raise NotErased(words(key, reference=reference, decision=decision)) from None
