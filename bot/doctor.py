"""`samtid doctor`: what is set up, what is missing, what could not be delivered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from bot.app import make_office, open_database
from bot.commands import clock_of
from bot.logs import configure_logging
from bot.settings import Mode, Settings, read_settings
from schedules.ports import Incoming
from schedules.services.erase_messages import ERASE, REWRITE
from schedules.services.office import Office
from schedules.texts.words import Words

OK, WRONG = 0, 1
LISTED = 20


def examine() -> int:
    """Print one line a finding; 0 when nothing needs a hand."""
    settings = read_settings()
    configure_logging()
    words = Words(settings.language)
    database = open_database(settings)
    try:
        if not database.is_current():
            print(words("doctor.not_migrated"))
            return WRONG
        database.migrate()
        return _findings(settings, make_office(settings, database, clock_of(settings, database)), words)
    finally:
        database.close()


def _findings(settings: Settings, office: Office, words: Words) -> int:
    print(words(f"doctor.mode.{settings.mode.value}"))
    with office.unit_of_work() as uow:
        organisation = uow.organisation.load()
        teams = organisation.teams if organisation else ()
        failed = uow.outbox.failed([team.id for team in teams])
        left = uow.incoming.left()
        undeleted = uow.erasure.undeleted((ERASE, REWRITE))
    print(words.count("doctor.teams", len(teams)))
    no_mail = settings.mode is not Mode.LOCAL and settings.smtp_url is None
    no_mailbox = settings.mode is not Mode.LOCAL and settings.imap_url is None
    if no_mail:
        print(words("doctor.no_smtp"))
    if failed:
        print(words.count("doctor.failed", len(failed)))
    if undeleted:
        print(words.count("doctor.undeleted", undeleted))
    if settings.pages_url is None:
        print(words("doctor.no_pages"))
    if no_mailbox:
        print(words("doctor.no_imap"))
    if left:
        print(words.count("doctor.left", len(left)))
        for line in _left(left, office, words):
            print(line)
    return WRONG if no_mail or failed or undeleted or not teams else OK


def _left(left: Sequence[Incoming], office: Office, words: Words) -> Iterator[str]:
    """What was left untouched in the mailbox, newest first: what it is and when it was looked at."""
    for kind, number in sorted(Counter(mail.kind for mail in left).items()):
        yield f"  {words(f'doctor.left.{kind}')}: {number}"
    for mail in left[:LISTED]:
        seen = office.local(mail.handled_at)
        when = f"{words.day_and_year(seen.date())} {words.clock(seen)}"
        which = words("doctor.left.number", number=mail.origin.key.uid)
        yield f"    {when}, {which}: {words(f'doctor.left.{mail.kind}')}"
