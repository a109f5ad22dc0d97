"""Reminders about one booking: unanswered calls, unknown identity, missing details."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from schedules.domain.cases import ReferralStatus
from schedules.domain.coming import counts_as_coming, stands_in
from schedules.domain.organisation import Team
from schedules.domain.plan import Answer, Invitation, Meeting
from schedules.ports import UnitOfWork
from schedules.services.authority import referral_of, team_of
from schedules.services.called import Called, booking_of
from schedules.services.cards import own_calls
from schedules.services.facts import case_facts, meeting_facts, whom_to_tell
from schedules.services.letters import About, language_of, tell, told
from schedules.services.office import Office
from schedules.texts.referrer import details_missing
from schedules.texts.reminders import identity_unknown, identity_untold, unanswered


def remind_unanswered(
    uow: UnitOfWork, office: Office, team: Team, meeting: Meeting, bookings: Collection[str], number: int
) -> bool:
    """One reminder a person and meeting, with all of its unanswered cases. False if nobody is owed one."""
    silent: dict[str, set[str]] = {}
    for booking in bookings:
        for invitation in owed_an_answer(uow, team, booking):
            silent.setdefault(invitation.person, set()).add(invitation.public_id)
    people = uow.organisation.people(silent)
    for person_id, ids in silent.items():
        person = people.get(person_id)
        if person is None:
            continue
        calls = tuple(c for c in own_calls(uow, team, person_id, meeting.id) if c.public_id in ids)
        message = unanswered(
            meeting_facts(team, meeting), calls, language_of(person, team, office), second=number > 1
        )
        if message is None:
            continue
        topic = f"unanswered:{meeting.id}:{number}:{min(ids)}"
        if told(uow, person, topic):
            continue  # a deputy called since has set the clock again, for the deputy only
        tell(uow, office, person, message, topic, About(meeting=meeting.id, expires_at=meeting.starts_at))
    return bool(silent)


def owed_an_answer(uow: UnitOfWork, team: Team, booking_id: str) -> tuple[Invitation, ...]:
    """The calls to representatives who have said nothing, and whose silence is no yes."""
    booking = booking_of(uow, booking_id)
    calls = uow.plan.invitations(booking_id)
    silent = [i for i in calls if i.must_answer and i.answer is Answer.NEEDS_ACTION]
    people = uow.organisation.people([i.person for i in silent])
    return tuple(i for i in silent if not counts_as_coming(i, booking, team, people.get(i.person)))


def remind_identity(uow: UnitOfWork, office: Office, called: Called, occasion: str | None = None) -> bool:
    """The day before: who does not know whom it concerns, and the referrer who is to tell them.

    `occasion` tells a reminder that somebody asked for from the one that leaves by itself.
    """
    unknown = [
        i
        for i in uow.plan.invitations(called.booking.id)
        if i.must_answer
        and i.identity_known_at is None
        and i.answer is not Answer.DECLINED
        and not stands_in(called.booking, i.person)
    ]
    if not unknown:
        return False
    people = uow.organisation.people({i.person for i in unknown} | {called.referral.referrer})
    topic = f"identity:{called.booking.id}:{occasion or called.booking.sequence}"
    about = About(called.booking.id, called.meeting.id, expires_at=called.meeting.starts_at)
    for invitation in unknown:
        if invitation.person in people:
            person = people[invitation.person]
            calls = own_calls(uow, called.team, person.id, called.meeting.id)
            own = tuple(c for c in calls if c.public_id == invitation.public_id)
            language = language_of(person, called.team, office)
            message = identity_unknown(meeting_facts(called.team, called.meeting), own, language)
            if message is not None:
                tell(uow, office, person, message, topic, about)
    referrer = people.get(called.referral.referrer)
    if referrer is not None:
        case = case_facts(uow, called.team, called.referral, called.booking)
        message = identity_untold(
            case,
            whom_to_tell(uow, called.booking.id),
            language_of(referrer, called.team, office),
            referral_id=called.referral.id,
        )
        if message is not None:
            tell(uow, office, referrer, message, f"{topic}:referrer", about)
    return True


def remind_details(uow: UnitOfWork, office: Office, referral_id: str, before: date | None) -> bool:
    """Ask for what the form lacked, perhaps again `before` a meeting's day; never saying what it is."""
    referral = referral_of(uow, referral_id)
    if referral.status not in {ReferralStatus.ACTIVE, ReferralStatus.WAITING}:
        return False
    if not uow.cases.protected(referral_id).missing:
        return False
    person = uow.organisation.people([referral.referrer]).get(referral.referrer)
    if person is None:
        return False
    team = team_of(uow, referral.team)
    booking = uow.plan.live_booking(referral_id)
    message = details_missing(
        referral.reference,
        language_of(person, team, office),
        referral_id=referral.id,
        again_before=before,
        waits=booking is None,
    )
    about = About(booking.id, booking.meeting) if booking else About(referral=referral.id)
    tell(uow, office, person, message, f"details:{referral_id}:{before or 'first'}", about)
    return True
