"""Threads at the same last slot: constraints decide, and exactly one gets it (promise 1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, time
from functools import partial

import pytest

from schedules.domain.cases import Referral, ReferralStatus
from schedules.domain.plan import BookingStatus, Slot
from schedules.errors import LockTimeout, SlotTaken
from schedules.store.database import Database
from tests.support.databases import SECRET_KEY, wait_until_somebody_waits
from tests.support.examples import ORGANISATION, a_booking, a_meeting, a_referral, store_referral
from tests.support.races import race

ROUNDS = 50
DAY = date(2026, 9, 15)


def prepare(
    database: Database, slots: list[tuple[str, time]], each: int
) -> list[tuple[Slot, list[Referral]]]:
    """One meeting of one slot per (team, start), and as many referrals as threads will want it."""
    made = []
    with database.unit_of_work() as unit:
        unit.organisation.save(ORGANISATION)
        for team, start in slots:
            meeting = a_meeting(DAY, team, slots=1, start=start, minutes=5)
            unit.plan.save_meeting(meeting)
            made.append((meeting.slots[0], [store_referral(unit, a_referral(team)) for _ in range(each)]))
        unit.commit()
    return made


def times(team: str) -> list[tuple[str, time]]:
    return [(team, time(8 + n // 10, n % 10 * 5)) for n in range(ROUNDS)]


def attempt(database: Database, referral: Referral, slot: Slot, seats: dict[str, str], *, lock: bool) -> str:
    """What a thread got."""
    try:
        with database.unit_of_work() as unit:
            if lock:
                unit.lock_teams([referral.team])
            unit.plan.add_booking(a_booking(referral, slot, seats), slot.starts_at, slot.ends_at)
            unit.commit()
    except (SlotTaken, LockTimeout) as refusal:
        return type(refusal).__name__
    return "booked"


def outcomes(runners: list[Callable[[], str]]) -> Counter[str]:
    got = Counter(race(runners))
    assert got["booked"] == 1, got
    return got


@pytest.mark.parametrize("lock", [True, False], ids=["locked", "unlocked"])
@pytest.mark.parametrize("threads", [2, 8])
def test_one_gets_the_last_slot(database: Database, threads: int, *, lock: bool) -> None:
    """Different people, so that only the slot's constraint can refuse; also when the lock was forgotten."""
    people = [{"fk": "p2"}, {"kommun": "p1"}, {"af": "p3"}, {"vc": "p4"}]
    for slot, referrals in prepare(database, times("tierp"), threads):
        seats = [people[n % 4] if n < 4 else {} for n in range(threads)]
        outcomes(
            [partial(attempt, database, r, slot, s, lock=lock) for r, s in zip(referrals, seats, strict=True)]
        )
        with database.unit_of_work() as unit:
            assert len(unit.plan.live_bookings(slot.meeting)) == 1


@pytest.mark.parametrize("threads", [2, 8])
def test_a_referral_is_booked_once(database: Database, threads: int) -> None:
    """The same form from several threads, each at a slot of its own."""
    with database.unit_of_work() as unit:
        unit.organisation.save(ORGANISATION)
        meetings = [a_meeting(DAY, slots=1, start=time(8 + n)) for n in range(threads)]
        for meeting in meetings:
            unit.plan.save_meeting(meeting)
        referrals = [store_referral(unit, a_referral()) for _ in range(10)]
        unit.commit()
    for referral in referrals:
        outcomes([partial(attempt, database, referral, m.slots[0], {}, lock=False) for m in meetings])
        with database.unit_of_work() as unit:
            booking = unit.plan.live_booking(referral.id)
            assert booking is not None
            slot = next(m.slots[0] for m in meetings if m.id == booking.meeting)
            ended = a_booking(referral, slot)
        release(database, referral, ended.meeting)


def release(database: Database, referral: Referral, meeting: str) -> None:
    """Cancel the referral's live booking, so that its slot is free for the next round."""
    with database.unit_of_work() as unit:
        booking = unit.plan.live_booking(referral.id)
        found = unit.plan.meeting(meeting)
        assert booking is not None
        assert found is not None
        cancelled = replace(booking, status=BookingStatus.CANCELLED)
        unit.plan.save_booking(cancelled, found.starts_at, found.ends_at)
        unit.commit()


