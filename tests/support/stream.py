"""What every command of a random stream works with: the office, what has happened, and looks at its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from schedules.domain.cases import Referral, ReferralStatus
from schedules.domain.commands import SubmitReferral
from schedules.domain.organisation import Organisation, Team
from schedules.domain.plan import Meeting, MeetingStatus, Slot
from schedules.errors import NotAllowed, Outdated, Refused
from schedules.services.office import Office
from schedules.services.run_due import run_due
from tests.support.plan_rows import LiveBooking, live_bookings, organisation_of, rows, slots
from tests.support.random_office import RandomOffice

T = TypeVar("T")
REFUSALS = (Outdated, NotAllowed, Refused)
DEPUTY = "c3"
"""Coordinates every team as a deputy, and is process leader and administrator."""


def picked(found: Sequence[T], number: int) -> T | None:
    return found[number % len(found)] if found else None


class Stream:
    """One office and all that happens to it. `seen` counts what was carried out, over many streams."""

    def __init__(self, it: RandomOffice, seen: Counter[str]) -> None:
        self.it = it
        self.seen = seen
        self.made = 0
        self.submitted: dict[str, SubmitReferral] = {}
        self.file = it.organisation

    @property
    def office(self) -> Office:
        return self.it.office

    def attempt(self, name: str, work: Callable[[], T]) -> T | None:
        """Count what happened under `name`: a command of the table, or another thing that was done."""
        try:
            done = work()
        except REFUSALS as refusal:
            self.seen[f"{name} {type(refusal).__name__}"] += 1
            return None
        self.seen[name] += 1
        self.after_each()
        return done

    def after_each(self) -> None:
        """What happens between two commands."""

    def settle(self) -> bool:
        """All that is due by now, as ticks would do it; whether there was anything."""
        done = False
        while (report := run_due(self.office)).closed:
            assert report.failures == ()
            done = True
        return done

    def number(self) -> int:
        """Another one each time."""
        self.made += 1
        return self.made

    # --- looking -------------------------------------------------------------------------------------

    def organisation(self) -> Organisation:
        return organisation_of(self.office)

    def team(self, number: int) -> Team:
        """One of the teams as it stands, its coordinator whoever that is by now."""
        teams = self.organisation().teams
        return teams[number % len(teams)]

    def leader(self, team: str, number: int) -> str:
        """Who may decide there: the coordinator, or the deputy who is not always one any more."""
        (found,) = (t for t in self.organisation().teams if t.id == team)
        return (found.coordinator, DEPUTY)[number % 2]

    def slots(self) -> dict[str, Slot]:
        """Every slot at the time that it has now."""
        return slots(self.office, [team.id for team in self.it.organisation.teams])

    def live(self) -> list[LiveBooking]:
        """The live bookings by time."""
        found = live_bookings(self.it.database, self.slots())
        return sorted(found, key=lambda b: (b.starts_at, b.team, b.id))

    def coming(self, team: str) -> list[Meeting]:
        """The team's planned meetings that have not begun."""
        with self.office.unit_of_work() as uow:
            found = uow.plan.meetings(team, self.office.today())
        now = self.office.now()
        return [m for m in found if m.status is MeetingStatus.PLANNED and m.starts_at > now]

    def referrals(self, *statuses: str) -> list[Referral]:
        wanted = [ReferralStatus(status) for status in statuses]
        with self.office.unit_of_work() as uow:
            found = [r for team in self.it.organisation.teams for r in uow.cases.of_team(team.id, wanted)]
        return sorted(found, key=lambda r: r.reference)

    def referrer(self, referral: str) -> str:
        with self.office.unit_of_work() as uow:
            found = uow.cases.referral(referral)
        assert found is not None
        return found.referrer

    def invitations(self, *, live: bool | None) -> list[Any]:
        found = rows(
            self.it.database,
            "SELECT i.booking, i.person, i.public_id, i.live, b.team FROM invitation i JOIN booking b"
            " ON b.id = i.booking ORDER BY b.created_at, b.rowid, i.person",
        )
        return [row for row in found if live is None or bool(row.live) == live]

    def everything(self, but: Iterable[str] = ()) -> list[Counter[Any]]:
        """All rows that a repeated form or a look must leave as they are, in whatever order."""
        names = ("booking", "seat", "busy", "invitation", "outbox", "referral", "meeting", "decline")
        return [
            Counter(map(tuple, rows(self.it.database, f"SELECT * FROM {name}")))
            for name in names
            if name not in but
        ]
