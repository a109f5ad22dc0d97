"""Opinions in both databases: who was asked, each answer once, and counters in the order of their key."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import sqlalchemy as sa

from schedules.domain.opinions import Counted, Place, Question, Survey
from schedules.store.database import Database
from tests.support.races import race

TIERP, OTHER = Place("Tierp", "tierp"), Place()
SURVEY = Survey(2027, date(2027, 9, 15), (Question("trust", "Vi litar.", "We trust."),), 3)


def test_a_survey_comes_back_as_it_was(database: Database) -> None:
    with database.unit_of_work() as unit:
        unit.opinions.save_survey(SURVEY)
        unit.opinions.save_survey(replace(SURVEY, year=2026, closed=True))
        unit.opinions.save_survey(replace(SURVEY, reminded=True))
        unit.commit()
    with database.unit_of_work() as unit:
        assert unit.opinions.surveys() == (
            replace(SURVEY, year=2026, closed=True),
            replace(SURVEY, reminded=True),
        )


def test_each_answers_once_of_those_who_were_asked_until_it_is_forgotten(database: Database) -> None:
    with database.unit_of_work() as unit:
        unit.opinions.ask("survey:2027", ["pa", "pb"])
        assert unit.opinions.take("survey:2027", "pa")
        assert not unit.opinions.take("survey:2027", "pa")
        assert not unit.opinions.take("survey:2027", "somebody")
        assert not unit.opinions.take("another", "pb")
        unit.opinions.ask("survey:2027", ["pa", "pc"])
        unit.opinions.ask("survey:2027", [])
        assert unit.opinions.asked("survey:2027") == {"pa": True, "pb": False, "pc": False}
        unit.opinions.forget("survey:2027")
        assert unit.opinions.asked("survey:2027") == {}


def test_answers_add_up_and_their_rows_lie_in_the_order_of_their_key(database: Database) -> None:
    with database.unit_of_work() as unit:
        for place, value in ((TIERP, "5"), (OTHER, "1"), (TIERP, "5"), (TIERP, "2")):
            unit.opinions.add("survey:2027", place, [("", ""), ("trust", value)])
        assert set(unit.opinions.counted("survey:2027")) == {
            Counted(TIERP, "", "", 3),
            Counted(OTHER, "", "", 1),
            Counted(TIERP, "trust", "5", 2),
            Counted(TIERP, "trust", "2", 1),
            Counted(OTHER, "trust", "1", 1),
        }
        assert unit.opinions.counted("survey:2026") == ()
        unit.commit()
    if database._engine.dialect.name == "sqlite":
        with database._engine.connect() as connection:
            (made,) = connection.execute(
                sa.text("SELECT sql FROM sqlite_master WHERE name = 'opinion_count'")
            ).scalars()
        assert made.rstrip().endswith("WITHOUT ROWID"), "no order of arrival is kept"


def test_two_forms_of_one_person_at_once_count_once(database: Database) -> None:
    with database.unit_of_work() as unit:
        unit.opinions.ask("survey:2027", ["pa"])
        unit.commit()

    def answer() -> bool:
        with database.unit_of_work() as unit:
            taken = unit.opinions.take("survey:2027", "pa")
            if taken:
                unit.opinions.add("survey:2027", TIERP, [("", "")])
            unit.commit()
            return taken

    assert sorted(race([answer, answer])) == [False, True]
    with database.unit_of_work() as unit:
        assert unit.opinions.counted("survey:2027") == (Counted(TIERP, "", "", 1),)
