"""Rows that wait for each other within a transaction: nobody can tell that they were not written at once."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from schedules.ports import Channel, Due, DueKind, Letter
from schedules.store.database import Database
from schedules.store.letter_status import LetterStatus
from schedules.store.tables import LETTER, REFERRAL
from tests.support.examples import NOW, ORGANISATION, a_referral, store_referral
from tests.support.statements import statements


def letter(kind: str, stream: str = "s1", *replaces: str) -> Letter:
    return Letter(stream, Channel.MAIL, kind, "pa@fk.example", "{}", NOW, replaces=replaces)


def rows(database: Database) -> list[tuple[str, int, str, str]]:
    columns = (LETTER.c.stream, LETTER.c.position, LETTER.c.kind, LETTER.c.status)
    with database._engine.connect() as connection:
        found = connection.execute(LETTER.select().with_only_columns(*columns))
        return sorted((row.stream, row.position, row.kind, row.status) for row in found)


def test_what_waits_is_read_as_written(database: Database) -> None:
    with database.unit_of_work() as unit:
        unit.outbox.add(letter("request"), NOW)
        unit.due.plan(Due("d1", DueKind.MORNING, "m1", "tierp", NOW))
        assert unit.outbox.has("s1")
        assert unit.due.open_of(["d1"]) == {"d1"}


def test_a_query_finds_its_tables_rows_with_what_they_refer_to_and_lets_others_wait(
    database: Database,
) -> None:
    with database.unit_of_work() as unit:
        unit.organisation.save(ORGANISATION)
        made = store_referral(unit, a_referral())
        unit.due.plan(Due("d1", DueKind.MORNING, "m1", "tierp", NOW))
        with statements() as asked:
            found = unit._transaction.rows(sa.select(REFERRAL.c.id))  # a case's row must be there before
        assert [row.id for row in found] == [made.id]
        assert not [sql for sql, _ in asked if "INTO due" in sql]


def test_what_is_never_committed_is_never_written(database: Database) -> None:
    with database.unit_of_work() as unit:
        unit.outbox.add(letter("request"), NOW)
    with database.unit_of_work() as unit:
        unit.settings.set("clock", "1")
        unit.commit()
    assert rows(database) == []


def test_streams_keep_their_order_whatever_else_waits(database: Database) -> None:
    with database.unit_of_work() as unit:
        for kind, stream in (("a", "s1"), ("b", "s2"), ("c", "s1"), ("d", "s2"), ("e", "s1")):
            unit.outbox.add(letter(kind, stream), NOW)
        unit.commit()
    pending = LetterStatus.PENDING.value
    assert [(s, p, k) for s, p, k, status in rows(database) if status == pending] == [
        ("s1", 1, "a"),
        ("s1", 2, "c"),
        ("s1", 3, "e"),
        ("s2", 1, "b"),
        ("s2", 2, "d"),
    ]


def test_a_row_is_superseded_by_what_comes_after_it_and_by_nothing_before(database: Database) -> None:
    """Written in the same batch, in an earlier one, and in an earlier transaction."""
    with database.unit_of_work() as unit:
        unit.outbox.add(letter("card"), NOW)
        unit.commit()
        unit.outbox.add(letter("request", "s2"), NOW)  # replaces nothing: waits before any superseding does
        unit.outbox.add(letter("card", "s1", "card"), NOW)
        unit.outbox.add(letter("request", "s2", "request"), NOW)
        unit.outbox.add(letter("card", "s1", "card", "edit"), NOW)
        unit.commit()
    gone, pending = LetterStatus.SUPERSEDED.value, LetterStatus.PENDING.value
    assert rows(database) == [
        ("s1", 1, "card", gone),
        ("s1", 2, "card", gone),
        ("s1", 3, "card", pending),
        ("s2", 1, "request", gone),
        ("s2", 2, "request", pending),
    ]


def test_dropping_finds_what_waits(database: Database) -> None:
    due = Due("d1", DueKind.MORNING, "m1", "tierp", NOW)
    with database.unit_of_work() as unit:
        unit.due.plan(due)
        unit.due.drop_for("m1", [DueKind.MORNING], NOW, "moved")
        unit.due.plan(replace(due, id="d2", round=1))
        unit.commit()
    with database.unit_of_work() as unit:
        assert unit.due.open_of(["d1", "d2"]) == {"d2"}
