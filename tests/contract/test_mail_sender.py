"""An outbox row all the way to a real mail server, and again after a lost connection."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from schedules.codec import encode
from schedules.delivery.mail import MailSender
from schedules.delivery.mime import mail_bytes
from schedules.delivery.outbox import DeliveryReport, deliver_due
from schedules.delivery.smtp import SmtpTransport, SmtpUrl
from schedules.ports import Channel, SendFailed
from tests.support.fake_outbox import START, FakeOutbox, a_row
from tests.support.mails import MESSAGE, PART, a_message
from tests.support.smtp_server import DROP, Postbox, smtp_server


@pytest.fixture
def server() -> Iterator[Postbox]:
    with smtp_server() as postbox:
        yield postbox


@pytest.fixture
def sender(server: Postbox) -> Iterator[MailSender]:
    url = SmtpUrl.parse(f"smtp://127.0.0.1:{server.port}")
    transport = SmtpTransport(url, timeout=dt.timedelta(seconds=5), hello="localhost")
    yield MailSender(transport)
    transport.close()


def test_a_row_becomes_the_mail_it_was_decided_to_be(server: Postbox, sender: MailSender) -> None:
    ref = sender.send(a_row(payload=encode(MESSAGE)))
    assert json.loads(ref or "") == {"message_id": MESSAGE.message_id}
    assert server.mails == [("samverkan@kommun.example", "fk@myndighet.example", mail_bytes(MESSAGE))]


def test_a_retry_after_an_unknown_outcome_is_identical_to_the_byte(
    server: Postbox, sender: MailSender
) -> None:
    row = a_row(payload=encode(MESSAGE))
    outbox, senders = FakeOutbox(row), {Channel.MAIL: sender}
    server.tell("DATA", DROP)
    assert deliver_due(outbox, senders, lambda: START) == DeliveryReport(retried=1)
    later = START + dt.timedelta(days=1)
    assert deliver_due(outbox, senders, lambda: later) == DeliveryReport(sent=1)
    assert [mail[2] for mail in server.mails] == [mail_bytes(MESSAGE)]


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "{}",
        encode(a_message(calendar=replace(PART, zone="Europe/Oslo"))),
        encode(MESSAGE).replace("Samverkansteam Tierp", "=?utf-8?q?=0D=0ABcc:_a@b.example?="),
    ],
)
def test_a_row_that_is_no_mail_fails_for_good_without_quoting_it(
    payload: str, server: Postbox, sender: MailSender
) -> None:
    with pytest.raises(SendFailed) as failure:
        sender.send(a_row(payload=payload))
    assert (failure.value.reason, failure.value.permanent) == ("mail_unreadable", True)
    assert failure.value.__context__ is None
    assert server.connections == 0
