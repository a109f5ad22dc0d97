"""A cancelled meeting: one message to each person affected, listing their changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from schedules.domain.cases import Referral
from schedules.domain.facts import CaseFacts
from schedules.domain.organisation import Team
from schedules.domain.plan import Booking, Meeting
from schedules.ports import UnitOfWork
from schedules.services.cards import own_calls
from schedules.services.facts import case_facts, meeting_facts
from schedules.services.letters import About, language_of, tell
from schedules.services.office import Office
from schedules.texts.changes import OwnChange, meeting_cancelled


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to one case: `booking` is None while it waits. `people` are all who heard of it."""

    referral: Referral
    before: CaseFacts
    booking: Booking | None
    people: tuple[str, ...]


def tell_changes(
    uow: UnitOfWork, office: Office, team: Team, meeting: Meeting, changes: Sequence[Change]
) -> None:
    """One message a person; who was called to a case at the meeting, or is now called to its new time."""
    affected = dict.fromkeys(
        person
        for change in changes
        for person in (*change.people, change.referral.referrer, change.referral.owner)
    )
    for person in uow.organisation.people(affected).values():
        own = tuple(_own(uow, team, person.id, change) for change in changes if _concerns(change, person.id))
        message = meeting_cancelled(meeting_facts(team, meeting), own, language_of(person, team, office))
        about = About(meeting=meeting.id)
        tell(uow, office, person, message, f"cancelled:{meeting.id}", about)


def _concerns(change: Change, person: str) -> bool:
    return person in (*change.people, change.referral.referrer, change.referral.owner)


def _own(uow: UnitOfWork, team: Team, person: str, change: Change) -> OwnChange:
    if change.booking is None:
        return OwnChange(change.before, None, None)
    calls = own_calls(uow, team, person, change.booking.meeting)
    call = next((c for c in calls if c.referral == change.referral.id), None)
    return OwnChange(change.before, case_facts(uow, team, change.referral, change.booking), call)
