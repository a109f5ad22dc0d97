"""The composition root: builds everything from the settings. Nothing is built at import."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler
from starlette.applications import Starlette

from bot import pages
from bot.chat import SlackSender
from bot.clock import MovableClock, RealClock
from bot.groups import sync_groups
from bot.http import bolt_routes, routes
from bot.jobs import Jobs
from bot.listeners import (
    case_change,
    chase,
    commands,
    counter_offers,
    decisions,
    details,
    duty,
    home,
    invitations,
    lists,
    meetings,
    menus,
    missing_party,
    referral,
    urgent,
)
from bot.listeners.desk import Desk
from bot.logs import log_fault
from bot.mailroom import Mailroom
from bot.metrics import Metrics
from bot.organisation import EXAMPLE, Applier, read
from bot.settings import Mode, Settings, secret_keys
from schedules.delivery.imap import ImapMailbox, ImapUrl
from schedules.delivery.mail import MailSender
from schedules.delivery.smtp import SmtpTransport, SmtpUrl
from schedules.errors import LockTimeout
from schedules.ports import Channel, Clock, MailboxReader, MailTransport, Sender
from schedules.services.links import Links
from schedules.services.office import Mailbox, Office
from schedules.services.refusals import with_refusals
from schedules.store.database import Database
from schedules.swedish.closed_days import SwedishHolidays
from schedules.swedish.text_check import SwedishTextCheck

LISTENER_THREADS = 24  # Bolt's own five let the twentieth listener of a second ack too late (TRAPS.md)
ZONE = "Europe/Stockholm"


@dataclass(frozen=True, slots=True)
class Slack:
    """How to reach Slack and how Slack reaches us. `signing_secret` is empty in Socket Mode."""

    bot_token: str
    signing_secret: str
    api_url: str | None


@dataclass(slots=True)
class Program:
    """Everything that runs. `ready` is false until it serves and again while it stops.

    `connected` says whether Slack reaches us, where that takes a connection of ours.
    """

    settings: Settings
    database: Database
    office: Office
    bolt: App
    jobs: Jobs
    web: Starlette
    metrics: Metrics
    closers: list[Callable[[], None]] = field(default_factory=list)
    ready: bool = False
    connected: Callable[[], bool] = lambda: True

    def start(self) -> None:
        """Begin the background work."""
        self.jobs.start()
        self.ready = True

    def close(self) -> None:
        """Finish what is in hand and let go of everything."""
        self.ready = False
        self.jobs.stop()
        for close in self.closers:
            close()
        self.database.close()


def open_database(settings: Settings) -> Database:
    """The database of the settings, not yet migrated."""
    return Database(settings.database_url, secret_keys(settings))


def make_office(settings: Settings, database: Database, clock: Clock) -> Office:
    """The use cases' ports."""
    return Office(
        unit_of_work=with_refusals(database.unit_of_work, clock),
        clock=clock,
        closed_days=SwedishHolidays(),
        text_check=SwedishTextCheck(),
        mail_from=Mailbox(*settings.mailbox),
        zone=ZoneInfo(ZONE),
        language=settings.language,
        links=Links(database.link_key, settings.pages_url),
    )


def ensure_organisation(office: Office) -> bool:
    """Apply the example organisation to an empty database; whether it did.

    Instances that start together take turns; a busy one is waited for.
    """
    while not _has_organisation(office):
        try:
            Applier(office).apply(read(EXAMPLE, office.language), only_if_empty=True)
        except LockTimeout:
            continue
        return True
    return False


def _has_organisation(office: Office) -> bool:
    with office.unit_of_work() as uow:
        return uow.organisation.association() is not None


