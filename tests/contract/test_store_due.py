"""Due rows, the audit trail and settings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from schedules.ports import Due, DueKind, DueOutcome
from schedules.store.database import Database
from schedules.store.tables import AUDIT, DUE
from schedules.store.unit_of_work import SqlUnitOfWork
from tests.support.examples import NOW, ORGANISATION

HOUR = timedelta(hours=1)


@pytest.fixture
def unit(database: Database) -> Iterator[SqlUnitOfWork]:
    with database.unit_of_work() as unit:
        unit.organisation.save(ORGANISATION)
        unit.commit()
        yield unit


def claimed(unit: SqlUnitOfWork, hours: int) -> tuple[Due, ...]:
    """What is due then, claimed and given back."""
    rows = unit.due.claim("w1", NOW + hours * HOUR, HOUR)
    unit.due.release("w1", [row.id for row in rows])
    return rows


def due(name: str, hours: int = 0, kind: DueKind = DueKind.MORNING, turn: int = 0) -> Due:
    return Due(name, kind, "m1", "tierp", NOW + hours * HOUR, turn)


def test_rows_whose_time_has_come_oldest_first(unit: SqlUnitOfWork) -> None:
    rows = [due("a", 2, turn=1), due("b", 1, turn=2), due("c", 3, turn=3)]
    for row in rows:
        unit.due.plan(row)
    assert claimed(unit, 2) == (rows[1], rows[0])
    assert claimed(unit, 0) == ()
    assert unit.due.next_at() == (NOW + HOUR, DueKind.MORNING)


def test_planning_again_moves_the_open_row(unit: SqlUnitOfWork) -> None:
    unit.due.plan(due("a", 1))
    unit.due.plan(due("b", 5))
    assert claimed(unit, 9) == (due("a", 5),)


def test_what_is_closed_stays_closed(unit: SqlUnitOfWork) -> None:
    """A reminder that was sent is not sent again because the booking was touched."""
    unit.due.plan(due("a"))
    assert unit.due.open_of(["a"]) == {"a"}
    unit.due.close("a", DueOutcome.DONE, NOW)
    unit.due.plan(due("b", 1))
    unit.due.close("a", DueOutcome.DROPPED, NOW, "late")
    assert unit.due.open_of(["a"]) == set()
    assert claimed(unit, 9) == ()
    assert unit.due.next_at() is None


def test_dropping_what_has_become_pointless(database: Database, unit: SqlUnitOfWork) -> None:
    unit.due.plan(due("a"))
    unit.due.plan(due("b", kind=DueKind.AGENDA))
    unit.due.drop_for("m1", [DueKind.MORNING, DueKind.DAY_BEFORE], NOW, "cancelled")
    unit.due.drop_for("m2", [DueKind.AGENDA], NOW, "cancelled")
    assert [row.id for row in claimed(unit, 0)] == ["b"]
    unit.commit()
    with database._engine.connect() as connection:
        dropped = connection.execute(sa.select(DUE).where(DUE.c.id == "a")).one()
    assert (dropped.outcome, dropped.closed_at, dropped.note) == ("dropped", NOW, "cancelled")


def test_audit(database: Database, unit: SqlUnitOfWork) -> None:
    unit.audit.record("p1", "kommun", "case_shown", "r1", NOW)
    unit.audit.record("p1", None, "case_shown", "r2", NOW)
    unit.commit()
    with database._engine.connect() as connection:
        lines = connection.execute(sa.select(AUDIT).order_by(AUDIT.c.id)).all()
    assert [(line.actor, line.party, line.action, line.subject, line.at) for line in lines] == [
        ("p1", "kommun", "case_shown", "r1", NOW),
        ("p1", None, "case_shown", "r2", NOW),
    ]


def test_settings(unit: SqlUnitOfWork) -> None:
    assert unit.settings.get("clock") is None
    unit.settings.set("clock", "86400")
    unit.settings.set("clock", "172800")
    assert unit.settings.get("clock") == "172800"
