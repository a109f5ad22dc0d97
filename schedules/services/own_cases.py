"""The cases that somebody raised or owns: where each stands, and what is missing."""

from __future__ import annotations

from dataclasses import replace

from schedules.domain.cases import PersonTakesPart, Protected, Referral, ReferralStatus
from schedules.domain.coming import counts_as_coming
from schedules.domain.home import OwnCase, TaskKind
from schedules.domain.organisation import Team
from schedules.domain.plan import Booking, BookingStatus, Invitation
from schedules.ports import UnitOfWork
from schedules.services.authority import person, team_of
from schedules.services.coming import when_of
from schedules.services.facts import whom_to_tell
from schedules.services.flags import ARRANGED
from schedules.services.office import Office

OPEN = (ReferralStatus.ACTIVE, ReferralStatus.WAITING, ReferralStatus.RETURNED)


def own_cases(office: Office, actor: str) -> tuple[OwnCase, ...]:
    """The cases that the person raised or owns and that are not ended, newest first."""
    with office.unit_of_work() as uow:
        person(uow, actor)
        return cases_of(uow, actor)


def cases_of(uow: UnitOfWork, actor: str) -> tuple[OwnCase, ...]:
    """The same within a transaction."""
    owed = {report.referral: report.booking for report in uow.outcomes.owed_feedback_by(actor)}
    found = uow.cases.of_person(actor, (*OPEN, ReferralStatus.COMPLETED) if owed else OPEN)
    shown = [r for r in found if r.status in OPEN or r.id in owed]
    return tuple(replace(_case(uow, actor, r), owed=owed.get(r.id)) for r in shown)


def _case(uow: UnitOfWork, actor: str, referral: Referral) -> OwnCase:
    team = team_of(uow, referral.team)
    booking = uow.plan.live_booking(referral.id)
    asked = [i for i in uow.plan.invitations(booking.id) if i.must_answer] if booking else []
    proposed = booking is not None and booking.status is BookingStatus.PROPOSED
    protected = uow.cases.protected(referral.id)
    return OwnCase(
        referral=referral.id,
        reference=referral.reference,
        team=team.name,
        status=referral.status,
        when=when_of(uow, booking) if booking else None,
        booking=booking.id if booking else None,
        proposed=proposed,
        can_send_now=proposed and not team.rules.coordinator_confirms and actor == referral.referrer,
        accepted=_coming_of(uow, team, booking, asked),
        asked=len(booking.seats) if asked and booking else 0,
        missing=protected.missing,
        without_consent=_without_consent(uow, referral, protected),
        to_tell=untold_people(uow, booking) if booking else (),
        tasks=tasks_of(referral, protected),
    )


def _coming_of(uow: UnitOfWork, team: Team, booking: Booking | None, asked: list[Invitation]) -> int:
    if booking is None:
        return 0
    people = uow.organisation.people([i.person for i in asked])
    return sum(counts_as_coming(i, booking, team, people.get(i.person)) for i in asked)


def tasks_of(referral: Referral, protected: Protected) -> tuple[TaskKind, ...]:
    """What is still to be seen to for a case that has not ended. Says that there are needs, not which."""
    unasked = referral.person_takes_part is PersonTakesPart.NOT_YET_ASKED
    needed = bool(protected.needs) and ARRANGED not in referral.flags
    return (*([TaskKind.NEEDS] if needed else []), *([TaskKind.ASK_PERSON] if unasked else []))


def _without_consent(uow: UnitOfWork, referral: Referral, protected: Protected) -> tuple[str, ...]:
    outside = [party for party in referral.parties if party not in protected.consent.parties]
    named = uow.organisation.parties(outside) if outside else {}
    return tuple(named[party].name for party in outside if party in named)


def untold_people(uow: UnitOfWork, booking: Booking) -> tuple[str, ...]:
    """Who is called and does not know yet whom it concerns, with their parties, by name."""
    unknown = [one for one in whom_to_tell(uow, booking.id) if not one.knows]
    return tuple(sorted(f"{one.person}, {one.party}" if one.party else one.person for one in unknown))
