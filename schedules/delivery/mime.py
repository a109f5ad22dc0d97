"""Mail bytes: one RFC 5322 message, with a calendar part as iMIP (RFC 6047) and calendar programs want it.

    multipart/mixed
      multipart/alternative
        text/plain, text/html, text/calendar; method=REQUEST      (last: the richest alternative)
      application/ics; name=invite.ics                            (for programs that look at attachments only)

Everything in it comes from the message, the boundaries too: a retry is identical to the byte (promise 3).
"""

import hashlib
from email.headerregistry import Address, HeaderRegistry, MessageIDHeader
from email.message import EmailMessage, MIMEPart
from email.parser import BytesHeaderParser
from email.policy import SMTP

from schedules.delivery.itip import calendar_bytes
from schedules.domain.messages import CalendarPart, MailMessage

# SMTP: CRLF line ends. In-Reply-To and References are ids, which are not folded inside: as plain text they
# would turn into encoded words when long.
_HEADERS = HeaderRegistry()
for _name in ("in-reply-to", "references"):
    _HEADERS.map_to_type(_name, MessageIDHeader)  # type: ignore[arg-type]  # a mixin, as the registry wants
_POLICY = SMTP.clone(header_factory=_HEADERS)


def mail_bytes(message: MailMessage) -> bytes:
    """The whole mail for `message`: ASCII bytes with CRLF lines, the same for the same message.

    Raises:
        UnsupportedZone: the calendar part is in a zone whose rules are not shipped.
        ValueError: a header field would add a header of its own.
    """
    mail = EmailMessage(policy=_POLICY)
    _add_headers(mail, message)
    alternatives = [_text_part(message.text, "plain"), _text_part(message.html, "html")]
    if message.calendar is None:
        _fill(mail, "alternative", alternatives, message.message_id)
        return _checked(mail)
    ics = calendar_bytes(message.calendar)
    words = MIMEPart(policy=_POLICY)
    calendar = _calendar_part(ics, message.calendar)
    _fill(words, "alternative", [*alternatives, calendar], message.message_id)
    _fill(mail, "mixed", [words, _attachment(ics)], message.message_id)
    return _checked(mail)


def _checked(mail: EmailMessage) -> bytes:
    """The bytes, if they hold the headers that were set and no others: the last lock against smuggling."""
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


def _fill(parent: MIMEPart, kind: str, parts: list[MIMEPart], message_id: str) -> None:
    """Make `parent` a multipart of `parts`; its boundary follows from the Message-ID.

    `=_` stands in no base64 text, so that no body can hold the boundary.
    """
    digest = hashlib.sha256(f"{kind} {message_id}".encode()).hexdigest()[:24]
    parent.add_header("Content-Type", f"multipart/{kind}", boundary=f"=_{digest}")
    for part in parts:
        parent.attach(part)


def _text_part(text: str, subtype: str) -> MIMEPart:
    part = MIMEPart(policy=_POLICY)
    part.set_content(text, subtype=subtype, charset="utf-8", cte="base64")
    return part


def _calendar_part(ics: bytes, calendar: CalendarPart) -> MIMEPart:
    """RFC 6047 2.4: `method` equals METHOD. No Content-Disposition: it hides the part in some programs."""
    part = MIMEPart(policy=_POLICY)
    part.set_content(
        ics.decode(), subtype="calendar", charset="utf-8", cte="base64", params={"method": calendar.method}
    )
    return part


def _attachment(ics: bytes) -> MIMEPart:
    part = MIMEPart(policy=_POLICY)
    part.set_content(
        ics,
        maintype="application",
        subtype="ics",
        cte="base64",
        disposition="attachment",
        filename="invite.ics",
        params={"name": "invite.ics"},
    )
    return part
