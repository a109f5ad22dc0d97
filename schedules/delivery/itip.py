"""Calendar bytes: one iTIP message (RFC 5546) about one booking to one attendee, as RFC 5545 text."""

import re
from functools import cache, lru_cache
from importlib.resources import files
from urllib.parse import quote

from icalendar import Calendar, Conference, Event, Timezone, vCalAddress

from schedules.domain.messages import CalendarPart
from schedules.errors import SamtidError

PRODID = "-//Samtid//Samtid//EN"
SHIPPED_ZONE = "Europe/Stockholm"
_MOMENT = "%Y%m%dT%H%M%S"
_PLAIN = re.compile(r"[\w.@-]{1,70}", re.ASCII)
_REMEMBERED = 1024  # lines of each sort: a few hundred kilobytes

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
    return _head(part.method) + _timezone() + _event(part) + b"END:VCALENDAR\r\n"


@cache
def _head(method: str) -> bytes:
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODID)
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    return bytes(calendar.to_ical()).partition(b"END:VCALENDAR")[0]


@cache
def _timezone() -> bytes:
    """The shipped rules. icalendar's own come as RDATE lists, which ical.js and Outlook misread in summer."""
    shipped = files(__package__).joinpath("europe_stockholm.ics").read_bytes()
    return bytes(Timezone.from_ical(shipped).to_ical())


def _event(part: CalendarPart) -> bytes:
    """The lines of one VEVENT, in the library's order; an absent property is an empty line."""
    # RFC 5546 3.2.5: STATUS:CANCELLED cancels the whole event and MUST NOT stand in the uninviting of one.
    says_status = part.method == "REQUEST" or part.status == "CANCELLED"
    lines = (
        b"BEGIN:VEVENT\r\n",
        _line("summary", _text(part.summary), part.language),
        f"DTSTART;TZID={part.zone}:{part.start:{_MOMENT}}\r\n".encode(),
        f"DTEND;TZID={part.zone}:{part.end:{_MOMENT}}\r\n".encode(),
        f"DTSTAMP:{part.dtstamp:{_MOMENT}}Z\r\n".encode(),
        _uid(part.uid),
        f"SEQUENCE:{part.sequence}\r\n".encode(),
        _attendee_line(part),
        # PRIVATE: the case reference is pseudonymous, and many public bodies let all staff read each other's
        # calendars; to those without right to private entries the time shows as busy, no more.
        _line("class", "PRIVATE"),
        # RFC 7986 5.11. One feature: icalendar writes two as one quoted value.
        _conference(part.url) if part.url is not None else b"",
        _line("description", _text(part.description), part.language),
        _line("location", _text(part.location), part.language),
        _organizer(part.organizer_email, part.organizer_name),
        _line("status", part.status) if says_status else b"",
        _line("transp", "OPAQUE"),
        _line("url", part.url) if part.url is not None else b"",
        b"END:VEVENT\r\n",
    )
    return b"".join(lines)


@lru_cache(maxsize=_REMEMBERED)
def _line(name: str, value: str, language: str | None = None) -> bytes:
    """One property as the library writes it. A booking's mails differ in one line or two, so it is kept."""
    return _written(name, value, {"LANGUAGE": language} if language else None)


def _uid(uid: str) -> bytes:
    """Ours need no escape and no second line; another's is left to the library."""
    return f"UID:{uid}\r\n".encode() if _PLAIN.fullmatch(uid) else _line("uid", uid)


@lru_cache(maxsize=_REMEMBERED)
def _organizer(email: str, name: str) -> bytes:
    return _written("organizer", vCalAddress.new(_mailto(email), cn=_cn(name)))


@lru_cache(maxsize=_REMEMBERED)
def _conference(url: str) -> bytes:
    return _written("conference", Conference(url, feature="VIDEO").to_uri())


def _attendee_line(part: CalendarPart) -> bytes:
    """The recipient, and nobody else: the other parties stand in the text (promise 4)."""
    # A cancellation asks for no answer.
    asked = (part.partstat, part.rsvp) if part.method == "REQUEST" else None
    return _attendee(part.attendee_email, part.attendee_name, part.role, asked)


@lru_cache(maxsize=_REMEMBERED)
def _attendee(email: str, name: str, role: str, asked: tuple[str, bool] | None) -> bytes:
    address = vCalAddress.new(_mailto(email), cn=_cn(name), cutype="INDIVIDUAL", role=role)
    if asked is not None:
        partstat, rsvp = asked
        address.params["PARTSTAT"] = partstat
        address.params["RSVP"] = "TRUE" if rsvp else "FALSE"
    return _written("attendee", address)


def _written(name: str, value: object, parameters: dict[str, str] | None = None) -> bytes:
    event = Event()
    event.add(name, value, parameters=parameters or {})
    return bytes(event.to_ical()).removeprefix(b"BEGIN:VEVENT\r\n").removesuffix(b"END:VEVENT\r\n")


def _text(text: str) -> str:
    return _CONTROL.sub("", _LINE_BREAK.sub("\n", text))


def _cn(name: str) -> str:
    """The name as a parameter value: quotes and carets would come out as RFC 6868 signs (`^'`)."""
    return " ".join(_text(name).translate({ord('"'): None, ord("^"): None}).split())


def _mailto(address: str) -> str:
    return "mailto:" + quote(address, safe="@!$'*+=^_`{|}~/")
