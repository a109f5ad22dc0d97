"""What every use case works with, and the one way to change the plan."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from secrets import token_hex
from typing import TypeVar
from zoneinfo import ZoneInfo

from schedules.errors import SlotTaken
from schedules.ports import Clock as ClockPort
from schedules.ports import ClosedDays, TextCheck, UnitOfWork, UnitOfWorkFactory
from schedules.services.links import Links
from schedules.services.live_home import renew_homes

T = TypeVar("T")
TRIES = 8


def new_id() -> str:
    """An unguessable id; ids that leave the program are never counters."""
    return token_hex(16)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A mail address with its name."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Office:
    """The ports and settings of the use cases. `mail_from` is organizer and polled mailbox at once.

    `links` are the addresses of our own pages; None where there are no pages.
    """

    unit_of_work: UnitOfWorkFactory
    clock: ClockPort
    closed_days: ClosedDays
    text_check: TextCheck
    mail_from: Mailbox
    zone: ZoneInfo
    language: str = "sv"
    links: Links | None = None

    def now(self) -> datetime:
        """The present instant, aware UTC."""
        return self.clock.now()

    def today(self) -> date:
        """Today's date where the association is."""
        return self.local(self.now()).date()

    def local(self, instant: datetime) -> datetime:
        """A UTC instant in the association's zone."""
        return instant.astimezone(self.zone)

    def is_holiday(self, day: date) -> bool:
        """Whether `day` is a red or de-facto holiday."""
        return self.closed_days.is_holiday(day)

    def remember_terms(self) -> None:
        """Read the teams' coming meetings before a form asks for them, if they are kept in memory."""
        with self.unit_of_work() as uow:
            uow.plan.remember_terms(self.today())

    def change_plan(self, team: str, work: Callable[[UnitOfWork], T], form: str | None = None) -> T:
        """Run `work` in one transaction under the team's lock, and commit. See `change_plans`."""
        return self.change_plans([team], work, form)

    def change_plans(
        self, teams: Collection[str], work: Callable[[UnitOfWork], T], form: str | None = None
    ) -> T:
        """Run `work` in one transaction under the teams' locks, and commit. `form` as in `lock_teams`.

        A representative's time may be taken by another team between our reading and our writing; the
        constraint tells, and the work is done again from a fresh reading.

        Raises:
            LockTimeout: somebody else held a team for too long; nothing was changed.
        """
        for attempt in range(TRIES):
            try:
                with self.unit_of_work() as uow:
                    uow.lock_teams(teams, form)
                    result = work(uow)
                    for team in teams:
                        renew_homes(uow, team, self.now())
                    uow.commit()
                    return result
            except SlotTaken:
                if attempt == TRIES - 1:
                    raise
        raise AssertionError
