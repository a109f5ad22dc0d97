"""The payload of a mail row: lossless as JSON, and what would break a mail is refused at the decision."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from schedules.codec import encode
from schedules.domain.messages import MailMessage
from tests.support.mails import MESSAGE, PART, a_message, a_part


@pytest.mark.parametrize(
    "message", [MESSAGE, a_message(calendar=None), a_message(in_reply_to="<a@b.example>")]
)
def test_a_message_comes_back_from_json_as_it_was(message: MailMessage) -> None:
    assert MailMessage.from_json(encode(message)) == message


def test_a_calendar_part_comes_back_from_json_with_its_microseconds() -> None:
    part = a_part(dtstamp=datetime(2026, 9, 1, 8, 0, 0, 123456, tzinfo=UTC), url=None)
    assert MailMessage.from_json(encode(a_message(calendar=part))).calendar == part


@pytest.mark.parametrize("field", ["from_name", "to_name", "subject", "from_email", "to_email", "message_id"])
@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\x00", "\u2028", "=?utf-8?q?=0D=0A?="])
def test_a_line_break_in_a_header_field_is_refused_without_quoting_it(field: str, break_: str) -> None:
    smuggled = f"{getattr(MESSAGE, field)}{break_}Bcc: someone@else.example"
    with pytest.raises(ValueError, match=field) as refusal:
        a_message(**{field: smuggled})
    assert "else.example" not in str(refusal.value)


def test_a_header_smuggled_into_a_stored_payload_is_refused_when_it_is_read() -> None:
    values = json.loads(encode(MESSAGE)) | {"subject": "Hej\r\nBcc: someone@else.example"}
    with pytest.raises(ValueError, match="subject"):
        MailMessage.from_json(json.dumps(values))


@pytest.mark.parametrize(
    "address", ["", "fk", "fk@", "a b@c.example", "<fk@c.example>", "a@b.example,c@d.example", "å@c.example"]
)
def test_what_is_no_plain_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="to_email"):
        a_message(to_email=address, calendar=None)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("dtstamp", datetime(2026, 9, 1, 8)),  # noqa: DTZ001  what is refused
        ("dtstamp", datetime(2026, 9, 1, 8, tzinfo=timezone(timedelta(hours=2)))),
        ("start", datetime(2026, 10, 6, 13, tzinfo=UTC)),
        ("end", PART.start),
        ("sequence", -1),
        ("uid", "a,b"),
        ("uid", ""),
        ("url", "javascript:alert(1)"),
        ("url", "https://video.example/a b"),
        ("language", "sv\r\n"),
    ],
)
def test_what_would_make_a_wrong_calendar_is_refused(field: str, value: Any) -> None:
    with pytest.raises(ValueError, match=field):
        a_part(**{field: value})


def test_a_booking_is_never_cancelled_by_a_request() -> None:
    with pytest.raises(ValueError, match="status"):
        a_part(method="REQUEST", status="CANCELLED")


def test_an_invitation_goes_from_its_organizer_to_its_attendee_only() -> None:
    with pytest.raises(ValueError, match="calendar"):
        a_message(to_email="someone@else.example")
    with pytest.raises(ValueError, match="calendar"):
        a_message(from_email="someone@else.example")


@pytest.mark.parametrize("payload", ["", "[]", "{}", '{"date": 3}', '{"unknown": true}'])
def test_a_payload_that_is_no_message_is_a_value_error(payload: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  json words it in its own way
        MailMessage.from_json(payload)


@pytest.mark.parametrize("change", [{"subject": 3}, {"calendar": "x"}, {"more": 1}, {"date": "soon"}])
def test_a_payload_with_a_mistyped_field_is_a_value_error(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  any of them will do
        MailMessage.from_json(json.dumps(json.loads(encode(MESSAGE)) | change))
