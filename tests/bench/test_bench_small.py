"""`samtid bench` runs and says what it measured; how fast is not asserted (CONTRIBUTING.md)."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest

from bot.bench import plan, run, search


@pytest.fixture
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "TEAMS", 2)
    monkeypatch.setattr(run, "SUBMISSIONS", 8)
    monkeypatch.setattr(run, "WARM_UP", 2)
    monkeypatch.setattr(plan, "TEAMS", 4)
    monkeypatch.setattr(plan, "BOOKINGS", 160)
    monkeypatch.setattr(search, "SEARCHES", 4)


@pytest.mark.usefixtures("_small")
def test_every_figure_is_measured_beside_its_goal(capsys: pytest.CaptureFixture[str]) -> None:
    with suppress(SystemExit):  # a busy machine misses goals
        run.bench(as_json=True)
    shown = json.loads(capsys.readouterr().out)
    goals = {figure["name"]: figure["goal"] for figure in shown["figures"]}
    assert goals == {
        "ack with the booking committed, median": 50,
        "ack with the booking committed, p95": None,
        "ack with the booking committed, p99": 300,
        "memory, idle after start": 200,
        "memory, after 8 submissions": 200,
        "next free slot, median": 5,
        "next free slot, p99": None,
        "memory, idle with 160 bookings": 200,
    }
    assert all(figure["value"] > 0 for figure in shown["figures"])
    assert "processors" in shown["machine"]


def test_a_missed_goal_is_said_in_words() -> None:
    assert run.Figure("ack", 51.0, "ms", 50).met is False
    assert run.Figure("ack", 49.0, "ms", 50).met is True
    assert run.Figure("ack", 49.0, "ms").met is None
    assert run.Figure("memory", None, "MiB", 200).met is None
