"""What the form asks for after the booking: the remaining fields, another time, or waiting."""

from __future__ import annotations

from dataclasses import dataclass, replace

from schedules.domain.cases import Protected, Referral, ReferralStatus
from schedules.domain.commands import SaveDetails
from schedules.domain.facts import ReferralOutcome
from schedules.domain.organisation import TargetGroup, Team
from schedules.errors import Outdated, Refused
from schedules.ports import DueKind, UnitOfWork
from schedules.services.authority import person, referral_of, require_case_worker, team_of
from schedules.services.called import load_called
from schedules.services.decide_booking import move, wait_instead
from schedules.services.flags import outside_target_group, raise_flags, target_group
from schedules.services.free_text import require_clean
from schedules.services.office import Office
from schedules.services.propose import slot_freed
from schedules.services.submit_referral import show_outcome

WAIT = "wait"


@dataclass(frozen=True, slots=True)
class DetailsShown:
    """A referral's form with what is already filled in. Holds protected fields: for modals only."""

    outcome: ReferralOutcome
    protected: Protected
    parties: tuple[tuple[str, str], ...]
    flags: tuple[str, ...]
    target_group: TargetGroup


def open_details(office: Office, actor: str, referral_id: str) -> DetailsShown:
    """The details form's contents; the look is on record before it opens. Raises NotFound, NotAllowed."""
    with office.unit_of_work() as uow:
        referral = referral_of(uow, referral_id)
        team = team_of(uow, referral.team)
        require_case_worker(team, referral, actor)
        acting = person(uow, actor)
        uow.audit.record(actor, acting.party, "referral.open_details", referral.id, office.now())
        shown = DetailsShown(
            show_outcome(uow, office, referral),
            uow.cases.protected(referral.id),
            team_parties(uow, team),
            referral.flags,
            target_group(uow),
        )
        uow.commit()
        return shown


def team_parties(uow: UnitOfWork, team: Team) -> tuple[tuple[str, str], ...]:
    """The team's parties as (id, name), in the team's order."""
    named = uow.organisation.parties([m.party for m in team.parties])
    return tuple((m.party, named[m.party].name) for m in team.parties if m.party in named)


def save_details(office: Office, command: SaveDetails) -> ReferralOutcome:
    """Store the details and carry out the choice of time.

    Raises:
        Refused: a field to be mended, or `raise_all_the_same` to be ticked; nothing is stored.
        Outdated: the chosen time is no longer free; nothing is stored.
        NotFound, NotAllowed, LockTimeout.
    """
    require_clean(office, needs=command.needs)
    with office.unit_of_work() as uow:
        team = referral_of(uow, command.referral).team
    return office.change_plan(team, lambda uow: _save(uow, office, command))


def _save(uow: UnitOfWork, office: Office, command: SaveDetails) -> ReferralOutcome:
    referral = referral_of(uow, command.referral)
    team = team_of(uow, referral.team)
    require_case_worker(team, referral, command.actor)
    if referral.status not in {ReferralStatus.ACTIVE, ReferralStatus.WAITING}:
        raise Outdated(referral=referral.id)
    outside = outside_target_group(uow, office.today(), command.birth_year)
    if outside and not command.raise_all_the_same:
        raise Refused({"raise_all_the_same": "outside_target_group"})
    protected = replace(
        uow.cases.protected(referral.id),
        gender=command.gender,
        birth_year=command.birth_year,
        sick_leave_start=command.sick_leave_start,
        needs=command.needs,
        known_to=command.known_to,
        support=command.support,
    )
    uow.cases.save_protected(referral.id, protected)
    acting = person(uow, command.actor)
    uow.audit.record(command.actor, acting.party, "referral.save_details", referral.id, office.now())
    if not protected.missing:
        uow.due.drop_for(referral.id, [DueKind.DETAILS], office.now(), "filled in")
    referral = _carry_out_choice(uow, office, team, referral, command.slot)
    referral = raise_flags(uow, office, team, referral)
    return show_outcome(uow, office, referral)


def _carry_out_choice(
    uow: UnitOfWork, office: Office, team: Team, referral: Referral, slot: str | None
) -> Referral:
    booking = uow.plan.live_booking(referral.id)
    if slot is None or (booking is not None and booking.slot == slot):
        return referral
    if slot == WAIT:
        return wait_instead(uow, office, referral) if booking is not None else referral
    if booking is None:
        raise Outdated(referral=referral.id)
    called = load_called(uow, booking.id)
    move(uow, office, called, slot)
    slot_freed(uow, office, team, called.meeting.id)
    return referral_of(uow, referral.id)
