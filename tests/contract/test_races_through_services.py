"""Clients at the same instant, through the use cases, on both databases (promise 1): never an error."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date, time, timedelta
from functools import partial

import pytest

from schedules.domain.cases import PersonTakesPart, QuestionCategory, Urgency
from schedules.domain.commands import SubmitReferral
from schedules.domain.facts import ReferralOutcome
from schedules.domain.organisation import MeetingSeries, Membership, Organisation, Party, Rules, Team
from schedules.errors import Outdated
from schedules.services.decide_booking import confirm_booking, move_booking, other_times, withdraw_referral
from schedules.services.submit_referral import submit_referral
from tests.support.plan_rows import check_promise_1, rows, slots
from tests.support.races import race
from tests.support.random_office import PARTIES, RandomOffice, office_on, people

ROUNDS = 20
FIRST = date(2026, 12, 1)


def team(name: str) -> Team:
    """Meets three days a week with one slot; b0 alone sits for b, in every team."""
    return Team(
        name,
        name,
        name[0].upper(),
        coordinator="a3",
        parties=(Membership("a", ("a0",)), Membership("b", ("b0",)), Membership("c", ("c0",))),
        series=tuple(
            MeetingSeries(FIRST + timedelta(days=n), time(13), 1, 30, FIRST + timedelta(days=62), 1)
            for n in (0, 1, 2)
        ),
        rules=Rules(lead_workdays=1, coordinator_confirms=True),
    )


@pytest.fixture
def it(database_url: str) -> Iterator[RandomOffice]:
    organisation = Organisation(
        "Exempel",
        parties=tuple(Party(party, party) for party in PARTIES),
        people=people(),
        teams=(team("north"), team("south")),
    )
    opened = office_on(database_url, organisation, lock_wait=30)  # waiting long is no part of these tests
    yield opened
    opened.database.close()


def submit(it: RandomOffice, team: str, view: str) -> ReferralOutcome:
    command = SubmitReferral(
        actor="a1",
        view_id=view,
        team=team,
        parties=("b",),
        consent_date=date(2026, 11, 20),
        categories=(QuestionCategory.CARE,),
        question="Hur kan stödet samordnas framåt?",
        person_takes_part=PersonTakesPart.NO,
        urgency=Urgency.ORDINARY,
    )
    return submit_referral(it.office, command)


def withdraw(it: RandomOffice, made: Iterable[ReferralOutcome]) -> None:
    """Make room for the next round."""
    for outcome in made:
        withdraw_referral(it.office, "a1", outcome.referral)


def held(it: RandomOffice, *, since: set[str]) -> list[date]:
    """The days of the live bookings that were not there before, in order."""
    found = rows(
        it.database,
        "SELECT b.id, m.day FROM booking b JOIN meeting m ON m.id = b.meeting WHERE b.status != 'cancelled'",
    )
    return sorted(date.fromisoformat(str(row.day)) for row in found if row.id not in since)


def ids(it: RandomOffice) -> set[str]:
    return {row.id for row in rows(it.database, "SELECT id FROM booking")}


@pytest.mark.parametrize("clients", [2, 8])
def test_one_gets_the_last_slot_and_the_others_the_next(it: RandomOffice, clients: int) -> None:
    for number in range(ROUNDS):
        free = _next_days(it, clients)
        before = ids(it)
        made = race([partial(submit, it, "north", f"{number}.{n}") for n in range(clients)])
        assert held(it, since=before) == free
        check_promise_1(it.database, slots(it.office))
        withdraw(it, made)


def _next_days(it: RandomOffice, count: int) -> list[date]:
    taken = "SELECT slot FROM booking WHERE status != 'cancelled'"
    free = rows(
        it.database,
        "SELECT m.day FROM slot s JOIN meeting m ON m.id = s.meeting WHERE m.team = 'north'"
        f" AND m.status = 'planned' AND m.day >= '2026-12-01' AND s.id NOT IN ({taken}) ORDER BY s.starts_at",
    )
    return [date.fromisoformat(str(row.day)) for row in free[:count]]


def test_a_person_in_two_teams_is_booked_once_at_a_time(it: RandomOffice) -> None:
    """Both teams meet at the same hours and have only b0: the one gets the day, the other the next."""
    for number in range(ROUNDS):
        before = ids(it)
        made = race([partial(submit, it, team, f"{team}{number}") for team in ("north", "south")])
        assert held(it, since=before) == [FIRST, FIRST + timedelta(days=1)]
        check_promise_1(it.database, slots(it.office))
        withdraw(it, made)


def test_the_same_form_twice_at_once_is_one_referral(it: RandomOffice) -> None:
    for number in range(ROUNDS):
        outcomes = race([partial(submit, it, "north", f"same{number}") for _ in range(4)])
        assert len({outcome.referral for outcome in outcomes}) == 1
        assert sorted(outcome.repeated for outcome in outcomes) == [False, True, True, True]


def test_withdrawing_against_submitting(it: RandomOffice) -> None:
    """The newcomer gets the freed slot or the next one; nobody waits."""
    for number in range(ROUNDS):
        leaving = submit(it, "north", f"leaving{number}")
        runners: list[Callable[[], object]] = [
            partial(withdraw_referral, it.office, "a1", leaving.referral),
            partial(submit, it, "north", f"coming{number}"),
        ]
        race(runners)
        check_promise_1(it.database, slots(it.office))
    found = Counter(row.status for row in rows(it.database, "SELECT status FROM referral"))
    assert found == {"revoked": ROUNDS, "active": ROUNDS}


def test_two_moves_to_the_same_slot(it: RandomOffice) -> None:
    """One is moved, the other is told that the time is gone and keeps what it had."""
    bookings = [submit(it, "north", f"m{n}").booking for n in range(2)]
    assert all(bookings)
    for _ in range(ROUNDS):
        _, offers = other_times(it.office, "a3", bookings[0] or "")
        target = offers[-1].slot

        def attempt(booking: str, slot: str = target) -> str:
            try:
                return move_booking(it.office, "a3", booking, slot).booking.slot
            except Outdated:
                return "outdated"

        got = race([partial(attempt, booking or "") for booking in bookings])
        assert sorted(got) == sorted([target, "outdated"])
        check_promise_1(it.database, slots(it.office))


@pytest.mark.parametrize("clients", [2, 8])
def test_confirming_twice_calls_everybody_once(it: RandomOffice, clients: int) -> None:
    for number in range(ROUNDS):
        booking = submit(it, "north", f"c{number}").booking or ""
        race([partial(confirm_booking, it.office, "a3", booking)] * clients)
        call = f"SELECT count(*) AS n FROM outbox WHERE kind = 'request' AND booking = '{booking}'"
        invited = f"SELECT count(*) AS n FROM invitation WHERE booking = '{booking}'"
        assert rows(it.database, invited)[0].n == 4  # a0, b0, the referrer, the coordinator
        assert rows(it.database, call)[0].n == 3  # those of them with an address
