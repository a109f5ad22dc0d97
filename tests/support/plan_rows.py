"""The plan as its rows say, read by plain SQL: what tests of the promises compare with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations
from typing import Any

from schedules.domain.organisation import Organisation
from schedules.domain.plan import Slot
from schedules.services.office import Office
from schedules.store.database import Database
from schedules.store.memory import REVISION
from tests.support.reference_assignment import World

LIVE = ("proposed", "booked")
_ORGANISATIONS: dict[str, Organisation] = {}


@dataclass(frozen=True)
class LiveBooking:
    """A live booking with its time and the people in its seats."""

    id: str
    referral: str
    team: str
    slot: str
    status: str
    uid: str
    starts_at: datetime
    ends_at: datetime
    people: frozenset[str]
    seats: tuple[tuple[str, str], ...]
    asked_as_well: frozenset[str]


def rows(database: Database, statement: str) -> list[Any]:
    """What a query without parameters gives, by names."""
    with database._engine.connect() as connection:
        return list(connection.exec_driver_sql(statement))


def organisation_of(office: Office) -> Organisation:
    """The organisation as it stands in the database; read once a revision, whose text never comes again."""
    with office.unit_of_work() as uow:
        revision = uow.settings.get(REVISION) or ""
        if revision not in _ORGANISATIONS:
            found = uow.organisation.load()
            assert found is not None
            _ORGANISATIONS[revision] = found
    return _ORGANISATIONS[revision]


def slots(office: Office, teams: Iterable[str] | None = None) -> dict[str, Slot]:
    """All slots as they are now; those of the teams, where the caller knows which there are."""
    ids = teams or [team.id for team in organisation_of(office).teams]
    with office.unit_of_work() as uow:
        meetings = [m for team in ids for m in uow.plan.meetings(team, date.min)]
    return {slot.id: slot for meeting in meetings for slot in meeting.slots}


def live_bookings(database: Database, times: dict[str, Slot]) -> list[LiveBooking]:
    seats: dict[str, list[tuple[str, str]]] = defaultdict(list)
    beside: dict[str, set[str]] = defaultdict(set)
    found = "SELECT booking, party, representative, stand_in FROM seat ORDER BY booking, position"
    for row in rows(database, found):
        seats[row.booking].append((row.party, row.representative))
        beside[row.booking] |= {row.stand_in} - {None}
    live = rows(
        database,
        "SELECT id, referral, team, slot, status, uid FROM booking WHERE status IN ('proposed', 'booked')",
    )
    return [
        LiveBooking(
            row.id,
            row.referral,
            row.team,
            row.slot,
            row.status,
            row.uid,
            times[row.slot].starts_at,
            times[row.slot].ends_at,
            frozenset(person for _, person in seats[row.id]),
            tuple(seats[row.id]),
            frozenset(beside[row.id]),
        )
        for row in live
    ]


def check_promise_1(database: Database, times: dict[str, Slot]) -> None:
    """One live booking a slot, one a referral, nobody in two places; the grid is the seats' times."""
    live = live_bookings(database, times)
    assert all(booking.status in LIVE for booking in live)
    assert len({booking.slot for booking in live}) == len(live), "a slot is held twice"
    assert len({booking.referral for booking in live}) == len(live), "a referral is booked twice"
    for one, other in combinations(live, 2):
        if one.starts_at < other.ends_at and other.starts_at < one.ends_at:
            assert not one.people & other.people, "somebody is in two places at once"
    wanted = {
        (person, tick, booking.id)
        for booking in live
        for person in booking.people
        for tick in range(
            int(booking.starts_at.timestamp()) // 300, -int(-booking.ends_at.timestamp() // 300)
        )
    }
    assert {tuple(row) for row in rows(database, "SELECT person, tick, booking FROM busy")} == wanted


def world_of(office: Office, database: Database) -> World:
    """The rows as the reference implementation takes them: meetings that have not begun."""
    organisation = organisation_of(office)
    teams = {team.id: team for team in organisation.teams}
    with office.unit_of_work() as uow:
        meetings = {
            team: [m for m in uow.plan.meetings(team, office.today()) if m.starts_at > office.now()]
            for team in teams
        }
        people = [person.id for person in organisation.people]
        absences = uow.plan.absences(people, date.min)
        handovers = {
            team: sorted(uow.plan.handovers(team), key=lambda h: (h.from_date, h.id)) for team in teams
        }
    live = live_bookings(database, slots(office, teams))
    busy: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    for booking in live:
        for person in booking.people:
            busy[person].append((booking.starts_at, booking.ends_at))
    to_come = {t: [(h.from_date, h.person, h.successor) for h in found] for t, found in handovers.items()}
    return World(teams, meetings, absences, {booking.slot for booking in live}, busy, to_come)
