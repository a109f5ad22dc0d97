"""Cases to book."""

from __future__ import annotations

from collections.abc import Iterable

from schedules.domain.cases import (
    Consent,
    PersonTakesPart,
    Protected,
    QuestionCategory,
    Referral,
    ReferralStatus,
    Urgency,
)
from schedules.domain.organisation import Team
from schedules.services.office import Office, new_id


def referral_of(office: Office, team: Team, number: int = 0) -> Referral:
    """A case of the team's caseworker that asks for its first three parties."""
    owner = f"p{team.id[1:]}W"
    return Referral(
        id=new_id(),
        case=new_id(),
        reference=f"{team.reference_prefix}-{office.today().year}-{number:04d}",
        team=team.id,
        referrer=owner,
        owner=owner,
        status=ReferralStatus.ACTIVE,
        parties=tuple(membership.party for membership in team.parties[:3]),
        categories=(QuestionCategory.CARE,),
        person_takes_part=PersonTakesPart.IN_ROOM,
        urgency=Urgency.ORDINARY,
        not_before=None,
        submitted_at=office.now(),
    )


def store_cases(office: Office, referrals: Iterable[Referral]) -> None:
    """Store them by their store, all at once."""
    with office.unit_of_work() as uow:
        for r in referrals:
            uow.cases.add_case(r.case, r.team, r.reference, r.parties[0], r.owner, office.now())
            consent = Consent(r.parties, office.today(), r.referrer)
            uow.cases.add_referral(r, Protected("Hur kan vi samordna stödet, och vem gör vad?", consent))
        uow.commit()
