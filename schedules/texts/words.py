"""The catalogues: keys to words, with Swedish plurals and local dates (Babel and gettext).

`messages.po` holds mails and chat messages, `interface.po` forms, pages and answers to commands, `report.po`
the words of the figures, `record.po` those of what is on record about a case.
"""

from __future__ import annotations

import gettext
from datetime import date, datetime, time
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import Literal

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

LANGUAGES = ("sv", "en")
DEFAULT_LANGUAGE = "sv"
CATALOGUE = Path(__file__).parent / "catalogue"


@cache
def _translations(language: str) -> gettext.GNUTranslations:
    merged: gettext.GNUTranslations | None = None
    for path in sorted((CATALOGUE / language).glob("*.po")):
        with path.open("rb") as source:
            catalogue = read_po(source, locale=language)
        compiled = BytesIO()
        write_mo(compiled, catalogue)
        compiled.seek(0)
        one = gettext.GNUTranslations(compiled)
        if merged is None:
            merged = one
        else:
            merged.add_fallback(one)
    if merged is None:
        raise LookupError(language)
    return merged


class Words:
    """The words of one language. Unknown languages speak Swedish."""

    def __init__(self, language: str | None) -> None:
        self.language = language if language in LANGUAGES else DEFAULT_LANGUAGE

    def __call__(self, key: str, **values: object) -> str:
        """The words for `key` with `values` filled in. Raises KeyError for a key that is missing."""
        found = _entry(self.language, key)
        if found == key:
            raise KeyError(key)
        return found.format(**values) if values else found

    def has(self, key: str) -> bool:
        """Whether the catalogue knows the key."""
        return _entry(self.language, key) != key

    def count(self, key: str, number: int, **values: object) -> str:
        """The words for `key` in the plural form that `number` takes; `{number}` is filled in."""
        found = _plural(self.language, key, number)
        if found in {key, f"{key}.plural"}:
            raise KeyError(key)
        return found.format(number=number, **values)

    def day(self, day: date) -> str:
        """A date with its weekday and no year: "tisdag 1 december"; "Tuesday 1 December"."""
        return _day(self.language, day)

    def day_and_year(self, day: date) -> str:
        """A date with its year: "1 december 2026"."""
        return _day_and_year(self.language, day)

    def month(self, day: date) -> str:
        """The day's month with its year: "december 2026"; "December 2026"."""
        return format_date(day, "MMMM y", locale=self._locale)

    def number(self, value: float) -> str:
        """A number as it is written: "5,5" in Swedish, "5.5" in English."""
        return format_decimal(value, locale=self._locale)

    def clock(self, moment: time | datetime) -> str:
        """A wall time: "13:00" in both languages."""
        return f"{moment.hour:02}:{moment.minute:02}"

    def span(self, start: time, end: time) -> str:
        """A span of wall times: "13:00-13:30" with a dash of the right length."""
        return f"{self.clock(start)}–{self.clock(end)}"

    def all_of(self, names: tuple[str, ...] | list[str]) -> str:
        """Names in a row: "A, B och C"."""
        return _listed(self.language, "standard", tuple(names))

    def either(self, names: tuple[str, ...] | list[str]) -> str:
        """Names as alternatives: "A, B eller C"."""
        return _listed(self.language, "or", tuple(names))

    @property
    def _locale(self) -> Locale:
        return _locale_of(self.language)


@lru_cache(10_000)
def _entry(language: str, key: str) -> str:
    # A chain of catalogues is asked one after another: 250 times for the messages of one booking.
    return _translations(language).gettext(key)


@lru_cache(2000)
def _plural(language: str, key: str, number: int) -> str:
    return _translations(language).ngettext(key, f"{key}.plural", number)


@lru_cache(2000)
def _listed(language: str, style: Literal["standard", "or"], names: tuple[str, ...]) -> str:
    return format_list(names, style=style, locale=_locale_of(language))


@lru_cache(2000)
def _day(language: str, day: date) -> str:
    return format_date(day, "EEEE d MMMM", locale=_locale_of(language))


@lru_cache(2000)
def _day_and_year(language: str, day: date) -> str:
    return format_date(day, "d MMMM y", locale=_locale_of(language))


@cache
def _locale_of(language: str) -> Locale:
    # Babel parses a name anew at every use: 80 times for one submitted form.
    return Locale("sv", "SE") if language == "sv" else Locale("en", "GB")
