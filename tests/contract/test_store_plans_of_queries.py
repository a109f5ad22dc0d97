"""The hot path reads by index, in few statements, whatever the size of the plan."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from schedules.domain.cases import ReferralStatus
from schedules.domain.figures.month import Month, Period
from schedules.ports import Channel, Due, DueKind, Letter
from schedules.store.database import Database
from schedules.store.unit_of_work import SqlUnitOfWork
from tests.support.databases import SECRET_KEY
from tests.support.examples import (
    NOW,
    ORGANISATION,
    a_booking,
    a_meeting,
    a_referral,
    an_invitation,
    store_referral,
)
from tests.support.statements import statements

SINCE = date(2026, 9, 1)
MEETING = a_meeting()
MINUTE = timedelta(minutes=1)
MORNING = Due("d1", DueKind.MORNING, MEETING.id, "tierp", NOW)


def claimed(unit: SqlUnitOfWork) -> tuple[Due, ...]:
    unit.due.plan(MORNING)
    return unit.due.claim("w1", NOW, MINUTE)


TERM = Period(Month(2026, 7), Month(2026, 12))
READS: dict[str, tuple[int, Callable[[SqlUnitOfWork], Any]]] = {
    "meetings": (3, lambda unit: unit.plan.meetings("tierp", SINCE)),
    "openings": (2, lambda unit: unit.plan.openings("tierp", SINCE, 13)),
    "meeting": (2, lambda unit: unit.plan.meeting(MEETING.id)),
    "taken slots": (1, lambda unit: unit.plan.taken_slots("tierp", SINCE)),
    "busy": (1, lambda unit: unit.plan.busy(["p1", "p2"], MEETING.starts_at, MEETING.ends_at)),
    "absences": (2, lambda unit: unit.plan.absences(["p1", "p2"], SINCE)),
    "handovers": (2, lambda unit: unit.plan.handovers("tierp")),
    "teams served": (3, lambda unit: unit.organisation.teams_served_by("p4")),
    "booked meetings": (1, lambda unit: unit.plan.meetings_with_live_bookings("tierp")),
    "meetings ever booked": (1, lambda unit: unit.plan.meetings_ever_booked("tierp")),
    "live bookings": (1, lambda unit: unit.plan.live_bookings(MEETING.id)),
    "referrals of a meeting": (1, lambda unit: unit.cases.at_meeting(MEETING.id)),
    "team of an invitation": (1, lambda unit: unit.plan.team_of("nobody's")),
    "invitations of a person": (1, lambda unit: unit.plan.invitations_of("p2", MEETING.id)),
    "coming meetings": (1, lambda unit: unit.plan.coming_meetings_of("p2", NOW)),
    "by view": (2, lambda unit: unit.cases.by_view("V1")),
    "by own reference": (1, lambda unit: unit.cases.by_own_reference("tierp", "77/1")),
    "of a person": (1, lambda unit: unit.cases.of_person("p2", list(ReferralStatus))),
    "of a team": (1, lambda unit: unit.cases.of_team("tierp", list(ReferralStatus))),
    "waiting": (3, lambda unit: unit.cases.waiting("tierp")),
    "a known team": (2, lambda unit: unit.organisation.team("tierp")),
    "who is at the keyboard": (4, lambda unit: unit.organisation.person_by_slack("U0001")),
    "nothing due": (1, lambda unit: unit.due.claim("w1", NOW, MINUTE)),
    "due": (4, claimed),
    "next due": (1, lambda unit: unit.due.next_at()),
    "drop due": (1, lambda unit: unit.due.drop_for("b1", [DueKind.MORNING], NOW, "")),
    "attendance": (1, lambda unit: unit.facts.attendance(["tierp", "osthammar"], TERM)),
    "met two": (1, lambda unit: unit.facts.met_two_organisations(["tierp", "osthammar"], TERM.since)),
    "failed letters": (1, lambda unit: unit.outbox.failed(["tierp"])),
}
FEWER_ON_POSTGRESQL = {"openings": 1}  # kept in no memory, so nobody asks whether it has changed


@pytest.fixture
def stored(database: Database) -> Database:
    """A little of everything, and the statistics that PostgreSQL and SQLite plan by left as they are."""
    database.migrate()
    slot = MEETING.slots[0]
    with database.unit_of_work() as unit:
        unit.organisation.save(ORGANISATION)
        unit.plan.save_meeting(MEETING)
        referral = store_referral(unit, a_referral(view_id="V1"))
        store_referral(unit, a_referral(status=ReferralStatus.WAITING))
        booking = a_booking(referral, slot)
        unit.plan.add_booking(booking, slot.starts_at, slot.ends_at)
        unit.plan.save_invitation(an_invitation(booking))
        unit.organisation.team("tierp")
        unit.commit()
    return database


def scans(database: Database, statement: str, parameters: Any) -> list[str]:
    """The tables that SQLite would read from one end to the other."""
    with database._engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
    steps = [row[3] for row in plan if row[3].startswith("SCAN")]
    # The earliest open row is the first of its partial index; constants and subqueries are no tables; of
    # handovers there are only those to come.
    fine = ("ix_due_open_at", "CONSTANT", "SCAN anon_", "SCAN next", "SCAN handover")
    return [step for step in steps if not any(one in step for one in fine)]


@pytest.mark.parametrize("name", READS)
def test_reads_are_few_and_by_index(stored: Database, name: str) -> None:
    count, read = READS[name]
    with statements() as seen, stored.unit_of_work() as unit:
        read(unit)
    on_sqlite = stored._engine.dialect.name == "sqlite"
    assert len(seen) == (count if on_sqlite else FEWER_ON_POSTGRESQL.get(name, count))
    if on_sqlite:
        assert [found for one in seen for found in scans(stored, *one)] == []


def test_what_is_known_of_the_organisation_is_read_once_until_it_changes(stored: Database) -> None:
    def ask() -> tuple[str | None, int]:
        with stored.unit_of_work() as unit, statements() as seen:
            person = unit.organisation.person_by_slack("U0001")
            unit.organisation.people(["p1"])
            return (person.language if person else None), len(seen)

    first = ask()
    assert ask() == (first[0], 1)  # only whether it has changed
    with stored.unit_of_work() as unit:
        unit.organisation.set_language("p1", "en")
        assert unit.organisation.people(["p1"])["p1"].language == "en"
    assert ask()[0] == first[0]  # nothing was committed
    with stored.unit_of_work() as unit:
        unit.organisation.people(["p1"])
        unit.organisation.set_language("p1", "en")
        unit.commit()
        assert unit.organisation.people(["p1"])["p1"].language == "en"
    other = Database(str(stored._engine.url.render_as_string(hide_password=False)), [SECRET_KEY])
    with other.unit_of_work() as unit:
        assert unit.organisation.people(["p1"])["p1"].language == "en"
        unit.organisation.set_language("p1", "sv")
        unit.commit()
    other.close()
    assert ask()[0] == "sv"


def test_claims_are_by_index(stored: Database) -> None:
    letter = Letter("s", Channel.MAIL, "request", "pa@fk.example", "{}", NOW)
    with statements() as seen:
        for ref in ("first", "second"):
            with stored.unit_of_work() as unit:
                unit.outbox.add(letter, NOW)
                unit.commit()
            (row,) = stored.outbox.claim(list(Channel), NOW, 10, NOW - NOW)
            assert row.previous_ref == ("first" if ref == "second" else None)
            stored.outbox.mark_sent(row, ref, NOW)
    # Put in, looked for, claimed, marked; and only where something came before, what it is found by.
    assert len(seen) == 4 + 5
    if stored._engine.dialect.name == "sqlite":
        assert [found for one in seen for found in scans(stored, *one)] == []