@pytest.mark.parametrize("threads", [2, 8])
def test_a_person_wanted_by_two_teams_at_once(database: Database, threads: int) -> None:
    """Two teams, two locks, one p2: only the grid stands between them. Both orders of the people."""
    tierp = prepare(database, times("tierp"), threads // 2)
    alvkarleby = prepare(database, times("alvkarleby"), threads // 2)
    for (here, ours), (there, theirs) in zip(tierp, alvkarleby, strict=True):
        runners = [partial(attempt, database, r, here, {"fk": "p2", "kommun": "p1"}, lock=True) for r in ours]
        runners += [
            partial(attempt, database, r, there, {"kommun": "p1", "fk": "p2"}, lock=True) for r in theirs
        ]
        got = outcomes(list(runners))
        assert got["LockTimeout"] == 0, "the threads waited for each other"


def test_whoever_waits_too_long_is_told(database_url: str) -> None:
    """Not an error of the driver, and the lock is free again afterwards."""
    database = Database(database_url, [SECRET_KEY], lock_wait=0.1)
    with database.unit_of_work() as first:
        first.organisation.save(ORGANISATION)
        first.commit()
        first.lock_teams(["tierp"])
        with pytest.raises(LockTimeout), database.unit_of_work() as second:
            second.lock_teams(["alvkarleby", "tierp"])
    with database.unit_of_work() as third:
        third.lock_teams(["tierp"])
    database.close()


def test_another_process_on_the_same_file_is_waited_for(database_url: str) -> None:
    """Two `Database` objects share no lock of the process, as two processes do not."""
    one, two = (Database(database_url, [SECRET_KEY], lock_wait=0.1) for _ in range(2))
    with one.unit_of_work() as first:
        first.organisation.save(ORGANISATION)
        first.commit()
        first.lock_teams(["tierp"])
        with pytest.raises(LockTimeout), two.unit_of_work() as second:
            second.lock_teams(["tierp"])
    with two.unit_of_work() as third:
        third.lock_teams(["tierp"])
    one.close()
    two.close()


def test_behind_the_lock_stands_what_its_holder_left(database: Database, database_url: str) -> None:
    """Also of what was remembered before: whoever waited asks again what the organisation is."""
    with database.unit_of_work() as unit:
        unit.organisation.save(ORGANISATION)
        unit.commit()
    with database.unit_of_work() as unit:
        assert unit.organisation.people(["p1"])["p1"].language == "sv"  # and is remembered

    def read_behind_the_lock() -> str | None:
        with database.unit_of_work() as waiting:
            waiting.lock_teams(["tierp"])
            return waiting.organisation.people(["p1"])["p1"].language

    with database.unit_of_work() as holder, ThreadPoolExecutor(1) as pool:
        holder.lock_teams(["tierp"])
        holder.organisation.set_language("p1", "en")
        answer = pool.submit(read_behind_the_lock)
        if not database_url.startswith("sqlite"):
            wait_until_somebody_waits(database_url)
        holder.commit()
        assert answer.result(timeout=30) == "en"


def test_what_a_form_asks_first_is_what_the_holder_left(database: Database, database_url: str) -> None:
    """It is read along with the lock: behind it, not as it was when the wait began."""
    with database.unit_of_work() as unit:
        unit.organisation.save(ORGANISATION)
        unit.commit()

    def read_behind_the_lock() -> tuple[Referral | None, tuple[Referral, ...], str]:
        with database.unit_of_work() as coming:
            coming.lock_teams(["tierp"], "V1")
            next_number = coming.cases.next_reference("tierp", "TIE", 2026)
            return coming.cases.by_view("V1"), coming.cases.waiting("tierp"), next_number

    with database.unit_of_work() as holder, ThreadPoolExecutor(1) as pool:
        holder.lock_teams(["tierp"])
        made = store_referral(holder, a_referral(view_id="V1", status=ReferralStatus.WAITING))
        answer = pool.submit(read_behind_the_lock)
        if not database_url.startswith("sqlite"):
            wait_until_somebody_waits(database_url)
        holder.commit()
        assert answer.result(timeout=30) == (made, (made,), "TIE-2026-002")


def test_readers_never_wait(database: Database) -> None:
    """A form opens while somebody plans."""
    with database.unit_of_work() as writer:
        writer.organisation.save(ORGANISATION)
        writer.commit()
        writer.lock_teams(["tierp"])
        writer.settings.set("clock", "1")
        with database.unit_of_work() as reader:
            assert reader.organisation.team("tierp") == ORGANISATION.teams[0]
            assert reader.settings.get("clock") is None


def test_a_read_before_a_write_does_not_doom_it(database: Database) -> None:
    """SQLite refuses to upgrade a read transaction that another writer has overtaken (TRAPS.md)."""
    with database.unit_of_work() as slow:
        assert slow.settings.get("clock") is None
        with database.unit_of_work() as quick:
            quick.settings.set("clock", "1")
            quick.commit()
        slow.settings.set("clock", "2")
        slow.commit()
    with database.unit_of_work() as unit:
        assert unit.settings.get("clock") == "2"


def test_leaving_without_commit_changes_nothing(database: Database) -> None:
    with database.unit_of_work() as unit:
        unit.settings.set("clock", "1")
    with database.unit_of_work() as unit:
        assert unit.settings.get("clock") is None


@pytest.mark.parametrize("threads", [8])
def test_running_references_have_no_gap_and_no_double(database: Database, threads: int) -> None:
    with database.unit_of_work() as unit:
        unit.organisation.save(ORGANISATION)
        unit.commit()

    def take() -> str:
        with database.unit_of_work() as unit:
            unit.lock_teams(["tierp"])
            reference = unit.cases.next_reference("tierp", "TIE", 2026)
            unit.commit()
            return reference

    assert sorted(race([take] * threads)) == [f"TIE-2026-{n:03d}" for n in range(1, threads + 1)]
