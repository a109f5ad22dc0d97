"""The composition root: builds everything from the settings. Nothing is built at import."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.assembly import add_mailroom, assemble
from bot.clock import MovableClock, RealClock
from bot.http import bolt_routes
from bot.program import Program, Slack
from bot.settings import Mode, Settings, secret_keys
from schedules.delivery.smtp import SmtpTransport, SmtpUrl
from schedules.errors import LockTimeout
from schedules.ports import Clock, MailTransport
from schedules.services.links import Links
from schedules.services.office import Mailbox, Office
from schedules.services.refusals import with_refusals
from schedules.store.database import Database
from schedules.swedish.closed_days import SwedishHolidays
from schedules.swedish.text_check import SwedishTextCheck

ZONE = "Europe/Stockholm"


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
        # Reads YAML, once in a database's life.
        from bot.organisation import EXAMPLE, Applier, read  # noqa: PLC0415  see above

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
        from schedules.delivery.imap import ImapMailbox, ImapUrl  # noqa: PLC0415  only with a mailbox

        url = ImapUrl.parse(settings.imap_url)
        add_mailroom(program, ImapMailbox(url), f"{url.user}@{url.host}:{url.port}/{url.folder}")
    if settings.mode is Mode.HTTP:
        program.web.routes.extend(
            bolt_routes(program.bolt, program.metrics, in_turn=settings.sqlite_file is not None)
        )
    return program


def mail_transport(settings: Settings) -> MailTransport | None:
    """The mail server; None keeps mails in the outbox until there is one."""
    return SmtpTransport(SmtpUrl.parse(settings.smtp_url)) if settings.smtp_url else None
