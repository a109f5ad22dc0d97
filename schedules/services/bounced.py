"""Addresses to which mail does not arrive: who learns of it, and when it is over."""

from __future__ import annotations

from schedules.domain.home import FailedDelivery
from schedules.domain.incoming import Counter, IncomingMail, Other, OutOfOffice, Reply
from schedules.domain.organisation import Team
from schedules.ports import UnitOfWork
from schedules.services.live_home import renew_homes
from schedules.services.office import Office

ADDRESS = "address"


def bounced_addresses(uow: UnitOfWork, teams: tuple[Team, ...]) -> tuple[FailedDelivery, ...]:
    """The teams' people whose present address does not work, for their coordinator, by name."""
    called = {p for team in teams for membership in team.parties for p in membership.representatives}
    leading = {p for team in teams for p in (team.coordinator, *team.coordinator_deputies)}
    bounced = uow.organisation.bounced(called | leading)
    people = sorted(uow.organisation.people(bounced).values(), key=lambda person: person.name)
    return tuple(FailedDelivery(person.name, ADDRESS, phone=person.phone) for person in people)


def heard_from(uow: UnitOfWork, office: Office, mail: IncomingMail) -> None:
    """A mail came from an address that did not work: it works again, and the pages say so."""
    sender = mail.sender if isinstance(mail, (Reply, Counter, OutOfOffice, Other)) else None
    person = uow.organisation.person_by_address(sender) if sender else None
    if person is None or person.id not in uow.organisation.bounced([person.id]):
        return
    uow.organisation.mark_bounced(person.id, None)
    teams = (*uow.organisation.teams_of(person.party), *uow.organisation.teams_led_by(person.id))
    for team in {team.id for team in teams}:
        renew_homes(uow, team, office.now())
