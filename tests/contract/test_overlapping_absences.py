"""Two absences of one person that overlap: the end of one is not the end of the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, time, timedelta
from pathlib import Path

from schedules.domain.organisation import MeetingSeries, Membership, Organisation, Party, Rules, Team
from schedules.domain.plan import Answer, Invitation, Role
from schedules.services.absence import EnterAbsence, enter_absence, preview_absence, take_back_absence
from schedules.services.answer_invitation import answer_invitation
from schedules.services.decide_booking import confirm_booking
from tests.support.random_office import PARTIES, TODAY, RandomOffice, open_office, people
from tests.support.stream_cases import CaseCommands

MEETS = TODAY + timedelta(days=10)


def organisation(coordinator: str = "a3", deputy: str = "c3") -> Organisation:
    """One team, one representative a party."""
    team = Team(
        "north",
        "Team north",
        "NOR",
        coordinator=coordinator,
        coordinator_deputies=(deputy,),
        place="Rum 4",
        parties=(Membership("a", ("a0",)), Membership("b", ("b0",))),
        series=(MeetingSeries(MEETS, time(13), 2, 30, until=MEETS),),
        rules=Rules(lead_workdays=1),
    )
    return Organisation(
        "Exempel", parties=tuple(Party(p, p) for p in PARTIES), people=people(), teams=(team,)
    )


class Called:
    """One case that is booked, and who is called to it."""

    def __init__(self, it: RandomOffice) -> None:
        self.it = it
        commands = CaseCommands(it, Counter())
        commands.submit(0, 2, 1)
        (self.booking,) = commands.live()
        confirm_booking(it.office, it.organisation.teams[0].coordinator, self.booking.id)

    def away(self, who: str, first: date = MEETS) -> str:
        command = EnterAbsence(who, who, first, MEETS)
        enter_absence(self.it.office, command, preview_absence(self.it.office, command).fingerprint)
        with self.it.office.unit_of_work() as uow:
            return next(a.id for a in uow.plan.absences_of([who], TODAY) if a.from_date == first)

    def invitation(self, who: str) -> Invitation:
        with self.it.office.unit_of_work() as uow:
            return next(i for i in uow.plan.invitations(self.booking.id) if i.person == who)

    def answer(self, who: str) -> Answer:
        return self.invitation(who).answer


@contextmanager
def called(template: Path, folder: Path, team: Organisation) -> Iterator[Called]:
    it = open_office(template, folder, team)
    yield Called(it)
    it.database.close()


def test_whoever_is_still_away_is_not_waited_for(sqlite_template: Path, tmp_path: Path) -> None:
    with called(sqlite_template, tmp_path, organisation()) as case:
        holiday, course = case.away("b0", MEETS - timedelta(days=5)), case.away("b0")
        assert case.answer("b0") is Answer.DECLINED
        take_back_absence(case.it.office, "b0", holiday)
        assert case.answer("b0") is Answer.DECLINED
        take_back_absence(case.it.office, "b0", course)
        assert case.answer("b0") is Answer.NEEDS_ACTION


def test_nor_is_whoever_coordinates_as_well(sqlite_template: Path, tmp_path: Path) -> None:
    """The deputy coordinates then; the seat's answer stays no until they are there after all."""
    with called(sqlite_template, tmp_path, organisation(coordinator="b0")) as case:
        course = case.away("b0")
        assert case.answer("b0") is Answer.DECLINED
        assert Role.COORDINATOR in case.invitation("c3").roles
        take_back_absence(case.it.office, "b0", course)
        assert case.answer("b0") is Answer.NEEDS_ACTION
        assert Role.COORDINATOR in case.invitation("b0").roles


def test_who_has_answered_is_not_asked_again_for_coordinating_too(
    sqlite_template: Path, tmp_path: Path
) -> None:
    with called(sqlite_template, tmp_path, organisation(deputy="b0")) as case:
        before = case.invitation("b0")
        answer_invitation(case.it.office, "b0", before.public_id, Answer.ACCEPTED)
        case.away("a3")
        now = case.invitation("b0")
        assert (now.answer, now.public_id) == (Answer.ACCEPTED, before.public_id)
        assert set(now.roles) == {*before.roles, Role.COORDINATOR}
