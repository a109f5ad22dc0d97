"""Whatever frees a slot books the waiting referrals that it suits (DESIGN.md, "Time"): the rarer ways."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time

import pytest

from schedules.domain.cases import PersonTakesPart, QuestionCategory, ReferralStatus, Urgency
from schedules.domain.commands import SubmitReferral
from schedules.domain.facts import ReferralOutcome
from schedules.domain.organisation import MeetingSeries, Membership, Organisation, Party, Rules, Team
from schedules.services.answer_invitation import deputise
from schedules.services.decide_booking import confirm_booking, withdraw_referral
from schedules.services.run_due import run_due
from schedules.services.submit_referral import submit_referral
from tests.support.plan_rows import rows
from tests.support.random_office import PARTIES, RandomOffice, office_on, people

MEETING = date(2026, 12, 8)


def team(name: str, *, slots: int = 1, reserved: int = 0, start: time = time(13)) -> Team:
    """A team that meets once, with b0 or b1 for b and c0 for c."""
    return Team(
        name,
        name,
        name[0].upper(),
        coordinator="a3",
        parties=(Membership("a", ("a0",)), Membership("b", ("b0", "b1")), Membership("c", ("c0",))),
        series=(MeetingSeries(MEETING, start, slots, 30, MEETING, 2, reserved, 3),),
        rules=Rules(lead_workdays=1),
    )


@pytest.fixture
def opened(database_url: str) -> Iterator[list[RandomOffice]]:
    found: list[RandomOffice] = []
    yield found
    for one in found:
        one.database.close()


def office(opened: list[RandomOffice], url: str, *teams: Team) -> RandomOffice:
    organisation = Organisation(
        "Exempel", parties=tuple(Party(party, party) for party in PARTIES), people=people(), teams=teams
    )
    opened.append(office_on(url, organisation))
    return opened[-1]


def submit(it: RandomOffice, team: str, actor: str, *asked: str) -> ReferralOutcome:
    command = SubmitReferral(
        actor=actor,
        view_id=f"{team}{actor}{asked}",
        team=team,
        parties=asked,
        consent_date=date(2026, 11, 20),
        categories=(QuestionCategory.CARE,),
        question="Hur kan stödet samordnas framåt?",
        person_takes_part=PersonTakesPart.NO,
        urgency=Urgency.ORDINARY,
    )
    return submit_referral(it.office, command)


def statuses(it: RandomOffice) -> list[str]:
    found = {"referral": "SELECT status FROM referral ORDER BY submitted_at, status DESC"}
    return [row.status for row in rows(it.database, found["referral"])]


def test_a_released_reserve_goes_to_whoever_waits(opened: list[RandomOffice], database_url: str) -> None:
    it = office(opened, database_url, team("north", slots=2, reserved=1))
    submit(it, "north", "a1", "b")
    waiting = submit(it, "north", "a2", "b")
    assert waiting.status is ReferralStatus.WAITING
    it.clock.at = datetime(2026, 12, 2, 16, tzinfo=UTC)
    run_due(it.office)
    assert statuses(it).count("waiting") == 1
    it.clock.at = datetime(2026, 12, 3, 7, 0, tzinfo=UTC)  # three workdays before, at eight in the morning
    assert run_due(it.office).failures == ()
    assert statuses(it).count("waiting") == 0


def test_a_person_freed_by_one_team_lets_the_other_book(
    opened: list[RandomOffice], database_url: str
) -> None:
    it = office(opened, database_url, team("north"), team("south"))
    booked = submit(it, "north", "a1", "c")
    waiting = submit(it, "south", "a2", "c")
    assert (booked.status, waiting.status) == (ReferralStatus.ACTIVE, ReferralStatus.WAITING)
    withdraw_referral(it.office, "a1", booked.referral)
    assert run_due(it.office).failures == ()
    assert statuses(it).count("waiting") == 0


def test_a_deputy_who_takes_over_frees_the_first_one(opened: list[RandomOffice], database_url: str) -> None:
    north = team("north")
    south = Team(
        "south", "south", "S", "a3",
        parties=(Membership("b", ("b0",)), Membership("c", ("c1",))),
        series=north.series, rules=north.rules,
    )  # fmt: skip
    it = office(opened, database_url, north, south)
    booked = submit(it, "north", "a1", "b")
    waiting = submit(it, "south", "b2", "c")
    assert (booked.status, waiting.status) == (ReferralStatus.ACTIVE, ReferralStatus.WAITING)
    assert booked.booking is not None
    confirm_booking(it.office, "a3", booked.booking)
    (call,) = rows(it.database, "SELECT public_id FROM invitation WHERE person = 'b0'")
    deputise(it.office, "b0", call.public_id, "b1")
    assert run_due(it.office).failures == ()
    assert statuses(it).count("waiting") == 0
