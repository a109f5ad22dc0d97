"""What was reported of a case's time: found again, encrypted with the case's key, once a booking."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
import sqlalchemy as sa
from alembic import command

from schedules.domain.figures.facts import Decision, Feedback, Outcome, TookPart
from schedules.domain.meeting_report import CaseReport, NotHeldReason, Result
from schedules.domain.plan import BookingStatus
from schedules.errors import Outdated
from schedules.store.database import Database
from schedules.store.migration import configuration
from schedules.store.unit_of_work import SqlUnitOfWork
from tests.support.databases import SECRET_KEY
from tests.support.examples import (
    NOW,
    ORGANISATION,
    a_booking,
    a_meeting,
    a_referral,
    protected,
    store_referral,
)

RESULT = Result(
    Outcome.NEW_MEETING,
    ("fk",),
    TookPart.NO,
    (Decision.WORK_TRAINING, Decision.SUPPORT_MISSING),
    ("vc",),
    "kanarieplan",
    None,
    ("fk", "af"),
    date(2026, 12, 1),
)


@pytest.fixture
def unit(database: Database) -> Iterator[SqlUnitOfWork]:
    with database.unit_of_work() as unit:
        unit.organisation.save(ORGANISATION)
        unit.commit()
        unit.lock_teams(["tierp"])
        yield unit


def reported(unit: SqlUnitOfWork, position: int = 0, *, held: bool = True) -> CaseReport:
    """A booking of a case of its own whose report is stored."""
    meeting = a_meeting()
    if unit.plan.meeting(meeting.id) is None:
        unit.plan.save_meeting(meeting)
    referral, slot = store_referral(unit, a_referral(), protected()), meeting.slots[position]
    booking = a_booking(referral, slot, {})
    unit.plan.add_booking(booking, slot.starts_at, slot.ends_at)
    feedback = Feedback.OWED if held else Feedback.NOT_NEEDED
    report = CaseReport(
        booking=booking.id,
        referral=referral.id,
        meeting=meeting.id,
        team="tierp",
        held=held,
        feedback=feedback,
        reported_by="p1",
        reported_at=NOW + timedelta(minutes=position),
    )
    unit.outcomes.add(report, RESULT if held else Result(Outcome.NOT_HELD, not_held=NotHeldReason.OTHER))
    return report


def test_a_report_comes_back_as_it_was(unit: SqlUnitOfWork) -> None:
    first, second = reported(unit), reported(unit, 1, held=False)
    unit.commit()
    assert unit.outcomes.of_booking(first.booking) == first
    assert unit.outcomes.of_booking("another") is None
    assert unit.outcomes.of_meeting(first.meeting) == (first, second)
    assert unit.outcomes.of_referral(second.referral) == (second,)
    assert unit.outcomes.result(first.booking) == RESULT
    with pytest.raises(KeyError):
        unit.outcomes.result("another")


def test_a_booking_is_reported_once(unit: SqlUnitOfWork) -> None:
    report = reported(unit)
    with pytest.raises(Outdated):
        unit.outcomes.add(report, RESULT)


def test_feedback_is_owed_until_it_is_given_and_given_once(unit: SqlUnitOfWork) -> None:
    report = reported(unit)
    reported(unit, 1, held=False)
    assert unit.outcomes.owed_feedback("tierp") == (report,)
    assert unit.outcomes.owed_feedback_by("p2") == (report,)
    assert unit.outcomes.owed_feedback_by("p1") == ()
    unit.outcomes.give_feedback(report.booking, "p2", NOW)
    unit.outcomes.give_feedback(report.booking, "p1", NOW + timedelta(days=1))
    given = replace(report, feedback=Feedback.GIVEN, feedback_by="p2", feedback_at=NOW)
    assert unit.outcomes.of_booking(report.booking) == given
    assert unit.outcomes.owed_feedback("tierp") == ()


def test_no_result_is_stored_in_plain(database: Database, unit: SqlUnitOfWork) -> None:
    reported(unit)
    unit.commit()
    with database._engine.connect() as connection:
        (row,) = connection.execute(sa.text("SELECT * FROM case_report"))
    for plain in ("kanarieplan", "work_training", "new_meeting", "support_missing", "2026-12-01"):
        assert plain not in repr(row)


def test_what_has_ended_and_is_booked_is_unreported(unit: SqlUnitOfWork) -> None:
    meeting = a_meeting()
    unit.plan.save_meeting(meeting)
    bookings = []
    for slot, status in zip(meeting.slots, ("booked", "booked", "fulfilled", "proposed"), strict=True):
        booking = replace(
            a_booking(store_referral(unit, a_referral()), slot, {}), status=BookingStatus(status)
        )
        unit.plan.add_booking(booking, slot.starts_at, slot.ends_at)
        bookings.append(booking)
    first, second = meeting.slots[:2]
    assert unit.plan.unreported("tierp", first.starts_at) == ()
    assert unit.plan.unreported("tierp", first.ends_at) == (bookings[0],)
    assert unit.plan.unreported("tierp", second.ends_at + timedelta(days=9)) == tuple(bookings[:2])
    assert not bookings[2].live


def test_bookings_of_the_version_before_are_reported_after_the_upgrade(empty_database_url: str) -> None:
    """Written under 0007, with everything that a booking refers to."""
    database = Database(empty_database_url, [SECRET_KEY])
    with database._engine.connect() as connection, connection.begin():
        command.upgrade(configuration(connection), "0007")
        old = sa.MetaData()
        old.reflect(connection)
        assert "case_report" not in old.tables
        for table, row in OF_0007.items():
            connection.execute(old.tables[table].insert().values(**row))
    database.migrate()
    with database.unit_of_work() as unit:
        (booking,) = unit.plan.unreported("tierp", NOW + timedelta(hours=1))
        assert unit.outcomes.of_referral(booking.referral) == ()
        unit.lock_teams(["tierp"])
        unit.plan.save_booking(replace(booking, status=BookingStatus.FULFILLED), NOW, NOW)
        assert unit.plan.unreported("tierp", NOW + timedelta(hours=1)) == ()
    database.close()


TIMES: dict[str, object] = {
    "start": time(13),
    "end": time(13, 30),
    "starts_at": NOW,
    "ends_at": NOW + timedelta(minutes=30),
}
OF_0007: dict[str, dict[str, object]] = {
    "party": {"id": "fk", "association_id": "a", "name": "FK", "kind": "other", "position": 0},
    "person": {
        "id": "pa",
        "association_id": "a",
        "party": "fk",
        "name": "Pa",
        "source": "file",
        "position": 0,
    },
    "team": {
        "id": "tierp",
        "association_id": "a",
        "revision": "1",
        "name": "Tierp",
        "reference_prefix": "TIE",
        "municipality": "Tierp",
        "coordinator": "pa",
        "place": "Rum 4",
        "lead_workdays": 7,
        "urgent_lead_workdays": 1,
        "agenda_workdays": 5,
        "coordinator_confirms": True,
        "confirm_by_itself_workdays": 1,
        "invite_delay_minutes": 10,
        "answers": "required",
        "position": 0,
    },
    "meeting": {
        "id": "m",
        "team": "tierp",
        "day": NOW.date(),
        "place": "Rum 4",
        "status": "planned",
        "series_weeks": 2,
        **TIMES,
    },
    "slot": {"id": "s", "meeting": "m", "position": 0, "reserved": False, **TIMES},
    "case_record": {
        "id": "c",
        "association_id": "a",
        "team": "tierp",
        "reference": "TIE-2026-001",
        "party": "fk",
        "owner": "pa",
        "created_at": NOW,
    },
    "referral": {
        "id": "r",
        "case": "c",
        "team": "tierp",
        "referrer": "pa",
        "owner": "pa",
        "status": "active",
        "parties": ["fk"],
        "categories": [],
        "flags": [],
        "person_takes_part": "no",
        "urgency": "ordinary",
        "submitted_at": NOW,
    },
    "booking": {
        "id": "b",
        "referral": "r",
        "team": "tierp",
        "meeting": "m",
        "slot": "s",
        "status": "booked",
        "uid": "b@samtid.example",
        "sequence": 0,
        "created_at": NOW,
    },
}
