"""A prepared statement says and finds what SQLAlchemy would, on both databases."""

from __future__ import annotations

import gc
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from schedules.errors import SamtidError
from schedules.store import prepared
from schedules.store.database import Database
from schedules.store.database_errors import refusing
from schedules.store.statements import among
from schedules.store.tables import LETTER, SETTING, TEAM
from schedules.store.transaction import Transaction
from tests.support.examples import STOCKHOLM

NAMES = sa.select(SETTING.c.key, SETTING.c.value).where(among(SETTING.c.key)).order_by(SETTING.c.key)
ADD = sa.insert(SETTING)
CHANGE = sa.update(SETTING).where(SETTING.c.key == sa.bindparam("which")).returning(SETTING.c.value)
NOW = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
AN_INSTANT = LETTER.c.created_at.type
TIMES = sa.select(sa.bindparam("at", type_=AN_INSTANT), sa.literal(NOW, AN_INSTANT))


class TakenError(SamtidError):
    """That key is there."""


def test_lists_of_any_length_find_what_they_name(transaction: Transaction) -> None:
    for keys in ("a", "bc", "def"):
        transaction.write(ADD, [{"key": key, "value": key.upper()} for key in keys])
    for keys in ("", "a", "be", "", "ab", "cdf", "x", "fa"):
        found = transaction.rows(NAMES, {"ids": list(keys)})
        assert [tuple(row) for row in found] == [(key, key.upper()) for key in sorted(set(keys) - {"x"})]
        assert "".join(row.value for row in found) == "".join(row.key for row in found).upper()


def test_a_change_tells_how_many_rows_and_what_it_returns(transaction: Transaction) -> None:
    transaction.write(ADD, [{"key": key, "value": "before"} for key in "ab"])
    for number, key in enumerate("abxa"):
        done = transaction.write(CHANGE, {"which": key, "value": str(number)})
        assert (done.count, [row.value for row in done.rows]) == (
            (0, []) if key == "x" else (1, [str(number)])
        )
    assert [tuple(row) for row in transaction.rows(NAMES, {"ids": ["a", "b"]})] == [("a", "3"), ("b", "1")]


def test_times_are_the_same_instants_given_or_fixed(transaction: Transaction) -> None:
    for _ in range(3):
        row = transaction.first(TIMES, {"at": NOW})
        assert row is not None
        assert tuple(row) == (NOW, NOW)
        assert row[0].utcoffset() is not None


def test_the_hour_that_comes_twice_is_two_instants() -> None:
    """In local time both are equal, and one would be taken for the other where what was written is kept."""
    first, again = (datetime(2026, 10, 25, 2, 30, tzinfo=STOCKHOLM, fold=fold) for fold in (0, 1))
    assert first == again
    assert prepared._text(first) == "2026-10-25 00:30:00.000000"
    assert prepared._text(again) == "2026-10-25 01:30:00.000000"


@given(st.datetimes(timezones=st.timezones()))
def test_an_instant_is_written_and_read_on_sqlite_as_its_type_does(instant: datetime) -> None:
    try:
        instant.astimezone(UTC)
    except OverflowError:
        return  # at the end of the calendar no other zone has that moment
    dialect = sa.create_engine("sqlite://").dialect
    own: Any = AN_INSTANT.dialect_impl(dialect)
    text = prepared._text(instant)
    assert text == own.bind_processor(dialect)(instant)
    assert prepared._instant(text) == own.result_processor(dialect, None)(text) == instant.astimezone(UTC)
    assert (prepared._text(None), prepared._instant(None)) == (None, None)
    with pytest.raises(ValueError, match="offset"):
        prepared._text(instant.replace(tzinfo=None))


def test_what_a_constraint_refuses_is_told_without_the_row(database: Database) -> None:
    for _ in range(3):
        transaction = database._transaction()
        with pytest.raises(TakenError), refusing("setting", "setting_pkey", error=TakenError):
            transaction.write(
                ADD, [{"key": "secret name", "value": "v"}, {"key": "secret name", "value": "w"}]
            )
        transaction.close()
        with pytest.raises(sa.exc.IntegrityError) as refused:
            transaction.write(
                ADD, [{"key": "secret name", "value": "v"}, {"key": "secret name", "value": "w"}]
            )
        transaction.close()
        assert "secret name" not in str(refused.value)
        assert "secret name" not in str(refused.value.orig)


def test_a_statement_made_for_once_is_not_kept(transaction: Transaction) -> None:
    def ask(key: str) -> None:
        statement = sa.select(SETTING.c.value).where(SETTING.c.key == key)
        for _ in range(3):
            assert transaction.rows(statement) == []

    gc.collect()
    before = len(prepared._KNOWN)
    for key in "abc":
        ask(key)
    gc.collect()
    assert len(prepared._KNOWN) == before


@pytest.mark.parametrize("table", TEAM.metadata.sorted_tables, ids=lambda table: table.name)
def test_no_column_fills_itself_in_python(table: sa.Table) -> None:
    # SQLAlchemy would do so at each execution; a prepared statement does not.
    assert [column.name for column in table.columns if column.default or column.onupdate] == []
