"""Processes that are told to stop, that freeze, and whose database goes away."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import psycopg
import pytest

from tests.support.databases import shared_server
from tests.support.faulty_slack import FaultySlack, _Handler, faulty_slack, passes
from tests.support.fleet import Fleet, fleet, waited_for
from tests.support.launch import Instance
from tests.support.raised import column, direct, raise_case, text_of
from tests.support.story import outcome

REFERENCE = "TIE-2026-001"
WITHIN = 10.0
"""Seconds in which a process that is told to stop has finished what is in hand."""


class Slow:
    """Slack takes a message and answers only when told to."""

    def __init__(self) -> None:
        self.taken, self.answers = threading.Event(), threading.Event()

    def __call__(self, call: _Handler) -> None:
        self.taken.set()
        assert self.answers.wait(30)
        passes(call)


@pytest.fixture(params=["sqlite", "postgresql"])
def r(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Fleet]:
    with fleet(tmp_path, kind=request.param) as found:
        yield found
        assert found.local.workspace.problems() == ()


def through(r: Fleet, slack: FaultySlack, *, ticks_by_hand: bool) -> Instance:
    """A process of its own that reaches Slack through the proxy; the fleet's first is replaced by it."""
    settings = r.launch.settings | {"SLACK_API_URL": slack.url}
    launch = replace(r.launch, settings=settings, ticks_by_hand=ticks_by_hand)
    started = Instance(launch)
    r.instances.append(started)
    return started


def ready(instance: Instance) -> int:
    return httpx.get(f"{instance.url}/readyz", trust_env=False).status_code


def told(r: Fleet) -> int:
    """How often the coordinator was asked to confirm the case."""
    return sum(REFERENCE in text_of(message) for message in direct(r, "helena"))


def test_told_to_stop_it_finishes_the_message_in_hand(r: Fleet) -> None:
    slow = Slow()
    with faulty_slack(r.url) as slack:
        raise_case(r)
        slack.tell("chat.postMessage", slow)
        stopped = through(r, slack, ticks_by_hand=False)
        assert slow.taken.wait(30)
        assert ready(stopped) == 200
        os.kill(stopped.pid, signal.SIGTERM)
        # It still answers, and says that it takes no more.
        waited_for(lambda: ready(stopped) == 503)
        slow.answers.set()
        assert stopped.has_fallen(WITHIN)
        assert stopped.process.exitcode == 0
    assert "Traceback" not in r.logs()
    r.instances.remove(stopped)
    assert column(r, "SELECT DISTINCT outcome_unknown FROM outbox WHERE status = 'sent'") == [False]
    r.settle()
    outcome(r)
    assert told(r) == 1


@pytest.mark.exhaustive  # a minute of real time, since leases are
def test_frozen_for_longer_than_its_lease_it_does_not_send(r: Fleet) -> None:
    """It has claimed two messages and is frozen within the first; the other process sends what is left."""
    slow = Slow()
    with faulty_slack(r.url) as slack:
        raise_case(r)
        slack.tell("chat.postMessage", slow)
        frozen = through(r, slack, ticks_by_hand=True)
        ticking = threading.Thread(target=httpx.post, args=(f"{frozen.url}/tick",), kwargs={"timeout": 60})
        ticking.start()
        assert slow.taken.wait(30)
        os.kill(frozen.pid, signal.SIGSTOP)
        r.leases_run_out()
        r.instances.remove(frozen)
        r.settle()
        assert told(r) == 1
        slow.answers.set()
        waited_for(lambda: told(r) == 2)
        os.kill(frozen.pid, signal.SIGCONT)
        ticking.join(30)
        # What it was inside of when it froze came twice (promise 3); the message after it did not.
        assert slack.calls.count("chat.postMessage") == 1
        frozen.end()
    assert column(r, "SELECT DISTINCT status FROM outbox") == ["sent"]


@pytest.mark.exhaustive
def test_the_database_goes_away_and_comes_back(tmp_path: Path) -> None:
    """Meanwhile it is not ready and ticks in vain; afterwards it goes on by itself."""
    with fleet(tmp_path, kind="postgresql") as r:
        raise_case(r)
        (one,) = r.instances
        with away(r.launch.settings["SAMTID_DATABASE_URL"]):
            assert ready(one) == 503
            assert httpx.post(f"{one.url}/tick", timeout=30).is_success
        assert ready(one) == 200
        r.settle()
        outcome(r)
        assert told(r) == 1
        assert "Traceback" not in r.logs()


@contextmanager
def away(url: str) -> Iterator[None]:
    """Nobody is connected to the database, and nobody can connect."""
    name = url.partition("?")[0].rpartition("/")[2]
    with psycopg.connect(shared_server(), autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false".encode())
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        yield
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true".encode())
