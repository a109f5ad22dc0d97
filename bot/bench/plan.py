"""A plan of national size, written in bulk to the store's tables: the services would take an hour for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.bench.organisation import SLOTS, many_teams
from schedules.domain.calendar import term_meetings
from schedules.domain.organisation import Organisation, Team
from schedules.domain.plan import Meeting, MeetingStatus, Slot
from schedules.services.office import Office, new_id
from schedules.store.busy import ticks
from schedules.store.engine import make_engine
from schedules.store.tables import BOOKING, BUSY, CASE, MEETING, REFERRAL, SEAT, SLOT

CHUNK = 50

Rows = dict[sa.Table, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Size:
    """How many teams, and live bookings of each."""

    teams: int
    bookings: int


def fill(office: Office, url: str, size: Size, organisation: Organisation | None = None) -> tuple[Team, ...]:
    """The organisation by its store, then meetings and bookings by their tables; the teams.

    Every team's first meetings are full: each search has to pass over them.
    """
    organisation = organisation or many_teams(size.teams, office.today())
    with office.unit_of_work() as uow:
        uow.organisation.save(organisation)
        uow.commit()
    with engine_of(url) as engine:
        for first in range(0, size.teams, CHUNK):
            _insert(engine, _rows(office, organisation.teams[first : first + CHUNK], size.bookings))
        if engine.dialect.name == "postgresql":
            _analyze(engine)
    return organisation.teams


@contextmanager
def engine_of(url: str) -> Iterator[sa.Engine]:
    """The program's engine, for what no use case does."""
    engine = make_engine(url, lock_wait=10)
    try:
        yield engine
    finally:
        engine.dispose()


def _analyze(engine: sa.Engine) -> None:
    """What autovacuum does within minutes: until then each search would read all the country's slots."""
    with engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")


def _insert(engine: sa.Engine, rows: Rows) -> None:
    with engine.begin() as connection:
        for table in (MEETING, SLOT, CASE, REFERRAL, BOOKING, SEAT, BUSY):
            if rows[table]:
                connection.execute(sa.insert(table), rows[table])


def _rows(office: Office, teams: Iterable[Team], bookings: int) -> Rows:
    rows: Rows = defaultdict(list)
    for team in teams:
        meetings = term_meetings(team, office.zone, office.is_holiday, office.today(), new_id)
        for meeting in meetings:
            # Meetings are all columns of their table, with the slots beside them.
            row = asdict(meeting)
            rows[SLOT].extend(row.pop("slots"))
            rows[MEETING].append(row | {"status": meeting.status.value})
        for position, slot in enumerate(_first_slots(meetings, bookings)):
            _book(rows, position, team, slot, office.now())
    return rows


def _first_slots(meetings: list[Meeting], wanted: int) -> list[Slot]:
    planned = [meeting for meeting in meetings if meeting.status is MeetingStatus.PLANNED]
    return [slot for meeting in planned[: wanted // SLOTS] for slot in meeting.slots]


def _book(rows: Rows, position: int, team: Team, slot: Slot, now: datetime) -> None:
    case, referral, booking = new_id(), new_id(), new_id()
    parties, people = [m.party for m in team.parties[:3]], [m.representatives[0] for m in team.parties[:3]]
    reference = f"{team.reference_prefix}-2026-{position:03d}"
    rows[CASE].append(case_row(case, team, reference, now))
    rows[REFERRAL].append(referral_row(referral, case, team, now))
    rows[BOOKING].append(
        {
            "id": booking,
            "referral": referral,
            "team": team.id,
            "meeting": slot.meeting,
            "slot": slot.id,
            "status": "booked",
            "uid": f"{booking}@bench.example",
            "sequence": 0,
            "calls_at": None,
            "created_at": now,
        }
    )
    for place, (party, person) in enumerate(zip(parties, people, strict=True)):
        rows[SEAT].append({"booking": booking, "party": party, "position": place, "representative": person})
        for tick in ticks(slot.starts_at, slot.ends_at):
            rows[BUSY].append({"person": person, "tick": tick, "booking": booking})


def case_row(case: str, team: Team, reference: str, now: datetime) -> dict[str, Any]:
    """A case of the coordinator's own, as its table holds it."""
    return {
        "id": case,
        "team": team.id,
        "reference": reference,
        "party": team.parties[0].party,
        "owner": team.coordinator,
        "created_at": now,
    }


def referral_row(
    referral: str, case: str, team: Team, now: datetime, status: str = "active"
) -> dict[str, Any]:
    """A referral of it that asks for the team's first three parties."""
    return {
        "id": referral,
        "case": case,
        "team": team.id,
        "referrer": team.coordinator,
        "owner": team.coordinator,
        "status": status,
        "parties": [membership.party for membership in team.parties[:3]],
        "categories": ["care"],
        "flags": [],
        "person_takes_part": "no",
        "urgency": "ordinary",
        "submitted_at": now,
    }
