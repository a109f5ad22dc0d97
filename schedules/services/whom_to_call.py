"""Whom to call when a case must not be raised here."""

from __future__ import annotations

from schedules.domain.facts import Contact
from schedules.services.coordination import coordinator_now
from schedules.services.facts import contact
from schedules.services.office import Office
from schedules.services.referral_form import whom_to_ask


def coordinator_of(office: Office, team_id: str | None) -> Contact | None:
    """The coordinator of a team, else an administrator, else None."""
    with office.unit_of_work() as uow:
        team = uow.organisation.team(team_id) if team_id else None
        person = coordinator_now(uow, office, team) if team else None
    if person is not None:
        return contact(person)
    return next(iter(whom_to_ask(office)), None)
