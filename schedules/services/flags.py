"""What referrer and coordinator should know of a case, in open words that do not say why (promise 5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from schedules.domain.cases import Referral
from schedules.domain.organisation import Team
from schedules.ports import UnitOfWork
from schedules.services.authority import carries
from schedules.services.called import Called
from schedules.services.coordination import coordinator_at
from schedules.services.facts import case_facts
from schedules.services.letters import About, language_of, tell
from schedules.services.office import Office
from schedules.texts.flags import flagged

OUTSIDE = "outside_target_group"
LATER = "later_than_goal"
ARRANGED = "needs_arranged"


def later_than_goal(team: Team, day: date, sick_leave_start: date | None) -> bool:
    """Whether a meeting is later than the goal of a first contact (DOMAIN.md: within 35 days)."""
    goal = goal_date(team, sick_leave_start)
    return goal is not None and day > goal


def goal_date(team: Team, sick_leave_start: date | None) -> date | None:
    """The last day that meets the goal of a first contact; None without a goal or a start."""
    goal = team.goals.first_contact_days
    if goal is None or sick_leave_start is None:
        return None
    return sick_leave_start + timedelta(days=goal)


def with_flag(referral: Referral, flag: str, *, raised: bool) -> Referral:
    """The referral with or without a flag; the order of the others is kept."""
    if raised == (flag in referral.flags):
        return referral
    flags = (*referral.flags, flag) if raised else tuple(f for f in referral.flags if f != flag)
    return replace(referral, flags=flags)


def with_time(uow: UnitOfWork, team: Team, referral: Referral, day: date | None) -> Referral:
    """The referral flagged by the day of its meeting, whoever chose it; None: it has no time."""
    late = day is not None and _is_late(uow, team, referral, day) and not _has_met(uow, referral)
    return with_flag(referral, LATER, raised=late)


def _is_late(uow: UnitOfWork, team: Team, referral: Referral, day: date) -> bool:
    if team.goals.first_contact_days is None:
        return False  # no need to decrypt when the sick leave began
    return later_than_goal(team, day, uow.cases.protected(referral.id).sick_leave_start)


def _has_met(uow: UnitOfWork, referral: Referral) -> bool:
    """The goal is about the first contact: a follow-on meeting is never late for it."""
    return any(report.held for report in uow.outcomes.of_referral(referral.id))


def tell_flags(uow: UnitOfWork, office: Office, called: Called, before: tuple[str, ...]) -> None:
    """Tell coordinator and referrer of the flags that are new; the person's age is the coordinator's."""
    team, referral, booking = called.team, called.referral, called.booking
    new = [flag for flag in (OUTSIDE, LATER) if flag in referral.flags and flag not in before]
    if not new:
        return
    case = case_facts(uow, team, referral, booking)
    coordinator = coordinator_at(uow, team, office.today())
    for who in uow.organisation.people({coordinator, referral.referrer}).values():
        shown = tuple(f for f in new if f == LATER or not carries(referral, who.id))
        if shown:
            message = flagged(case, shown, referral.id, language_of(who, team, office))
            topic = f"flag:{referral.id}:{'+'.join(shown)}"
            tell(uow, office, who, message, topic, About(booking.id, booking.meeting))
