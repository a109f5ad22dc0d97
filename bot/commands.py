"""What the short-lived commands do."""

from __future__ import annotations

import os
from pathlib import Path

from bot.app import make_office, open_database
from bot.clock import MovableClock, RealClock
from bot.logs import configure_logging
from bot.organisation import Applier, read
from bot.settings import Mode, Settings, language_only, read_settings
from schedules.domain.organisation import Organisation
from schedules.errors import SamtidError
from schedules.orgfile.diff_text import apply_text
from schedules.ports import Clock
from schedules.store.database import Database
from schedules.texts.words import Words


class UnreadableFile(SamtidError):
    """The file cannot be read."""


def clock_of(settings: Settings, database: Database) -> Clock:
    """The local workspace's movable clock, elsewhere the real one."""
    return MovableClock(database.unit_of_work) if settings.mode is Mode.LOCAL else RealClock()


def migrate_database() -> None:
    """Bring the schema up to date."""
    settings = read_settings()
    configure_logging()
    database = open_database(settings)
    try:
        database.migrate()
    finally:
        database.close()
    print(Words(settings.language)("cli.migrated"))


def check_file(path: Path) -> None:
    """Print that the file is right, or raise with every problem."""
    language = language_only()
    organisation = _read(path, language)
    words = Words(language)
    print(words("cli.checked", file=path, teams=len(organisation.teams), people=len(organisation.people)))


def apply_file(path: Path) -> None:
    """Print the difference, then write it."""
    settings = read_settings()
    configure_logging()
    organisation = _read(path, settings.language)
    database = open_database(settings)
    try:
        database.migrate()
        applier = Applier(make_office(settings, database, clock_of(settings, database)))
        print(apply_text(applier.preview(organisation), settings.language), flush=True)
        applier.apply(organisation)
    finally:
        database.close()
    print(Words(settings.language)("cli.applied"))


def _read(path: Path, language: str) -> Organisation:
    try:
        return read(path, language)
    except OSError as error:
        raise UnreadableFile(f"{path}: {os.strerror(error.errno or 0)}") from None
    except UnicodeDecodeError:
        raise UnreadableFile(f"{path}: UTF-8") from None
