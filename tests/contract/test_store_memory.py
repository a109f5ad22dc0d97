"""What is kept in memory: a change of the plan leaves people known, one of the organisation does not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from schedules.store.database import Database
from tests.support.databases import SECRET_KEY
from tests.support.examples import ORGANISATION, a_meeting
from tests.support.statements import statements


@pytest.fixture
def other(database: Database, database_url: str) -> Any:
    """Another process on the same database, in which Tierp and its people are known."""
    with database.unit_of_work() as unit:
        unit.organisation.save(ORGANISATION)
        unit.commit()
    opened = Database(database_url, [SECRET_KEY])
    assert name_of(opened, "p2") == "Partsamordnare"
    yield opened
    opened.close()


def name_of(database: Database, person: str) -> str:
    with database.unit_of_work() as unit:
        return unit.organisation.people([person])[person].name


def rename(database: Database, name: str) -> None:
    people = tuple(replace(p, name=name) if p.id == "p2" else p for p in ORGANISATION.people)
    with database.unit_of_work() as unit:
        unit.organisation.save(replace(ORGANISATION, people=people))
        unit.commit()


def add_meeting(database: Database) -> None:
    with database.unit_of_work() as unit:
        unit.plan.save_meeting(a_meeting())
        unit.commit()


def test_a_meeting_of_another_process_is_seen_and_people_are_not_read_again(
    database: Database, other: Database
) -> None:
    add_meeting(database)
    with statements() as asked:
        assert name_of(other, "p2") == "Partsamordnare"
    assert asked
    assert not [sql for sql, _ in asked if "person" in sql]
    with other.unit_of_work() as unit:
        assert [m.id for m in unit.plan.meetings("tierp", a_meeting().day)] == [a_meeting().id]


def test_a_change_of_people_is_seen_whatever_came_before_or_after(
    database: Database, other: Database
) -> None:
    add_meeting(database)
    rename(database, "Ny")
    assert name_of(other, "p2") == "Ny"
    rename(database, "Nyare")
    add_meeting(database)
    assert name_of(other, "p2") == "Nyare"


def test_known_and_new_people_come_in_the_order_of_the_file(database: Database, other: Database) -> None:
    with other.unit_of_work() as unit:
        assert list(unit.organisation.people(["p5", "p2", "nobody", "p1"])) == ["p1", "p2", "p5"]
        assert list(unit.organisation.people(["p5", "nobody", "p3"])) == ["p3", "p5"]
