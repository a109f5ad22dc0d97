"""The parts of a mail that may be a calendar, as text. Nothing here raises on what a mail may hold."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

LONGEST_CALENDAR = 256 * 1024  # bytes; an answer has some two thousand
_MOST_PARTS = 100
_LINE_END = re.compile(r"\r\n?")


@dataclass(frozen=True, slots=True)
class CalendarText:
    """One part's iCalendar text with LF line ends, and the MIME parameter `method`, upper-case or empty."""

    text: str
    method: str
    too_large: bool = False


def parts_of(mail: Message) -> Iterator[Message]:
    """The mail's own parts in order, the first hundred.

    Attached messages stay closed: what somebody forwards is not their answer, and a bounce holds our own
    invitation.
    """
    waiting, seen = [mail], 0
    while waiting and seen < _MOST_PARTS:
        part = waiting.pop(0)
        seen += 1
        if part.is_multipart() and part.get_content_maintype() == "multipart":
            waiting[:0] = [inner for inner in part.get_payload() if isinstance(inner, Message)]
        else:
            yield part


def calendars_in(mail: Message) -> Iterator[CalendarText]:
    """Calendar parts, then calendar attachments: some programs send only one of them, unnamed or mistyped."""
    parts = [part for part in parts_of(mail) if _is_calendar(part)]
    parts.sort(key=lambda part: part.get_content_type() != "text/calendar")
    return map(_calendar_text, parts)


def holds_tnef(mail: Message) -> bool:
    """Whether Outlook sent its own format (winmail.dat)."""
    return any(
        part.get_content_type() in ("application/ms-tnef", "application/vnd.ms-tnef")
        for part in parts_of(mail)
    )


def _is_calendar(part: Message) -> bool:
    if part.get_content_type() in ("text/calendar", "application/ics"):
        return True
    return str(part.get_filename() or "").lower().endswith(".ics")


def _calendar_text(part: Message) -> CalendarText:
    payload = part.get_payload(decode=True)
    raw = payload if isinstance(payload, bytes) else b""
    method = part.get_param("method")
    named = method.strip().upper() if isinstance(method, str) else ""
    if len(raw) > LONGEST_CALENDAR:
        return CalendarText("", named, too_large=True)
    text = _decoded(raw, part.get_content_charset()).lstrip("\ufeff \t\r\n")
    return CalendarText(_LINE_END.sub("\n", text), named)


def _decoded(raw: bytes, charset: str | None) -> str:
    """By its byte order mark, as UTF-8 whatever it calls itself, else as it calls itself."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    for encoding in ("utf-8", charset or "latin-1"):
        try:
            return raw.decode(encoding)
        except (LookupError, ValueError):
            continue
    return raw.decode("latin-1")
