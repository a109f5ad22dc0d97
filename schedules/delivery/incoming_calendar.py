"""An iTIP answer out of a calendar that somebody else's program wrote (RFC 5546 3.2.3, 3.2.7).

icalendar takes the lines apart (folding, quotes, RFC 6868); what they mean is decided here, line by line, so
that one broken property spoils nothing that we do not need.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import unquote

from icalendar.parser import Contentline, Contentlines

from schedules.delivery.incoming_headers import address
from schedules.delivery.incoming_parts import CalendarText
from schedules.delivery.incoming_times import date_time, instant, later
from schedules.domain.incoming import Counter, Other, Reply, ReplyStatus, Unreadable, UnreadableReason

_UID = re.compile(r"[!-~]{1,255}")
_STATUSES = {status.value: status for status in ReplyStatus}
_NUMBER = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class _Property:
    name: str
    params: Mapping[str, object]
    value: str

    def param(self, name: str) -> str:
        """The parameter's value, its first if it has several; empty if missing."""
        value = self.params.get(name, "")
        return str(value[0] if isinstance(value, (list, tuple)) and value else value)


@dataclass(slots=True)
class _Component:
    name: str
    properties: list[_Property] = field(default_factory=list)
    inner: list["_Component"] = field(default_factory=list)

    def all(self, name: str) -> list[_Property]:
        return [one for one in self.properties if one.name == name]

    def value(self, name: str) -> str:
        """The property's value, its first if it stands several times; empty if missing."""
        return next((one.value.strip() for one in self.all(name)), "")


class _Problem(Exception):
    def __init__(self, reason: UnreadableReason) -> None:
        super().__init__(reason.value)
        self.reason = reason


def answer_in(
    calendar: CalendarText, sender: str | None, message_id: str | None
) -> Reply | Counter | Unreadable | Other:
    """The answer that the calendar holds; `Other` for what asks nothing of us, such as a REQUEST.

    METHOD in the calendar goes before the MIME parameter. `sender` chooses among several attendees.
    """
    try:
        return _answer(calendar, sender, message_id)
    except _Problem as problem:
        return Unreadable(problem.reason, message_id)


def _answer(calendar: CalendarText, sender: str | None, message_id: str | None) -> Reply | Counter | Other:
    if calendar.too_large:
        raise _Problem(UnreadableReason.TOO_LARGE)
    root = _parsed(calendar.text)
    method = root.value("METHOD").upper() or calendar.method
    if not method:
        raise _Problem(UnreadableReason.NO_METHOD)
    if method not in ("REPLY", "COUNTER"):
        return Other(message_id, sender)
    event = _event(root)
    uid, attendee = _uid(event), _attendee(event, sender)
    who = address(_address_of(attendee))
    if who is None:
        raise _Problem(UnreadableReason.NO_ATTENDEE)
    sequence, status = _sequence(event), _status(attendee)
    dtstamp = instant(event.value("DTSTAMP"))
    if method == "COUNTER":
        start, end = _times(event)
        return Counter(uid, who, sequence, status, start, end, dtstamp, sender, message_id)
    delegate = address(_mail_address(attendee.param("DELEGATED-TO")))
    return Reply(uid, who, sequence, status, dtstamp, sender, message_id, delegate)


def _parsed(text: str) -> _Component:
    """The first VCALENDAR, whole; a property that cannot be read is left out."""
    top = _Component("")
    stack = [top]
    for one in _properties(text):
        if one.name == "BEGIN":
            component = _Component(one.value.strip().upper())
            stack[-1].inner.append(component)
            stack.append(component)
        elif one.name == "END":
            if stack.pop().name != one.value.strip().upper() or not stack:
                raise _Problem(UnreadableReason.CALENDAR)
        else:
            stack[-1].properties.append(one)
    if len(stack) != 1 or not top.inner or top.inner[0].name != "VCALENDAR":
        raise _Problem(UnreadableReason.CALENDAR)
    return top.inner[0]


def _properties(text: str) -> Iterator[_Property]:
    lines: list[Contentline] = Contentlines.from_ical(text)  # type: ignore[no-untyped-call]  # icalendar's
    for line in filter(None, lines):
        try:
            name, params, value = line.parts()
        except ValueError:
            continue
        yield _Property(name.upper(), params, value)


def _event(root: _Component) -> _Component:
    """The event; of several with one UID the one that is no exception to a series: ours have none."""
    events = [one for one in root.inner if one.name == "VEVENT"]
    if not events:
        raise _Problem(UnreadableReason.NO_EVENT)
    if len({event.value("UID") for event in events}) > 1:
        raise _Problem(UnreadableReason.SEVERAL_EVENTS)
    return min(events, key=lambda event: bool(event.value("RECURRENCE-ID")))


def _uid(event: _Component) -> str:
    uid = event.value("UID")
    if not _UID.fullmatch(uid):
        raise _Problem(UnreadableReason.NO_UID)
    return uid


def _attendee(event: _Component, sender: str | None) -> _Property:
    """The only one, as RFC 5546 3.2.3 has it; of several the sender, with one status."""
    attendees = event.all("ATTENDEE")
    if not attendees:
        raise _Problem(UnreadableReason.NO_ATTENDEE)
    if len(attendees) > 1:
        attendees = [one for one in attendees if sender and address(_address_of(one)) == sender]
    if len({_status(one) for one in attendees}) != 1:
        raise _Problem(UnreadableReason.SEVERAL_ATTENDEES)
    return attendees[0]


def _address_of(attendee: _Property) -> str:
    """The mail address in a CAL-ADDRESS, or in EMAIL (RFC 7986 6.2) beside another kind of address."""
    return attendee.param("EMAIL") or _mail_address(attendee.value)


def _mail_address(text: str) -> str:
    """Without `mailto:` in any case, and percent-decoded (RFC 6068)."""
    return unquote(re.sub(r"(?i)^mailto:", "", text.strip('" ')).partition("?")[0])


def _status(attendee: _Property) -> ReplyStatus:
    named = attendee.param("PARTSTAT").strip().upper()
    return _STATUSES.get(named, ReplyStatus.NEEDS_ACTION)


def _sequence(event: _Component) -> int | None:
    """SEQUENCE; of several the lowest, since an old answer must not pass for a new one."""
    numbers = [one.value.strip() for one in event.all("SEQUENCE")]
    return min((int(one) for one in numbers if _NUMBER.fullmatch(one)), default=None)


def _times(event: _Component) -> tuple[datetime | None, datetime | None]:
    start, end = _time(event.all("DTSTART")), _time(event.all("DTEND"))
    if end is None:
        end = later(start, event.value("DURATION"))
    return start, end if start is not None else None


def _time(properties: Sequence[_Property]) -> datetime | None:
    if len(properties) != 1:
        return None
    (one,) = properties
    return date_time(one.value, one.param("TZID") or None)
