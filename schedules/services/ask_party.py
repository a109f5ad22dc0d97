"""No representative of a party can come, or the case is not theirs: the party is asked once more.

Its contact for somebody else, or the representative again, since the case is theirs after all. Each way is
looked at before it happens; a look changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from schedules.domain.facts import Contact
from schedules.errors import Outdated
from schedules.ports import UnitOfWork
from schedules.services.authority import person
from schedules.services.call_parties import call_again
from schedules.services.called import Called
from schedules.services.decline import comes_no_longer
from schedules.services.declined_seat import (
    DeclinedSeat,
    Missing,
    act_on,
    declined_seat,
    missing_of,
    on_record,
    party_name,
    words_about,
)
from schedules.services.deputies import comes_for_party, free_deputies, with_seats
from schedules.services.facts import case_facts, contact
from schedules.services.letters import About, language_of, tell
from schedules.services.office import Office
from schedules.services.ways_without_party import contact_of
from schedules.texts.missing import asked_again, contact_asked


@dataclass(frozen=True, slots=True)
class ToContact:
    """Whom the party has for it, and how to reach them; when they were asked before."""

    missing: Missing
    contact: Contact | None
    asked_on: date | None


@dataclass(frozen=True, slots=True)
class Again:
    """Whether the representative `comes` still, so that they are asked again; else who is called instead.

    `instead` is a name, None if nobody is free.
    """

    missing: Missing
    comes: bool
    instead: str | None = None


# --- the party's contact -----------------------------------------------------------------------------


def preview_contact(office: Office, actor: str, public_id: str) -> ToContact:
    """Whom to ask for somebody else. Raises NotFound, NotAllowed, Outdated."""
    with office.unit_of_work() as uow:
        found = declined_seat(uow, office, actor, public_id)
        who = contact_of(uow, found.called, found.party)
        asked = found.decline.contact_asked_at if found.decline else None
        return ToContact(
            missing=missing_of(uow, found),
            contact=contact(who) if who else None,
            asked_on=office.local(asked).date() if asked else None,
        )


def ask_contact(office: Office, actor: str, public_id: str) -> Called:
    """Write to the party's contact, open facts only. Asked on the same day, it is not sent twice."""

    def work(uow: UnitOfWork, found: DeclinedSeat) -> Called:
        called = found.called
        who = contact_of(uow, called, found.party)
        if who is None:
            raise Outdated(invitation=found.invited.invitation.id)
        said = on_record(uow, office, found)
        asked = said.contact_asked_at
        if asked is not None and office.local(asked).date() == office.today():
            return called
        uow.plan.save_decline(replace(said, contact=who.id, contact_asked_at=office.now()))
        case = case_facts(uow, called.team, called.referral, called.booking)
        message = contact_asked(case, words_about(uow, found), language_of(who, called.team, office))
        about = About(called.booking.id, called.meeting.id, expires_at=called.meeting.starts_at)
        topic = f"contact_asked:{said.id}:{office.today().isoformat()}"
        tell(uow, office, who, message, topic, about)
        return called

    return act_on(office, actor, public_id, "seat.ask_contact", work)


# --- theirs after all --------------------------------------------------------------------------------


def preview_again(office: Office, actor: str, public_id: str) -> Again:
    """Who would be told that the case is theirs. Raises NotFound, NotAllowed, Outdated."""
    with office.unit_of_work() as uow:
        found = declined_seat(uow, office, actor, public_id)
        _require_not_theirs(found)
        missing = missing_of(uow, found)
        if comes_for_party(uow, office, found.invited):
            return Again(missing, comes=True)
        free = free_deputies(uow, office, found.invited)
        return Again(missing, comes=False, instead=free[0].name if free else None)


def ask_again(office: Office, actor: str, public_id: str) -> None:
    """Answer "not our case": it is. The representative is asked anew, or who else can come is called.

    Raises as `preview_again`.
    """

    def work(uow: UnitOfWork, found: DeclinedSeat) -> None:
        _require_not_theirs(found)
        uow.plan.remove_declines(found.invited.invitation.id)
        if comes_for_party(uow, office, found.invited):
            _ask_anew(uow, office, found)
        else:
            comes_no_longer(uow, office, found.invited)

    act_on(office, actor, public_id, "seat.ask_again", work)


def _ask_anew(uow: UnitOfWork, office: Office, found: DeclinedSeat) -> None:
    called = with_seats(uow, found.called, found.called.booking.seats)
    asked = call_again(uow, office, called, found.invited.invitation)
    who = person(uow, asked.person)
    if not who.slack:  # by mail the new invitation says it
        return
    message = asked_again(
        case_facts(uow, called.team, called.referral, called.booking),
        party_name(uow, found),
        language_of(who, called.team, office),
        public_id=asked.public_id,
        referral_id=called.referral.id,
    )
    about = About(called.booking.id, called.meeting.id, expires_at=called.meeting.starts_at)
    tell(uow, office, who, message, f"asked_again:{asked.public_id}", about)


def _require_not_theirs(found: DeclinedSeat) -> None:
    if not found.not_theirs:
        raise Outdated(invitation=found.invited.invitation.id)
