"""SIGKILL around every commit and every send (promise 3).

A recording run plays a story and numbers its commits and sends. Each replay kills the process just before or
just after one of them; a fresh process finishes. Then everything owed was delivered, every calendar equals
the plan, everybody has the same messages as in the recording run, and nothing came twice but a mail whose
process was stopped inside the call.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.support.fleet import fleet
from tests.support.kill_points import COMMIT, MAIL, MARK, Points
from tests.support.recordings import recorded
from tests.support.story import STORY, outcome, play

SHORT = 8
"""Steps of the sample's story: raised, confirmed, answered by mail, a deputy sent."""
SHARES = 16
KINDS = ("sqlite", "postgresql")
SAMPLE = {("sqlite", 1), ("sqlite", 2)}
"""What the daily run replays: killed within a message, and within a mail."""


@dataclass(frozen=True, slots=True)
class Kill:
    """The process ends just before or after the point with that number (1 the first)."""

    number: int
    after: bool

    def inside_a_mail(self, labels: tuple[str, ...]) -> bool:
        """Whether a mail may have left without our having written it down."""
        if labels[self.number - 1] == MAIL:
            return self.after
        # The point before was the mail, this one records it.
        return not self.after and self.number > 1 and labels[self.number - 2] == MAIL


def replay(folder: Path, kind: str, steps: int, kill: Kill) -> int:
    """Play with the kill; how many mails came twice."""
    folder.mkdir()
    points = Points(folder / "trace", kill.number, kill.after)
    with fleet(folder, kind=kind, points=points) as r:
        play(r, STORY[:steps])
        found = outcome(r)
        assert r.fallen == 1, "the point was not met"
        assert "Traceback" not in r.logs()
    recording = recorded(kind, steps)
    assert replace(found, repeated=0) == recording.outcome
    assert found.repeated <= int(kill.inside_a_mail(recording.labels))
    return found.repeated


def sample(labels: tuple[str, ...]) -> list[Kill]:
    """Within the call of a message and of a mail, before a commit of a person's, after a mark's."""
    message, mail = labels.index("chat.postMessage") + 1, labels.index(MAIL) + 1
    mark = labels.index(MARK) + 1
    return [
        Kill(1, after=True),
        Kill(message, after=True),
        Kill(mail + 1, after=False),
        Kill(mark, after=False),
    ]


@pytest.mark.parametrize(
    ("kind", "nth"),
    [
        pytest.param(kind, nth, marks=() if (kind, nth) in SAMPLE else pytest.mark.exhaustive)
        for kind in KINDS
        for nth in range(4)
    ],
)
def test_killed_at_the_worst_moments(tmp_path: Path, kind: str, nth: int) -> None:
    kill = sample(recorded(kind, SHORT).labels)[nth]
    assert recorded(kind, SHORT).labels[0] == COMMIT
    replay(tmp_path / "replay", kind, SHORT, kill)


@pytest.mark.exhaustive
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", range(SHARES))
def test_killed_around_every_commit_and_every_send(tmp_path: Path, kind: str, share: int) -> None:
    labels = recorded(kind, len(STORY)).labels
    kills = [Kill(number, after) for number in range(1, len(labels) + 1) for after in (False, True)]
    repeated, wrong = 0, []
    for kill in kills[share::SHARES]:
        try:
            repeated += replay(tmp_path / f"{kill.number}{kill.after}", kind, len(STORY), kill)
        except Exception as error:  # noqa: BLE001  every replay is to be seen, not only the first that fails
            wrong.append(f"{kill} at {labels[kill.number - 1]}: {type(error).__name__} {str(error)[:600]}")
    print(f"{kind}: {len(kills[share::SHARES])} kills of {len(kills)}, {repeated} mails came twice")
    assert wrong == []
