"""Facts on both databases: written by our ids, read without them, and what a page has shown."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command

from schedules.domain.cases import Gender
from schedules.domain.figures.disclosure import Shown
from schedules.domain.figures.facts import Attendance, Decision, Ending, Fact, Facts, MeetingState, Outcome
from schedules.domain.figures.month import Month, Period
from schedules.domain.figures.page import WHOLE, Page, PageKind
from schedules.domain.goals import PartyAttendance
from schedules.store.database import Database
from schedules.store.migration import configuration
from schedules.store.tables import (
    FACT_CALL,
    FACT_CASE,
    FACT_FOLLOW_UP,
    FACT_LINK,
    FACT_MEETING,
    FACT_OUTCOME,
    FACT_REFERRAL,
)
from tests.support.databases import SECRET_KEY
from tests.support.fact_examples import (
    SEPTEMBER,
    a_call,
    a_case,
    a_follow_up,
    a_meeting,
    a_referral,
    an_outcome,
)

TABLES = (FACT_CASE, FACT_REFERRAL, FACT_MEETING, FACT_CALL, FACT_OUTCOME, FACT_FOLLOW_UP)
CASE = a_case("case-1", ended=SEPTEMBER, ending=Ending.BROKEN_OFF)
MEETING = a_meeting()
WRITTEN: tuple[Fact, ...] = (
    CASE,
    a_referral(CASE, met=SEPTEMBER, waiting_days=12, within_goal=True, requested=("kommun", "af")),
    MEETING,
    a_call(MEETING.id),
    an_outcome(CASE, decisions=(Decision.WORK_TRAINING, Decision.INDIVIDUAL_PLAN), missed=("vc",)),
    a_follow_up(CASE),
)


def write(database: Database, *facts: Fact) -> None:
    with database.unit_of_work() as unit:
        for fact in facts:
            unit.facts.write(fact)
        unit.commit()


def read(database: Database, page: Page = WHOLE) -> Facts:
    with database.unit_of_work() as unit:
        return unit.facts.read(page)


def every(facts: Facts) -> list[Fact]:
    return [one for field in fields(facts) for one in getattr(facts, field.name)]


def test_what_is_written_is_read_under_opaque_ids(database: Database) -> None:
    write(database, *WRITTEN)
    facts = read(database)
    found = every(facts)
    assert len(found) == len(WRITTEN)
    for wrote, read_back in zip(WRITTEN, found, strict=True):
        ids = {name: getattr(wrote, name) for name in ("id", "case", "meeting") if hasattr(wrote, name)}
        assert replace(read_back, **ids) == wrote
        assert all(getattr(read_back, name) != value for name, value in ids.items())
    case = facts.cases[0].id
    assert {facts.referrals[0].case, facts.outcomes[0].case, facts.follow_ups[0].case} == {case}
    assert facts.calls[0].meeting == facts.meetings[0].id


def test_written_again_it_replaces_what_was(database: Database) -> None:
    write(database, *WRITTEN)
    before = read(database)
    write(database, replace(CASE, gender=Gender.MAN), replace(MEETING, state=MeetingState.CANCELLED))
    after = read(database)
    assert after.cases == (replace(before.cases[0], gender=Gender.MAN),)
    assert after.meetings == (replace(before.meetings[0], state=MeetingState.CANCELLED),)


def test_what_is_called_new_and_is_not_fails_whole(database: Database) -> None:
    write(database, CASE)
    before = read(database)
    with database.unit_of_work() as unit:
        unit.facts.write(replace(CASE, gender=Gender.MAN), a_referral(CASE), first=True)
        with pytest.raises(sa.exc.IntegrityError):
            unit.commit()
    assert read(database) == before


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (Page(PageKind.TEAM, "osthammar"), ["osthammar"]),
        (Page(PageKind.MUNICIPALITY, "Tierp"), ["norra", "tierp"]),
        (WHOLE, ["norra", "osthammar", "tierp"]),
        (Page(PageKind.TEAM, "none"), []),
    ],
)
def test_only_what_the_page_is_about(database: Database, page: Page, expected: list[str]) -> None:
    north = a_case("case-3", team="norra")
    write(database, CASE, a_case("case-2", team="osthammar", municipality="Östhammar"), north)
    assert sorted(case.team for case in read(database, page).cases) == expected


def test_forgotten_ids_lead_nowhere_and_no_figure_changes(database: Database) -> None:
    write(database, *WRITTEN)
    before = read(database)
    with database.unit_of_work() as unit:
        unit.facts.forget([getattr(fact, "id") for fact in WRITTEN])  # noqa: B009  the union has it in all
        unit.commit()
    assert read(database) == before
    with database._engine.connect() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(FACT_LINK)).scalar_one() == 0


def test_nothing_in_a_fact_leads_back_or_is_finer_than_a_month(database: Database) -> None:
    """No id of ours, no column that holds a date or an instant, no foreign key to what can be erased."""
    write(database, *WRITTEN)
    ours = {value for fact in WRITTEN for value in (fact.id, getattr(fact, "case", fact.id))}
    with database._engine.connect() as connection:
        for table in TABLES:
            assert not table.foreign_keys
            assert not any(isinstance(column.type, sa.Date | sa.DateTime) for column in table.columns)
            for row in connection.execute(sa.select(table)):
                assert not ours & {value for value in row if isinstance(value, str)}


def test_what_a_page_has_shown_is_remembered_by_period(database: Database) -> None:
    autumn = Period(Month(2026, 7), Month(2026, 12))
    year = Period(Month(2026, 1), Month(2026, 12))
    first = {Shown("raised_by:fk", "women", autumn), Shown("persons_met", "total", year)}
    with database.unit_of_work() as unit:
        unit.facts.remember("page", first)
        unit.facts.remember("page", [Shown("persons_met", "men", autumn)])
        unit.facts.remember("other", [Shown("persons_met", "men", year)])
        unit.commit()
    with database.unit_of_work() as unit:
        assert unit.facts.shown("page") == first | {Shown("persons_met", "men", autumn)}
        assert unit.facts.shown("none") == frozenset()


def test_attendance_and_persons_met_are_counted_by_the_database(database: Database) -> None:
    """By hand: came to one of two meetings; two of four persons met two organisations first in 2026."""
    first, second, third = (a_meeting() for _ in range(3))
    away = Attendance.STAYED_AWAY
    other: dict[str, Any] = {"team": "osthammar", "municipality": "Östhammar"}
    people = [a_case(f"p{n}") for n in range(4)]
    write(
        database,
        a_call(first.id),
        a_call(first.id, attendance=away),
        a_call(second.id, attendance=away),
        a_call(third.id, attendance=Attendance.NOT_OUR_CASE),
        a_call(third.id, month=Month(2026, 6)),
        a_call(third.id, "af", attendance=Attendance.NOT_REPORTED),
        a_call(third.id, **other),
        an_outcome(people[0]),
        an_outcome(people[1]),
        an_outcome(people[1], id="again"),
        an_outcome(people[2], organisations=1),
        an_outcome(people[3], outcome=Outcome.NOT_HELD),
        an_outcome(a_case("old"), id="old-1", month=Month(2025, 12)),
        an_outcome(a_case("old"), id="old-2"),
    )
    term = Period(Month(2026, 7), Month(2026, 12))
    with database.unit_of_work() as unit:
        fk, far = PartyAttendance("tierp", "fk", 2, 1), PartyAttendance("osthammar", "fk", 1, 1)
        assert unit.facts.attendance(["tierp"], term) == (fk,)
        assert unit.facts.attendance(["osthammar", "tierp"], term) == (far, fk)
        assert unit.facts.met_two_organisations(["tierp"], Month(2026, 1)) == {"tierp": 2}
        assert unit.facts.met_two_organisations(["tierp"], Month(2025, 1)) == {"tierp": 3}


def test_a_month_is_closed_once(database: Database) -> None:
    march, april = Month(2026, 3), Month(2026, 4)
    counts = {("raised_by:fk", "women"): 7, ("cases_raised", "others"): -1}
    with database.unit_of_work() as unit:
        unit.facts.close("page", {march: counts, april: {}})
        unit.facts.close("page", {march: {("cases_raised", "men"): 1}})
        unit.commit()
    with database.unit_of_work() as unit:
        assert unit.facts.closed("page") == {march: counts, april: {}}
        assert unit.facts.closed("none") == {}


def test_data_of_the_version_before_stay_and_facts_can_be_written(empty_database_url: str) -> None:
    database = Database(empty_database_url, [SECRET_KEY])
    at = datetime(2026, 9, 1, 8, tzinfo=UTC)
    with database._engine.connect() as connection, connection.begin():
        command.upgrade(configuration(connection), "0002")
        old = sa.MetaData()
        old.reflect(connection)
        line = {"association_id": "a", "actor": "p", "action": "case_shown", "subject": "s", "at": at}
        connection.execute(old.tables["audit"].insert().values(**line))
    database.migrate()
    write(database, *WRITTEN)
    assert len(every(read(database))) == len(WRITTEN)
    with database._engine.connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM audit")).scalar_one() == 1
    database.close()


@pytest.mark.parametrize("text", ["2026-13", "2026-9", "september", "2026-09-01"])
def test_a_month_is_written_one_way(text: str) -> None:
    with pytest.raises(ValueError, match="YYYY-MM"):
        Month.parse(text)


def test_months_count_over_the_turn_of_the_year() -> None:
    assert Month(2026, 12).plus(1) == Month(2027, 1)
    assert Month.of(date(2026, 9, 30)) == SEPTEMBER
    with pytest.raises(ValueError, match="ends after"):
        Period(Month(2026, 9), Month(2026, 8))
