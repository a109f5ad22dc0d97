"""`samtid survey`: the questions of the yearly climate survey."""

from __future__ import annotations

import os
from pathlib import Path

import typer

from bot.app import make_office, open_database
from bot.commands import UnreadableFile, clock_of
from bot.logs import configure_logging
from bot.report_command import OPERATOR
from bot.settings import language_only, read_settings
from schedules.domain.opinions import Questionnaire
from schedules.orgfile.survey import read_survey
from schedules.services.climate_survey import apply_questionnaire
from schedules.texts.words import Words


def check(path: Path) -> None:
    """Print that the file is right, or raise with every problem."""
    language = language_only()
    typer.echo(_checked(path, _read(path, language), Words(language)))


def apply(path: Path) -> None:
    """Store the questions; the next survey asks them."""
    settings = read_settings()
    configure_logging()
    questionnaire = _read(path, settings.language)
    database = open_database(settings)
    try:
        database.migrate()
        office = make_office(settings, database, clock_of(settings, database))
        apply_questionnaire(office, questionnaire, OPERATOR)
    finally:
        database.close()
    words = Words(settings.language)
    typer.echo(_checked(path, questionnaire, words))
    typer.echo(words("cli.applied"))


def _checked(path: Path, found: Questionnaire, words: Words) -> str:
    first = f"{found.day}/{found.month}"
    return words("cli.survey_checked", file=path, questions=len(found.questions), first=first)


def _read(path: Path, language: str) -> Questionnaire:
    try:
        return read_survey(path.read_text(encoding="utf-8"), str(path), language)
    except OSError as error:
        raise UnreadableFile(f"{path}: {os.strerror(error.errno or 0)}") from None
    except UnicodeDecodeError:
        raise UnreadableFile(f"{path}: UTF-8") from None
