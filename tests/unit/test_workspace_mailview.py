"""A mail is readable: text, HTML, and the calendar part in Swedish local time."""

from __future__ import annotations

from email import message_from_bytes

import pytest

from bot.workspace.mailview import read, subject_of
from tests.support.sample_mail import sample_mail


def test_the_parts_of_a_mail() -> None:
    mail = read(sample_mail(), "sv")
    assert mail.subject == "Samverkansmöte Tierp 1 december kl. 13.30, ärende TIE-2026-014"
    assert mail.text.startswith("Tierps kommun behövs")
    assert "<h2" in mail.html
    assert subject_of(sample_mail()) == (mail.sender, mail.subject)


@pytest.mark.parametrize(
    ("locale", "when"),
    [("sv", "tisdag 1 december 2026 kl. 13:30–14:00"), ("en", "Tuesday 1 December 2026 13:30–14:00")],
)
def test_the_calendar_part(locale: str, when: str) -> None:
    card = read(sample_mail("CANCEL"), locale).card
    assert card is not None
    assert (card.method, card.when) == ("CANCEL", when)
    assert card.summary == "Samverkansmöte Tierp, ärende TIE-2026-014"
    assert card.place == "Vårdcentralen Tierp, rum 4"
    assert card.attendees == ("Tierps kommun <asa@kommun.example>",)
    assert card.raw.startswith("BEGIN:VCALENDAR")


@pytest.mark.parametrize(
    ("old", "new", "method"),
    [
        (b"BEGIN:VEVENT", b"BEGIN:VTODO", "?"),
        (b"DTSTART:2026", b"DTSTART:rubbish", "REQUEST"),
        (b"END:V", b"", "?"),
    ],
)
def test_a_broken_calendar_part_is_still_shown_raw(old: bytes, new: bytes, method: str) -> None:
    whole = message_from_bytes(sample_mail())
    part = next(one for one in whole.walk() if one.get_content_type() == "text/calendar")
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    del part["Content-Transfer-Encoding"]
    part.set_payload(content.replace(old, new))
    part["Content-Transfer-Encoding"] = "8bit"
    card = read(whole.as_bytes(), "sv").card
    assert card is not None
    assert card.method == method
    assert "SUMMARY" in card.raw
