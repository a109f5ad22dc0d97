"""The outbox over one SMTP connection that stays open, against a connection for each mail.

Compared is what hands the mail over: to build it takes longer than either, and is the same in both.
"""

from __future__ import annotations

import time
from contextlib import closing
from statistics import median

from bot.bench.booking import book_many
from bot.bench.figures import Figure, at_least
from bot.bench.places import Place
from bot.bench.rounds import ROUNDS, alternate, ratio
from bot.bench.server import stub
from schedules.delivery.mail import MailSender
from schedules.delivery.outbox import deliver_due
from schedules.delivery.smtp import SmtpTransport, SmtpUrl
from schedules.errors import SamtidError
from schedules.ports import Channel, Outbox
from schedules.services.office import Office

MAILS = 100
"""In a round, on each side."""
CALLED = 4
"""Mails of one booking."""


class NotSent(SamtidError):
    """There was less to send than should be measured, or not all of it left."""


class Timed:
    """A `MailTransport` that knows how long it took; with `each`, it says goodbye after every mail."""

    def __init__(self, transport: SmtpTransport, *, each: bool) -> None:
        self._transport = transport
        self._each = each
        self.took: list[float] = []

    def send(self, sender: str, recipient: str, raw: bytes) -> None:
        """Hand over one mail."""
        before = time.perf_counter()
        self._transport.send(sender, recipient, raw)
        if self._each:
            self._transport.close()
        self.took.append((time.perf_counter() - before) * 1000)


def figures(place: Place, _slack_port: int) -> list[Figure]:
    """How many times as many mails the outbox hands over on one connection; and what leaves it a second."""
    with place.database() as url, stub("smtp_stub") as port:
        book_many(place, url, teams=32, count=(2 * ROUNDS * MAILS) // CALLED + 1)
        with place.office_and_outbox(url) as (office, outbox), closing(_transport(port)) as kept:
            before = time.perf_counter()
            one, each = alternate(
                lambda _: _sent(outbox, office, Timed(kept, each=False)),
                lambda _: _sent(outbox, office, Timed(_transport(port), each=True)),
            )
            took = time.perf_counter() - before
    a_second = 2 * ROUNDS * MAILS / took
    return [
        at_least(f"mails handed over on one connection by one each, {place.name}", ratio(each, one, sum), 2),
        Figure(f"a mail handed over on one connection, {place.name}", median(map(median, one)), "ms"),
        Figure(f"mails a second that the outbox builds, sends and marks, {place.name}", a_second, "/s"),
    ]


def _transport(port: int) -> SmtpTransport:
    return SmtpTransport(SmtpUrl.parse(f"smtp://127.0.0.1:{port}"), hello="bench")


def _sent(outbox: Outbox, office: Office, transport: Timed) -> list[float]:
    report = deliver_due(outbox, {Channel.MAIL: MailSender(transport)}, office.now, limit=MAILS)
    if report.sent != MAILS:
        raise NotSent
    return transport.took
