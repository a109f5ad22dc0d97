"""What is worth a look about a referral, in open words that do not say why (promise 5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from schedules.domain.cases import Protected, Referral
from schedules.domain.organisation import TargetGroup, Team
from schedules.ports import UnitOfWork
from schedules.services.authority import carries
from schedules.services.called import Called, load_called
from schedules.services.facts import case_facts, meeting_of
from schedules.services.letters import About, language_of, tell
from schedules.services.office import Office
from schedules.services.proposal_card import show_proposal
from schedules.texts.flags import flagged

OUTSIDE = "outside_target_group"
LATER = "later_than_goal"


def raise_flags(uow: UnitOfWork, office: Office, team: Team, referral: Referral) -> Referral:
    """Bring the flags up to date with the details and the booked time; tell of a new one.

    Referrer and coordinator hear that a time is later than the goal; that the age is outside the target
    group is for the coordinator, since the referrer has just said so.
    """
    protected = uow.cases.protected(referral.id)
    flags = _flags(uow, office, team, referral, protected)
    if flags == referral.flags:
        return referral
    changed = replace(referral, flags=flags)
    uow.cases.save_referral(changed)
    booking = uow.plan.live_booking(referral.id)
    if booking is not None:
        new = tuple(f for f in flags if f not in referral.flags)
        _tell(uow, office, load_called(uow, booking.id), new)
    return changed


def outside_target_group(uow: UnitOfWork, today: date, birth_year: int | None) -> bool:
    """Whether a person born that year is outside the ages for the whole of this year.

    Only the year is known, so the age is the one reached this year, or one less.
    """
    if birth_year is None:
        return False
    group = target_group(uow)
    oldest = today.year - birth_year
    return oldest < group.from_age or oldest - 1 > group.to_age


def target_group(uow: UnitOfWork) -> TargetGroup:
    """The association's ages."""
    association = uow.organisation.association()
    return association.target_group if association else TargetGroup()


def is_later_than_goal(team: Team, day: date, sick_leave_start: date | None) -> bool:
    """Whether a meeting is later than the goal of a first contact (DOMAIN.md: within 35 days)."""
    goal = team.goals.first_contact_days
    if goal is None or sick_leave_start is None:
        return False
    return day > sick_leave_start + timedelta(days=goal)


def _flags(
    uow: UnitOfWork, office: Office, team: Team, referral: Referral, protected: Protected
) -> tuple[str, ...]:
    booking = uow.plan.live_booking(referral.id) if protected.sick_leave_start else None
    late = booking is not None and is_later_than_goal(
        team, meeting_of(uow, booking.meeting).day, protected.sick_leave_start
    )
    outside = outside_target_group(uow, office.today(), protected.birth_year)
    kept = tuple(f for f in referral.flags if f not in {OUTSIDE, LATER})
    return (*kept, *((OUTSIDE,) if outside else ()), *((LATER,) if late else ()))


def _tell(uow: UnitOfWork, office: Office, called: Called, new: tuple[str, ...]) -> None:
    team, referral, booking = called.team, called.referral, called.booking
    told = {referral.referrer}
    if booking.calls_at is not None and team.rules.coordinator_confirms:
        show_proposal(uow, office, called, edit=True)  # the proposal itself tells the coordinator
    else:
        told.add(team.coordinator)
    case = case_facts(uow, team, referral, booking)
    for who in uow.organisation.people(told).values():
        shown = tuple(f for f in new if f == LATER or not carries(referral, who.id))
        if shown:
            message = flagged(case, shown, referral.id, language_of(who, team, office))
            topic = f"flag:{referral.id}:{booking.meeting}:{'+'.join(shown)}"
            tell(uow, office, who, message, topic, About(booking.id, booking.meeting))
