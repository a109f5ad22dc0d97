"""Processes without a disk to write to, or kept waiting by another: told plainly, and no harm done."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from schedules.texts.words import Words
from tests.support.fleet import Fleet, fleet
from tests.support.links import answer_links
from tests.support.raised import direct, raise_case, text_of, value
from tests.support.raising import fill, opened
from tests.support.story import STORY, outcome, play

pytestmark = pytest.mark.exhaustive  # `make faults`

ENGLISH = Words("en")
"""Samuel's language."""
KEPT = ("booking", "referral", "outbox", "due", "audit")


@contextmanager
def full_disk(r: Fleet) -> Iterator[None]:
    """No process of the fleet can make a file longer, or write to any: the system refuses each write.

    SQLite says "disk I/O error" of this, and "disk is full" of a full one: both are told alike.
    """
    limits = {one.pid: resource.prlimit(one.pid, resource.RLIMIT_FSIZE) for one in r.instances}
    for pid, (_, hard) in limits.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        for pid, limit in limits.items():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limit)


def kept(r: Fleet) -> dict[str, int]:
    return {table: value(r, f"SELECT count(*) FROM {table}") for table in KEPT}


def answers(r: Fleet, path: str) -> list[int]:
    return [httpx.get(f"{one.url}{path}", trust_env=False).status_code for one in r.instances]


def tick(r: Fleet) -> list[float]:
    """What each process's ticks closed."""
    given = [httpx.post(f"{one.url}/tick", timeout=60, trust_env=False) for one in r.instances]
    return [float(answer.raise_for_status().json()["closed"]) for answer in given]


@pytest.mark.parametrize("processes", [1, 2])
def test_a_full_disk_is_told_and_nothing_is_saved(tmp_path: Path, processes: int) -> None:
    """It stays ready: it reads, and refuses in words; nothing is sent that could not be written down."""
    with fleet(tmp_path, processes=processes) as r:
        raise_case(r)
        samuel = fill(opened(r, "samuel"), parties=["fk"])
        before = kept(r)
        with full_disk(r):
            samuel.submit()
            assert ENGLISH("error.now") in samuel.errors.values()
            assert answers(r, "/readyz") == [200] * processes
            assert tick(r) == [0] * processes
            assert r.postbox.mails == []
            assert direct(r, "helena") == []
        assert kept(r) == before
        samuel.submit()
        assert samuel.errors == {}
        samuel.close(everything=True)
        r.settle()
        outcome(r)
        assert sum("TIE-2026-00" in text_of(m) for m in direct(r, "helena")) == 2
        assert r.local.workspace.problems() == ()
        assert "Traceback" not in r.logs()


def test_the_page_behind_a_link_while_the_disk_is_full(tmp_path: Path) -> None:
    """It shows what there is; the answer is refused in words, and counts when it is sent again."""
    with fleet(tmp_path) as r:
        play(r, STORY[:4])
        (page,) = answer_links(r, "nasrin")
        with full_disk(r):
            assert httpx.get(page, trust_env=False).status_code == httpx.codes.OK
            refused = httpx.post(page, data={"act": "come"}, trust_env=False)
            assert refused.status_code == httpx.codes.SERVICE_UNAVAILABLE
            assert Words("sv")("page.not_saved.text") in refused.text
        assert value(r, "SELECT answer FROM invitation WHERE person = 'nasrin'") == "needs-action"
        assert httpx.post(page, data={"act": "come"}, trust_env=False).is_redirect
        assert value(r, "SELECT answer FROM invitation WHERE person = 'nasrin'") == "accepted"
        r.settle()
        outcome(r)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_plan_that_another_process_holds(tmp_path: Path, kind: str) -> None:
    """For longer than 1.5 s: the form says so and keeps what was typed; the ticks pass the team over."""
    with fleet(tmp_path, kind=kind, processes=2) as r:
        raise_case(r)
        samuel = fill(opened(r, "samuel"))
        before = kept(r)
        with r.office.unit_of_work() as uow:  # this process is the other one
            uow.lock_teams(["tierp"])
            samuel.submit()
            assert ENGLISH("error.busy") in samuel.errors.values()
            assert answers(r, "/readyz") == [200, 200]
            tick(r)
        after = kept(r)
        assert {name: after[name] for name in ("booking", "referral")} == {
            name: before[name] for name in ("booking", "referral")
        }
        samuel.submit()
        assert samuel.errors == {}
        samuel.close(everything=True)
        r.settle()
        outcome(r)
        assert r.local.workspace.problems() == ()
        assert "Traceback" not in r.logs()
