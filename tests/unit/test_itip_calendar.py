"""The calendar bytes, line by line as RFC 5545 and 5546 want them."""

import re

import pytest
from icalendar import Calendar

from schedules.codec import encode
from schedules.delivery.itip import UnsupportedZone, calendar_bytes
from schedules.domain.messages import CalendarPart, MailMessage
from tests.support.mails import PART, a_message, a_part


def lines_of(part: CalendarPart) -> list[str]:
    """The content lines of the one VEVENT, unfolded."""
    unfolded = calendar_bytes(part).decode().replace("\r\n ", "")
    events = re.findall(r"BEGIN:VEVENT\r\n(.*?)\r\nEND:VEVENT", unfolded, re.DOTALL)
    assert len(events) == 1
    return str(events[0]).split("\r\n")


def values_of(part: CalendarPart, name: str) -> list[str]:
    """The lines of one property, without its name."""
    return [line[len(name) :] for line in lines_of(part) if re.match(rf"{name}[;:]", line)]


def test_a_request_is_these_lines_and_no_others() -> None:
    """Read by eye against RFC 5545, 5546 3.2.2 and 7986 5.11 once; any change is to be read again."""
    assert sorted(lines_of(PART)) == [
        (
            "ATTENDEE;CN=Försäkringskassan;CUTYPE=INDIVIDUAL;PARTSTAT=NEEDS-ACTION;ROLE=REQ-PARTICIPANT"
            ";RSVP=TRUE:mailto:fk@myndighet.example"
        ),
        "CLASS:PRIVATE",
        "CONFERENCE;FEATURE=VIDEO;VALUE=URI:https://video.example/tierp?a=1,2;b=3",
        (
            r"DESCRIPTION;LANGUAGE=sv:Parter: Tierps kommun\, Försäkringskassan\; vårdcentralen"
            r"\nSkriv inga personuppgifter här."
        ),
        "DTEND;TZID=Europe/Stockholm:20261006T133000",
        "DTSTAMP:20260901T080000Z",
        "DTSTART;TZID=Europe/Stockholm:20261006T130000",
        r"LOCATION;LANGUAGE=sv:Vårdcentralen Tierp\, rum 4",
        'ORGANIZER;CN="Samverkansteam Tierp":mailto:samverkan@kommun.example',
        "SEQUENCE:2",
        "STATUS:CONFIRMED",
        r"SUMMARY;LANGUAGE=sv:Samverkansmöte Tierp\, ärende TIE-2026-014",
        "TRANSP:OPAQUE",
        "UID:6a1f0c@samtid",
        "URL:https://video.example/tierp?a=1,2;b=3",
    ]


def test_the_frame_is_one_calendar_with_method_and_product() -> None:
    text = calendar_bytes(PART).decode()
    assert text.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Samtid//Samtid//EN\r\n")
    assert text.count("\r\nMETHOD:REQUEST\r\n") == 1
    assert text.count("BEGIN:VTIMEZONE") == 1
    assert "RDATE" not in text
    assert text.endswith("END:VEVENT\r\nEND:VCALENDAR\r\n")


def test_lines_end_in_crlf_and_are_folded_at_75_octets_between_characters() -> None:
    raw = calendar_bytes(a_part(description="åäö😀" * 100))
    lines = raw.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert all(line.decode() is not None for line in lines)


def test_the_same_part_gives_the_same_bytes() -> None:
    again = MailMessage.from_json(encode(a_message(calendar=PART))).calendar
    assert again is not None
    assert calendar_bytes(again) == calendar_bytes(PART)


def test_a_cancellation_of_one_part_has_no_status_and_asks_no_answer() -> None:
    part = a_part(method="CANCEL", sequence=3)
    assert values_of(part, "STATUS") == []
    assert values_of(part, "SEQUENCE") == [":3"]
    assert values_of(part, "ATTENDEE") == [
        ";CN=Försäkringskassan;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT:mailto:fk@myndighet.example"
    ]
    assert "\r\nMETHOD:CANCEL\r\n" in calendar_bytes(part).decode()


