"""Calendars rebuilt from received mails alone, as an attendee's program does (RFC 5546 2.1.5, 3.2)."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from typing import Any

import sqlalchemy as sa
import vobject

from tests.support.quick_calendars import QuickCalendars
from tests.support.rig import Rig, calendar_part

_READER = QuickCalendars()
"""Reads the lines that matter here; the first mail, and one in so many, the general parser reads as well."""
Times = dict[str, tuple[datetime, datetime]]


def events(mails: list[EmailMessage]) -> list[tuple[str, Any]]:
    """(method, event) of every calendar part, oldest first, read by another parser than wrote them."""
    found = []
    for part in (calendar_part(mail) for mail in mails):
        if part is not None:
            calendar = vobject.readOne(part.decode())
            found.append((calendar.method.value, calendar.vevent))
    return found


def rebuilt(r: Rig, who: str) -> Times:
    """What stands in the person's calendar: by UID, local wall times."""
    kept: Times = {}
    newest: dict[str, int] = {}
    for calendar, method in filter(None, map(_READER.read, r.raw_mails(who))):
        (event,) = calendar.walk("VEVENT")
        assert calendar["METHOD"] == method
        uid, sequence = str(event["UID"]), int(event["SEQUENCE"])
        assert sequence >= newest.get(uid, 0), "an older message came later"
        assert str(event["ATTENDEE"]).lower() == f"mailto:{r.person(who).email}".lower()
        newest[uid] = sequence
        if method == "CANCEL":
            kept.pop(uid, None)
        else:
            start, end = (event.decoded(name).replace(tzinfo=None) for name in ("DTSTART", "DTEND"))
            kept[uid] = start, end
    return kept


def planned(r: Rig, who: str) -> Times:
    """What the plan says that the person is called to."""
    statement = sa.text(
        'SELECT b.uid, m.day, s.start, s."end" FROM invitation i JOIN booking b ON i.booking = b.id'
        " JOIN meeting m ON b.meeting = m.id JOIN slot s ON b.slot = s.id"
        " WHERE i.person = :who AND i.live AND b.status = 'booked'"
    )
    with r.database._engine.connect() as connection:
        rows = connection.execute(statement, {"who": who}).all()
    return {uid: (_instant(day, start), _instant(day, end)) for uid, day, start, end in rows}


def _instant(day: object, at: object) -> datetime:
    return datetime.fromisoformat(f"{str(day)[:10]}T{str(at)[:8]}")


def assert_calendars_are_right(r: Rig) -> None:
    """Every person's calendar equals the plan."""
    for person in r.organisation.people:
        if person.email:
            assert rebuilt(r, person.id) == planned(r, person.id), person.id
