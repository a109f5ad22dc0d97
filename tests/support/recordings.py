"""Runs of the story without any fault: what each replay is compared with."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.support.fleet import fleet
from tests.support.kill_points import Points
from tests.support.story import STORY, Outcome, outcome, play


@dataclass(frozen=True, slots=True)
class Recording:
    """What a run without a fault does: the labels of its points in order, and what comes of it."""

    labels: tuple[str, ...]
    outcome: Outcome


@cache
def recorded(kind: str, steps: int) -> Recording:
    with tempfile.TemporaryDirectory() as folder:
        points = Points(Path(folder) / "trace")
        with fleet(Path(folder), kind=kind, points=points) as r:
            play(r, STORY[:steps])
            found = outcome(r)
            assert r.local.workspace.problems() == ()
        assert found.repeated == 0
        return Recording(tuple(points.trace.read_text().split()), found)
