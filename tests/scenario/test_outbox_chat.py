"""Section 7 in chat: what Slack's faults do to the outbox, with the bot's own client and real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot.assembly import delivery_client
from bot.chat import SlackSender
from bot.jobs import Jobs
from bot.metrics import Metrics
from bot.program import Slack
from schedules.delivery.outbox import DeliveryReport, deliver_due, pause_after
from schedules.ports import Channel
from schedules.services.report_failures import report_failures
from schedules.store.outbox import SqlOutbox
from tests.support import faulty_slack as faults
from tests.support.faulty_slack import FaultySlack, faulty_slack
from tests.support.raised import (
    cards,
    column,
    direct,
    open_home,
    page,
    raise_case,
    texts,
    value,
)
from tests.support.rig import Rig, rig

PATIENCE = 0.4  # seconds; the client's, so that a silent Slack does not hold up the tests


@dataclass
class Line:
    """The program with a faulty line to Slack."""

    r: Rig
    slack: FaultySlack
    sender: SlackSender

    def deliver(self) -> DeliveryReport:
        """One run of the worker over the chat channel."""
        senders = {Channel.CHAT: self.sender}
        return deliver_due(self.r.database.outbox, senders, self.r.clock.now, limit=50)

    def wait(self, pause: timedelta) -> DeliveryReport:
        self.r.clock.advance(pause)
        return self.deliver()

    def posts_with(self, who: str, words: str) -> int:
        return sum(words in text for text in texts(self.r, who))

    def status(self, recipient: str) -> list[str]:
        statement = "SELECT status FROM outbox WHERE recipient = :to AND kind = 'card'"
        return column(self.r, statement, to=recipient)


@contextmanager
def faulty_line(folder: Path) -> Iterator[Line]:
    with rig(folder) as r, faulty_slack(r.url) as slack:
        token = r.local.workspace.core.setup.bot_token
        client = delivery_client(Slack(token, "", slack.url), timeout=PATIENCE)
        yield Line(r, slack, SlackSender(client, lambda _: None))


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    """A case whose invitations wait in the outbox."""
    with faulty_line(tmp_path) as found:
        raise_case(found.r)
        found.r.settle()
        found.r.actor("helena").click("booking_confirm")
        yield found
        assert found.r.local.workspace.problems() == ()


ALL_SENT = "SELECT count(*) FROM outbox WHERE status = 'sent' AND channel = 'chat'"
ASKED = "Försäkringskassan behövs"


def test_rate_limit_is_honoured_for_that_message_and_no_other(line: Line) -> None:
    line.slack.tell("chat.postMessage", faults.too_many(90))
    report = line.deliver()
    assert (report.retried, report.failed) == (1, 0)
    assert report.sent >= 2
    assert value(line.r, "SELECT failures FROM outbox WHERE status = 'pending' AND channel = 'chat'") == 0
    assert line.wait(timedelta(seconds=89)).sent == 0
    assert line.wait(timedelta(seconds=1)).sent == 1


def test_pauses_grow_until_the_message_is_given_up(line: Line) -> None:
    pauses = [pause_after(n) for n in range(1, 17)]
    assert pauses[:3] == [timedelta(minutes=n) for n in (1, 2, 4)]
    line.slack.tell("chat.postMessage", *[faults.refuses("fatal_error")] * 100)
    line.deliver()
    for pause in pauses:
        assert pause is not None
        assert line.wait(pause - timedelta(seconds=1)).retried == 0
        line.wait(timedelta(seconds=1))
    assert line.status("U0009") == ["failed"]
    assert cards(line.r, "nasrin") == []


@pytest.mark.parametrize(
    "fault", [faults.does_then_500, faults.does_then_hangs_up, faults.does_then_is_silent]
)
def test_message_that_left_unknown_to_us_is_found_again_and_not_repeated(
    line: Line, fault: faults.Serve
) -> None:
    line.slack.tell("chat.postMessage", *[fault] * 3)
    line.deliver()
    posted = line.slack.calls.count("chat.postMessage")
    assert line.status("U0009") == ["pending"]
    line.wait(timedelta(minutes=1))
    assert line.status("U0009") == ["sent"]
    assert line.posts_with("nasrin", ASKED) == 1
    assert line.slack.calls.count("chat.postMessage") == posted
    assert "conversations.history" in line.slack.calls


def test_duplicate_is_removed_and_the_first_one_kept(line: Line) -> None:
    line.slack.tell("chat.postMessage", *[faults.does_twice_then_hangs_up] * 3)
    line.deliver()
    first = next(m for m in direct(line.r, "nasrin") if ASKED in m.body["text"])
    assert line.posts_with("nasrin", ASKED) == 2
    line.wait(timedelta(minutes=1))
    assert [m.ts for m in cards(line.r, "nasrin")] == [first.ts]


def test_page_of_a_server_in_between_is_no_reason_to_keep_its_words(line: Line) -> None:
    line.slack.tell("chat.postMessage", *[faults.gateway_error] * 3)
    line.deliver()
    assert set(column(line.r, "SELECT reason FROM outbox WHERE reason IS NOT NULL")) == {"slack_http_502"}
    line.wait(timedelta(minutes=1))
    assert line.posts_with("nasrin", ASKED) == 1


@pytest.mark.parametrize("fault", [faults.too_many(30), faults.gateway_error, faults.refuses("fatal_error")])
def test_new_card_is_not_posted_twice_when_the_old_one_could_not_be_shrunk(
    line: Line, fault: faults.Serve
) -> None:
    line.deliver()
    raise_case(line.r, "samuel")
    line.deliver()
    line.r.actor("helena").click("booking_confirm")
    line.slack.tell("chat.update", *[fault] * 10)
    line.deliver()
    assert line.posts_with("nasrin", ASKED) == 2  # the old card still stands behind the new one
    line.slack.tell("chat.update")
    line.wait(timedelta(minutes=1))
    assert line.posts_with("nasrin", ASKED) == 1
    assert len(cards(line.r, "nasrin")) == 1


def test_old_card_that_is_gone_does_not_stop_the_new_one(line: Line) -> None:
    line.deliver()
    raise_case(line.r, "samuel")
    line.deliver()
    line.r.actor("helena").click("booking_confirm")
    line.slack.tell("chat.update", *[faults.refuses("message_not_found")] * 10)
    assert line.deliver().retried == 0


def test_one_broken_recipient_holds_up_nobody_and_is_shown_to_the_coordinator(line: Line) -> None:
    r = line.r
    broken = direct_channel(r, "nasrin")
    open_home(r, "helena")
    line.slack.tell("chat.postMessage", *_refusing(line, "U0009"))
    report = line.deliver()
    assert report.failed == 1
    assert broken not in line.slack.calls
    assert len(cards(r, "maja")) == 1
    assert line.status("U0009") == ["failed"]
    assert report_failures(r.office) == 1
    r.settle()
    said = [t for t in texts(r, "helena") if "kom inte fram" in t]
    assert said == [
        "Meddelandet i Slack till Nasrin Ahmadi om samverkansmöte tisdag 8 december kom inte fram."
    ]
    assert "Nasrin Ahmadi" in page(r, "helena")
    assert "Hinner inte fram" not in page(r, "helena")
    assert report_failures(r.office) == 0


def direct_channel(r: Rig, who: str) -> str:
    return r.actor(who).direct_message


def _refusing(line: Line, user: str) -> list[faults.Serve]:
    def serve(call: faults._Handler) -> None:
        if user.encode() in call.body or user in call.path:
            faults.refuses("user_not_found")(call)
        else:
            faults.passes(call)

    return [serve] * 20


def test_failure_of_the_coordinators_own_message_is_told_to_nobody_again_and_again(line: Line) -> None:
    r = line.r
    open_home(r, "helena")
    line.slack.tell("chat.postMessage", *_refusing(line, "U0002"))
    assert line.deliver().failed == 1
    assert report_failures(r.office) == 0
    before = value(r, "SELECT count(*) FROM outbox")
    report_failures(r.office)
    assert value(r, "SELECT count(*) FROM outbox") == before


def test_failure_that_nobody_was_told_of_is_told_after_a_restart(line: Line) -> None:
    line.slack.tell("chat.postMessage", *_refusing(line, "U0009"))
    assert line.deliver().failed == 1  # and here the process stopped
    jobs = Jobs(line.r.office, line.r.database.outbox, {Channel.CHAT: line.sender}, Metrics(), None)
    jobs.start()
    helena = line.r.actor("helena")
    helena.until(lambda: any("kom inte fram" in text for text in texts(line.r, "helena")), 5)
    jobs.stop()


def test_lost_lease_is_not_sent(line: Line) -> None:
    senders = {Channel.CHAT: line.sender}
    report = deliver_due(line.r.database.outbox, senders, line.r.clock.now, lease=timedelta(0))
    assert (report.sent, report.lost_lease > 0) == (0, True)
    assert line.slack.calls == []
    assert line.deliver().sent > 0


def test_message_that_has_become_pointless_is_not_sent(line: Line) -> None:
    line.slack.tell("chat.postMessage", *[faults.too_many(60)] * 5)
    line.deliver()
    line.r.actor("maja").command("/samtid", "ärenden")
    line.r.clock.advance(timedelta(days=30))
    report = line.deliver()
    assert report.sent == 0
    assert report.superseded > 0
    assert set(
        column(line.r, "SELECT DISTINCT status FROM outbox WHERE kind = 'card' AND recipient = 'U0009'")
    ) == {"dropped"}


def test_two_workers_at_once_send_everything_once(line: Line) -> None:
    """Each has leases of its own, as processes have."""
    for who in ("samuel", "amir"):
        raise_case(line.r, who)
    sent_before = value(line.r, ALL_SENT)

    def work(_: int) -> int:
        outbox = SqlOutbox(line.r.database._transaction)
        senders = {Channel.CHAT: line.sender}
        return sum(deliver_due(outbox, senders, line.r.clock.now, limit=2).sent for _ in range(8))

    with ThreadPoolExecutor(4) as pool:
        sent = sum(pool.map(work, range(4)))
    assert sent == value(line.r, ALL_SENT) - sent_before > 0
    assert line.posts_with("nasrin", ASKED) == 1
    ids = [
        m.body["metadata"]["event_payload"]["id"]
        for m in [*direct(line.r, "helena"), *direct(line.r, "maja")]
    ]
    assert len(ids) == len(set(ids)) >= 4
