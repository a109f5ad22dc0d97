"""One small office whose cases have been reported, for what comes afterwards."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

from bot.organisation import Applier
from schedules.domain.figures.facts import Outcome, TookPart
from schedules.domain.follow_up import FollowUp
from schedules.domain.meeting_report import ReportCase, Result
from schedules.domain.organisation import MeetingSeries, Membership, Organisation, Party, Rules, Team
from schedules.services.called import load_called
from schedules.services.decide_booking import confirm_booking
from schedules.services.report_meeting import report_case
from schedules.services.run_due import run_due
from tests.support.plan_rows import rows
from tests.support.random_office import PARTIES, TODAY, RandomOffice, open_office, people
from tests.support.stream_cases import CaseCommands

MEETS = TODAY + timedelta(days=8)  # Tuesday 1 December 2026
COORDINATOR = "c3"


def organisation() -> Organisation:
    """One team that meets every week: a2 raises cases; a0, a1, b0 and `shared` (by mail only) represent."""
    team = Team(
        "north",
        "Team north",
        "NOR",
        coordinator=COORDINATOR,
        municipality="Nord",
        place="Rum 4",
        parties=(Membership("a", ("a0", "a1")), Membership("b", ("b0", "shared"))),
        series=(MeetingSeries(MEETS, time(13), 4, 30, until=MEETS + timedelta(days=21), weeks=1),),
        rules=Rules(lead_workdays=1),
    )
    parties = tuple(Party(p, f"Part {p}", contact=f"{p}3") for p in PARTIES)
    return Organisation("Exempel", parties=parties, people=people(), teams=(team,))


@dataclass
class Followed:
    """The office, with sentences about what has been and what was said."""

    it: RandomOffice

    def raise_case(self) -> tuple[str, str]:
        """A case of a2's, called to; its referral and booking."""
        commands = CaseCommands(self.it, Counter())
        before = {one.id for one in commands.live()}
        commands.submit(0, 6, 1)
        (booking,) = (one for one in commands.live() if one.id not in before)
        confirm_booking(self.it.office, COORDINATOR, booking.id)
        return booking.referral, booking.id

    def report(self, booking: str, outcome: Outcome = Outcome.PLAN_AGREED) -> None:
        """Report the case after its meeting, wherever the clock has come."""
        with self.it.office.unit_of_work() as uow:
            called = load_called(uow, booking)
        self.until(called.meeting.slot(called.booking.slot).ends_at)
        result = Result(outcome, ("b",), TookPart.IN_ROOM, next_parties=("b",))
        report_case(self.it.office, ReportCase(COORDINATOR, booking, result))

    def until(self, instant: datetime) -> None:
        """Let time pass, and do what is due on the way at its own time."""
        while True:
            with self.it.office.unit_of_work() as uow:
                due = uow.due.next_at()
            if due is None or due[0] > instant:
                break
            self.it.clock.at = max(due[0], self.it.clock.at)
            assert run_due(self.it.office).failures == ()
            self.it.deliver()
        self.it.clock.at = max(instant, self.it.clock.at)

    def day(self, day: date, clock: str = "12:00") -> None:
        """Let time pass until a local time of that day."""
        local = datetime.combine(day, time.fromisoformat(clock), self.it.office.zone)
        self.until(local.astimezone(self.it.clock.at.tzinfo))

    def follow_up(self, referral: str) -> FollowUp:
        """The case's follow-up."""
        with self.it.office.unit_of_work() as uow:
            found = uow.cases.referral(referral)
            assert found is not None
            kept = uow.follow_ups.of_case(found.case)
        assert kept is not None
        return kept

    def letters(self, topic: str) -> list[tuple[str, str, str]]:
        """Recipient, kind and state of all that was written about a topic, oldest first."""
        found = rows(
            self.it.database,
            f"SELECT recipient, kind, payload FROM outbox WHERE stream LIKE '%{topic}%' ORDER BY rowid",
        )
        return [(row.recipient, row.kind, row.payload) for row in found]

    def without(self, person: str) -> None:
        """Somebody leaves: the next file does not have them."""
        now = self.it.organisation
        team = now.teams[0]
        parties = tuple(
            replace(m, representatives=tuple(p for p in m.representatives if p != person))
            for m in team.parties
        )
        left = tuple(p for p in now.people if p.id != person)
        Applier(self.it.office).apply(replace(now, people=left, teams=(replace(team, parties=parties),)))


def followed(template: Path, folder: Path) -> Followed:
    """The office on a database of its own."""
    return Followed(open_office(template, folder, organisation()))
