"""Mails as other programs write them into our mailbox, byte by byte: the library that reads builds none."""

import base64
import quopri
from collections.abc import Sequence
from zlib import crc32

UID = "b1@samtid.kommun.example"
ANNA = "anna@fk.example"
MESSAGE_ID = "<svar-1@fk.example>"

ATTENDEE = f"ATTENDEE;CN=Anna Berg;PARTSTAT=ACCEPTED:mailto:{ANNA}"
EVENT = (
    f"UID:{UID}",
    "SEQUENCE:2",
    "DTSTAMP:20261124T081500Z",
    "DTSTART;TZID=Europe/Stockholm:20261201T130000",
    "DTEND;TZID=Europe/Stockholm:20261201T133000",
    "ORGANIZER:mailto:samverkan@kommun.example",
    ATTENDEE,
    "SUMMARY:Accepterat: hemligt namn",
    "COMMENT:hemlig kommentar",
)


def without(*names: str) -> tuple[str, ...]:
    """The event's lines without those properties."""
    return tuple(line for line in EVENT if not line.startswith(names))


def ics(event: Sequence[str] = EVENT, method: str | None = "REPLY", before: Sequence[str] = ()) -> str:
    """A calendar with one event of those lines; `before` stands between its head and the event."""
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Example//Example//EN"]
    if method is not None:
        head.append(f"METHOD:{method}")
    lines = [*head, *before, "BEGIN:VEVENT", *event, "END:VEVENT", "END:VCALENDAR", ""]
    return "\r\n".join(lines)


def part(content: bytes | str, content_type: str, encoding: str = "8bit", *headers: str) -> bytes:
    """One MIME part with its transfer encoding done."""
    raw = content.encode() if isinstance(content, str) else content
    if encoding == "base64":
        raw = base64.encodebytes(raw)
    elif encoding == "quoted-printable":
        raw = quopri.encodestring(raw.replace(b"\r\n", b"\n"))
    head = "\r\n".join([f"Content-Type: {content_type}", f"Content-Transfer-Encoding: {encoding}", *headers])
    if encoding != "8bit":
        raw = raw.replace(b"\n", b"\r\n")
    return head.encode() + b"\r\n\r\n" + raw


def multipart(kind: str, *parts: bytes) -> bytes:
    """A part made of parts; `kind` may carry parameters."""
    mark = f"--=_{crc32(b''.join(parts)):08x}"
    inner = b"".join(f"--{mark}\r\n".encode() + one + b"\r\n" for one in parts)
    return (
        f'Content-Type: multipart/{kind}; boundary="{mark}"\r\n\r\n'.encode()
        + inner
        + f"--{mark}--\r\n".encode()
    )


def mail(body: bytes, *headers: str, sender: str | None = f"Anna Berg <{ANNA}>") -> bytes:
    """A mail to us; `body` begins with its content headers."""
    head = [
        *([f"From: {sender}"] if sender is not None else []),
        "To: samverkan@kommun.example",
        "Subject: =?utf-8?q?Accepterat=3A_hemligt_=C3=A4mne?=",
        "Date: Tue, 24 Nov 2026 09:15:00 +0100",
        f"Message-ID: {MESSAGE_ID}",
        "MIME-Version: 1.0",
        *headers,
    ]
    return "\r\n".join(head).encode() + b"\r\n" + body


def calendar_part(text: str, method: str | None = "REPLY", encoding: str = "base64") -> bytes:
    """The unnamed text/calendar part that most programs send."""
    named = f"; method={method}" if method else ""
    return part(text, f"text/calendar; charset=utf-8{named}", encoding)


TEXT = part("Jag kommer, hemlig text", "text/plain; charset=utf-8")


def reply(text: str | None = None, *headers: str, sender: str | None = f"Anna Berg <{ANNA}>") -> bytes:
    """An ordinary answer: multipart/alternative with the text and the calendar."""
    return mail(multipart("alternative", TEXT, calendar_part(text or ics())), *headers, sender=sender)
