"""Whatever texts an organisation or a catalogue holds: calendar and mail say just that, and nothing more."""

import email
import re
from dataclasses import replace
from email.message import EmailMessage
from email.policy import SMTP

import vobject
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from schedules.codec import encode
from schedules.delivery.itip import calendar_bytes
from schedules.delivery.mime import mail_bytes
from schedules.domain.messages import MailMessage
from tests.support.mails import MESSAGE, PART

ODD = st.sampled_from([",", ";", ":", "\\", "\\n", '"', "'", "^", "=", "å", "😀", "  ", "<b>", "=_", "%"])
# Cs: no UTF-8; Cc and the separators that break lines are the other test's. Vobject drops a byte order mark.
ORDINARY = st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters="\ufeff")
LINE = st.lists(ODD | ORDINARY, max_size=60).map("".join)
TEXT = st.lists(LINE, max_size=3).map("\n".join)
ANYTHING = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@settings(max_examples=60, deadline=None)
@given(summary=LINE, description=TEXT, location=LINE)
def test_texts_come_back_from_two_parsers(summary: str, description: str, location: str) -> None:
    raw = calendar_bytes(replace(PART, summary=summary, description=description, location=location))
    expected = (summary, description, location)
    calendar = Calendar.from_ical(raw)
    assert isinstance(calendar, Calendar)
    (event,) = calendar.events
    assert (event["summary"], event["description"], event["location"]) == expected
    other = vobject.readOne(raw.decode()).vevent
    assert (other.summary.value, other.description.value, other.location.value) == expected


@settings(max_examples=60, deadline=None)
@given(text=ANYTHING, name=ANYTHING)
def test_no_text_or_name_adds_or_hides_a_property(text: str, name: str) -> None:
    part = replace(
        PART, summary=text, description=text, location=text, attendee_name=name, organizer_name=name
    )
    assert property_names(calendar_bytes(part)) == property_names(calendar_bytes(PART))


def property_names(raw: bytes) -> list[str]:
    # splitlines: as the most generous parser splits
    lines = raw.decode().replace("\r\n ", "").splitlines()
    return [re.split("[;:]", line)[0] for line in lines]


@settings(max_examples=60, deadline=None)
@given(subject=LINE, name=LINE, text=TEXT)
def test_a_mail_says_what_the_message_says(subject: str, name: str, text: str) -> None:
    assume("=?" not in subject + "|" + name)  # refused: an encoded word
    message = replace(MESSAGE, subject=subject, to_name=name, text=text, html=text)
    assert MailMessage.from_json(encode(message)) == message
    raw = mail_bytes(message)
    assert raw.isascii()
    mail = email.message_from_bytes(raw, policy=SMTP)
    assert isinstance(mail, EmailMessage)
    assert mail.keys() == email.message_from_bytes(mail_bytes(MESSAGE), policy=SMTP).keys()
    assert [address.addr_spec for address in mail["To"].addresses] == [MESSAGE.to_email]
    assert "".join(str(mail["Subject"]).split()) == "".join(subject.split())
    plain = next(part for part in mail.walk() if part.get_content_type() == "text/plain")
    assert plain.get_content().replace("\r\n", "\n").rstrip("\n") == text.rstrip("\n")
