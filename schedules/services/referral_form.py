"""What the form "Lyft ett ärende" offers one user, from local data."""

from __future__ import annotations

from dataclasses import dataclass

from schedules.domain.authority import Command
from schedules.domain.cases import Protected, Referral, ReferralStatus
from schedules.domain.facts import Contact
from schedules.domain.organisation import Person, Team
from schedules.errors import Outdated
from schedules.ports import UnitOfWork
from schedules.services.authority import Subject, referral_of, require, team_of
from schedules.services.coordination import coordinator_now
from schedules.services.facts import contact
from schedules.services.office import Office

NamedId = tuple[str, str]


@dataclass(frozen=True, slots=True)
class FormChoices:
    """Teams, and for the chosen one the parties besides the user's own; all as (id, name).

    `team` is the chosen team, or the only one there is.
    """

    teams: tuple[NamedId, ...]
    own_party: NamedId
    team: str | None
    parties: tuple[NamedId, ...]
    coordinator: Contact | None
    coordinator_party: NamedId | None


@dataclass(frozen=True, slots=True)
class Mended:
    """A returned referral with the fields to fill the form with. Protected: for the modal only."""

    referral: Referral
    protected: Protected
    owner_slack: str | None


def form_choices(office: Office, actor: str, team: str | None = None) -> FormChoices:
    """What the user may choose from. Raises NotAllowed if the user's party is in no team."""
    with office.unit_of_work() as uow:
        acting = require(uow, Command.RAISE_CASE, actor, Subject(team or "new"))
        teams = uow.organisation.teams_of(acting.party)
        chosen = next((t for t in teams if t.id == team), teams[0] if len(teams) == 1 else None)
        return _choices(uow, office, acting, teams, chosen)


def _choices(
    uow: UnitOfWork, office: Office, acting: Person, teams: tuple[Team, ...], chosen: Team | None
) -> FormChoices:
    own = _named(uow, acting.party)
    members = [m.party for m in chosen.parties if m.party != acting.party] if chosen else []
    parties = uow.organisation.parties(members)
    leader = uow.organisation.people([chosen.coordinator]).get(chosen.coordinator) if chosen else None
    reached = coordinator_now(uow, office, chosen) if chosen else None
    return FormChoices(
        teams=tuple((t.id, t.name) for t in teams),
        own_party=own,
        team=chosen.id if chosen else None,
        parties=tuple((p, parties[p].name) for p in members if p in parties),
        coordinator=contact(reached) if reached else None,
        coordinator_party=_named(uow, leader.party) if leader else None,
    )


def _named(uow: UnitOfWork, party: str) -> NamedId:
    found = uow.organisation.parties([party]).get(party)
    return party, found.name if found else party


def open_mended(office: Office, actor: str, referral_id: str) -> Mended:
    """A returned referral for its form; the look is on record. Raises NotFound, NotAllowed, Outdated."""
    with office.unit_of_work() as uow:
        referral = referral_of(uow, referral_id)
        about = Subject(referral_id, team_of(uow, referral.team), referral)
        acting = require(uow, Command.MEND_CASE, actor, about)
        if referral.status is not ReferralStatus.RETURNED:
            raise Outdated(referral=referral_id)
        uow.audit.record(actor, acting.party, "referral.open_returned", referral_id, office.now())
        owner = uow.organisation.people([referral.owner]).get(referral.owner)
        slack = owner.slack[0] if owner and owner.slack and owner.id != actor else None
        mended = Mended(referral, uow.cases.protected(referral_id), slack)
        uow.commit()
        return mended


def whom_to_ask(office: Office) -> tuple[Contact, ...]:
    """Whom somebody who may not raise cases turns to: the administrators."""
    with office.unit_of_work() as uow:
        association = uow.organisation.association()
        ids = (association.administrators or association.process_leaders) if association else ()
        people = uow.organisation.people(ids)
        return tuple(contact(people[i]) for i in ids if i in people)
