"""Mail bytes: one RFC 5322 message, with a calendar part as iMIP (RFC 6047) and calendar programs want it.

    multipart/mixed
      multipart/alternative
        text/plain, text/html, text/calendar; method=REQUEST      (last: the richest alternative)
      application/ics; name=invite.ics                            (for programs that look at attachments only)

Everything in it comes from the message, the boundaries too: a retry is identical to the byte (promise 3).
The library writes each field, which takes most of the time of a mail: what returns is kept, as the headers of
the parts, which never vary, and the fields that many mails share.
"""

import hashlib
import re
from binascii import b2a_base64
from email.headerregistry import Address, HeaderRegistry, MessageIDHeader
from email.message import MIMEPart
from email.parser import BytesHeaderParser
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache, lru_cache

from schedules.delivery.itip import calendar_bytes
from schedules.domain.messages import MailMessage

# SMTP: CRLF line ends. In-Reply-To and References are ids, which are not folded inside: as plain text they
# would turn into encoded words when long.
_HEADERS = HeaderRegistry()
for _name in ("in-reply-to", "references"):
    _HEADERS.map_to_type(_name, MessageIDHeader)  # type: ignore[arg-type]  # a mixin, as the registry wants
_POLICY = SMTP.clone(header_factory=_HEADERS)
_LINE = 76  # characters of a base64 line (RFC 2045 6.8)
_DIGEST = 24  # characters of a boundary
_REMEMBERED = 1024  # fields of each sort
_SHORT_ID = re.compile(r"<[\w.-]{1,40}@[\w.-]{1,20}>", re.ASCII)


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
    calendar = _base64(ics)
    parts.append(_calendar_part(message.calendar.method) + calendar)
    words = _multipart("alternative", message) + _body("alternative", parts, message)
    return _header(message, "mixed") + _body("mixed", [words, _attachment() + calendar], message)


def _header(message: MailMessage, kind: str) -> bytes:
    """The header: the fields that were set and no others, as each of them has been looked at."""
    fields = [
        _mailbox("From", message.from_name, message.from_email),
        _mailbox("To", message.to_name, message.to_email),
        _field("Subject", message.subject),
        f"Date: {format_datetime(message.date)}\r\n".encode(),
        _id_field("Message-ID", message.message_id),
    ]
    if message.in_reply_to is not None:
        fields += [_id_field(name, message.in_reply_to) for name in ("In-Reply-To", "References")]
    # RFC 3834: no out-of-office answers to a program, please.
    fields += [_field("Auto-Submitted", "auto-generated"), _field("Content-Language", message.language)]
    fields += [_field("MIME-Version", "1.0"), _content_type(kind, message), b"\r\n"]
    return b"".join(fields)


@lru_cache(maxsize=_REMEMBERED)
def _mailbox(name: str, who: str, address: str) -> bytes:
    return _written(name, Address(who, addr_spec=address))


@lru_cache(maxsize=_REMEMBERED)
def _field(name: str, value: str) -> bytes:
    """Kept, since those called to one time get the same subject."""
    return _written(name, value)


def _id_field(name: str, value: str) -> bytes:
    """A mail's own id is new each time, and goes as it is where it fits in a line."""
    if _SHORT_ID.fullmatch(value):
        return f"{name}: {value}\r\n".encode()
    return _written(name, value)


def _content_type(kind: str, message: MailMessage) -> bytes:
    """All boundaries have the same length, so all these fields are folded alike."""
    return _content_type_with(kind, "=_" + "0" * _DIGEST).replace(
        b"=_" + b"0" * _DIGEST, _boundary(kind, message).encode()
    )


@cache
def _content_type_with(kind: str, boundary: str) -> bytes:
    return _written("Content-Type", f'multipart/{kind}; boundary="{boundary}"')


def _written(name: str, value: str | Address) -> bytes:
    """One field as the library folds it, if it is that one and no more: the last lock against smuggling."""
    _, parsed = _POLICY.header_store_parse(name, value)
    raw = bytes(_POLICY.fold_binary(name, parsed))
    read = BytesHeaderParser().parsebytes(raw + b"\r\n")
    if read.keys() != [name] or read.get_payload():
        raise ValueError("a header field would add a header of its own")
    return raw


def _boundary(kind: str, message: MailMessage) -> str:
    """Follows from the Message-ID. `=_` stands in no base64 text, so that no body can hold the boundary."""
    digest = hashlib.sha256(f"{kind} {message.message_id}".encode()).hexdigest()[:_DIGEST]
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
    signs = b2a_base64(content, newline=False)
    return b"".join([signs[n : n + _LINE] + b"\r\n" for n in range(0, len(signs), _LINE)])


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
