"""Two absences of one person that overlap: the end of one is not the end of the other."""

from __future__ import annotations

from collections import Counter
from datetime import date, time, timedelta
from pathlib import Path

from schedules.domain.organisation import MeetingSeries, Membership, Organisation, Party, Rules, Team
from schedules.domain.plan import Answer
from schedules.services.absence import EnterAbsence, enter_absence, preview_absence, take_back_absence
from schedules.services.decide_booking import confirm_booking
from tests.support.random_office import PARTIES, TODAY, open_office, people
from tests.support.stream_cases import CaseCommands

MEETS = TODAY + timedelta(days=10)


def organisation() -> Organisation:
    """One team, one representative a party."""
    team = Team(
        "north",
        "Team north",
        "NOR",
        coordinator="a3",
        coordinator_deputies=("c3",),
        place="Rum 4",
        parties=(Membership("a", ("a0",)), Membership("b", ("b0",))),
        series=(MeetingSeries(MEETS, time(13), 2, 30, until=MEETS),),
        rules=Rules(lead_workdays=1),
    )
    return Organisation(
        "Exempel", parties=tuple(Party(p, p) for p in PARTIES), people=people(), teams=(team,)
    )


def test_whoever_is_still_away_is_not_waited_for(sqlite_template: Path, tmp_path: Path) -> None:
    it = open_office(sqlite_template, tmp_path, organisation())
    commands = CaseCommands(it, Counter())
    commands.submit(0, 2, 1)
    (booking,) = commands.live()
    confirm_booking(it.office, "a3", booking.id)

    def away(first: date) -> str:
        command = EnterAbsence("b0", "b0", first, MEETS)
        enter_absence(it.office, command, preview_absence(it.office, command).fingerprint)
        with it.office.unit_of_work() as uow:
            return next(a.id for a in uow.plan.absences_of(["b0"], TODAY) if a.from_date == first)

    def answer() -> Answer:
        with it.office.unit_of_work() as uow:
            return next(i.answer for i in uow.plan.invitations(booking.id) if i.person == "b0")

    holiday, course = away(MEETS - timedelta(days=5)), away(MEETS)
    assert answer() is Answer.DECLINED
    take_back_absence(it.office, "b0", holiday)
    assert answer() is Answer.DECLINED
    take_back_absence(it.office, "b0", course)
    assert answer() is Answer.NEEDS_ACTION
    it.database.close()
