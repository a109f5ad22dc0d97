"""Processes that are told to stop, that freeze, and whose database goes away."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from schedules.texts.words import Words
from tests.support.databases import away
from tests.support.faulty_slack import FaultySlack, _Handler, faulty_slack, passes
from tests.support.fleet import Fleet, fleet, waited_for
from tests.support.launch import Instance
from tests.support.raised import column, direct, raise_case, text_of, value
from tests.support.raising import fill, opened
from tests.support.smtp_server import SILENT
from tests.support.story import STORY, outcome, play

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


@pytest.mark.exhaustive
def test_told_to_stop_it_leaves_a_call_that_hangs(r: Fleet) -> None:
    """The mail server has taken a mail and is silent: after ten seconds the process is gone all the same."""
    play(r, STORY[:3])
    r.postbox.tell("DATA", SILENT)
    stopped = Instance(replace(r.launch, ticks_by_hand=False))
    waited_for(lambda: len(r.postbox.mails) == 1)
    os.kill(stopped.pid, signal.SIGTERM)
    assert stopped.has_fallen(WITHIN)
    stopped.end()
    r.leases_run_out()
    r.settle()
    play(r, STORY[4:8])
    assert outcome(r).repeated == 1


@pytest.mark.exhaustive
def test_frozen_for_longer_than_its_lease_it_does_not_send(r: Fleet) -> None:
    """It has claimed several messages and is frozen within the first; the other process sends them all."""
    slow = Slow()
    with faulty_slack(r.url) as slack:
        raise_case(r)
        slack.tell("chat.postMessage", slow)
        frozen = through(r, slack, ticks_by_hand=True)
        with ThreadPoolExecutor(1) as pool:
            ticking = pool.submit(httpx.post, f"{frozen.url}/tick", timeout=60)
            assert slow.taken.wait(30)
            os.kill(frozen.pid, signal.SIGSTOP)
            try:
                r.leases_run_out()
                r.instances.remove(frozen)
                r.settle()
                once = posted(r)
                assert len(once) == len(set(once)) == value(r, CLAIMED) > 1
                slow.answers.set()
                waited_for(lambda: len(posted(r)) > len(once))
            finally:
                os.kill(frozen.pid, signal.SIGCONT)
                slow.answers.set()
            assert ticking.result(60).is_success
        frozen.end()
        # What it was inside of when it froze came twice (promise 3); the messages after it did not.
        assert slack.calls.count("chat.postMessage") == 1
        assert len(posted(r)) == len(once) + 1
        assert set(posted(r)) == set(once)
    assert column(r, "SELECT DISTINCT status FROM outbox") == ["sent"]


CLAIMED = "SELECT count(*) FROM outbox WHERE channel = 'chat' AND kind != 'home'"


def posted(r: Fleet) -> list[str]:
    """The outbox id of every message that stands in the coordinator's chat or in the team's channel."""
    channel = r.actor("helena").messages(r.organisation.teams[0].channel or "")
    bodies = [message.body for message in (*direct(r, "helena"), *channel)]
    return [body["metadata"]["event_payload"]["id"] for body in bodies if "metadata" in body]


@pytest.mark.exhaustive
def test_the_database_goes_away_and_comes_back(tmp_path: Path) -> None:
    """Meanwhile it is not ready, ticks in vain and says so in forms; afterwards it goes on by itself."""
    with fleet(tmp_path, kind="postgresql") as r:
        play(r, STORY[:4])
        raise_case(r, "samuel")
        maja = fill(opened(r, "maja"))
        (one,) = r.instances
        with away(r.launch.settings["SAMTID_DATABASE_URL"]):
            assert ready(one) == 503
            maja.submit()
            assert Words("sv")("error.now") in maja.errors.values()
            amir = r.actor("amir")
            amir.command("/samtid", "kontakter")
            assert amir.ephemerals()[-1].body["text"] == Words("sv")("error.now")
            play(r, STORY[4:5])  # an answer by mail
            assert httpx.post(f"{one.url}/tick", timeout=30).is_success
        assert ready(one) == 200
        maja.submit()
        assert maja.errors == {}
        maja.close(everything=True)
        r.settle()
        outcome(r)
        assert value(r, "SELECT answer FROM invitation WHERE person = 'nasrin'") == "accepted"
        assert value(r, "SELECT count(*) FROM booking") == 3
        assert "Traceback" not in r.logs()
