"""A mail and a calendar part that are right; a test changes what it is about."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from schedules.domain.messages import CalendarPart, MailMessage

PART = CalendarPart(
    method="REQUEST",
    uid="6a1f0c@samtid",
    sequence=2,
    dtstamp=datetime(2026, 9, 1, 8, 0, tzinfo=UTC),
    start=datetime(2026, 10, 6, 13, 0),  # noqa: DTZ001  a local wall time; its zone stands beside it
    end=datetime(2026, 10, 6, 13, 30),  # noqa: DTZ001  the same
    zone="Europe/Stockholm",
    summary="Samverkansmöte Tierp, ärende TIE-2026-014",
    description="Parter: Tierps kommun, Försäkringskassan; vårdcentralen\nSkriv inga personuppgifter här.",
    location="Vårdcentralen Tierp, rum 4",
    url="https://video.example/tierp?a=1,2;b=3",
    status="CONFIRMED",
    organizer_name="Samverkansteam Tierp",
    organizer_email="samverkan@kommun.example",
    attendee_name="Försäkringskassan",
    attendee_email="fk@myndighet.example",
    role="REQ-PARTICIPANT",
    partstat="NEEDS-ACTION",
    rsvp=True,
    language="sv",
)

MESSAGE = MailMessage(
    message_id="<6a1f0c.2.fk@kommun.example>",
    date=PART.dtstamp,
    from_name=PART.organizer_name,
    from_email=PART.organizer_email,
    to_name=PART.attendee_name,
    to_email=PART.attendee_email,
    subject="Samverkansmöte Tierp 6 oktober kl. 13.00, ärende TIE-2026-014",
    text="Försäkringskassan behövs på samverkansmöte.\nKan du vara med?\n",
    html="<p>Försäkringskassan behövs på samverkansmöte.</p>\n",
    language="sv",
    calendar=PART,
)


def a_part(**changes: Any) -> CalendarPart:
    return replace(PART, **changes)


def a_message(**changes: Any) -> MailMessage:
    return replace(MESSAGE, **changes)
