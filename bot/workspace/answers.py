"""An answer to a calendar invitation, as a mail program sends it (RFC 5546 3.2.3, RFC 6047)."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, make_msgid
from typing import TYPE_CHECKING, Any

from icalendar import Calendar, Event, vCalAddress

from bot.workspace.words import say

if TYPE_CHECKING:
    from datetime import datetime

    from bot.workspace.shapes import Persona

PARTSTATS = {"accept": "ACCEPTED", "tentative": "TENTATIVE", "decline": "DECLINED"}
_COPIED = ("UID", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "ORGANIZER", "RECURRENCE-ID")


def can_answer(raw: bytes, address: str) -> bool:
    """Whether the mail is an invitation to this address."""
    return _request(raw, address) is not None


def answer_to(raw: bytes, persona: Persona, answer: str, now: datetime) -> tuple[str, bytes]:
    """The mail that answers an invitation, and the organizer's address that it goes to.

    `answer` is a key of `PARTSTATS`; `now` is aware UTC.

    Raises:
        LookupError: the mail is no invitation to this person.
    """
    event = _request(raw, persona.email or "")
    if event is None:
        raise LookupError(answer)
    organizer = _address(event["ORGANIZER"])
    said = say(persona.locale, f"answer_{answer}")
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"] = formataddr((persona.name, persona.email or ""))
    mail["To"] = organizer
    mail["Subject"] = f"{said}: {event.get('SUMMARY', '')}"
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = make_msgid(domain=(persona.email or "").rpartition("@")[2])
    mail["In-Reply-To"] = str(message_from_bytes(raw, policy=policy.default).get("Message-ID", ""))
    mail.set_content(f"{said}.\n")
    calendar = _reply(event, persona, PARTSTATS[answer], now)
    mail.add_alternative(calendar.to_ical(), "text", "calendar", cte="base64")
    part = list(mail.iter_parts())[-1]
    part.set_param("charset", "utf-8")
    part.set_param("method", "REPLY")
    return organizer, mail.as_bytes()


def _request(raw: bytes, address: str) -> Any:
    """The invitation's VEVENT, if the address is among its attendees."""
    for part in message_from_bytes(raw, policy=policy.default).walk():
        if part.get_content_type() != "text/calendar":
            continue
        try:
            content: Any = part.get_payload(decode=True)  # bytes, since this part holds no parts
            calendar = Calendar.from_ical(content)
        except ValueError:
            return None
        if calendar.get("METHOD") != "REQUEST":
            return None
        return next((e for e in calendar.walk("VEVENT") if _attendee(e, address) is not None), None)
    return None


def _attendee(event: Any, address: str) -> Any:
    found = event.get("ATTENDEE", [])
    listed = found if isinstance(found, list) else [found]
    return next((one for one in listed if _address(one).lower() == address.lower()), None)


def _address(value: Any) -> str:
    return str(value).split(":", 1)[-1]


def _reply(event: Any, persona: Persona, partstat: str, now: datetime) -> Calendar:
    calendar, answered = Calendar(), Event()
    calendar.add("prodid", "-//Samtid//Local workspace//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "REPLY")
    for name in _COPIED:
        if name in event:
            answered[name] = event[name]
    answered.add("dtstamp", now)
    attendee = vCalAddress(f"mailto:{persona.email}")
    attendee.params["CN"] = persona.name
    attendee.params["PARTSTAT"] = partstat
    answered["ATTENDEE"] = attendee
    calendar.add_component(answered)
    return calendar
