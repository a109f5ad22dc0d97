"""`samtid bench` runs and says what it measured; how fast is not asserted (CONTRIBUTING.md)."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bot.bench import booking, clients, figures, mails, peak, races, rounds, run, search, server
from bot.bench.organisation import many_teams
from bot.bench.places import Place
from bot.bench.plan import Size, engine_of, fill
from schedules.store.tables.plan import ONE_PER_SLOT

OWN_PROCESSES = ("ack", "start", "peak")
"""Measures that start the whole program several times: seconds of processor time in every test run."""


@pytest.fixture
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "ROUNDS", 2)
    for module in (booking, mails):
        monkeypatch.setattr(module, "ROUNDS", 2)
    monkeypatch.setattr(booking, "TEAMS", 2)
    monkeypatch.setattr(booking, "BOOKINGS", 2)
    monkeypatch.setattr(booking, "WARM_UP", 1)
    monkeypatch.setattr(clients, "TEAMS", 2)
    monkeypatch.setattr(clients, "SUBMISSIONS", 4)
    monkeypatch.setattr(clients, "WARM_UP", 1)
    monkeypatch.setattr(search, "NATION", Size(4, 40))
    monkeypatch.setattr(search, "ASSOCIATION", Size(2, 40))
    monkeypatch.setattr(search, "SEARCHES", 2)
    monkeypatch.setattr(races, "RACES", 3)
    monkeypatch.setattr(races, "PROCESSES", (2,))
    monkeypatch.setattr(mails, "MAILS", 4)


@pytest.mark.usefixtures("_small")
def test_every_figure_is_measured_beside_its_goal(capsys: pytest.CaptureFixture[str]) -> None:
    with suppress(SystemExit):  # a busy machine misses goals
        run.bench(json=True, only=[name for name in run.MEASURES if name not in OWN_PROCESSES])
    shown = json.loads(capsys.readouterr().out)
    goals = {figure["name"]: figure["goal"] for figure in shown["figures"]}
    assert goals == {
        "booking by bare inserts, SQLite": 0.25,
        "booking by the real code, SQLite": None,
        "the same rows, bare, SQLite": None,
        "throughput of 8 clients by 1, SQLite": 0.9,
        "p99 by p50 of 8 clients, SQLite": 5,
        "ack with the booking committed, 8 clients, median": 50,
        "ack with the booking committed, 8 clients, p95": None,
        "ack with the booking committed, 8 clients, p99": 300,
        "memory, idle after start": 150,
        "memory, after 16 submissions": 200,
        "next free slot, 4 by 2 teams, SQLite": 2.5,
        "next free slot, 4 teams, median, SQLite": 5,
        "next free slot, 4 teams, p99, SQLite": None,
        "next free slot, 2 teams, median, SQLite": None,
        "memory, idle with 160 bookings, SQLite": 250,
        "double bookings for the slot, 2 processes, SQLite": 0,
        "double bookings for a person of several teams, 2 processes, SQLite": 0,
        "mails handed over on one connection by one each, SQLite": 2,
        "a mail handed over on one connection, SQLite": None,
        "mails a second that the outbox builds, sends and marks, SQLite": None,
    }
    double = [figure["value"] for figure in shown["figures"] if figure["name"].startswith("double")]
    assert double == [0, 0]
    assert all(figure["value"] > 0 for figure in shown["figures"] if figure["value"] not in double)
    assert "processors" in shown["machine"]
    assert shown["not_measured"] == ["PostgreSQL is not measured: give --postgresql."]


@pytest.mark.usefixtures("_small")
def test_bare_inserts_are_the_same_rows_one_by_one_on_postgresql(
    tmp_path: Path, postgresql_server: str
) -> None:
    place = Place("PostgreSQL", tmp_path, Fernet.generate_key().decode(), postgresql_server)
    assert [figure.goal for figure in booking.figures(place)] == [0.4, None, None]
    with place.database() as url:
        referrals = booking._prepared(place, url)
        recorded = booking._recorded(place, url, referrals)
    assert len(recorded) == len(referrals)
    assert {statement.count("INSERT") for rows in recorded for statement, _ in rows} == {1}


def test_the_rest_is_left_to_make_bench() -> None:
    assert set(OWN_PROCESSES) < set(run.MEASURES)
    assert peak.MESSAGES == 4_000


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this kernel cannot")
def test_a_program_is_kept_to_one_processor() -> None:
    with server.running([sys.executable, "-c", "import time; time.sleep(60)"]) as process:
        server.keep_to_one_processor(process.pid)
        assert len(os.sched_getaffinity(process.pid)) == 1


def test_an_unknown_measure_is_refused_before_anything_is_measured() -> None:
    with pytest.raises(run.NoSuchMeasure, match="booking"):
        run.bench(json=False, only=["bookings"])


def test_a_double_booking_would_be_counted(tmp_path: Path) -> None:
    """The tables are asked; here they say what no constraint of ours would let them say."""
    place = Place("SQLite", tmp_path, Fernet.generate_key().decode())
    with place.database() as url:
        with place.office(url) as office:
            two = many_teams(2, office.today())
            same_times = replace(two, teams=tuple(replace(t, series=two.teams[0].series) for t in two.teams))
            fill(office, url, Size(2, 4), same_times)
        with engine_of(url) as engine:
            with engine.connect() as connection:
                assert races.slots_given_twice(connection) == races.people_in_two_places(connection) == 0
            with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as raw:
                raw.execute("UPDATE seat SET representative = 'p0F' WHERE representative = 'p1F'")
                raw.execute(f"DROP INDEX {ONE_PER_SLOT}")
                raw.execute("UPDATE booking SET slot = (SELECT MIN(slot) FROM booking) WHERE team = 't0'")
                raw.commit()
            with engine.connect() as connection:
                assert races.slots_given_twice(connection) == 1
                assert races.people_in_two_places(connection) > 0


def test_a_missed_goal_is_said_in_words() -> None:
    assert figures.Figure("ack", 51.0, "ms", 50).met is False
    assert figures.Figure("ack", 50.0, "ms", 50).met is True
    assert figures.Figure("ack", 49.0, "ms").met is None
    assert figures.Figure("memory", None, "MiB", 200).met is None
    assert figures.at_least("booking", 0.24, 0.25).met is False
    assert figures.at_least("booking", 0.25, 0.25).met is True
    assert figures.at_most("ack", 3.6, 3.5).met is False
