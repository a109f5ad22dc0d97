"""Who waits is booked in order: urgent first, then by goal date, then by submission; and by what frees it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.organisation import Applier
from schedules.domain.cases import PersonTakesPart, QuestionCategory, ReferralStatus, Urgency
from schedules.domain.commands import SaveDetails, SubmitReferral
from schedules.domain.organisation import Goals, MeetingSeries, Membership, Organisation, Party, Rules, Team
from schedules.services.decide_booking import withdraw_referral
from schedules.services.save_details import save_details
from schedules.services.submit_referral import submit_referral
from tests.support.random_office import PARTIES, RandomOffice, open_office, people

DAY = date(2026, 12, 8)
ONE_MEETING = MeetingSeries(DAY, time(13), 1, 30, DAY)
NEW_TERM = MeetingSeries(date(2027, 1, 12), time(13), 2, 30, date(2027, 1, 26))
TEAM = Team(
    "north",
    "north",
    "N",
    coordinator="a3",
    parties=(Membership("a", ("a0", "a1")), Membership("b", ("b0", "b1"))),
    series=(ONE_MEETING,),
    rules=Rules(lead_workdays=1),
    goals=Goals(first_contact_days=35),
)


def with_series(*series: MeetingSeries) -> Organisation:
    team = replace(TEAM, series=series)
    return Organisation(
        "Exempel", parties=tuple(Party(p, p) for p in PARTIES), people=people(), teams=(team,)
    )


@dataclass(frozen=True)
class Case:
    """A case that has to wait; `sick` counts the days of the sick leave so far, None without one."""

    urgent: bool
    sick: int | None

    def place(self, number: int) -> tuple[bool, int, int]:
        """Its place in the queue: who has been ill longest has the earliest goal date."""
        return (not self.urgent, -self.sick if self.sick is not None else 1, number)


cases = st.lists(st.builds(Case, st.booleans(), st.none() | st.integers(0, 4)), min_size=2, max_size=5)


def raise_case(it: RandomOffice, number: int, case: Case) -> str:
    """Raise it a minute after the one before; its referral's id."""
    it.clock.at += timedelta(minutes=1)
    made = submit_referral(
        it.office,
        SubmitReferral(
            actor="a2",
            view_id=f"V{number}",
            team="north",
            parties=("b",),
            consent_date=date(2026, 11, 20),
            categories=(QuestionCategory.CARE,),
            question="Hur kan stödet samordnas framåt?",
            person_takes_part=PersonTakesPart.NO,
            urgency=Urgency.URGENT if case.urgent else Urgency.ORDINARY,
            urgency_reason="Snart slut." if case.urgent else None,
        ),
    )
    if case.sick is not None:
        start = date(2026, 11, 20) - timedelta(days=case.sick)
        save_details(it.office, SaveDetails("a2", made.referral, None, None, None, start, None, None, None))
    return made.referral


def having_a_time(it: RandomOffice) -> list[str]:
    with it.office.unit_of_work() as uow:
        return [r.id for r in uow.cases.of_team("north", [ReferralStatus.ACTIVE])]


def test_the_queue_is_kept(sqlite_template: Path, tmp_path: Path) -> None:
    @settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(cases)
    def run(waiting: list[Case]) -> None:
        it = open_office(sqlite_template, tmp_path, with_series(ONE_MEETING))
        holder = raise_case(it, 99, Case(urgent=False, sick=None))
        ids = [raise_case(it, number, case) for number, case in enumerate(waiting)]
        order = sorted(range(len(waiting)), key=lambda n: waiting[n].place(n))
        for number in order:
            assert having_a_time(it) == [holder]
            withdraw_referral(it.office, "a2", holder)
            holder = ids[number]
        assert having_a_time(it) == [holder]
        it.database.close()

    run()


def test_a_new_term_books_the_first_of_the_queue(sqlite_template: Path, tmp_path: Path) -> None:
    """In the transaction that applies the file; two meetings of two times each."""
    it = open_office(sqlite_template, tmp_path, with_series(ONE_MEETING))
    raise_case(it, 99, Case(urgent=False, sick=None))
    queue = [Case(urgent=False, sick=None), Case(urgent=False, sick=3), Case(urgent=True, sick=None)] * 2
    ids = [raise_case(it, number, case) for number, case in enumerate(queue)]
    Applier(it.office).apply(with_series(ONE_MEETING, NEW_TERM))
    given_a_time = set(having_a_time(it))
    assert [n for n, one in enumerate(ids) if one in given_a_time] == [1, 2, 4, 5]
    with it.office.unit_of_work() as uow:
        first = uow.plan.live_booking(ids[2])
        assert first is not None
        meeting = uow.plan.meeting(first.meeting)
    assert meeting is not None
    assert meeting.day == date(2027, 1, 12)
    it.database.close()


def test_a_party_that_comes_more_often_lets_the_waiting_in(sqlite_template: Path, tmp_path: Path) -> None:
    """The file changes no meeting, only who may sit in them."""
    away = replace(TEAM, parties=(TEAM.parties[0], replace(TEAM.parties[1], until=date(2026, 12, 1))))
    organisation = with_series(ONE_MEETING)
    it = open_office(sqlite_template, tmp_path, replace(organisation, teams=(away,)))
    waiting = raise_case(it, 1, Case(urgent=False, sick=None))
    assert having_a_time(it) == []
    Applier(it.office).apply(organisation)
    assert having_a_time(it) == [waiting]
    it.database.close()
