"""Missing details are asked for before the meeting however near it is; who cannot be asked is shown."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa

from schedules.services.report_failures import report_failures
from tests.support.raised import call_parties, column, open_home, page, raise_case, texts
from tests.support.raising import told
from tests.support.rig import Rig

MISSING = "Några uppgifter om ärende"


def test_an_urgent_case_the_workday_before_is_asked_for_in_the_morning(town: Rig) -> None:
    call_parties(town, urgent=True)  # Monday at nine, for Tuesday at one
    assert column(town, "SELECT day FROM meeting m JOIN booking b ON b.meeting = m.id") == ["2026-11-24"]
    town.until(datetime(2026, 11, 24, 6, 59, tzinfo=UTC))
    assert not any(MISSING in text for text in texts(town, "maja"))
    town.until(datetime(2026, 11, 24, 7, 0, tzinfo=UTC))
    assert sum(MISSING in text for text in texts(town, "maja")) == 1
    town.pass_time(days=3)
    assert sum(MISSING in text for text in texts(town, "maja")) == 1


def test_a_question_about_a_waiting_case_that_does_not_arrive_is_told(town: Rig) -> None:
    """The case has no meeting: the coordinator of its team hears all the same, once."""
    with town.database._engine.begin() as connection:  # nothing suits: every meeting is cancelled
        connection.execute(sa.text("UPDATE meeting SET status = 'cancelled' WHERE team = 'tierp'"))
    reference = raise_case(town)
    town.settle()
    open_home(town, "helena")
    town.pass_time(days=2)
    assert sum(MISSING in text for text in texts(town, "maja")) == 1
    with town.database._engine.begin() as connection:
        asked = "UPDATE outbox SET status = 'failed' WHERE recipient = 'U0004' AND referral IS NOT NULL"
        assert connection.execute(sa.text(asked)).rowcount == 1
    assert report_failures(town.office) == 1
    assert report_failures(town.office) == 0
    town.settle()
    failed = [text for text in told(town, "helena") if "kom inte fram" in text]
    assert len(failed) == 1
    assert "Maja Björk om ett ärende som väntar på tid" in failed[0]
    assert reference in failed[0]
    open_home(town, "helena")
    assert "Kom inte fram" in page(town, "helena")
