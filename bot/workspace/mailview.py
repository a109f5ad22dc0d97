"""A stored mail as a person reads it: text, HTML, and the calendar part as a card."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

from icalendar import Calendar

from bot.workspace.localtime import ZONE, hour, moment

if TYPE_CHECKING:
    from email.message import EmailMessage


@dataclass(frozen=True, slots=True)
class CalendarCard:
    """What a calendar program would show; `when` in Swedish local time."""

    method: str
    summary: str
    when: str
    place: str
    attendees: tuple[str, ...]
    organizer: str
    status: str
    raw: str


@dataclass(frozen=True, slots=True)
class MailView:
    """A mail, parsed."""

    sender: str
    to: str
    subject: str
    text: str
    html: str
    card: CalendarCard | None
    attachments: tuple[str, ...]


def read(raw: bytes, locale: str) -> MailView:
    """Parse the bytes; broken parts are left out, never raised."""
    mail: EmailMessage = message_from_bytes(raw, policy=policy.default)
    parts = [part for part in mail.walk() if not part.is_multipart()]
    calendar = next((_text(part) for part in parts if part.get_content_type() == "text/calendar"), "")
    return MailView(
        sender=str(mail.get("From", "")),
        to=str(mail.get("To", "")),
        subject=str(mail.get("Subject", "")),
        text=next((_text(part) for part in parts if part.get_content_type() == "text/plain"), ""),
        html=next((_text(part) for part in parts if part.get_content_type() == "text/html"), ""),
        card=_card(calendar, locale) if calendar else None,
        attachments=tuple(name for part in parts if (name := part.get_filename())),
    )


def subject_of(raw: bytes) -> tuple[str, str]:
    """Give sender and subject, for a list."""
    mail: EmailMessage = message_from_bytes(raw, policy=policy.default)
    return str(mail.get("From", "")), str(mail.get("Subject", ""))


def _text(part: Any) -> str:
    content = part.get_content()
    return content.decode("utf-8", "replace") if isinstance(content, bytes) else str(content)


def _card(raw: str, locale: str) -> CalendarCard:
    try:
        calendar = Calendar.from_ical(raw)
        event = next(iter(calendar.walk("VEVENT")))
        when = _when(event, locale)
    except (ValueError, StopIteration, KeyError):  # icalendar's words for a broken file, or one without event
        return CalendarCard("?", "", "", "", (), "", "", raw)
    attendees = event.get("ATTENDEE", [])
    listed = attendees if isinstance(attendees, list) else [attendees]
    return CalendarCard(
        method=str(calendar.get("METHOD", "")),
        summary=str(event.get("SUMMARY", "")),
        when=when,
        place=str(event.get("LOCATION", "")),
        attendees=tuple(_person(one) for one in listed),
        organizer=_person(event["ORGANIZER"]) if "ORGANIZER" in event else "",
        status=str(event.get("STATUS", "")),
        raw=raw,
    )


def _person(address: Any) -> str:
    name, mail = address.params.get("CN"), str(address).split(":", 1)[-1]
    return f"{name} <{mail}>" if name else mail


def _when(event: Any, locale: str) -> str:
    start = event.decoded("DTSTART")
    if not isinstance(start, datetime):
        return str(start)
    start = start if start.tzinfo else start.replace(tzinfo=ZONE)
    if "DTEND" not in event:
        return moment(start, locale)
    end = event.decoded("DTEND")
    return f"{moment(start, locale)}–{hour(end, locale)}"
