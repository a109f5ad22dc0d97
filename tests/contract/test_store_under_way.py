"""Rows whose answer nobody waits for: what is refused is told, and nothing of it is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from schedules.errors import CannotSave, Outdated, SlotTaken
from schedules.store.database import Database
from schedules.store.database_errors import refusing
from schedules.store.journeys import UnderWay
from schedules.store.tables import FACT_LINK, SETTING
from schedules.store.transaction import Transaction
from tests.support.databases import away, wait_until_somebody_waits

ADD = sa.insert(SETTING)
ADD_LINK = sa.insert(FACT_LINK)
UPDATE = sa.update(SETTING).values(value="changed")
KEYS = sa.select(SETTING.c.key).order_by(SETTING.c.key)
TAKEN = partial(refusing, "setting", "pk_setting", "setting_pkey", error=SlotTaken)
LINKED = partial(refusing, "fact_link", "pk_fact_link", "fact_link_pkey", error=Outdated)


def setting(key: str) -> dict[str, Any]:
    return {"key": key, "value": "v"}


def link(subject: str) -> dict[str, Any]:
    return {"subject": subject, "fact": subject.upper()}


def keys(transaction: Transaction) -> str:
    return "".join(row.key for row in transaction.rows(KEYS))


@pytest.fixture
def held(transaction: Transaction) -> Transaction:
    """The keys a and b are there, and the link l."""
    transaction.write(ADD, [setting(key) for key in "ab"])
    transaction.write(ADD_LINK, link("l"))
    transaction.commit()
    return transaction


def test_what_was_sent_is_found_and_kept(held: Transaction) -> None:
    held.send(ADD, [setting("c")])
    held.later(ADD, setting("d"))
    held.send(ADD_LINK, [link("m")])
    assert keys(held) == "abcd"
    held.send(ADD, [setting("e")])
    assert held.write(UPDATE).count == 5
    held.send(ADD, [setting("f")])
    held.commit()
    assert keys(held) == "abcdef"


AFTERWARDS: dict[str, Callable[[Transaction], object]] = {
    "a query": keys,
    "queries together": lambda transaction: transaction.rows_of((KEYS, {}), (KEYS, {})),
    "a change": lambda transaction: transaction.write(UPDATE),
    "the commit": lambda transaction: transaction.commit(),
}


@pytest.mark.parametrize("more", [0, 1, 40])
@pytest.mark.parametrize("afterwards", AFTERWARDS)
def test_what_is_refused_is_told_in_its_own_words_and_undone(
    held: Transaction, afterwards: str, more: int
) -> None:
    """Behind it more is on its way, which the server leaves out."""

    def go_on() -> None:
        held.send(ADD_LINK, [link("m")], LINKED)
        held.send(ADD, [setting("c"), setting("a")], TAKEN)
        for n in range(more):
            held.send(ADD_LINK, [link(f"{n}")], LINKED)
        AFTERWARDS[afterwards](held)

    with pytest.raises(SlotTaken):
        go_on()
    held.close()
    assert keys(held) == "ab"
    held.send(ADD, [setting("c")])
    held.commit()
    assert keys(held) == "abc"


@pytest.mark.parametrize("refused", ["first", "last"])
def test_each_is_refused_in_its_own_words_at_the_commit(held: Transaction, refused: str) -> None:
    held.later(ADD, setting("a" if refused == "first" else "c"), TAKEN)
    held.later(ADD_LINK, link("m" if refused == "first" else "l"), LINKED)
    with pytest.raises(SlotTaken if refused == "first" else Outdated):
        held.commit()
    assert keys(held) == "ab"


def test_what_is_not_committed_is_undone(held: Transaction) -> None:
    held.send(ADD, [setting("c")])
    held.close()
    assert keys(held) == "ab"


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("at_the_commit", [False, True])
def test_a_server_that_goes_away_meanwhile(
    database: Database, database_url: str, *, at_the_commit: bool
) -> None:
    """Nothing was saved; lost in the journey of the commit it would not be known."""
    transaction = database._transaction()
    transaction.write(ADD, setting("a"))
    transaction.commit()
    transaction.send(ADD, [setting("b")])
    with away(database_url):
        unknown = (sa.exc.OperationalError, sa.exc.InterfaceError)
        with pytest.raises(unknown if at_the_commit else CannotSave):
            transaction.commit() if at_the_commit else keys(transaction)
    transaction.close()
    assert keys(transaction) == "a"
    transaction.close()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_nobody_waits_for_the_answer(database: Database, database_url: str) -> None:
    """The server has begun with it, and waits for somebody else's row, while we go on."""
    transaction = database._transaction()
    with psycopg.connect(database_url) as other:
        other.execute("INSERT INTO setting (key, value) VALUES ('a', '')")
        transaction.send(ADD, [setting("a")], TAKEN)
        wait_until_somebody_waits(database_url)
        other.rollback()
    transaction.commit()
    assert keys(transaction) == "a"
    transaction.close()


def test_of_several_errors_the_first_is_told() -> None:
    """The driver may meet the refusal and what was left out behind it in two steps."""

    class Torn:
        @contextmanager
        def pipeline(self) -> Iterator[None]:
            try:
                yield
                raise psycopg.errors.UniqueViolation
            finally:
                raise psycopg.errors.PipelineAborted

    with pytest.raises(psycopg.errors.UniqueViolation):
        UnderWay(psycopg, Torn(), sa.make_url("postgresql+psycopg://").get_dialect()()).arrive()
