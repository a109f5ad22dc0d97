"""A random small association with a real SQLite database, a hand clock and recorded mails; no Slack."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from bot.organisation import Applier
from schedules.delivery.mail import MailSender
from schedules.delivery.outbox import deliver_due
from schedules.domain.organisation import (
    MeetingSeries,
    Membership,
    Organisation,
    Party,
    Person,
    Rhythm,
    Rules,
    Team,
)
from schedules.domain.plan import MeetingStatus
from schedules.ports import Channel, OutboxRow, Sender, SendFailed
from schedules.services.office import Mailbox, Office
from schedules.services.refusals import with_refusals
from schedules.store.database import Database
from schedules.swedish.closed_days import SwedishHolidays
from schedules.swedish.text_check import SwedishTextCheck
from tests.support.attendee_calendars import Calendars
from tests.support.databases import SECRET_KEY, leave_the_disk_alone

START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
PARTIES = ("a", "b", "c")
ADDRESSED = {"a0": "sv", "a1": "en", "b0": None, "b1": "sv", "c0": None, "shared": "en"}
"""Everybody but these has Slack only; the last of them has mail only."""


@dataclass
class HandClock:
    """A clock that is moved by hand."""

    at: datetime = START

    def now(self) -> datetime:
        return self.at


@dataclass
class Postman:
    """A mail transport that keeps what arrives; `moods` decides about the coming calls, one each.

    `refused` never leaves. Of `unknown` and `lost` the sender hears nothing; only the first arrives.
    """

    calendars: Calendars = field(default_factory=Calendars)
    moods: list[str] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)

    def send(self, sender: str, recipient: str, raw: bytes) -> None:
        """Let it arrive, or not, or arrive without our hearing so."""
        mood = self.moods.pop() if self.moods else "arrives"
        self.seen[mood] += 1
        try:
            self.calendars.receive(recipient, raw, arrives=mood in {"arrives", "unknown"})
        except AssertionError as broken:  # the outbox would take it for one more failed send
            self.broken.append(str(broken))
        if mood != "arrives":
            raise SendFailed("not_today", outcome_unknown=mood != "refused")


class Chat:
    """A chat sender that takes everything."""

    def send(self, row: OutboxRow) -> str:
        return f'{{"channel": "{row.recipient}", "ts": "1"}}'


@dataclass
class RandomOffice:
    """The office with all that a test needs to look behind it."""

    office: Office
    database: Database
    clock: HandClock
    postman: Postman
    organisation: Organisation

    def deliver(self, *, chat: bool = True) -> None:
        """Send what may be sent now; what nobody reads need not be sent."""
        senders: dict[Channel, Sender] = {Channel.MAIL: MailSender(self.postman)}
        if chat:
            senders[Channel.CHAT] = Chat()
        while True:
            report = deliver_due(self.database.outbox, senders, self.clock.now, limit=200)
            assert self.postman.broken == []
            if not (report.sent or report.superseded):
                return


def open_office(
    template: Path, folder: Path, organisation: Organisation, at: datetime = START
) -> RandomOffice:
    """Copy the migrated template and apply the organisation."""
    path = folder / "samtid.db"
    for old in folder.glob("samtid.db*"):
        old.unlink()
    shutil.copyfile(template, path)
    return office_on(f"sqlite:///{path}", organisation, at=at)


def copied(found: RandomOffice, folder: Path) -> RandomOffice:
    """Another office whose database holds what this one's holds now."""
    with found.database._engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        source = Path(str(connection.engine.url.database))
    shutil.copyfile(source, folder / "samtid.db")
    database = Database(f"sqlite:///{folder}/samtid.db", [SECRET_KEY])
    leave_the_disk_alone(database)
    clock = HandClock(found.clock.at)
    office = replace(found.office, unit_of_work=with_refusals(database.unit_of_work, clock), clock=clock)
    return RandomOffice(office, database, clock, Postman(), found.organisation)


