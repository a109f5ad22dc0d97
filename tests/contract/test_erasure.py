"""Erasure (gallring) through the services, on both databases: when, what, and what the files hold then."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from schedules.domain.figures.facts import MeetingState, Outcome
from schedules.domain.figures.month import Month, Period
from schedules.domain.figures.page import WHOLE, Page, PageKind
from schedules.domain.meeting_report import NotHeldReason, ReportCase, Result
from schedules.domain.organisation import Retention
from schedules.errors import CaseSealed, NotFound
from schedules.services.answer_by_link import open_link
from schedules.services.decide_booking import send_back, withdraw_referral
from schedules.services.erase_case import (
    AlreadyErased,
    NoDecision,
    OtherDecision,
    StillRunning,
    erase_case,
    preview_erasure,
    scrub_owed,
)
from schedules.services.erase_messages import OnTheirWay
from schedules.services.feedback import feedback_given, show_result
from schedules.services.home import home_page
from schedules.services.own_cases import own_cases
from schedules.services.publish_report import publish
from schedules.services.report_meeting import report_case
from schedules.services.run_due import run_due
from schedules.services.show_case import show_case
from tests.support.erasing import (
    DECISION,
    Archive,
    archive_on,
    bytes_of,
    ids_of,
    later,
    secrets_of,
    tables_with,
)
from tests.support.plan_rows import rows

OPERATOR = "command line"
NIGHT_AFTER_A_YEAR = later(1)
NIGHT_AFTER_THREE = later(3)


@pytest.fixture
def archive(database_url: str) -> Iterator[Archive]:
    opened = archive_on(database_url)
    yield opened
    opened.database.close()


@pytest.fixture
def small(tmp_path: Path, sqlite_template: Path) -> Iterator[Archive]:
    """The same on SQLite only, where nothing is asked of the database that differs."""
    path = tmp_path / "samtid.db"
    shutil.copyfile(sqlite_template, path)
    opened = archive_on(f"sqlite:///{path}")
    yield opened
    opened.database.close()


def with_two(archive: Archive) -> tuple[str, str]:
    """Two cases of the same people at the same meeting, reported."""
    first, second = archive.raise_case("a1"), archive.raise_case("a2")
    archive.end_all()
    return first, second


def referral(archive: Archive, reference: str) -> str:
    return ids_of(archive.database, reference)[2]


def reports(archive: Archive) -> list[Any]:
    """The figures of all pages, of which nothing is hidden by an earlier report of the same period."""
    period = Period(Month(2026, 11), Month(2026, 12))
    pages = (WHOLE, Page(PageKind.TEAM, "north"), Page(PageKind.MUNICIPALITY, "south"))
    with archive.it.office.unit_of_work() as uow:
        facts = uow.facts.read(WHOLE)
    return [facts, *(publish(archive.it.office, page, period, OPERATOR) for page in pages)]


# --- when ----------------------------------------------------------------------------------------------


def test_without_a_decision_nothing_is_ever_erased(archive: Archive) -> None:
    reference = archive.raise_case()
    archive.end_all()
    archive.decide(Retention(None, 1, 1, 1))
    archive.night(later(50))
    before = secrets_of(archive.database, reference)
    assert archive.tick() == 0
    with pytest.raises(NoDecision):
        erase_case(archive.it.office, reference, DECISION, OPERATOR)
    assert secrets_of(archive.database, reference) == before
    assert rows(archive.database, "SELECT count(*) AS n FROM audit")[0].n > 0
    assert archive.scrubs == {}


def test_the_protected_fields_go_first_and_the_rest_later(archive: Archive) -> None:
    reference = archive.raise_case()
    archive.end_all()
    archive.decide()
    archive.night(NIGHT_AFTER_A_YEAR - timedelta(days=1))
    assert archive.tick() == 0
    assert len(secrets_of(archive.database, reference)) == 4
    archive.night(NIGHT_AFTER_A_YEAR)
    assert archive.tick() == 1
    assert secrets_of(archive.database, reference) == []
    assert archive.references() == [reference]
    archive.night(NIGHT_AFTER_THREE - timedelta(days=1))
    assert archive.tick() == 0
    archive.night(NIGHT_AFTER_THREE)
    assert archive.tick() == 1
    assert archive.references() == []
    actions = [row.action for row in rows(archive.database, "SELECT action FROM audit ORDER BY id")]
    assert actions[-2:] == [f"case.erase_protected:{DECISION}", f"case.erase:{DECISION}"]


def test_it_runs_outside_working_hours_once_a_day(small: Archive) -> None:
    small.raise_case()
    small.end_all()
    small.decide()
    small.it.clock.at = small.it.clock.at.replace(year=2028, month=3, day=15, hour=10)  # a Wednesday
    assert small.tick() == 0
    small.night(date(2028, 3, 16))
    assert [small.tick(), small.tick()] == [1, 0]
    small.decide(Retention(DECISION, 1, 2, 5))  # other months are looked at at once
    assert small.tick() == 1


def test_a_running_case_is_never_erased_by_the_tick(archive: Archive) -> None:
    """Booked, though never reported; waiting, because no time was left. One that was taken back goes."""
    running = [archive.raise_case(who, "south") for who in ("a1", "a2", "a0", "a1")]
    withdrawn = archive.raise_case("c2", "north", "a")
    statuses = "SELECT status FROM referral ORDER BY status"
    assert [row.status for row in rows(archive.database, statuses)].count("waiting") == 1
    withdraw_referral(archive.it.office, "c2", referral(archive, withdrawn))
    archive.deliver()
    archive.decide(Retention(DECISION, 1, 1, 100))
    archive.night(later(20))
    assert archive.tick() == 1
    assert archive.references() == running


def test_a_case_taken_back_late_counts_from_that_day(archive: Archive) -> None:
    reference = archive.raise_case()
    archive.night(date(2026, 12, 7))
    withdraw_referral(archive.it.office, "a1", referral(archive, reference))
    archive.deliver()
    archive.decide(Retention(DECISION, 1, 1, 5))
    archive.night(date(2027, 1, 6))
    assert archive.tick() == 0
    archive.night(date(2027, 1, 7))
    assert archive.tick() == 1


def test_a_returned_case_that_nobody_mends_ends_with_its_protected_fields(small: Archive) -> None:
    reference = small.raise_case()
    booking = rows(small.database, "SELECT id FROM booking")[0].id
    send_back(small.it.office, "a3", booking, "Frågan behöver bli tydligare.")
    small.deliver()
    small.decide(Retention(DECISION, 1, 2, 5))
    small.night(date(2027, 1, 5))
    assert small.tick() == 1
    assert own_cases(small.it.office, "a1") == ()
    assert small.references() == [reference]


def test_many_cases_go_some_at_a_tick(small: Archive) -> None:
    for who in ("a1", "a2", "a0"):
        small.raise_case(who)
    small.end_all()
    small.decide()
    small.night(NIGHT_AFTER_THREE)
    assert [small.tick(2), small.tick(2), small.tick(2)] == [2, 1, 0]
    small.deliver()
    assert small.slack.of("rewrite") == []  # of the messages that named several, none is left
    assert tables_with(small.database, "NOR-2026-00") == {"audit"}


def test_audit_rows_stay_for_their_years(archive: Archive) -> None:
    reference = archive.raise_case()
    archive.end_all()
    archive.decide()
    archive.night(NIGHT_AFTER_THREE)
    kept = rows(archive.database, "SELECT id FROM audit")
    archive.tick()
    of_case = rows(archive.database, "SELECT action FROM audit WHERE reference IS NOT NULL ORDER BY id")
    assert [row.action for row in of_case][:2] == ["referral.submit", "booking.confirm"]
    assert len(rows(archive.database, "SELECT id FROM audit")) == len(kept) + 1
    with archive.it.office.unit_of_work() as uow:
        assert uow.erasure.erased(reference) is not None
    archive.night(later(5) - timedelta(days=1))
    archive.tick()
    assert "meeting.report" in {row.action for row in rows(archive.database, "SELECT action FROM audit")}
    archive.night(later(5))
    archive.tick()
    left = {row.action for row in rows(archive.database, "SELECT action FROM audit")}
    assert left == {f"case.erase:{DECISION}"}


# --- what ----------------------------------------------------------------------------------------------


def test_the_files_hold_keys_and_ciphertexts_before_and_not_after(archive: Archive) -> None:
    first, second = with_two(archive)
    gone, kept = secrets_of(archive.database, first), secrets_of(archive.database, second)
    archive.decide()
    before = bytes_of(archive.database)
    assert all(secret in before for secret in (*gone, *kept))
    erase_case(archive.it.office, first, DECISION, OPERATOR)
    assert scrub_owed(archive.it.office, archive.database.scrub)
    after = bytes_of(archive.database)
    assert not any(secret in after for secret in gone)
    assert all(secret in after for secret in kept)


def test_the_tick_clears_the_files_of_protected_fields(archive: Archive) -> None:
    first, second = with_two(archive)
    gone = [*secrets_of(archive.database, first), *secrets_of(archive.database, second)]
    archive.decide()
    archive.night(NIGHT_AFTER_A_YEAR)
    assert all(secret in bytes_of(archive.database) for secret in gone)
    assert archive.tick() == 2
    assert archive.scrubs == {True: 1}
    assert not any(secret in bytes_of(archive.database) for secret in gone)


def test_a_hindered_clearing_is_owed_until_it_succeeds(archive: Archive) -> None:
    reference = archive.raise_case()
    archive.end_all()
    gone = secrets_of(archive.database, reference)
    archive.decide()
    archive.night(NIGHT_AFTER_A_YEAR)
    with archive.database._engine.connect() as reader:
        # A report that takes its time: SQLite keeps its pages, PostgreSQL its table, until it is done.
        reader.execute(sa.text("SELECT * FROM referral")).all()
        assert archive.tick() == 1
        assert archive.scrubs == {False: 1}
        assert any(secret in bytes_of(archive.database) for secret in gone)
    archive.it.clock.at += timedelta(hours=9)  # in working hours as well
    assert archive.tick() == 0
    assert archive.scrubs == {False: 1, True: 1}
    assert not any(secret in bytes_of(archive.database) for secret in gone)
    archive.tick()
    assert archive.scrubs[True] == 1


def test_no_row_but_the_audit_trail_names_an_erased_case(archive: Archive) -> None:
    first, second = with_two(archive)
    words, others = ids_of(archive.database, first), ids_of(archive.database, second)
    assert {"outbox", "invitation", "seat", "case_report", "fact_link", "due"} <= {
        table for word in words for table in tables_with(archive.database, word)
    }
    archive.decide()
    erase_case(archive.it.office, first, DECISION, OPERATOR)
    archive.deliver()
    assert {table for word in words for table in tables_with(archive.database, word)} <= {"audit"}
    for word in others[:3]:
        assert len(tables_with(archive.database, word)) > 1


def test_the_figures_are_the_same_before_and_after(archive: Archive) -> None:
    first, second = with_two(archive)
    archive.it.clock.at += timedelta(days=60)
    before = reports(archive)
    assert (len(before[0].cases), len(before[0].calls), len(before[0].outcomes)) == (2, 4, 2)
    archive.decide()
    archive.night(NIGHT_AFTER_A_YEAR)
    assert archive.tick() == 2
    assert reports(archive) == before
    erase_case(archive.it.office, first, DECISION, OPERATOR)
    archive.night(NIGHT_AFTER_THREE)
    assert archive.tick() == 1
    assert archive.references() == []
    assert second
    assert reports(archive) == before


def test_a_meeting_keeps_its_figures_when_another_case_is_reported_later(small: Archive) -> None:
    first, second = small.raise_case("a1"), small.raise_case("a2")
    small.end_all(first)
    small.decide()
    erase_case(small.it.office, first, DECISION, OPERATOR)
    small.it.clock.at += timedelta(hours=1)
    result = Result(Outcome.NOT_HELD, not_held=NotHeldReason.NO_TIME_LEFT)
    (booking,) = rows(small.database, "SELECT id FROM booking WHERE status = 'booked'")
    report_case(small.it.office, ReportCase("a3", booking.id, result))
    with small.it.office.unit_of_work() as uow:
        facts = uow.facts.read(WHOLE)
    meeting = next(fact for fact in facts.meetings if fact.slots_used)
    assert (meeting.state, meeting.slots_used) == (MeetingState.HELD, 1)
    assert small.references() == [second]


# --- messages ------------------------------------------------------------------------------------------


def test_own_messages_are_deleted_and_shared_ones_rewritten(archive: Archive) -> None:
    first, second = with_two(archive)
    # In what is seen last of a message there may be both cases: the card of the party's representative.
    archive.decide()
    shown = {row.id: row for row in archive.slack.posted if row.kind in {"post", "card", "card_edit"}}
    assert any(first in row.payload and second in row.payload for row in shown.values())
    erasing = erase_case(archive.it.office, first, DECISION, OPERATOR)
    archive.deliver()
    assert len(archive.slack.of("erase")) == erasing.deleted > 0
    assert len(archive.slack.of("rewrite")) == erasing.rewritten > 0
    for row in archive.slack.of("rewrite"):
        assert first not in row.payload
        assert second in row.payload
    last = erase_case(archive.it.office, second, DECISION, OPERATOR)
    archive.deliver()
    assert last.rewritten == 0
    assert tables_with(archive.database, second) <= {"audit"}


def test_a_case_whose_messages_are_on_their_way_waits(small: Archive) -> None:
    reference = small.raise_case()
    withdraw_referral(small.it.office, "a1", referral(small, reference))
    small.decide()
    with pytest.raises(OnTheirWay):
        erase_case(small.it.office, reference, DECISION, OPERATOR)
    small.night(later(3))
    assert small.tick() == 0
    assert small.references() == [reference]
    small.deliver()
    assert erase_case(small.it.office, reference, DECISION, OPERATOR).case.reference == reference


# --- by command ----------------------------------------------------------------------------------------


def test_one_case_goes_at_once_by_the_decisions_number(archive: Archive) -> None:
    reference = archive.raise_case()
    archive.decide()
    with pytest.raises(StillRunning):
        preview_erasure(archive.it.office, reference, DECISION)
    archive.end_all()
    with pytest.raises(OtherDecision):
        erase_case(archive.it.office, reference, "2027/18", OPERATOR)
    with pytest.raises(NotFound):
        erase_case(archive.it.office, "NOR-2026-999", DECISION, OPERATOR)
    shown = preview_erasure(archive.it.office, reference, DECISION)
    assert shown.rows["referral"] == 1
    assert archive.references() == [reference]
    assert erase_case(archive.it.office, reference, DECISION, OPERATOR) == shown
    (line,) = rows(archive.database, "SELECT actor, action, reference FROM audit ORDER BY id DESC LIMIT 1")
    assert tuple(line) == (OPERATOR, f"case.erase:{DECISION}", reference)
    with pytest.raises(AlreadyErased) as again:
        erase_case(archive.it.office, reference, DECISION, OPERATOR)
    assert again.value.ids["decision"] == DECISION


# --- afterwards ----------------------------------------------------------------------------------------


def test_old_buttons_and_links_say_that_it_is_gone(small: Archive) -> None:
    reference = small.raise_case()
    small.end_all()
    case = referral(small, reference)
    booking = rows(small.database, "SELECT id FROM booking")[0].id
    public = [row.public_id for row in rows(small.database, "SELECT public_id FROM invitation")]
    small.decide()
    small.night(NIGHT_AFTER_A_YEAR)
    office = small.it.office
    assert [one.owed for one in own_cases(office, "a1")] == [booking]
    small.tick()
    with pytest.raises(CaseSealed):
        show_case(office, "a1", case)
    with pytest.raises(CaseSealed):
        show_result(office, "a1", booking)
    with pytest.raises(CaseSealed):
        feedback_given(office, "a1", booking)
    assert own_cases(office, "a1") == ()
    with pytest.raises(CaseSealed) as sealed:
        withdraw_referral(office, "a1", case)
    assert sealed.value.ids["seal"] == "erased"
    erase_case(office, reference, DECISION, OPERATOR)
    with pytest.raises(NotFound):
        show_case(office, "a1", public[0])
    with pytest.raises(NotFound):
        show_result(office, "a1", booking)
    with pytest.raises(NotFound):
        withdraw_referral(office, "a1", case)
    with pytest.raises(NotFound):
        open_link(office, public[0])
    assert run_due(office).failures == ()
    assert home_page(office, "a3").language


def test_a_new_case_after_an_erased_one_has_a_number_of_its_own(small: Archive) -> None:
    first = small.raise_case()
    withdraw_referral(small.it.office, "a1", referral(small, first))
    small.deliver()
    small.decide()
    erase_case(small.it.office, first, DECISION, OPERATOR)
    second = small.raise_case()
    assert (first, second) == ("NOR-2026-001", "NOR-2026-002")
