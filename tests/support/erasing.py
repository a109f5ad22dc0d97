"""An office whose cases have ended, to be erased; and what the database's files hold, byte by byte."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import sqlalchemy as sa

from bot.organisation import Applier
from schedules.delivery.mail import MailSender
from schedules.delivery.outbox import deliver_due
from schedules.domain.cases import PersonTakesPart, QuestionCategory, Urgency
from schedules.domain.commands import SubmitReferral
from schedules.domain.figures.facts import Outcome, TookPart
from schedules.domain.meeting_report import ReportCase, Result
from schedules.domain.organisation import (
    MeetingSeries,
    Membership,
    Organisation,
    Party,
    Retention,
    Rules,
    Team,
)
from schedules.ports import Channel, OutboxRow, Sender
from schedules.services.decide_booking import confirm_booking
from schedules.services.erase_case import erase_due
from schedules.services.report_meeting import report_case
from schedules.services.submit_referral import submit_referral
from schedules.store.database import Database
from tests.support.plan_rows import rows
from tests.support.random_office import PARTIES, RandomOffice, office_on, people

MEETING = date(2026, 12, 8)
DECISION = "2027/17"
DECIDED = Retention(DECISION)
ENDED = datetime(2026, 12, 8, 15, 0, tzinfo=UTC)
QUESTION = "Hur kan stödet samordnas framåt?"
ONE_REFERENCE = "OWN-77/1"


def association(*, slots: int = 3, retention: Retention | None = None) -> Organisation:
    """Two teams that meet once, on the same day."""
    members = (Membership("a", ("a0",)), Membership("b", ("b0", "b1")), Membership("c", ("c0",)))
    teams = tuple(
        Team(
            name,
            name,
            name[:3].upper(),
            coordinator="a3",
            municipality=name,
            parties=members,
            series=(MeetingSeries(MEETING, start, slots, 30, MEETING, 2, 0, 3),),
            rules=Rules(lead_workdays=1),
        )
        for name, start in (("north", time(10)), ("south", time(13)))
    )
    parties = tuple(Party(party, party) for party in PARTIES)
    return Organisation(
        "Exempel", parties=parties, people=people(), teams=teams, retention=retention or Retention()
    )


@dataclass
class Slack:
    """A chat sender that gives every message a place of its own, as Slack does."""

    posted: list[OutboxRow] = field(default_factory=list)

    def send(self, row: OutboxRow) -> str | None:
        self.posted.append(row)
        if row.kind == "erase":
            return None
        if row.kind == "card_edit":
            return row.previous_ref
        if row.kind == "rewrite":
            place = json.loads(row.payload)
            return json.dumps({"channel": place["channel"], "ts": place["ts"]})
        return json.dumps({"channel": f"D{row.recipient}", "ts": f"{len(self.posted)}.0"})

    def of(self, kind: str) -> list[OutboxRow]:
        return [row for row in self.posted if row.kind == kind]


@dataclass
class Archive:
    """The office, its chat, and whether the decision has been made."""

    it: RandomOffice
    slack: Slack = field(default_factory=Slack)
    scrubs: Counter[bool] = field(default_factory=Counter)

    @property
    def database(self) -> Database:
        return self.it.database

    def decide(self, retention: Retention = DECIDED) -> None:
        """Apply the file with that retention."""
        self.it.organisation = replace(self.it.organisation, retention=retention)
        Applier(self.it.office).apply(self.it.organisation)

    def deliver(self) -> None:
        senders: dict[Channel, Sender] = {Channel.MAIL: MailSender(self.it.postman), Channel.CHAT: self.slack}
        while True:
            report = deliver_due(self.database.outbox, senders, self.it.clock.now, limit=200)
            assert not report.failed
            assert not report.retried
            if not (report.sent or report.superseded):
                return

    def raise_case(self, actor: str = "a1", team: str = "north", *asked: str) -> str:
        """A case whose parties are called; its reference."""
        outcome = submit_referral(
            self.it.office,
            SubmitReferral(
                actor=actor,
                view_id=f"{team}{actor}{len(self.references())}",
                team=team,
                parties=asked or ("b",),
                consent_date=date(2026, 11, 20),
                categories=(QuestionCategory.CARE,),
                question=QUESTION,
                person_takes_part=PersonTakesPart.NO,
                urgency=Urgency.ORDINARY,
                own_reference=f"{ONE_REFERENCE}/{len(self.references())}",
            ),
        )
        if outcome.booking is not None:
            confirm_booking(self.it.office, "a3", outcome.booking)
        self.deliver()
        with self.it.office.unit_of_work() as uow:
            raised = uow.cases.referral(outcome.referral)
        assert raised is not None
        return raised.reference

    def end_all(self, *only: str) -> None:
        """The meetings are over and these cases, or all, reported; everything that is owed has been sent."""
        self.it.clock.at = max(ENDED, self.it.clock.at)
        live = rows(
            self.database,
            "SELECT b.id, c.reference FROM booking b JOIN referral r ON b.referral = r.id"
            " JOIN case_record c ON r.\"case\" = c.id WHERE b.status = 'booked' ORDER BY c.reference",
        )
        for booking in live:
            if not only or booking.reference in only:
                result = Result(Outcome.PLAN_AGREED, ("b",), TookPart.NO, agreed="kanarieplan")
                report_case(self.it.office, ReportCase("a3", booking.id, result))
        self.deliver()

    def references(self) -> list[str]:
        found = rows(self.database, "SELECT reference FROM case_record ORDER BY created_at, reference")
        return [row.reference for row in found]

    def night(self, day: date) -> None:
        """Move the clock to three in the night of that day."""
        self.it.clock.at = datetime.combine(day, time(2), UTC)

    def tick(self, limit: int = 20) -> int:
        """One tick of erasure."""
        return erase_due(self.it.office, self._scrub, limit)

    def _scrub(self) -> bool:
        done = self.database.scrub()
        self.scrubs[done] += 1
        return done


def archive_on(url: str, *, slots: int = 3, retention: Retention | None = None) -> Archive:
    """An office on a migrated database of one's own."""
    return Archive(office_on(url, association(slots=slots, retention=retention)))


