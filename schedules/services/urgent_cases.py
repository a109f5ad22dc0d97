"""What the parties of a team have marked as urgent this term, with the reasons: for its coordinator."""

from __future__ import annotations

from schedules.domain.authority import Command
from schedules.domain.cases import Referral, ReferralStatus, Urgency
from schedules.domain.organisation import Person, Team
from schedules.domain.urgent import UrgentCase, UrgentPage, UrgentParty, term_of
from schedules.ports import UnitOfWork
from schedules.services.authority import Subject, require, team_of
from schedules.services.office import Office
from schedules.services.refusals import REFUSED
from schedules.services.sealed import seal_of


def show_urgent(office: Office, actor: str, team_id: str) -> UrgentPage:
    """The team's urgent cases with their reasons; each look is on record before it opens.

    Raises NotFound, NotAllowed.
    """
    with office.unit_of_work() as uow:
        team = team_of(uow, team_id)
        acting = require(uow, Command.SHOW_URGENT, actor, Subject(team_id, team))
        page = _page(uow, office, team, acting)
        uow.commit()
        return page


def raised_this_term(uow: UnitOfWork, office: Office, team: Team) -> list[Referral]:
    """The team's referrals that were raised this term, withdrawn ones among them, oldest first."""
    first, last = term_of(office.today())
    found = uow.cases.of_team(team.id, list(ReferralStatus))
    return [r for r in found if first <= office.local(r.submitted_at).date() <= last]


def _page(uow: UnitOfWork, office: Office, team: Team, acting: Person) -> UrgentPage:
    found = raised_this_term(uow, office, team)
    referrers = uow.organisation.people({r.referrer for r in found})
    by_party: dict[str, list[Referral]] = {}
    for referral in found:
        referrer = referrers.get(referral.referrer)
        by_party.setdefault(referrer.party if referrer else referral.parties[0], []).append(referral)
    named = uow.organisation.parties(by_party)
    parties = [
        UrgentParty(
            party=named[party].name if party in named else party,
            cases=tuple(_case(uow, office, r, acting) for r in referrals if r.urgency is Urgency.URGENT),
            raised=len(referrals),
        )
        for party, referrals in by_party.items()
    ]
    parties.sort(key=lambda one: (-len(one.cases), one.party))
    return UrgentPage(team.name, *term_of(office.today()), tuple(one for one in parties if one.cases))


def _case(uow: UnitOfWork, office: Office, referral: Referral, acting: Person) -> UrgentCase:
    seal = seal_of(uow, referral.case)
    look = Command.SHOW_URGENT.value
    action = look if seal is None else f"{REFUSED}:{look}"
    uow.audit.record(acting.id, acting.party, action, referral.id, office.now())
    reason = uow.cases.protected(referral.id).urgency_reason if seal is None else None
    raised_on = office.local(referral.submitted_at).date()
    return UrgentCase(referral.reference, referral.status, raised_on, reason, seal)
