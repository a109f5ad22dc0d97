"""The mail as bytes: the iMIP structure (RFC 6047) and headers that nobody can add to."""

import email
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from schedules.codec import encode
from schedules.delivery.itip import calendar_bytes
from schedules.delivery.mime import mail_bytes
from schedules.domain.messages import MailMessage
from tests.support.mails import MESSAGE, PART, a_message, a_part


def parsed(message: MailMessage) -> EmailMessage:
    mail = email.message_from_bytes(mail_bytes(message), policy=SMTP)
    assert isinstance(mail, EmailMessage)
    assert not mail.defects
    return mail


def shape(mail: EmailMessage) -> list[str]:
    return [part.get_content_type() for part in mail.walk()]


def test_an_invitation_has_the_structure_that_calendar_programs_want() -> None:
    assert shape(parsed(MESSAGE)) == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]


def test_a_mail_without_calendar_is_text_and_html() -> None:
    assert shape(parsed(a_message(calendar=None))) == ["multipart/alternative", "text/plain", "text/html"]


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
def test_the_calendar_part_names_the_method_and_hides_nowhere(method: str) -> None:
    part = a_part(method=method)
    calendar = next(
        p for p in parsed(a_message(calendar=part)).walk() if p.get_content_subtype() == "calendar"
    )
    assert calendar.get_param("method") == method
    assert calendar.get_param("charset") == "utf-8"
    assert calendar["Content-Transfer-Encoding"] == "base64"
    assert calendar["Content-Disposition"] is None
    assert calendar.get_payload(decode=True) == calendar_bytes(part)


def test_the_attachment_is_the_same_calendar() -> None:
    (attachment,) = parsed(MESSAGE).iter_attachments()
    assert attachment.get_filename() == "invite.ics"
    assert attachment.get_payload(decode=True) == calendar_bytes(PART)


def test_the_words_arrive_as_they_were() -> None:
    text, html = (part.get_content() for part in list(parsed(MESSAGE).walk())[2:4])
    assert (text.replace("\r\n", "\n"), html.replace("\r\n", "\n")) == (MESSAGE.text, MESSAGE.html)


def test_the_headers() -> None:
    mail = parsed(a_message(in_reply_to="<6a1f0c.1.fk@kommun.example>"))
    assert {name: str(value) for name, value in mail.items() if name != "Content-Type"} == {
        "From": "Samverkansteam Tierp <samverkan@kommun.example>",
        "To": "Försäkringskassan <fk@myndighet.example>",
        "Subject": MESSAGE.subject,
        "Date": "Tue, 01 Sep 2026 08:00:00 +0000",
        "Message-ID": MESSAGE.message_id,
        "In-Reply-To": "<6a1f0c.1.fk@kommun.example>",
        "References": "<6a1f0c.1.fk@kommun.example>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": "sv",
        "MIME-Version": "1.0",
    }


def test_the_bytes_are_the_same_each_time_and_differ_for_another_message() -> None:
    again = MailMessage.from_json(encode(MESSAGE))
    assert mail_bytes(again) == mail_bytes(MESSAGE)
    assert mail_bytes(a_message(message_id="<other@kommun.example>")) != mail_bytes(MESSAGE)


def test_the_two_boundaries_differ_and_follow_from_the_message_id() -> None:
    mail = parsed(MESSAGE)
    boundaries = [part.get_boundary() for part in mail.walk() if part.is_multipart()]
    assert len(set(boundaries)) == 2
    other = parsed(a_message(message_id="<other@kommun.example>"))
    assert other.get_boundary() not in boundaries


def test_the_bytes_are_ascii_with_crlf_and_short_lines() -> None:
    raw = mail_bytes(a_message(subject="Åäö " * 60, to_name="Vård & hälsa, Östra (" + "å" * 90 + ")"))
    lines = raw.split(b"\r\n")
    assert raw.isascii()
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert max(len(line) for line in lines) <= 78


def test_long_ids_stay_whole() -> None:
    """By default Python turns an id longer than a line into an encoded word, which threads nothing."""
    long = f"<{'a' * 70}@samordningsforbundet.example>"
    raw = mail_bytes(a_message(message_id=long, in_reply_to=long))
    assert raw.count(long.encode()) == 3


@pytest.mark.parametrize("field", ["subject", "from_name", "to_name", "to_email", "message_id"])
@pytest.mark.parametrize("smuggled", ["\r\nBcc: a@b.example", "\nBcc: a@b.example", "\rBcc: a@b.example"])
def test_a_line_break_that_got_past_the_payload_is_refused_all_the_same(field: str, smuggled: str) -> None:
    message = a_message(calendar=None)
    object.__setattr__(message, field, getattr(message, field) + smuggled)
    with pytest.raises(ValueError):  # noqa: PT011  the library words some of them
        mail_bytes(message)


@pytest.mark.parametrize("field", ["subject", "from_name", "to_name"])
def test_an_encoded_line_break_that_got_past_the_payload_is_refused_all_the_same(field: str) -> None:
    """Python 3.11 decodes it and writes it out as a header of its own."""
    message = a_message(calendar=None)
    object.__setattr__(message, field, "=?utf-8?q?Hej=0D=0ABcc:_a@b.example?=")
    with pytest.raises(ValueError, match="header"):
        mail_bytes(message)
