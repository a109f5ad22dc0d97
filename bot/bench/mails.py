"""The outbox over one SMTP connection that stays open, against a connection for each mail."""

from __future__ import annotations

import time
from contextlib import closing
from statistics import median

from bot.bench.booking import book_many
from bot.bench.figures import Figure, at_least
from bot.bench.places import Place
from bot.bench.rounds import ROUNDS, Side, alternate, ratio
from bot.bench.server import stub
from schedules.delivery.mail import MailSender
from schedules.delivery.smtp import SmtpTransport, SmtpUrl
from schedules.delivery.outbox import deliver_due
from schedules.errors import SamtidError
from schedules.ports import Channel, MailTransport, Outbox
from schedules.services.office import Office

MAILS = 100
"""In a round, on each side."""
CALLED = 4
"""Mails of one booking."""


class NotSent(SamtidError):
    """There was less to send than should be measured, or not all of it left."""


class ConnectEach:
    """A `MailTransport` that says goodbye after every mail."""

    def __init__(self, transport: SmtpTransport) -> None:
        self._transport = transport

    def send(self, sender: str, recipient: str, raw: bytes) -> None:
        """Hand over one mail over a connection of its own."""
        self._transport.send(sender, recipient, raw)
        self._transport.close()


def figures(place: Place, _slack_port: int) -> list[Figure]:
    """How many times as many mails leave on one connection, the outbox's own work in both."""
    with place.database() as url, stub("smtp_stub") as port:
        book_many(place, url, teams=32, count=(2 * ROUNDS * MAILS) // CALLED + 1)
        with place.office_and_outbox(url) as (office, outbox), closing(_transport(port)) as kept:
            one, each = alternate(
                _side(outbox, office, kept), _side(outbox, office, ConnectEach(_transport(port)))
            )
    return [
        at_least(f"mails on one connection by one each, {place.name}", ratio(each, one, sum), 2),
        Figure(f"mails a second on one connection, {place.name}", 1000 * MAILS / median(map(sum, one)), "/s"),
        Figure(f"mails a second, connecting for each, {place.name}", 1000 * MAILS / median(map(sum, each)), "/s"),
    ]


def _transport(port: int) -> SmtpTransport:
    return SmtpTransport(SmtpUrl.parse(f"smtp://127.0.0.1:{port}"), hello="bench")


def _side(outbox: Outbox, office: Office, transport: MailTransport) -> Side:
    def send(_: int) -> list[float]:
        before = time.perf_counter()
        report = deliver_due(outbox, {Channel.MAIL: MailSender(transport)}, office.now, limit=MAILS)
        if report.sent != MAILS:
            raise NotSent
        return [(time.perf_counter() - before) * 1000]

    return send