def secrets_of(database: Database, reference: str) -> list[bytes]:
    """The case's wrapped key, its ciphertexts and the HMAC of its own reference, as they are stored."""
    with database._engine.connect() as connection:
        found = connection.execute(
            sa.text(
                "SELECT c.data_key, r.protected, r.own_reference_hmac FROM case_record c"
                ' JOIN referral r ON r."case" = c.id WHERE c.reference = :reference'
            ),
            {"reference": reference},
        ).one()
        results = connection.execute(
            sa.text(
                "SELECT p.protected FROM case_report p JOIN referral r ON p.referral = r.id"
                ' JOIN case_record c ON r."case" = c.id WHERE c.reference = :reference'
            ),
            {"reference": reference},
        ).scalars()
        return [str(value).encode() for value in (*found, *results) if value is not None]


def ids_of(database: Database, reference: str) -> list[str]:
    """The case's reference, its id, its referral's, and those of its bookings and invitations."""
    of_case = ' JOIN case_record c ON r."case" = c.id WHERE c.reference = :reference'
    of_booking = f" JOIN booking b ON i.booking = b.id JOIN referral r ON b.referral = r.id{of_case}"
    queries = (
        "SELECT id FROM case_record WHERE reference = :reference",
        f"SELECT r.id FROM referral r{of_case}",
        f"SELECT b.id FROM booking b JOIN referral r ON b.referral = r.id{of_case}",
        f"SELECT b.uid FROM booking b JOIN referral r ON b.referral = r.id{of_case}",
        f"SELECT i.id FROM invitation i{of_booking}",
        (
            "SELECT p.public_id FROM invitation_public_id p"
            f" JOIN invitation i ON p.invitation = i.id{of_booking}"
        ),
    )
    found = [reference]
    with database._engine.connect() as connection:
        for query in queries:
            found += connection.execute(sa.text(query), {"reference": reference}).scalars()
    return found


def tables_with(database: Database, word: str) -> set[str]:
    """The tables in which any value of any row holds the word."""
    found = set()
    inspector = sa.inspect(database._engine)
    with database._engine.connect() as connection:
        for table in inspector.get_table_names():
            for row in connection.execute(sa.text(f'SELECT * FROM "{table}"')):
                if any(word in str(value) for value in row):
                    found.add(table)
    return found


def bytes_of(database: Database) -> bytes:
    """All that the database's own files hold; of PostgreSQL the tables' files, not the write-ahead log."""
    return b"\n".join(path.read_bytes() for path in _files(database))


def _files(database: Database) -> Iterator[Path]:
    engine = database._engine
    if engine.dialect.name == "sqlite":
        name = str(engine.url.database)
        yield from (Path(name + end) for end in ("", "-wal", "-shm") if Path(name + end).exists())
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("CHECKPOINT")
        folder = connection.exec_driver_sql("SHOW data_directory").scalar_one()
        oid = connection.exec_driver_sql(
            "SELECT oid FROM pg_database WHERE datname = current_database()"
        ).scalar_one()
    yield from (path for path in Path(folder, "base", str(oid)).iterdir() if path.is_file())


def later(years: int = 0, days: int = 0) -> date:
    """So much after the meeting's day."""
    return MEETING.replace(year=MEETING.year + years) + timedelta(days=days)
