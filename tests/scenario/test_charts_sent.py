"""Charts on their way to Slack: files first, then one message that shows them; faults between (promise 3)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.assembly import delivery_client
from bot.chart_files import PATIENCE, READY_AFTER
from bot.chat import SlackSender
from bot.program import Slack
from schedules.delivery.outbox import DeliveryReport, deliver_due
from schedules.domain.organisation import Person
from schedules.ports import Channel
from schedules.services.letters import About, tell
from schedules.texts.report_message import report_message
from schedules.texts.words import Words
from tests.support import faulty_slack as faults
from tests.support.faulty_slack import FaultySlack, _Handler, faulty_slack
from tests.support.report_examples import an_example
from tests.support.rig import Rig, rig

FILES = 4


@dataclass
class Line:
    """The program, with a report owed to the process leader and a faulty line to Slack."""

    r: Rig
    slack: FaultySlack

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """A new process knows nothing of what the one before has uploaded."""
        token = self.r.local.workspace.core.setup.bot_token
        self.sender = SlackSender(delivery_client(Slack(token, "", self.slack.url)), lambda _: None)

    def owe(self, person: Person) -> None:
        with self.r.office.unit_of_work() as uow:
            message = report_message(an_example(), Words("sv"))
            assert len(message.charts) == FILES
            tell(uow, self.r.office, person, message, "term", About())
            uow.commit()

    def deliver(self, after: timedelta = timedelta()) -> DeliveryReport:
        self.r.clock.advance(after)
        return deliver_due(self.r.database.outbox, {Channel.CHAT: self.sender}, self.r.clock.now)

    def reports(self) -> list[list[dict[str, Any]]]:
        """The blocks of each report that the process leader has."""
        found = self.r.actor("birgitta").messages()
        return [m.body["blocks"] for m in found if m.body["text"].startswith("Statistik")]

    def uploads(self) -> int:
        return self.slack.calls.count("files.getUploadURLExternal")


@contextmanager
def _line(folder: Path) -> Iterator[Line]:
    with rig(folder) as r, faulty_slack(r.url) as slack:
        found = Line(r, slack)
        found.owe(r.person("birgitta"))
        yield found
        assert r.local.workspace.problems() == ()


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    with _line(tmp_path) as found:
        yield found


def pictures(blocks: list[dict[str, Any]]) -> list[str]:
    return [block["slack_file"]["id"] for block in blocks if block["type"] == "image"]


def not_looked_at(call: _Handler) -> None:
    """Slack takes no message with a file that it has not looked at yet."""
    lines = ["[ERROR] invalid slack file [json-pointer:/blocks/7/slack_file]"]
    body = {"ok": False, "error": "invalid_blocks", "response_metadata": {"messages": lines}}
    call.answer(200, json.dumps(body).encode())


def test_one_message_with_a_picture_a_chart(line: Line) -> None:
    assert line.deliver().sent == 1
    (blocks,) = line.reports()
    assert len(pictures(blocks)) == FILES
    assert blocks[-1]["type"] == "context"


def test_a_message_too_early_for_its_pictures_waits_seconds_and_uploads_nothing_again(line: Line) -> None:
    line.slack.tell("chat.postMessage", not_looked_at, not_looked_at)
    assert line.deliver().retried == 1
    assert line.deliver(READY_AFTER).retried == 1
    assert line.deliver(READY_AFTER).sent == 1
    assert len(pictures(line.reports()[0])) == FILES
    assert line.uploads() == FILES


def test_pictures_that_never_become_ready_are_left_out_in_the_end(line: Line) -> None:
    """All figures stand in words: the message without pictures is worth more than no message."""
    line.slack.tell("chat.postMessage", *[not_looked_at] * PATIENCE)
    for _ in range(PATIENCE):
        assert line.deliver(READY_AFTER).retried == 1
    assert line.deliver(READY_AFTER).sent == 1
    (blocks,) = line.reports()
    assert not pictures(blocks)


@pytest.mark.parametrize("fault", [faults.does_then_500, faults.does_then_hangs_up])
def test_a_report_that_left_unknown_to_us_is_found_again_and_not_repeated(
    line: Line, fault: faults.Serve
) -> None:
    line.slack.tell("chat.postMessage", *[fault] * 3)
    assert line.deliver().retried == 1
    line.restart()
    assert line.deliver(timedelta(minutes=1)).sent == 1
    assert len(line.reports()) == 1
    assert line.uploads() == FILES


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "files.completeUploadExternal"])
def test_an_upload_that_failed_is_made_again_and_nothing_of_it_is_seen(line: Line, method: str) -> None:
    line.slack.tell(method, faults.does_then_hangs_up, faults.does_then_hangs_up)
    assert line.deliver().retried == 1
    assert not line.reports()
    assert line.deliver(timedelta(minutes=1)).retried + line.deliver(timedelta(minutes=2)).sent >= 1
    (blocks,) = line.reports()
    assert len(pictures(blocks)) == FILES


def test_an_app_without_the_right_to_files_sends_the_words_alone(line: Line) -> None:
    """An installation from before the charts: the manifest asks for `files:write` since."""
    line.slack.tell("files.getUploadURLExternal", faults.refuses("missing_scope"))
    assert line.deliver().sent == 1
    (blocks,) = line.reports()
    assert not pictures(blocks)
