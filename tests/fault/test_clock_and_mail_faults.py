"""A clock that jumps and a mail server that breaks off: afterwards the calendars equal the plan."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from schedules.store.tables import DUE
from tests.support.attendee_calendars import Calendars
from tests.support.calendars import planned, rebuilt
from tests.support.fleet import Fleet, fleet
from tests.support.raised import column, raise_case, texts
from tests.support.rig import MONDAY
from tests.support.smtp_server import DROP, SILENT
from tests.support.story import STORY, outcome, play

SHORT = 8
CLOCKS_CHANGE = [datetime(2027, 3, 25, 8, tzinfo=UTC), datetime(2027, 10, 28, 7, tzinfo=UTC)]
"""Thursdays at nine; the clocks go forward, and back, in the night to Sunday."""
STOCKHOLM = ZoneInfo("Europe/Stockholm")
REMINDED = {
    "agenda": {"08:00", "09:00"},  # at nine if the meeting is near when its case is called
    "day_before": {"09:00"},
    "identity": {"09:00"},
    "morning": {"08:00"},
    "report": {"09:00"},
    "unanswered_first": {"09:00"},
}
"""When the reminders leave, by Stockholm's clock."""

pytestmark = pytest.mark.exhaustive  # `make faults`


@pytest.mark.parametrize("jump", [timedelta(hours=-1), timedelta(days=1)])
def test_the_clock_jumps_between_decision_and_delivery(tmp_path: Path, jump: timedelta) -> None:
    with fleet(tmp_path) as r:
        play(r, STORY[:3])
        r.clock.advance(jump)
        r.pass_time(hours=1)  # what was decided before the step back leaves when its time has come again
        play(r, STORY[3:SHORT])
        outcome(r)
        assert r.local.workspace.problems() == ()


@pytest.mark.parametrize("answer", [DROP, "451 later"])
def test_the_mail_server_breaks_off(tmp_path: Path, answer: str) -> None:
    with fleet(tmp_path) as r:
        play(r, STORY[:3])
        r.postbox.tell("DATA", answer, answer)
        r.settle()
        r.pass_time(minutes=5)
        play(r, STORY[4:SHORT])
        assert outcome(r).repeated == 0


def test_the_mail_server_is_silent_after_the_mail(tmp_path: Path) -> None:
    """It has taken the mail and says nothing, until our patience ends: half a minute of real time.

    Nobody knows whether the mail arrived, so it leaves once more, the same to the byte (promise 3).
    """
    with fleet(tmp_path) as r:
        play(r, STORY[:3])
        r.postbox.tell("DATA", SILENT)
        r.settle()
        assert column(r, "SELECT DISTINCT outcome_unknown FROM outbox WHERE failures > 0") == [True]
        r.pass_time(minutes=5)
        play(r, STORY[4:SHORT])
        assert outcome(r).repeated == 1


def test_the_mail_server_refuses_one_recipient(tmp_path: Path) -> None:
    """For good: the others have theirs, and the coordinator is told to call the one who has not."""
    with fleet(tmp_path) as r:
        play(r, STORY[:3])
        r.postbox.tell(r.person("nasrin").email or "", "550 5.1.1 unknown")
        r.settle()
        assert column(r, "SELECT recipient FROM outbox WHERE status = 'failed'") == [r.person("nasrin").email]
        assert any(r.person("nasrin").name in text for text in texts(r, "helena"))
        assert rebuilt(r, "nasrin") == {}
        assert rebuilt(r, "daniel") == planned(r, "daniel") != {}
        assert r.owed() == 0
        assert r.local.workspace.problems() == ()


def test_the_mail_server_refuses_one_recipient_for_now(tmp_path: Path) -> None:
    with fleet(tmp_path) as r:
        play(r, STORY[:3])
        r.postbox.tell(r.person("nasrin").email or "", "451 4.3.0 later")
        r.settle()
        assert rebuilt(r, "daniel") == planned(r, "daniel") != {}
        r.pass_time(minutes=10)
        play(r, STORY[4:SHORT])
        assert outcome(r).repeated == 0


@pytest.mark.parametrize("at", CLOCKS_CHANGE)
def test_a_night_in_which_the_clocks_change(tmp_path: Path, at: datetime) -> None:
    """Meetings and reminders keep their wall times: 13:00 and 09:00 stay that, eight stays eight."""
    with fleet(tmp_path, at=at) as r:
        play(r, STORY[:SHORT])
        raise_case(r, "grace", "osthammar")
        r.pass_time(days=25)
        outcome(r)
        assert all(set() < walls(r)[kind] <= times for kind, times in REMINDED.items())
        assert begins(r) == {"09:00", "13:00"}
        assert r.local.workspace.problems() == ()


def begins(r: Fleet) -> set[str]:
    """The wall times at which what stands in the calendars begins."""
    calendars = Calendars()
    for _, recipient, raw in r.postbox.mails:
        calendars.receive(recipient, raw)
    spans = calendars.spans(MONDAY).values()
    return {f"{start.astimezone(STOCKHOLM):%H:%M}" for start, _ in spans}


def walls(r: Fleet) -> dict[str, set[str]]:
    """By kind, the wall times at which the reminders about meetings left."""
    rows = sa.select(DUE.c.kind, DUE.c.closed_at).where(DUE.c.outcome == "done", DUE.c.kind.in_(REMINDED))
    found = dict[str, set[str]]()
    with r.database._engine.connect() as connection:
        for kind, closed_at in connection.execute(rows):
            found.setdefault(kind, set()).add(f"{closed_at.astimezone(STOCKHOLM):%H:%M}")
    return found
