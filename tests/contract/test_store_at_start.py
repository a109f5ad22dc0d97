"""What a start does beforehand, so that the first forms are as quick as the later ones."""

from __future__ import annotations

import resource
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path

import pytest

from bot.bench.organisation import many_teams
from schedules.domain.organisation import Organisation
from schedules.store.database import Database
from schedules.store.engine import LOG_PAGES
from schedules.store.log_room import FRAME_HEADER
from schedules.store.memory import MOST_TERMS
from tests.support.databases import SECRET_KEY
from tests.support.examples import ORGANISATION, a_meeting
from tests.support.statements import statements

TODAY = date(2026, 9, 1)
ROOM = LOG_PAGES * (4096 + FRAME_HEADER)


@pytest.fixture
def path(sqlite_template: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "samtid.db"
    shutil.copyfile(sqlite_template, copy)
    return copy


@contextmanager
def opened(path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{path}", [SECRET_KEY], lock_wait=0.05)
    yield database
    database.close()


def log_of(path: Path) -> int:
    return path.with_name(f"{path.name}-wal").stat().st_size


def holds(path: Path) -> list[str]:
    """All that the database holds, and that it is sound."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return list(connection.iterdump())


def save(database: Database, organisation: Organisation = ORGANISATION, *, meetings: bool = True) -> None:
    with database.unit_of_work() as unit:
        unit.organisation.save(organisation)
        if meetings:
            unit.plan.save_meeting(a_meeting())
        unit.commit()


def remember_terms(database: Database) -> None:
    with database.unit_of_work() as unit:
        unit.plan.remember_terms(TODAY)


def test_the_log_has_its_length_before_it_is_needed(path: Path) -> None:
    with opened(path) as database:
        save(database)
        before = holds(path)
        database.make_room()
        assert holds(path) == before
        made = log_of(path)
        assert made >= ROOM
        for _ in range(20):
            with database.unit_of_work() as unit:
                unit.plan.save_meeting(a_meeting())
                unit.commit()
        assert log_of(path) == made
        database.make_room()
        assert log_of(path) == made
        saved = holds(path)
    assert holds(path) == saved


def test_what_is_saved_afterwards_outlives_a_crash(path: Path, tmp_path: Path) -> None:
    """The files as they lie on the disk, without anybody who has closed them."""
    with opened(path) as database:
        database.make_room()
        assert log_of(path) >= ROOM
        save(database)
        (tmp_path / "later").mkdir()
        for file in (path, path.with_name(f"{path.name}-wal")):
            shutil.copyfile(file, tmp_path / "later" / file.name)
        assert holds(tmp_path / "later" / path.name) == holds(path)


def test_somebody_who_reads_or_writes_meanwhile_is_left_alone(path: Path) -> None:
    with opened(path) as database, closing(sqlite3.connect(path, isolation_level=None)) as other:
        save(database)
        other.execute("BEGIN")
        assert other.execute("SELECT count(*) FROM meeting").fetchone() == (1,)
        before = holds(path)
        database.make_room()
        assert holds(path) == before
        other.execute("COMMIT")
        other.execute("BEGIN IMMEDIATE")
        database.make_room()  # it cannot have the right to write, and goes on without
        other.execute("ROLLBACK")
        save(database, meetings=False)


def test_a_full_disk_is_no_reason_not_to_start(path: Path) -> None:
    with opened(path) as database:
        save(database)
        before, log = holds(path), log_of(path)
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (log + 1_000_000, hard))
        try:
            database.make_room()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert log < log_of(path) < ROOM
        assert holds(path) == before
        save(database)


def test_a_search_of_a_term_that_is_remembered_reads_none(database: Database, database_url: str) -> None:
    """On PostgreSQL none is kept: another instance's changes would empty the memory all the time."""
    save(database)
    with statements() as asked:
        remember_terms(database)
    kept = database_url.startswith("sqlite")
    assert any("FROM slot" in sql for sql, _ in asked) == kept
    with statements() as asked, database.unit_of_work() as unit:
        assert [m.id for m in unit.plan.openings("tierp", TODAY, 13)] == [a_meeting().id]
    assert any("slot.starts_at" in sql for sql, _ in asked) != kept


def test_a_term_that_has_changed_is_remembered_anew(path: Path) -> None:
    with opened(path) as database:
        save(database)
        remember_terms(database)
        with database.unit_of_work() as unit:
            unit.plan.save_meeting(a_meeting(date(2026, 9, 29)))
            unit.commit()
        remember_terms(database)
        with statements() as asked, database.unit_of_work() as unit:
            assert len([*unit.plan.openings("tierp", TODAY, 13)]) == 2
        assert not any("slot.starts_at" in sql for sql, _ in asked)
        with statements() as asked:
            remember_terms(database)
        assert not any("FROM meeting" in sql for sql, _ in asked)


@pytest.mark.parametrize(("teams", "terms"), [(MOST_TERMS, MOST_TERMS), (MOST_TERMS + 1, 0)])
def test_of_more_teams_than_are_kept_no_term_is_read(path: Path, teams: int, terms: int) -> None:
    with opened(path) as database:
        save(database, many_teams(teams, TODAY), meetings=False)
        with statements() as asked:
            remember_terms(database)
    assert len([sql for sql, _ in asked if "FROM meeting" in sql]) == terms
