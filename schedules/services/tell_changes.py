"""Meetings have changed: one message to each person affected, listing their changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from schedules.domain.cases import Referral
from schedules.domain.facts import CaseFacts
from schedules.domain.organisation import Team
from schedules.domain.plan import Booking
from schedules.ports import UnitOfWork
from schedules.services.authority import carries
from schedules.services.cards import own_calls
from schedules.services.facts import case_facts
from schedules.services.letters import About, language_of, tell
from schedules.services.office import Office
from schedules.texts.changes import News, OwnChange, meetings_changed


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to one case: `booking` is None while it waits. `people` are all who heard of it."""

    referral: Referral
    before: CaseFacts
    booking: Booking | None
    people: tuple[str, ...]


def tell_changes(
    uow: UnitOfWork, office: Office, team: Team, news: News, changes: Sequence[Change], meeting: str
) -> None:
    """One message a person; who was called to a case, or is now called to its new time.

    `meeting` is the id of the meeting that it is about, or of the first of several.
    """
    affected = dict.fromkeys(
        person
        for change in changes
        for person in (*change.people, change.referral.referrer, change.referral.owner)
    )
    for person in uow.organisation.people(affected).values():
        own = tuple(_own(uow, team, person.id, change) for change in changes if _concerns(change, person.id))
        message = meetings_changed(news, own, language_of(person, team, office))
        tell(uow, office, person, message, f"{news.kind.value}:{meeting}", About(meeting=meeting))


def _concerns(change: Change, person: str) -> bool:
    return person in change.people or carries(change.referral, person)


def _own(uow: UnitOfWork, team: Team, person: str, change: Change) -> OwnChange:
    if change.booking is None:
        return OwnChange(change.before, None, None)
    calls = own_calls(uow, team, person, change.booking.meeting)
    call = next((c for c in calls if c.referral == change.referral.id), None)
    after = case_facts(uow, team, change.referral, change.booking)
    return OwnChange(change.before, after, call, carries(change.referral, person))
