"""Raise a case from its form: the referral, its booking and what the next form shows, in one transaction."""

from __future__ import annotations

from schedules.domain.commands import SubmitReferral
from schedules.ports import UnitOfWork
from schedules.services.authority import person, referral_of, require_case_worker, team_of
from schedules.services.flags import target_group
from schedules.services.office import Office
from schedules.services.save_details import DetailsShown, team_parties
from schedules.services.submit_referral import require_clean_referral, submit


def submit_with_details(office: Office, command: SubmitReferral) -> DetailsShown:
    """Do as `submit_referral`, and give the form of details; that look is on record too.

    One transaction, because the user waits for it: the plan is read once and the disk is waited for once.
    Raises as `submit_referral`, and NotAllowed for the repeated form of somebody else.
    """
    require_clean_referral(office, command)
    return office.change_plan(command.team, lambda uow: _submit(uow, office, command))


def _submit(uow: UnitOfWork, office: Office, command: SubmitReferral) -> DetailsShown:
    outcome = submit(uow, office, command)
    referral = referral_of(uow, outcome.referral)
    team = team_of(uow, referral.team)
    require_case_worker(team, referral, command.actor)
    acting = person(uow, command.actor)
    uow.audit.record(acting.id, acting.party, "referral.open_details", referral.id, office.now())
    return DetailsShown(
        outcome,
        uow.cases.protected(referral.id),
        team_parties(uow, team),
        referral.flags,
        target_group(uow),
    )
