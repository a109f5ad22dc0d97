"""Calendars that read the few lines of ICS that they need, for tens of thousands of mails.

A general parser takes longer to read a mail than the program to write it. What is read here is compared
with the general parser's reading now and then.
"""

from __future__ import annotations

import re
from base64 import b64decode
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.support.attendee_calendars import Calendars, calendar_of, entry_of

ZONE = ZoneInfo("Europe/Stockholm")
EVERY = 500
"""One mail in so many is read by the general parser as well."""

_PART = re.compile(
    rb'Content-Type: text/calendar;\s+charset="utf-8";\s+method="(?P<method>\w+)"\r\n'
    rb"(?:[\w-]+: [^\r]*\r\n)*\r\n(?P<body>[A-Za-z0-9+/=\r\n]+)--"
)
_LINE = re.compile(r"(?P<name>[\w-]+)(?P<params>(?:;[\w-]+=(?:\"[^\"]*\"|[^;:\"]*))*):(?P<value>.*)")
_PARAM = re.compile(r";([\w-]+)=(\"[^\"]*\"|[^;:\"]*)")
_ESCAPED = re.compile(r"\\(.)")


class Value(str):  # noqa: SLOT000  it holds its parameters
    """A property's text with its parameters."""

    params: dict[str, str]


@dataclass
class QuickEvent:
    """A VEVENT by property name."""

    values: dict[str, Value]

    def __getitem__(self, name: str) -> Value:
        return self.values[name]

    def get(self, name: str, default: str = "") -> str:
        found = self.values.get(name)
        return default if found is None else _ESCAPED.sub(_plain, found)

    def decoded(self, name: str) -> datetime:
        text = self.values[name]
        moment = datetime.strptime(text.rstrip("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007  its zone stands beside
        return moment.replace(tzinfo=UTC if text.endswith("Z") else ZoneInfo(text.params["TZID"]))


@dataclass
class QuickCalendar:
    """A VCALENDAR with one VEVENT."""

    method: str
    event: QuickEvent

    def __getitem__(self, name: str) -> str:
        return {"METHOD": self.method}[name]

    def walk(self, name: str) -> list[QuickEvent]:
        return [self.event]


@dataclass
class QuickCalendars(Calendars):
    """The same calendars, read fast."""

    mails: int = 0
    compared: int = field(default=0)

    def read(self, raw: bytes) -> tuple[Any, str] | None:
        self.mails += 1
        quick = quick_calendar_of(raw)
        if quick is not None and self.mails % EVERY == 1:
            self.compared += 1
            general = calendar_of(raw)
            assert general is not None
            (event,) = general[0].walk("VEVENT")
            assert quick[0]["METHOD"] == str(general[0]["METHOD"])
            assert str(quick[0].event["UID"]) == str(event["UID"])
            assert str(quick[0].event["ATTENDEE"]) == str(event["ATTENDEE"])
            if quick[1] == "REQUEST":
                assert asdict(entry_of(quick[0].event)) == asdict(entry_of(event))
        return quick


def quick_calendar_of(raw: bytes) -> tuple[QuickCalendar, str] | None:
    """The mail's calendar part and its MIME method."""
    part = _PART.search(raw)
    if part is None:
        assert b"text/calendar" not in raw
        return None
    text = b64decode(part["body"]).decode().replace("\r\n ", "")
    head, _, event = text.partition("BEGIN:VEVENT\r\n")
    (method,) = (line.partition(":")[2] for line in head.split("\r\n") if line.startswith("METHOD:"))
    lines = event.partition("END:VEVENT")[0].split("\r\n")[:-1]
    values = [_read(line) for line in lines]
    assert len({name for name, _ in values}) == len(values), "a property stands twice"
    return QuickCalendar(method, QuickEvent(dict(values))), part["method"].decode()


def _read(line: str) -> tuple[str, Value]:
    found = _LINE.fullmatch(line)
    assert found is not None, line
    value = Value(found["value"])
    value.params = {name: text.strip('"') for name, text in _PARAM.findall(found["params"])}
    return found["name"], value


def _plain(escaped: re.Match[str]) -> str:
    return "\n" if escaped[1] in "nN" else escaped[1]
