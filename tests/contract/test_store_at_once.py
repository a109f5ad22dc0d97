"""Rows of several tables written together: as if each had been written alone, only sooner on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from schedules.errors import SlotTaken
from schedules.store import at_once
from schedules.store.database_errors import refusing
from schedules.store.statements import insert_if_new, upsert
from schedules.store.tables import FACT_LINK, SETTING
from schedules.store.transaction import Transaction
from tests.support.statements import statements

ADD = sa.insert(SETTING)
ADD_LINK = sa.insert(FACT_LINK)
ADD_FIXED = sa.insert(SETTING).values(value="fixed")
SETTINGS = sa.select(SETTING.c.key, SETTING.c.value).order_by(SETTING.c.key)
LINKS = sa.select(FACT_LINK.c.subject, FACT_LINK.c.fact).order_by(FACT_LINK.c.subject)

Row = dict[str, Any]


def setting(key: str, value: str = "v") -> Row:
    return {"key": key, "value": value}


def link(subject: str) -> Row:
    return {"subject": subject, "fact": subject.upper()}


def changes(work: Callable[[], object]) -> list[str]:
    """The words of the changes that the work makes."""
    with statements() as asked:
        work()
    return [sql for sql, _ in asked if "INSERT" in sql]


def of(transaction: Transaction, query: sa.Select[Any]) -> list[tuple[str, str]]:
    return [tuple(row) for row in transaction.rows(query)]


def test_what_waits_for_several_tables_is_one_statement(transaction: Transaction) -> None:
    for key in "ba":
        transaction.later(ADD, setting(key))
        transaction.later(ADD_LINK, link(key))
    assert len(changes(transaction.settle)) == (1 if transaction.dialect == "postgresql" else 2)
    assert of(transaction, SETTINGS) == [("a", "v"), ("b", "v")]
    assert of(transaction, LINKS) == [("a", "A"), ("b", "B")]


def test_rows_of_one_table_are_one_statement_and_counted(transaction: Transaction) -> None:
    assert transaction.write(ADD, [setting(key) for key in "abc"]).count == 3
    new = insert_if_new(transaction.dialect, SETTING)
    assert transaction.write(new, [setting(key) for key in "bcd"]).count == 1
    done = transaction.write(ADD.returning(SETTING.c.key), setting("e"))
    assert ([row.key for row in done.rows], done.count) == (["e"], 1)
    assert "".join(key for key, _ in of(transaction, SETTINGS)) == "abcde"


def test_a_row_changed_twice_has_what_came_last(transaction: Transaction) -> None:
    statement = upsert(transaction.dialect, SETTING)
    for value in "123":
        transaction.later(statement, setting("a", value))
    transaction.later(statement, setting("b", "4"))
    transaction.settle()
    assert of(transaction, SETTINGS) == [("a", "3"), ("b", "4")]


def test_two_statements_for_one_table_stay_two(transaction: Transaction) -> None:
    transaction.later(ADD, setting("a", "1"))
    transaction.later(upsert(transaction.dialect, SETTING), setting("a", "2"))
    assert len(changes(transaction.settle)) == 2
    assert of(transaction, SETTINGS) == [("a", "2")]


def test_what_says_itself_what_it_inserts_keeps_its_say(transaction: Transaction) -> None:
    transaction.write(ADD_FIXED, [{"key": key} for key in "ab"])
    transaction.later(ADD_LINK, link("a"))
    transaction.later(ADD_FIXED, {"key": "c"})
    assert len(changes(transaction.settle)) == (1 if transaction.dialect == "postgresql" else 2)
    assert of(transaction, SETTINGS) == [(key, "fixed") for key in "abc"]
    assert of(transaction, LINKS) == [("a", "A")]


def test_what_reads_another_table_finds_what_waited_for_that(transaction: Transaction) -> None:
    number = sa.select(sa.cast(sa.func.count(), sa.String)).select_from(FACT_LINK).scalar_subquery()
    transaction.later(ADD_LINK, link("a"))
    transaction.later(sa.insert(SETTING).values(value=number), {"key": "links"})
    transaction.settle()
    assert of(transaction, SETTINGS) == [("links", "1")]


def test_two_that_name_their_parameters_are_not_mixed_up(transaction: Transaction) -> None:
    said = sa.bindparam("said", type_=sa.String())
    transaction.later(sa.insert(FACT_LINK).values(fact=said), {"subject": "a", "said": "one"})
    transaction.later(sa.insert(SETTING).values(value=said), {"key": "b", "said": "other"})
    transaction.settle()
    assert of(transaction, LINKS) == [("a", "one")]
    assert of(transaction, SETTINGS) == [("b", "other")]


def test_any_number_of_rows_is_one_statement_of_the_same_words(transaction: Transaction) -> None:
    few, many = ([setting(f"{size} {n:03}") for n in range(size)] for size in (2, 300))
    words = {sql for rows in (few, many) for sql in changes(partial(transaction.write, ADD, rows))}
    assert len(words) == 1
    assert [key for key, _ in of(transaction, SETTINGS)] == sorted(row["key"] for row in (*few, *many))


def test_more_parameters_than_one_statement_takes_are_several(
    transaction: Transaction, monkeypatch: pytest.MonkeyPatch
) -> None:
    for most, number in ((4, 1), (3, 2), (1, 2)):
        monkeypatch.setattr(at_once, "MOST", most)
        for n in range(2):
            transaction.later(ADD, setting(f"{most} {n}"))
            transaction.later(ADD_LINK, link(f"{most} {n}"))
        asked = changes(transaction.settle)
        assert len(asked) == (number if transaction.dialect == "postgresql" else 2)
    assert len(of(transaction, SETTINGS)) == len(of(transaction, LINKS)) == 6


@pytest.mark.parametrize("refused", ["first", "last"])
def test_each_row_is_refused_in_its_own_words(transaction: Transaction, refused: str) -> None:
    transaction.write(ADD, setting("a"))
    transaction.write(ADD_LINK, link("a"))
    own = {
        SETTING: partial(refusing, "setting", "setting_pkey", error=SlotTaken),
        FACT_LINK: partial(refusing, "fact_link", "pk_fact_link", error=SlotTaken),
    }
    transaction.later(ADD, setting("a" if refused == "first" else "b"), own[SETTING])
    transaction.later(ADD_LINK, link("b" if refused == "first" else "a"), own[FACT_LINK])
    with pytest.raises(SlotTaken):
        transaction.settle()
