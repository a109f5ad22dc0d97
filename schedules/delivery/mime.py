"""Mail bytes: one RFC 5322 message, with a calendar part as iMIP (RFC 6047) and calendar programs want it.

    multipart/mixed
      multipart/alternative
        text/plain, text/html, text/calendar; method=REQUEST      (last: the richest alternative)
      application/ics; name=invite.ics                            (for programs that look at attachments only)

Everything in it comes from the message, the boundaries too: a retry is identical to the byte (promise 3).
The library writes the message's header. Those of the parts never vary, and are written once: with the library
they took most of the time of a mail.
"""

import hashlib
from binascii import b2a_base64
from email.headerregistry import Address, HeaderRegistry, MessageIDHeader
from email.message import EmailMessage, MIMEPart
from email.parser import BytesHeaderParser
from email.policy import SMTP
from functools import cache

from schedules.delivery.itip import calendar_bytes
from schedules.domain.messages import MailMessage

# SMTP: CRLF line ends. In-Reply-To and References are ids, which are not folded inside: as plain text they
# would turn into encoded words when long.
_HEADERS = HeaderRegistry()
for _name in ("in-reply-to", "references"):
    _HEADERS.map_to_type(_name, MessageIDHeader)  # type: ignore[arg-type]  # a mixin, as the registry wants
_POLICY = SMTP.clone(header_factory=_HEADERS)
_LINE = 57  # bytes that make a base64 line of 76 characters (RFC 2045 6.8)


def mail_bytes(message: MailMessage) -> bytes:
    """The whole mail for `message`: ASCII bytes with CRLF lines, the same for the same message.

    Raises:
        UnsupportedZone: the calendar part is in a zone whose rules are not shipped.
        ValueError: a header field would add a header of its own.
    """
    parts = [
        _text_part("plain") + _base64_lines(message.text),
        _text_part("html") + _base64_lines(message.html),
    ]
    if message.calendar is None:
        return _header(message, "alternative") + _body("alternative", parts, message)
    ics = calendar_bytes(message.calendar)
    parts.append(_calendar_part(message.calendar.method) + _base64_lines(ics.decode()))
    words = _multipart("alternative", message) + _body("alternative", parts, message)
    return _header(message, "mixed") + _body("mixed", [words, _attachment() + _base64(ics)], message)


def _header(message: MailMessage, kind: str) -> bytes:
    """The header, if it holds the fields that were set and no others: the last lock against smuggling."""
    mail = EmailMessage(policy=_POLICY)
    _add_headers(mail, message)
    mail.add_header("Content-Type", f"multipart/{kind}", boundary=_boundary(kind, message))
    mail.set_payload("")
    raw = mail.as_bytes()
    if BytesHeaderParser().parsebytes(raw).keys() != mail.keys():
        raise ValueError("a header field would add a header of its own")
    return raw


def _add_headers(mail: EmailMessage, message: MailMessage) -> None:
    mail["From"] = Address(message.from_name, addr_spec=message.from_email)
    mail["To"] = Address(message.to_name, addr_spec=message.to_email)
    mail["Subject"] = message.subject
    mail["Date"] = message.date
    mail["Message-ID"] = message.message_id
    if message.in_reply_to is not None:
        mail["In-Reply-To"] = message.in_reply_to
        mail["References"] = message.in_reply_to
    # RFC 3834: no out-of-office answers to a program, please.
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = message.language
    mail["MIME-Version"] = "1.0"


def _boundary(kind: str, message: MailMessage) -> str:
    """Follows from the Message-ID. `=_` stands in no base64 text, so that no body can hold the boundary."""
    digest = hashlib.sha256(f"{kind} {message.message_id}".encode()).hexdigest()[:24]
    return f"=_{digest}"


def _multipart(kind: str, message: MailMessage) -> bytes:
    """The header of a part that holds parts."""
    return f'Content-Type: multipart/{kind}; boundary="{_boundary(kind, message)}"\r\n\r\n'.encode()


def _body(kind: str, parts: list[bytes], message: MailMessage) -> bytes:
    """The parts between their boundaries (RFC 2046 5.1.1)."""
    line = f"--{_boundary(kind, message)}".encode()
    return b"".join(line + b"\r\n" + part + b"\r\n" for part in parts) + line + b"--\r\n"


def _base64_lines(text: str) -> bytes:
    """Text, each line ended by CRLF, the last one too."""
    return _base64(b"\r\n".join(text.encode().splitlines()) + b"\r\n")


def _base64(content: bytes) -> bytes:
    lines = (content[n : n + _LINE] for n in range(0, len(content), _LINE))
    return b"".join(b2a_base64(line, newline=False) + b"\r\n" for line in lines)


@cache
def _text_part(subtype: str) -> bytes:
    part = MIMEPart(policy=_POLICY)
    part.set_content("", subtype=subtype, charset="utf-8", cte="base64")
    return _own_header(part)


@cache
def _calendar_part(method: str) -> bytes:
    """RFC 6047 2.4: `method` equals METHOD. No Content-Disposition: it hides the part in some programs."""
    part = MIMEPart(policy=_POLICY)
    part.set_content("", subtype="calendar", charset="utf-8", cte="base64", params={"method": method})
    return _own_header(part)


@cache
def _attachment() -> bytes:
    part = MIMEPart(policy=_POLICY)
    part.set_content(
        b"",
        maintype="application",
        subtype="ics",
        cte="base64",
        disposition="attachment",
        filename="invite.ics",
        params={"name": "invite.ics"},
    )
    return _own_header(part)


def _own_header(part: MIMEPart) -> bytes:
    part.set_payload("")
    return part.as_bytes()
