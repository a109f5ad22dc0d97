"""A whole mail of the running program, read by other calendar programs around the change-overs."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
import vobject

from bot.workspace import Actor
from tests.support.programs import JS, require_node_module
from tests.support.rig import Rig, calendar_part, rig

# When the case is raised, and when its meeting begins and ends; 13:00 in Stockholm, written out in UTC.
MEETINGS = {
    "winter": ("2027-01-14T09:00", "2027-01-19T12:00", "2027-01-19T12:30"),
    "raised before the clocks go forward": ("2027-03-25T09:00", "2027-03-30T11:00", "2027-03-30T11:30"),
    "met before they go forward": ("2027-03-11T09:00", "2027-03-16T12:00", "2027-03-16T12:30"),
    "summer": ("2027-06-03T09:00", "2027-06-08T11:00", "2027-06-08T11:30"),
    "met before the clocks go back": ("2027-10-21T09:00", "2027-10-26T11:00", "2027-10-26T11:30"),
    "raised before they go back": ("2027-10-29T09:00", "2027-11-09T12:00", "2027-11-09T12:30"),
}
SUBJECTS = {"nasrin": "Samverkansmöte", "daniel": "Coordination meeting"}


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def by_vobject(ics: bytes) -> tuple[datetime, datetime]:
    event = vobject.readOne(ics.decode()).vevent
    return event.dtstart.value.astimezone(UTC), event.dtend.value.astimezone(UTC)


def by_ical_js(ics: bytes) -> tuple[datetime, datetime]:
    """Thunderbird's parser, which trusts the VTIMEZONE in the text alone."""
    done = subprocess.run(["node", JS / "read_ics.mjs"], input=ics, capture_output=True, check=True)
    (event,) = json.loads(done.stdout)["events"]
    return datetime.fromisoformat(event["start"]), datetime.fromisoformat(event["end"])


def raise_case(actor: Actor) -> None:
    actor.command("/samtid", "lyft")
    for field, value in {
        "team": "tierp",
        "protected_identity": "no",
        "parties": ["fk", "af"],
        "consent": ["given"],
        "consent_date": "2026-11-20",
        "question_categories": ["work_ability"],
        "question": "Hur kan stödet samordnas framåt?",
        "person_takes_part": "in_room",
        "urgency": "urgent",
        "urgency_reason": "Ersättningen tar slut",
    }.items():
        actor.fill(field, value)
    actor.submit()
    actor.close(everything=True)


def book(r: Rig, raised: datetime) -> None:
    r.clock.at = raised
    raise_case(r.actor("maja"))
    r.settle()
    r.actor("helena").click("booking_confirm", where="message")
    r.settle()


@pytest.mark.node
@pytest.mark.parametrize(("raised", "start", "end"), MEETINGS.values(), ids=MEETINGS)
def test_other_programs_read_the_right_instant(raised: str, start: str, end: str, tmp_path: Path) -> None:
    require_node_module("ical.js")
    with rig(tmp_path) as r:
        book(r, utc(raised))
        for person, subject in SUBJECTS.items():
            (mail,) = r.mails(person)
            assert mail["subject"].startswith(subject)
            ics = calendar_part(mail)
            assert ics is not None
            (attached,) = (
                p.get_payload(decode=True) for p in mail.walk() if p.get_filename() == "invite.ics"
            )
            assert attached == ics
            assert by_vobject(ics) == by_ical_js(ics) == (utc(start), utc(end))
        assert r.local.workspace.problems() == ()
