"""A clock that jumps and a mail server that breaks off: afterwards the calendars equal the plan."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.fleet import fleet
from tests.support.smtp_server import DROP
from tests.support.story import STORY, outcome, play

SHORT = 8
BEFORE_SUMMER_TIME = datetime(2027, 3, 25, 8, tzinfo=UTC)
"""A Thursday; the clocks go forward in the night to Sunday."""


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


def test_a_night_in_which_summer_time_begins(tmp_path: Path) -> None:
    with fleet(tmp_path, at=BEFORE_SUMMER_TIME) as r:
        play(r, STORY[:SHORT])
        r.pass_time(days=5)
        outcome(r)
        assert r.local.workspace.problems() == ()
