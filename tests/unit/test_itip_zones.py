"""The right instant in other programs' calendars: summer, winter, and around both change-overs."""

import json
import os
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import vobject
from icalendar import Calendar, Timezone

from schedules.delivery.itip import calendar_bytes
from tests.support.mails import PART, a_part
from tests.support.programs import JS, require_node_module

# The instant in UTC is written out: taken from no library.
INSTANTS = {
    "summer": ("2026-07-07T13:00", "2026-07-07T11:00"),
    "winter": ("2027-01-12T13:00", "2027-01-12T12:00"),
    "the Friday before the clocks go back": ("2026-10-23T13:00", "2026-10-23T11:00"),
    "the Sunday before they go back, early": ("2026-10-25T01:00", "2026-10-24T23:00"),
    "the Sunday they go back": ("2026-10-25T13:00", "2026-10-25T12:00"),
    "the Monday after": ("2026-10-26T13:00", "2026-10-26T12:00"),
    "the Friday before the clocks go forward": ("2027-03-26T13:00", "2027-03-26T12:00"),
    "the Sunday before they go forward, early": ("2027-03-28T01:00", "2027-03-28T00:00"),
    "the Sunday they go forward": ("2027-03-28T13:00", "2027-03-28T11:00"),
    "the Monday after that": ("2027-03-29T13:00", "2027-03-29T11:00"),
    "the last Sunday is the 31st": ("2030-03-31T13:00", "2030-03-31T11:00"),
    "ten years on": ("2036-07-01T13:00", "2036-07-01T11:00"),
}

Reader = Callable[[bytes], tuple[datetime, datetime]]


def read_by_vobject(raw: bytes) -> tuple[datetime, datetime]:
    event = vobject.readOne(raw.decode()).vevent
    return event.dtstart.value.astimezone(UTC), event.dtend.value.astimezone(UTC)


def read_by_ical_js(raw: bytes) -> tuple[datetime, datetime]:
    (event,) = ical_js(raw)["events"]
    return datetime.fromisoformat(event["start"]), datetime.fromisoformat(event["end"])


def read_by_icalendar(raw: bytes) -> tuple[datetime, datetime]:
    calendar = Calendar.from_ical(raw)
    assert isinstance(calendar, Calendar)
    (event,) = calendar.events
    assert isinstance(event.start, datetime)
    assert isinstance(event.end, datetime)
    return event.start.astimezone(UTC), event.end.astimezone(UTC)


def ical_js(raw: bytes) -> dict[str, Any]:
    """What Thunderbird's parser understands, on a machine that is far from Sweden."""
    require_node_module("ical.js")
    run = subprocess.run(
        ["node", JS / "read_ics.mjs"],
        input=raw,
        capture_output=True,
        check=True,
        env={**os.environ, "TZ": "America/New_York"},
    )
    return json.loads(run.stdout)  # type: ignore[no-any-return]  # the script's own shape


@pytest.mark.parametrize(
    "read",
    [
        read_by_vobject,
        read_by_icalendar,
        pytest.param(read_by_ical_js, marks=pytest.mark.node),
    ],
)
@pytest.mark.parametrize(("local", "utc"), INSTANTS.values(), ids=INSTANTS.keys())
def test_other_programs_see_the_right_instant(read: Reader, local: str, utc: str) -> None:
    start = datetime.fromisoformat(local)
    raw = calendar_bytes(a_part(start=start, end=start + timedelta(minutes=30)))
    expected = datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert read(raw) == (expected, expected + timedelta(minutes=30))


def test_the_shipped_rules_are_the_law_of_the_next_ten_years() -> None:
    """Fails on the day that Sweden's rules change in the time zone data: then the .ics must follow."""
    shipped = Timezone.from_ical(files("schedules.delivery").joinpath("europe_stockholm.ics").read_bytes())
    assert isinstance(shipped, Timezone)
    rules, law = shipped.to_tz(lookup_tzid=False), ZoneInfo("Europe/Stockholm")
    for day in range(10 * 366):
        noon = datetime(2026, 1, 1, 12) + timedelta(days=day)  # noqa: DTZ001  a wall time, given both zones
        assert noon.replace(tzinfo=rules).utcoffset() == noon.replace(tzinfo=law).utcoffset(), noon


@pytest.mark.node
def test_thunderbirds_parser_reads_every_field() -> None:
    calendar = ical_js(calendar_bytes(PART))
    assert calendar["method"] == "REQUEST"
    assert calendar["events"] == [
        {
            "uid": PART.uid,
            "sequences": [2],
            "start": "2026-10-06T11:00:00.000Z",
            "end": "2026-10-06T11:30:00.000Z",
            "zone": "Europe/Stockholm",
            "stamp": "2026-09-01T08:00:00.000Z",
            "status": "CONFIRMED",
            "summary": PART.summary,
            "description": PART.description,
            "location": PART.location,
            "attendees": [
                {
                    "address": "mailto:fk@myndighet.example",
                    "cn": "Försäkringskassan",
                    "partstat": "NEEDS-ACTION",
                }
            ],
            "organizer": "mailto:samverkan@kommun.example",
            "url": PART.url,
            "conference": PART.url,
        }
    ]


@pytest.mark.node
@pytest.mark.parametrize(
    "text", ["a, b; c: d", 'säger "hej"', "rad 1\nrad 2", "\\n är inget radbyte", "😀 åäö" * 40, "a\\,b\\;c"]
)
def test_thunderbirds_parser_reads_odd_texts(text: str) -> None:
    (event,) = ical_js(calendar_bytes(a_part(summary=text, description=text, location=text)))["events"]
    assert (event["summary"], event["description"], event["location"]) == (text, text, text)
