"""Times as people in Sweden read them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time

if TYPE_CHECKING:
    from datetime import datetime

ZONE = ZoneInfo("Europe/Stockholm")
_BETWEEN = {"sv": "'kl.' HH:mm"}


def moment(at: datetime, locale: str) -> str:
    """Give weekday, date and time of an aware instant."""
    return format_datetime(at, f"EEEE d MMMM y {_BETWEEN.get(locale, 'HH:mm')}", tzinfo=ZONE, locale=locale)


def short_moment(at: datetime, locale: str) -> str:
    """Give a short weekday, date and time."""
    return format_datetime(at, f"EEE d MMM {_BETWEEN.get(locale, 'HH:mm')}", tzinfo=ZONE, locale=locale)


def day(at: datetime, locale: str) -> str:
    """Give weekday and date."""
    return format_date(at.astimezone(ZONE), "EEEE d MMMM", locale=locale)


def hour(at: datetime, locale: str) -> str:
    """Give the time of day."""
    return format_time(at, "HH:mm", tzinfo=ZONE, locale=locale)
