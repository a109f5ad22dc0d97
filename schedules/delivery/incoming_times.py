"""Date-times of calendars that others wrote: UTC, local, or None for what cannot be read. Nothing raises.

icalendar's own values are not used: it warns with the mail's words, and remembers zones from one mail for the
next. A VTIMEZONE in the mail is not looked at either: its TZID names a zone that we know, or stands for the
zone of the meeting.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from icalendar import vDuration
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

_FORMAT = "%Y%m%dT%H%M%S"


def instant(text: str) -> datetime | None:
    """A time in UTC form (RFC 5545 3.3.5, form 2), else None."""
    read = date_time(text, None)
    return read if read is not None and read.tzinfo is not None else None


def date_time(text: str, tzid: str | None) -> datetime | None:
    """Aware UTC; without offset if the zone is unknown; None for a whole day or junk.

    `tzid` is an IANA name, bare or behind a vendor's prefix, or a Windows name.
    """
    value = text.strip().upper()
    try:
        wall = datetime.strptime(value.removesuffix("Z"), _FORMAT)  # noqa: DTZ007  the zone comes below
        if value.endswith("Z"):
            return wall.replace(tzinfo=UTC)
        zone = _zone(tzid) if tzid else None
        return wall if zone is None else wall.replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def later(start: datetime | None, duration: str) -> datetime | None:
    """The end of what begins at `start` and lasts an RFC 5545 DURATION, else None."""
    try:
        length = vDuration.from_ical(duration.strip())  # type: ignore[no-untyped-call]  # icalendar's
        if start is None or not isinstance(length, timedelta):
            return None
        return start + length
    except (ValueError, OverflowError):
        return None


def _zone(tzid: str) -> ZoneInfo | None:
    name = tzid.strip('" ')
    known = WINDOWS_TO_OLSON.get(name)
    ends = name.strip("/").split("/")
    for candidate in (known, "/".join(ends[-2:]), ends[-1]):
        try:
            if candidate:
                return ZoneInfo(candidate)
        except (ZoneInfoNotFoundError, ValueError, OSError):  # a zone's name is looked up as a file
            continue
    return None