def office_on(
    url: str, organisation: Organisation, lock_wait: float = 1.5, at: datetime = START
) -> RandomOffice:
    """The office on a migrated database of one's own."""
    database = Database(url, [SECRET_KEY], lock_wait=lock_wait)
    leave_the_disk_alone(database)
    clock = HandClock(at)
    office = Office(
        unit_of_work=with_refusals(database.unit_of_work, clock),
        clock=clock,
        closed_days=SwedishHolidays(),
        text_check=SwedishTextCheck(),
        mail_from=Mailbox("Samtid", "samverkan@samtid.example"),
        zone=ZoneInfo("Europe/Stockholm"),
    )
    Applier(office).apply(organisation)
    return RandomOffice(office, database, clock, Postman(), organisation)


def cancel_meetings(found: RandomOffice, which: Callable[[int], bool]) -> None:
    """Cancel the planned meetings whose number in their team satisfies `which`."""
    with found.office.unit_of_work() as uow:
        for team in found.organisation.teams:
            for number, meeting in enumerate(uow.plan.meetings(team.id, TODAY)):
                if which(number) and meeting.status is MeetingStatus.PLANNED:
                    uow.plan.save_meeting(replace(meeting, status=MeetingStatus.CANCELLED))
        uow.commit()


def workdays_later(day: date, n: int, office: Office) -> date:
    """The n-th workday after `day`, counted one by one."""
    while n:
        day += timedelta(days=1)
        if day.weekday() < 5 and not office.is_holiday(day):
            n -= 1
    return day


# --- random organisations ----------------------------------------------------------------------------


def people() -> tuple[Person, ...]:
    names = [f"{party}{n}" for party in PARTIES for n in range(4)] + ["shared"]
    return tuple(
        Person(
            name,
            "b" if name == "shared" else name[0],
            name,
            email=f"{name}@{name[0]}.example" if name in ADDRESSED else None,
            slack=() if name == "shared" else (f"U{name.upper()}",),
            language=ADDRESSED.get(name),
        )
        for name in names
    )


@st.composite
def memberships(draw: st.DrawFn, party: str) -> Membership:
    names = draw(
        st.lists(st.integers(0, 2).map(lambda n: f"{party}{n}"), min_size=1, max_size=3, unique=True)
    )
    if draw(st.integers(0, 3)) == 0:
        names.append("shared")
    rhythm = draw(st.sampled_from([Rhythm.EVERY, Rhythm.EVERY, Rhythm.EVERY, Rhythm.EVERY_SECOND]))
    until = draw(st.sampled_from([None, None, None, date(2027, 1, 10)]))
    return Membership(party, tuple(names), rhythm, until=until)


@st.composite
def teams(draw: st.DrawFn, name: str, parties: tuple[str, ...]) -> Team:
    slots = draw(st.integers(1, 3))
    series = MeetingSeries(
        anchor=TODAY + timedelta(days=draw(st.integers(1, 4))),
        start=draw(st.sampled_from([time(13), time(13, 20)])),
        slots=slots,
        slot_minutes=draw(st.sampled_from([30, 45])),
        until=TODAY + timedelta(days=draw(st.sampled_from([40, 75]))),
        weeks=draw(st.sampled_from([1, 2])),
        reserve_slots=draw(st.integers(0, slots - 1)),
        reserve_release_workdays=draw(st.integers(1, 4)),
    )
    return Team(
        name,
        f"Team {name}",
        name[:3].upper(),
        coordinator=draw(st.sampled_from(["a3", "b0"])),
        coordinator_deputies=("c3",),
        channel="C1" if name == "north" else None,
        place="Rum 4",
        parties=tuple(draw(memberships(party)) for party in parties),
        series=(series,),
        rules=Rules(
            lead_workdays=draw(st.integers(1, 5)),
            agenda_workdays=draw(st.integers(1, 5)),
            coordinator_confirms=draw(st.booleans()),
            confirms_by_itself=draw(st.booleans()),
        ),
    )


@st.composite
def organisations(draw: st.DrawFn) -> Organisation:
    """Two teams that share people: all three parties in one, two or three in the other."""
    others = draw(st.sampled_from([("a", "b"), ("a", "b", "c"), ("b", "c")]))
    return Organisation(
        "Exempel",
        process_leaders=("c3",),
        administrators=("c3",),
        parties=tuple(Party(party, f"Part {party}", contact=f"{party}3") for party in PARTIES),
        people=people(),
        teams=(draw(teams("north", PARTIES)), draw(teams("south", others))),
    )