def test_the_end_of_the_whole_booking_has_the_status_cancelled() -> None:
    assert values_of(a_part(method="CANCEL", status="CANCELLED"), "STATUS") == [":CANCELLED"]


def test_a_tentative_booking_says_so_and_the_chair_is_not_asked_to_answer() -> None:
    part = a_part(status="TENTATIVE", role="CHAIR", partstat="ACCEPTED", rsvp=False)
    assert values_of(part, "STATUS") == [":TENTATIVE"]
    assert "PARTSTAT=ACCEPTED;ROLE=CHAIR;RSVP=FALSE:" in values_of(part, "ATTENDEE")[0]


def test_without_a_link_there_is_neither_url_nor_conference() -> None:
    assert not [line for line in lines_of(a_part(url=None)) if line.startswith(("URL", "CONFERENCE"))]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ('Region "Uppsala"', '"Region Uppsala"'),
        ("Vården^s\r\nhus", '"Vårdens hus"'),
        ("Kommun, norr; syd: öst", '"Kommun, norr; syd: öst"'),
    ],
)
def test_a_name_has_no_quotes_or_line_breaks_left(name: str, written: str) -> None:
    part = a_part(attendee_name=name, organizer_name=name)
    assert values_of(part, "ATTENDEE")[0].startswith(f";CN={written};CUTYPE=")
    assert values_of(part, "ORGANIZER") == [f";CN={written}:mailto:samverkan@kommun.example"]


def test_signs_that_a_uri_reserves_are_encoded_in_an_address() -> None:
    part = a_part(attendee_email="a%b?c+d@e.example")
    assert values_of(part, "ATTENDEE")[0].endswith(":mailto:a%25b%3Fc+d@e.example")


@pytest.mark.parametrize("sign", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
@pytest.mark.parametrize("field", ["summary", "description", "location", "attendee_name", "organizer_name"])
def test_a_text_cannot_add_a_line_of_its_own(field: str, sign: str) -> None:
    part = a_part(**{field: f"a{sign}ATTENDEE:mailto:someone@else.example"})
    names = [re.split("[;:]", line)[0] for line in lines_of(part)]
    assert names == [re.split("[;:]", line)[0] for line in lines_of(PART)]
    # Some parsers split at every sign that Unicode calls a line break.
    assert calendar_bytes(part).decode().splitlines() == calendar_bytes(part).decode().split("\r\n")[:-1]


def test_control_characters_are_left_out() -> None:
    assert values_of(a_part(summary="a\x00b\x07c\x7fd\te"), "SUMMARY") == [";LANGUAGE=sv:abcd\te"]


@pytest.mark.parametrize("zone", ["Europe/Oslo", "UTC", "Nowhere/Else"])
def test_a_zone_whose_rules_are_not_shipped_is_refused(zone: str) -> None:
    with pytest.raises(UnsupportedZone) as refusal:
        calendar_bytes(a_part(zone=zone))
    assert refusal.value.ids == {"zone": zone}
    assert "Europe/Stockholm" in str(refusal.value)


def test_icalendar_reads_its_own_writing() -> None:
    calendar = Calendar.from_ical(calendar_bytes(PART))
    assert isinstance(calendar, Calendar)
    (event,) = calendar.events
    assert event.errors == []
    assert (event["summary"], event["description"]) == (PART.summary, PART.description)
    assert event["attendee"].params["CN"] == PART.attendee_name


@pytest.mark.parametrize("changes", [{}, {"method": "CANCEL"}, {"url": None}, {"description": "åäö😀" * 60}])
def test_the_event_is_byte_for_byte_as_icalendar_writes_it(changes: dict[str, str | None]) -> None:
    """Its lines are written one by one, and kept: their order, folding and escapes are the library's."""
    raw = calendar_bytes(a_part(**changes))
    (event,) = Calendar.from_ical(raw).events
    assert event.to_ical() == raw[raw.index(b"BEGIN:VEVENT") : raw.index(b"END:VCALENDAR")]
