"""The person takes the consent back: the case is blocked (spärrad) at once, for everybody and for good.

Whoever was called sees and hears what they would if the case had been taken back; only the case's own page
says that it is blocked, to those who could see it before.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from schedules.domain.authority import Command
from schedules.domain.cases import Referral, ReferralStatus
from schedules.domain.facts import CaseFacts
from schedules.domain.figures.facts import Ending
from schedules.ports import DueKind, UnitOfWork
from schedules.services.authority import Subject, referral_of, require, team_of
from schedules.services.decide_booking import end_referral
from schedules.services.facts import case_facts
from schedules.services.follow_up import drop_follow_up
from schedules.services.keep_facts import case_ended
from schedules.services.live_home import renew_home_of
from schedules.services.office import Office
from schedules.services.sealed import require_open, seal_of

OPEN = frozenset({ReferralStatus.ACTIVE, ReferralStatus.WAITING, ReferralStatus.RETURNED})


@dataclass(frozen=True, slots=True)
class ToBlock:
    """What the question before it says, open facts only; `facts` are those of the time it has, if any."""

    referral: Referral
    facts: CaseFacts | None


def to_block(office: Office, actor: str, referral_id: str) -> ToBlock:
    """The case whose blocking is to be confirmed. Raises NotFound, NotAllowed; CaseSealed: it is done."""
    with office.unit_of_work() as uow:
        referral = referral_of(uow, referral_id)
        team = team_of(uow, referral.team)
        about = Subject(referral.id, team, referral)
        require(uow, Command.BLOCK_CASE, actor, about)
        require_open(uow, Command.BLOCK_CASE, actor, referral, referral.id)
        booking = uow.plan.live_booking(referral.id)
        return ToBlock(referral, case_facts(uow, team, referral, booking) if booking else None)


def block_case(office: Office, actor: str, referral_id: str) -> Referral:
    """Block the case, with all its referrals, in one transaction. It cannot be undone.

    The consent is withdrawn; its time is free and goes to whoever waits; every calendar is cleared; nothing
    is due for it any more. Blocking it again changes nothing. Raises NotFound, NotAllowed, LockTimeout.
    """
    with office.unit_of_work() as uow:
        found = uow.cases.of_case(referral_of(uow, referral_id).case)
        teams = {referral.team for referral in found}

    def work(uow: UnitOfWork) -> Referral:
        referral = referral_of(uow, referral_id)
        about = Subject(referral.id, team_of(uow, referral.team), referral)
        acting = require(uow, Command.BLOCK_CASE, actor, about)
        if seal_of(uow, referral.case) is not None:
            return referral
        uow.audit.record(actor, acting.party, Command.BLOCK_CASE.value, referral.id, office.now())
        uow.cases.block(referral.case, office.now())
        drop_follow_up(uow, office, referral.case)
        for one in uow.cases.of_case(referral.case):
            _withdraw(uow, office, one, actor)
        return referral_of(uow, referral_id)

    return office.change_plans(teams, work)


def _withdraw(uow: UnitOfWork, office: Office, referral: Referral, actor: str) -> None:
    protected = uow.cases.protected(referral.id)
    withdrawn = replace(protected.consent, withdrawn_on=office.today())
    uow.cases.save_protected(referral.id, replace(protected, consent=withdrawn))
    if referral.status in OPEN:
        # One that ended before keeps its ending: what has been shown of it in a report stays true.
        team = team_of(uow, referral.team)
        case_ended(uow, office, team, referral, office.today(), Ending.CONSENT_WITHDRAWN)
        end_referral(uow, office, referral, actor)
    for subject in (referral.id, referral.case, *(b.id for b in uow.plan.bookings_of(referral.id))):
        uow.due.drop_for(subject, tuple(DueKind), office.now(), "blocked")
    renew_home_of(uow, {referral.referrer, referral.owner}, office.now())
