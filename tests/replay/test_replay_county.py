"""A county's year by commands alone: every promise holds, and every wait is explained."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from time import perf_counter, process_time

import pytest

from tests.support.county import county
from tests.support.county_checks import Standing, check_calendars, check_delivered, check_places
from tests.support.county_year import Year
from tests.support.quick_calendars import QuickCalendars
from tests.support.random_office import open_office

SEED = int(os.environ.get("REPLAY_SEED", "1"))
NEW_YEAR = datetime(2027, 1, 4, 6, 0, tzinfo=UTC)


def replayed(template: Path, folder: Path, teams: int, staff: int, cases: int, last: date) -> Year:
    """The county from January to that day, checked at the end."""
    chance = Random(SEED)
    made = county(teams, staff, chance)
    it = open_office(template, folder, made.organisation, NEW_YEAR)
    it.postman.calendars = QuickCalendars()
    year = Year(it, made, chance)
    began, worked = perf_counter(), process_time()
    year.run(NEW_YEAR.date(), last, cases)
    passed = perf_counter() - began, process_time() - worked
    Standing(it, year.seen).hold()
    it.deliver()
    kept, entries, sent = check_places(it), check_calendars(it), check_delivered(it)
    assert year.replay.failures == []
    print(f"\n{passed[0]:.0f} s, of which {passed[1]:.0f} s of processor time; {year.replay.ticks} ticks")
    print(f"{kept} times kept, {entries} calendar entries, {sent} messages sent")
    print(
        "passed over:", dict(year.explained.reasons.most_common()), "without a time:", year.explained.waited
    )
    print("done:", dict(sorted(year.seen.items())))
    it.database.close()
    return year


def test_a_small_county_keeps_its_promises(sqlite_template: Path, tmp_path: Path) -> None:
    year = replayed(sqlite_template, tmp_path, teams=3, staff=25, cases=52, last=date(2027, 3, 5))
    assert year.seen["discussed"] > 20
    assert {"absence", "cancel meeting", "hand over"} <= year.seen.keys()


@pytest.mark.exhaustive
def test_a_countys_year_keeps_its_promises(sqlite_template: Path, tmp_path: Path) -> None:
    year = replayed(sqlite_template, tmp_path, teams=40, staff=375, cases=4450, last=date(2027, 12, 17))
    assert year.seen["discussed"] >= 4000
