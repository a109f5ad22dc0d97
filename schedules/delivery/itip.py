"""Calendar bytes: one iTIP message (RFC 5546) about one booking to one attendee, as RFC 5545 text."""

import re
from functools import cache
from importlib.resources import files
from urllib.parse import quote
from zoneinfo import ZoneInfo

from icalendar import Calendar, Conference, Event, Timezone, vCalAddress

from schedules.domain.messages import CalendarPart
from schedules.errors import SamtidError

PRODID = "-//Samtid//Samtid//EN"
SHIPPED_ZONE = "Europe/Stockholm"

_LINE_BREAK = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# RFC 5545 3.1 allows no control character but the tab; C1 controls split lines in some parsers.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")


class UnsupportedZone(SamtidError):
    """Calendar entries can be written for Europe/Stockholm only: no other zone's rules are shipped."""


def calendar_bytes(part: CalendarPart) -> bytes:
    """The VCALENDAR for `part`: UTF-8, CRLF, folded; the same part gives the same bytes.

    Raises:
        UnsupportedZone: `part.zone` is another zone than Europe/Stockholm.
    """
    if part.zone != SHIPPED_ZONE:
        raise UnsupportedZone(zone=part.zone)
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODID)
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", part.method)
    calendar.add_component(_event(part))
    head, event, tail = bytes(calendar.to_ical()).partition(b"BEGIN:VEVENT")
    return head + _timezone() + event + tail


@cache
def _timezone() -> bytes:
    """The shipped rules. icalendar's own come as RDATE lists, which ical.js and Outlook misread in summer."""
    shipped = files(__package__).joinpath("europe_stockholm.ics").read_bytes()
    return bytes(Timezone.from_ical(shipped).to_ical())


def _event(part: CalendarPart) -> Event:
    event = Event()
    zone = ZoneInfo(part.zone)
    event.add("uid", part.uid)
    event.add("sequence", part.sequence)
    event.add("dtstamp", part.dtstamp)
    event.add("dtstart", part.start.replace(tzinfo=zone))
    event.add("dtend", part.end.replace(tzinfo=zone))
    event.add("organizer", vCalAddress.new(_mailto(part.organizer_email), cn=_cn(part.organizer_name)))
    event.add("attendee", _attendee(part))
    _add_texts(event, part)
    _add_state(event, part)
    if part.url is not None:
        event.add("url", part.url)
        # RFC 7986 5.11. One feature: icalendar writes two as one quoted value.
        event.add("conference", Conference(part.url, feature="VIDEO").to_uri())
    return event


def _attendee(part: CalendarPart) -> vCalAddress:
    """The recipient, and nobody else: the other parties stand in the text (promise 4)."""
    address = vCalAddress.new(
        _mailto(part.attendee_email), cn=_cn(part.attendee_name), cutype="INDIVIDUAL", role=part.role
    )
    if part.method == "REQUEST":  # a cancellation asks for no answer
        address.params["PARTSTAT"] = part.partstat
        address.params["RSVP"] = "TRUE" if part.rsvp else "FALSE"
    return address


def _add_texts(event: Event, part: CalendarPart) -> None:
    language = {"LANGUAGE": part.language}
    event.add("summary", _text(part.summary), parameters=language)
    event.add("description", _text(part.description), parameters=language)
    event.add("location", _text(part.location), parameters=language)


def _add_state(event: Event, part: CalendarPart) -> None:
    # PRIVATE: the case reference is pseudonymous, and many public bodies let all staff read each other's
    # calendars; to those without right to private entries the time shows as busy, no more.
    event.add("class", "PRIVATE")
    event.add("transp", "OPAQUE")
    # RFC 5546 3.2.5: STATUS:CANCELLED cancels the whole event and MUST NOT stand in the uninviting of one.
    if part.method == "REQUEST" or part.status == "CANCELLED":
        event.add("status", part.status)


def _text(text: str) -> str:
    return _CONTROL.sub("", _LINE_BREAK.sub("\n", text))


def _cn(name: str) -> str:
    """The name as a parameter value: quotes and carets would come out as RFC 6868 signs (`^'`)."""
    return " ".join(_text(name).translate({ord('"'): None, ord("^"): None}).split())


def _mailto(address: str) -> str:
    return "mailto:" + quote(address, safe="@!$'*+=^_`{|}~/")
