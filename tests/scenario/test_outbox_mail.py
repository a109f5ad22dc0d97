"""Section 7 by mail: a real SMTP server that refuses, with the real outbox."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from schedules.delivery.mail import MailSender
from schedules.delivery.outbox import DeliveryReport, deliver_due
from schedules.delivery.smtp import SmtpTransport, SmtpUrl
from schedules.ports import Channel
from schedules.services.report_failures import report_failures
from tests.support.raised import column, raise_case, texts
from tests.support.rig import Rig, rig
from tests.support.smtp_server import DROP, Postbox, smtp_server

NASRIN = "nasrin.ahmadi@forsakring.example"


@dataclass
class Post:
    """The program with invitations waiting, and a mail server."""

    r: Rig
    box: Postbox
    sender: MailSender

    def deliver(self) -> DeliveryReport:
        return deliver_due(self.r.database.outbox, {Channel.MAIL: self.sender}, self.r.clock.now, limit=50)

    def received(self) -> list[str]:
        return sorted(recipient for _, recipient, _ in self.box.mails)


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with rig(tmp_path) as r, smtp_server() as box:
        transport = SmtpTransport(SmtpUrl.parse(f"smtp://127.0.0.1:{box.port}"), hello="samtid.example")
        raise_case(r)
        r.settle()
        r.actor("helena").click("booking_confirm")
        yield Post(r, box, MailSender(transport))
        transport.close()
        assert r.local.workspace.problems() == ()


def test_permanent_refusal_is_not_tried_again_and_holds_up_nobody(post: Post) -> None:
    post.box.tell(NASRIN, "550 5.1.1 no such user nasrin")
    report = post.deliver()
    assert (report.sent, report.failed, report.retried) == (2, 1, 0)
    assert post.received() == ["helena.lindqvist@tierp.example", "maja.bjork@tierp.example"]
    post.r.clock.advance(timedelta(hours=7))
    assert post.deliver() == DeliveryReport()
    assert column(post.r, "SELECT reason FROM outbox WHERE status = 'failed'") == ["smtp_550"]
    report_failures(post.r.office)
    post.r.settle()
    assert [t for t in texts(post.r, "helena") if "kom inte fram" in t] == [
        "Mejlet till Nasrin Ahmadi om samverkansmöte tisdag 8 december kom inte fram."
    ]


def test_the_tick_itself_tells_what_was_refused(post: Post) -> None:
    post.box.tell(NASRIN, "550 5.1.1 no such user nasrin")
    jobs = post.r.local.program.jobs
    jobs._senders = {**jobs._senders, Channel.MAIL: post.sender}
    post.r.settle()
    assert len([t for t in texts(post.r, "helena") if "kom inte fram" in t]) == 1


@pytest.mark.parametrize("fault", ["451 4.3.0 try again", DROP])
def test_temporary_refusal_and_lost_line_are_tried_again(post: Post, fault: str) -> None:
    post.box.tell("DATA", fault)
    first = post.deliver()
    assert (first.retried, first.sent, first.failed) == (1, 2, 0)
    post.r.clock.advance(timedelta(minutes=1))
    assert post.deliver().sent == 1
    assert post.received() == ["helena.lindqvist@tierp.example", "maja.bjork@tierp.example", NASRIN]


def test_cancellation_never_overtakes_its_request(post: Post) -> None:
    post.box.tell(NASRIN, "450 4.2.0 busy")
    post.deliver()
    post.r.actor("maja").command("/samtid", "ärenden")
    post.r.actor("maja").click("booking_withdraw")
    post.deliver()
    assert NASRIN not in post.received()
    post.r.clock.advance(timedelta(minutes=1))
    post.deliver()
    post.deliver()
    mails = [raw for _, recipient, raw in post.box.mails if recipient == NASRIN]
    assert [b"method=REQUEST" in raw or b'method="REQUEST"' in raw for raw in mails] == [True, False]