def build(settings: Settings) -> Program:
    """The whole program for the settings' mode."""
    database = open_database(settings)
    database.migrate()
    local = settings.mode is Mode.LOCAL
    clock = MovableClock(database.unit_of_work) if local else RealClock()
    office = make_office(settings, database, clock)
    ensure_organisation(office)
    if isinstance(clock, MovableClock):
        from bot.local import build_local  # noqa: PLC0415  a real workspace does not load the stand-in

        return build_local(settings, database, office, clock).program
    slack = Slack(settings.slack_bot_token or "", settings.slack_signing_secret or "", settings.slack_api_url)
    program = assemble(settings, database, office, slack, mail_transport(settings))
    if settings.imap_url:
        url = ImapUrl.parse(settings.imap_url)
        add_mailroom(program, ImapMailbox(url), f"{url.user}@{url.host}:{url.port}/{url.folder}")
    if settings.mode is Mode.HTTP:
        program.web.routes.extend(bolt_routes(program))
    return program


def mail_transport(settings: Settings) -> MailTransport | None:
    """The mail server; None keeps mails in the outbox until there is one."""
    return SmtpTransport(SmtpUrl.parse(settings.smtp_url)) if settings.smtp_url else None


def assemble(
    settings: Settings, database: Database, office: Office, slack: Slack, transport: MailTransport | None
) -> Program:
    """Put the parts together, for Slack itself or a stand-in."""
    metrics = Metrics()
    sending = delivery_client(slack)
    # The pool and the listeners need the jobs to wake them, the jobs need the desk for the home page.
    desk = Desk(office, wake=lambda: jobs.wake())  # noqa: PLW0108  jobs exist a few lines further down
    senders: dict[Channel, Sender] = {
        Channel.CHAT: SlackSender(sending, lambda user: home.home_of(desk, user))
    }
    if transport is not None:
        senders[Channel.MAIL] = MailSender(transport)
    jobs = Jobs(office, database.outbox, senders, metrics, lambda: sync_groups(sending, office.unit_of_work))
    pool = ThreadPoolExecutor(LISTENER_THREADS, thread_name_prefix="listener")
    bolt = make_bolt(slack, desk, pool)
    web = Starlette()
    program = Program(settings, database, office, bolt, jobs, web, metrics)
    program.closers.append(lambda: pool.shutdown(wait=True, cancel_futures=False))
    web.routes.extend(routes(program))
    web.routes.extend(pages.routes(office, jobs.wake))
    return program


def add_mailroom(program: Program, reader: MailboxReader, account: str) -> None:
    """Let the program read answers from a mailbox; `account` tells mailboxes apart in the database."""
    jobs = program.jobs
    jobs.mailroom = Mailroom(program.office, reader, account, program.metrics, jobs.wake)


def make_bolt(slack: Slack, desk: Desk, pool: ThreadPoolExecutor) -> App:
    """The Bolt app with every listener. It asks Slack nothing: there is one workspace and one token."""
    # The token comes from `authorize`; Bolt warns about a client that brings one of its own.
    client = _client(slack, token=None)
    client.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=1))

    def authorize(enterprise_id: str | None, team_id: str | None, **_: Any) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=slack.bot_token)

    app = App(
        signing_secret=slack.signing_secret or None,
        request_verification_enabled=bool(slack.signing_secret),
        client=client,
        authorize=authorize,
        listener_executor=pool,
        # Otherwise Bolt looks for the ack every 10 ms only. What must not keep an ack waiting is `lazy`.
        process_before_response=True,
    )
    app.error(log_fault)
    rooms = (
        commands,
        # Before referral: both have fields of the same names, and the first that matches answers.
        case_change,
        referral,
        details,
        decisions,
        counter_offers,
        invitations,
        meetings,
        missing_party,
        duty,
        home,
        lists,
        chase,
        urgent,
    )
    menus.register(app)
    for room in rooms:
        room.register(app, desk)
    return app


def delivery_client(slack: Slack, timeout: float = 10) -> WebClient:
    """The outbox's client. It repeats nothing by itself: the SDK would post anew when an answer was lost.

    `timeout` in seconds.
    """
    client = _client(slack, token=slack.bot_token)
    client.timeout = timeout  # type: ignore[assignment]  # the SDK only hands it on to the socket
    client.retry_handlers.clear()
    return client


def _client(slack: Slack, *, token: str | None) -> WebClient:
    base = slack.api_url or WebClient.BASE_URL
    return WebClient(token, base_url=base if base.endswith("/") else f"{base}/", timeout=10)
