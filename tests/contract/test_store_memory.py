"""What is kept in memory: a change of the plan leaves people known, one of the organisation does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from schedules.domain.plan import Meeting
from schedules.store.database import Database
from tests.support.databases import SECRET_KEY
from tests.support.examples import NOW, ORGANISATION, a_meeting
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


def meeting_of(database: Database) -> tuple[Meeting | None, int]:
    """The meeting, and how many statements it took to know it."""
    with statements() as asked, database.unit_of_work() as unit:
        return unit.plan.meeting(a_meeting().id), len(asked)


def test_a_meeting_is_read_once_until_the_plan_changes(database: Database, other: Database) -> None:
    add_meeting(database)
    read = meeting_of(other)[0]
    assert meeting_of(other) == (read, 1)  # only whether it has changed
    with database.unit_of_work() as unit:
        unit.plan.mark_agenda_sent(a_meeting().id, NOW)
        assert unit.plan.meeting(a_meeting().id) != read
        unit.commit()
    found = meeting_of(other)[0]
    assert found is not None
    assert found.agenda_sent_at == NOW


def test_a_page_that_another_process_opens_is_known_at_once(database: Database, other: Database) -> None:
    with other.unit_of_work() as unit:
        assert unit.pages.opened() == frozenset()
    with database.unit_of_work() as unit:
        unit.pages.turn("U0002", "1")
        unit.commit()
    with other.unit_of_work() as unit:
        assert unit.pages.opened() == {"U0002"}
    with statements() as asked, other.unit_of_work() as unit:
        unit.pages.turn("U0002", "5")
        unit.commit()
    assert len(asked) == 2  # whether it has changed, and the setting: turning a page changes nothing else
    with database.unit_of_work() as unit:
        assert unit.pages.starts("U0002") == "5"
        assert unit.pages.starts("U0003") is None


def test_absences_of_any_day_come_from_what_was_read_of_its_month(
    database: Database, other: Database
) -> None:
    with database.unit_of_work() as unit:
        unit.plan.add_absence("p2", date(2026, 9, 1), date(2026, 9, 4))
        unit.plan.add_absence("p2", date(2026, 9, 28), date(2026, 10, 2))
        unit.commit()
    with other.unit_of_work() as unit:
        assert len(unit.plan.absences_of(["p2"], date(2026, 9, 4))) == 2
        with statements() as asked:
            assert len(unit.plan.absences_of(["p2"], date(2026, 9, 5))) == 1
        assert asked == []
        assert unit.plan.absences_of(["p2"], date(2026, 10, 3)) == ()


def test_absences_come_with_the_openings_that_are_asked_for_them(
    database: Database, other: Database, database_url: str
) -> None:
    with database.unit_of_work() as unit:
        unit.plan.save_meeting(a_meeting())
        unit.plan.add_absence("p2", date(2026, 9, 1), date(2026, 9, 4))
        unit.commit()
    with other.unit_of_work() as unit:
        (meeting,) = unit.plan.openings("tierp", date(2026, 9, 1), 13, ["p1", "p2"])
        assert meeting == a_meeting_of(other)
        with statements() as asked:
            (absence,) = unit.plan.absences_of(["p2", "p1"], date(2026, 9, 1))
        assert (absence.person, absence.to_date) == ("p2", date(2026, 9, 4))
        assert len(asked) == database_url.startswith("sqlite")
    with other.unit_of_work() as unit:
        with statements() as asked:
            unit.plan.openings("tierp", date(2026, 9, 1), 13, ["p1", "p2"])
        assert not [sql for sql, _ in asked if "absence" in sql]  # they are known


def test_absences_that_change_are_not_remembered_with_the_openings(database: Database) -> None:
    with database.unit_of_work() as unit:
        unit.organisation.save(ORGANISATION)
        unit.plan.save_meeting(a_meeting())
        unit.plan.openings("tierp", date(2026, 9, 1), 13, ["p2"])
        unit.plan.add_absence("p2", date(2026, 9, 1), date(2026, 9, 4))
        assert len(unit.plan.absences_of(["p2"], date(2026, 9, 1))) == 1


def a_meeting_of(database: Database) -> Meeting:
    with database.unit_of_work() as unit:
        return unit.plan.meetings("tierp", date(2026, 9, 1))[0]


def test_known_and_new_people_come_in_the_order_of_the_file(database: Database, other: Database) -> None:
    with other.unit_of_work() as unit:
        assert list(unit.organisation.people(["p5", "p2", "nobody", "p1"])) == ["p1", "p2", "p5"]
        assert list(unit.organisation.people(["p5", "nobody", "p3"])) == ["p3", "p5"]
