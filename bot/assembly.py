"""Puts the parts of a program together, for Slack itself or a stand-in."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler
from starlette.applications import Starlette

from bot import pages
from bot.chat import SlackSender
from bot.groups import sync_groups
from bot.http import routes
from bot.jobs import Jobs
from bot.listeners import (
    block_case,
    case_change,
    chase,
    commands,
    counter_offers,
    decisions,
    details,
    duty,
    follow_up,
    home,
    invitations,
    lists,
    meeting_day,
    meetings,
    menus,
    missing_party,
    opinions,
    referral,
    urgent,
)
from bot.listeners.desk import Desk
from bot.listeners.unsaved import told_plainly
from bot.metrics import Metrics
from bot.program import Program, Slack
from bot.settings import Settings
from schedules.delivery.mail import MailSender
from schedules.ports import Channel, MailboxReader, MailTransport, Sender
from schedules.services.office import Office
from schedules.store.database import Database

LISTENER_THREADS = 24  # Bolt's own five let the twentieth listener of a second ack too late (TRAPS.md)


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
    jobs.scrub = database.scrub
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
    from bot.mailroom import Mailroom  # noqa: PLC0415  what reads mail is loaded where there is a mailbox

    jobs = program.jobs
    jobs.mailroom = Mailroom(program.office, reader, account, program.metrics, jobs.wake)


def bare_bolt(slack: Slack, pool: ThreadPoolExecutor) -> App:
    """A Bolt app without listeners. It asks Slack nothing: there is one workspace and one token."""
    # The token comes from `authorize`; Bolt warns about a client that brings one of its own.
    client = _client(slack, token=None)
    client.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=1))

    def authorize(enterprise_id: str | None, team_id: str | None, **_: Any) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=slack.bot_token)

    return App(
        name="samtid",  # or Bolt searches the whole stack for the file that called it
        signing_secret=slack.signing_secret or None,
        request_verification_enabled=bool(slack.signing_secret),
        client=client,
        authorize=authorize,
        listener_executor=pool,
        # Otherwise Bolt looks for the ack every 10 ms only. What must not keep an ack waiting is `lazy`.
        process_before_response=True,
    )


def make_bolt(slack: Slack, desk: Desk, pool: ThreadPoolExecutor) -> App:
    """The Bolt app with every listener."""
    app = bare_bolt(slack, pool)
    app.error(told_plainly(desk.office.language))
    rooms = (
        commands,
        # Before referral: both have fields of the same names, and the first that matches answers.
        case_change,
        referral,
        details,
        decisions,
        block_case,
        counter_offers,
        invitations,
        meetings,
        meeting_day,
        follow_up,
        opinions,
        missing_party,
        duty,
        home,
        lists,
        chase,
        urgent,
    )
    menus.register(app)
    # Bolt asks its listeners one after another whether a request is theirs, and this form is waited for.
    referral.register_submission(app, desk)
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
