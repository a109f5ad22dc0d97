"""What the form that changes a case shows, and what of it says whether somebody has changed it since."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from schedules.domain.authority import Command
from schedules.domain.cases import Protected, Referral, ReferralStatus
from schedules.domain.facts import CaseFacts
from schedules.domain.organisation import Team
from schedules.errors import Outdated
from schedules.ports import UnitOfWork
from schedules.services.authority import Subject, require, team_of
from schedules.services.facts import case_facts
from schedules.services.office import Office
from schedules.services.show_case import find_referral

NamedId = tuple[str, str]
LIVE = frozenset({ReferralStatus.ACTIVE, ReferralStatus.WAITING})


@dataclass(frozen=True, slots=True)
class ChangeShown:
    """What the form shows. Holds protected fields: for the modal only.

    `parties` are those that can be chosen besides `own_party`, the referrer's; `covered` are the ids that
    the consent names, and the coordinator's. `facts` is None while the case waits.
    """

    referral: Referral
    protected: Protected
    parties: tuple[NamedId, ...]
    own_party: NamedId
    coordinator_party: NamedId | None
    covered: tuple[str, ...]
    facts: CaseFacts | None
    seen: str


def open_change(office: Office, actor: str, public_id: str) -> ChangeShown:
    """The form's contents, by the referral's or booking's id; the look is on record before it opens.

    Raises NotFound, NotAllowed; Outdated for a case that has ended or is with its referrer.
    """
    with office.unit_of_work() as uow:
        referral = find_referral(uow, public_id)
        team = team_of(uow, referral.team)
        acting = require(uow, Command.CHANGE_CASE, actor, Subject(referral.id, team, referral))
        if referral.status not in LIVE:
            raise Outdated(referral=referral.id)
        uow.audit.record(actor, acting.party, "case.open_change", referral.id, office.now())
        shown = _shown(uow, team, referral)
        uow.commit()
        return shown


def _shown(uow: UnitOfWork, team: Team, referral: Referral) -> ChangeShown:
    protected = uow.cases.protected(referral.id)
    own, leading = referral.parties[0], coordinators_party(uow, team)
    ids = dict.fromkeys((*(m.party for m in team.parties), *referral.parties))
    named = uow.organisation.parties({*ids, *([leading] if leading else [])})
    booking = uow.plan.live_booking(referral.id)
    return ChangeShown(
        referral=referral,
        protected=protected,
        parties=tuple((p, named[p].name) for p in ids if p in named and p != own),
        own_party=(own, named[own].name if own in named else own),
        coordinator_party=(leading, named[leading].name) if leading in named else None,
        covered=tuple(parties_covered(uow, team, protected)),
        facts=case_facts(uow, team, referral, booking) if booking else None,
        seen=fingerprint_of(referral, protected),
    )


def coordinators_party(uow: UnitOfWork, team: Team) -> str | None:
    """The party that the team's coordinator works at."""
    leader = uow.organisation.people([team.coordinator]).get(team.coordinator)
    return leader.party if leader else None


def parties_covered(uow: UnitOfWork, team: Team, protected: Protected) -> dict[str, None]:
    """The parties that may share: those of the consent, and the coordinator's, which is always told."""
    leading = coordinators_party(uow, team)
    return dict.fromkeys((*protected.consent.parties, *([leading] if leading else [])))


def fingerprint_of(referral: Referral, protected: Protected) -> str:
    """Of what the form shows: a change of it by somebody else is seen by it."""
    shown = (
        referral.parties,
        referral.categories,
        referral.person_takes_part,
        referral.urgency,
        protected.question,
        protected.urgency_reason,
        protected.consent,
    )
    return sha256(repr(shown).encode()).hexdigest()
