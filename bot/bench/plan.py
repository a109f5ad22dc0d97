"""A plan of national size, written in bulk to the store's tables: the services would take an hour for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bot.bench.organisation import SLOTS, many_teams
from schedules.domain.calendar import term_meetings
from schedules.domain.organisation import Team
from schedules.domain.plan import Meeting, MeetingStatus, Slot
from schedules.services.office import Office, new_id
from schedules.store.busy import ticks
from schedules.store.engine import make_engine
from schedules.store.tables import BOOKING, BUSY, CASE, MEETING, REFERRAL, SEAT, SLOT

TEAMS = 2_500
BOOKINGS = 100_000
CHUNK = 50

Rows = dict[sa.Table, list[dict[str, Any]]]


def fill(office: Office, database: Path, zone: ZoneInfo) -> tuple[Team, ...]:
    """The organisation by its store, then meetings and bookings by their tables; the teams.

    Every team's first ten meetings are full: each search has to pass over them.
    """
    organisation = many_teams(TEAMS, office.today())
    with office.unit_of_work() as uow:
        uow.organisation.save(organisation)
        uow.commit()
    engine = make_engine(f"sqlite:///{database}", lock_wait=10)
    try:
        for first in range(0, TEAMS, CHUNK):
            chunk = enumerate(organisation.teams[first : first + CHUNK], first)
            _insert(engine, _rows(office, chunk, zone))
    finally:
        engine.dispose()
    return organisation.teams


def _insert(engine: sa.Engine, rows: Rows) -> None:
    with engine.begin() as connection:
        for table in (MEETING, SLOT, CASE, REFERRAL, BOOKING, SEAT, BUSY):
            connection.execute(sa.insert(table), rows[table])


def _rows(office: Office, teams: Iterable[tuple[int, Team]], zone: ZoneInfo) -> Rows:
    rows: Rows = defaultdict(list)
    for number, team in teams:
        meetings = term_meetings(team, zone, office.is_holiday, office.today(), new_id)
        for meeting in meetings:
            # Meetings are all columns of their table, with the slots beside them.
            row = asdict(meeting)
            rows[SLOT].extend(row.pop("slots"))
            rows[MEETING].append(row | {"status": meeting.status.value})
        for position, slot in enumerate(_first_slots(meetings)):
            _book(rows, number, position, team, slot, office.now())
    return rows


def _first_slots(meetings: list[Meeting]) -> list[Slot]:
    wanted = BOOKINGS // TEAMS
    planned = [meeting for meeting in meetings if meeting.status is MeetingStatus.PLANNED]
    return [slot for meeting in planned[: wanted // SLOTS] for slot in meeting.slots]


def _book(rows: Rows, number: int, position: int, team: Team, slot: Slot, now: datetime) -> None:
    case, referral, booking = new_id(), new_id(), new_id()
    parties, people = [m.party for m in team.parties[:3]], [m.representatives[0] for m in team.parties[:3]]
    rows[CASE].append(
        {
            "id": case,
            "team": team.id,
            "reference": f"{team.reference_prefix}-2026-{position:03d}",
            "party": parties[0],
            "owner": f"p{number}W",
            "created_at": now,
        }
    )
    rows[REFERRAL].append(
        {
            "id": referral,
            "case": case,
            "team": team.id,
            "referrer": f"p{number}W",
            "owner": f"p{number}W",
            "status": "active",
            "parties": parties,
            "categories": ["care"],
            "flags": [],
            "person_takes_part": "no",
            "urgency": "ordinary",
            "submitted_at": now,
        }
    )
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
