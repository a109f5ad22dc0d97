"""Answers to a call: come, cannot, send a deputy; and "I know whom it concerns"."""

from __future__ import annotations

from dataclasses import dataclass, replace

from schedules.domain.authority import Command
from schedules.domain.organisation import Person
from schedules.domain.plan import Answer, BookingStatus, Invitation, Seat
from schedules.errors import NotFound, Outdated, Refused
from schedules.ports import UnitOfWork
from schedules.services.authority import Subject, require
from schedules.services.call_parties import replace_representative
from schedules.services.called import Called, load_called
from schedules.services.cards import renew_card, renew_cards_of
from schedules.services.facts import called_facts, case_facts
from schedules.services.horizon import load_horizon
from schedules.services.letters import About, language_of, tell, told
from schedules.services.office import Office
from schedules.services.propose import people_freed
from schedules.texts.decision import declined
from schedules.texts.referrer import all_accepted


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation with the booking that it calls to."""

    invitation: Invitation
    called: Called


def answer_invitation(office: Office, actor: str, public_id: str, answer: Answer) -> Invited:
    """Record an answer: the invited person's own, or the coordinator's for somebody who phoned.

    The same answer again changes nothing.

    Raises:
        NotFound, NotAllowed.
        Outdated: the time has changed since the button was made, or the call has ended.
    """

    def work(uow: UnitOfWork) -> Invited:
        invited = _current(uow, public_id)
        acting = require_for(uow, Command.ANSWER, invited, actor)
        if invited.called.meeting.ends_at <= office.now():
            raise Outdated(invitation=invited.invitation.id)
        return give_answer(uow, office, invited, acting, answer)

    return office.change_plan(_team_of(office, public_id), work)


def give_answer(uow: UnitOfWork, office: Office, invited: Invited, acting: Person, answer: Answer) -> Invited:
    """What an answer changes, however it came. The same answer again changes nothing.

    Under the team's lock; that the call is live, and `acting` may answer it, has been seen to.
    """
    if invited.invitation.answer is answer:
        return invited
    answered = replace(invited.invitation, answer=answer, answered_at=office.now(), answered_by=acting.id)
    uow.plan.save_invitation(answered)
    uow.audit.record(acting.id, acting.party, f"invitation.{answer.value}", answered.id, office.now())
    called = invited.called
    renew_cards_of(uow, office, called.booking.id, called.meeting.id, answered.person)
    if answer is Answer.DECLINED:
        _tell_declined(uow, office, called, answered)
    elif answer is Answer.ACCEPTED:
        _tell_all_accepted(uow, office, called)
    return Invited(answered, called)


def know_identity(office: Office, actor: str, public_id: str) -> Invited:
    """Tick "I know whom it concerns", once, by the invited person. Raises as `answer_invitation`."""

    def work(uow: UnitOfWork) -> Invited:
        invited = _current(uow, public_id)
        acting = require_for(uow, Command.KNOW_IDENTITY, invited, actor)
        if invited.invitation.identity_known_at is not None:
            return invited
        known = replace(invited.invitation, identity_known_at=office.now())
        uow.plan.save_invitation(known)
        uow.audit.record(actor, acting.party, "invitation.identity_known", known.id, office.now())
        renew_cards_of(uow, office, invited.called.booking.id, invited.called.meeting.id, actor)
        return Invited(known, invited.called)

    return office.change_plan(_team_of(office, public_id), work)


def deputies_for(office: Office, actor: str, public_id: str) -> tuple[Invited, tuple[Person, ...]]:
    """The party's other representatives who are free at the time. Raises as `answer_invitation`."""
    with office.unit_of_work() as uow:
        invited = _current(uow, public_id)
        require_for(uow, Command.DEPUTISE, invited, actor)
        return invited, free_deputies(uow, office, invited)


def deputise(office: Office, actor: str, public_id: str, deputy: str) -> Invited:
    """Let another representative of the party take the seat: called anew, the first one's part ended.

    Raises:
        Refused: that person is not a free representative of the party.
        NotFound, NotAllowed, Outdated: as `answer_invitation`.
    """

    def work(uow: UnitOfWork) -> Invited:
        invited = _current(uow, public_id)
        acting = require_for(uow, Command.DEPUTISE, invited, actor)
        return send_deputy(uow, office, invited, acting, deputy)

    return office.change_plan(_team_of(office, public_id), work)


def send_deputy(uow: UnitOfWork, office: Office, invited: Invited, acting: Person, deputy: str) -> Invited:
    """Give the seat to the deputy, however that was said; as `give_answer`. Raises Refused as `deputise`."""
    if deputy not in {p.id for p in free_deputies(uow, office, invited)}:
        raise Refused({"deputy": "deputy_not_free"})
    called, party = invited.called, invited.invitation.party
    booking = replace(
        called.booking,
        sequence=called.booking.sequence + 1,
        seats=tuple(
            Seat(s.party, deputy if s.party == party else s.representative) for s in called.booking.seats
        ),
    )
    slot = called.meeting.slot(booking.slot)
    uow.plan.save_booking(booking, slot.starts_at, slot.ends_at)
    uow.audit.record(acting.id, acting.party, "invitation.deputise", invited.invitation.id, office.now())
    replace_representative(uow, office, replace(called, booking=booking))
    people_freed(uow, office, called.team, here=True)
    return invited


def find_invited(uow: UnitOfWork, public_id: str) -> Invited:
    """The invitation that a public id, old or current, leads to. Raises NotFound."""
    invitation = uow.plan.invitation(public_id)
    if invitation is None:
        raise NotFound(invitation=public_id)
    return Invited(invitation, load_called(uow, invitation.booking))


def _current(uow: UnitOfWork, public_id: str) -> Invited:
    invited = find_invited(uow, public_id)
    ended = not invited.invitation.live or invited.called.booking.status is not BookingStatus.BOOKED
    if ended or not uow.plan.is_current(public_id):
        raise Outdated(invitation=invited.invitation.id)
    return invited


def _team_of(office: Office, public_id: str) -> str:
    with office.unit_of_work() as uow:
        return find_invited(uow, public_id).called.team.id


def require_for(uow: UnitOfWork, command: Command, invited: Invited, actor: str) -> Person:
    """The acting person, if they may do that with this one call. Raises NotAllowed."""
    called, invitation = invited.called, invited.invitation
    about = Subject(invitation.id, called.team, called.referral, (invitation,))
    return require(uow, command, actor, about)


def free_deputies(uow: UnitOfWork, office: Office, invited: Invited) -> tuple[Person, ...]:
    """The party's other representatives who are free at the time."""
    called, party = invited.called, invited.invitation.party
    membership = called.team.membership(party) if party else None
    if membership is None:
        return ()
    horizon = load_horizon(uow, office, called.team, called.booking.id)
    offer = next((o for o in horizon.offers if o.id == called.meeting.id), None)
    slot = called.meeting.slot(called.booking.slot)
    attending = offer.attending.get(membership.party, ()) if offer else ()
    free = [
        p
        for p in attending
        if p != invited.invitation.person and horizon.busy.free(p, slot.starts_at, slot.ends_at)
    ]
    people = uow.organisation.people(free)
    return tuple(people[p] for p in free if p in people)


def _tell_declined(uow: UnitOfWork, office: Office, called: Called, invitation: Invitation) -> None:
    if not invitation.must_answer:
        return
    party = uow.organisation.parties([invitation.party or ""]).get(invitation.party or "")
    case = case_facts(uow, called.team, called.referral, called.booking)
    decliner = uow.organisation.people([invitation.person]).get(invitation.person)
    affected = dict.fromkeys((called.team.coordinator, called.referral.referrer))
    for who in uow.organisation.people(affected).values():
        language = language_of(who, called.team, office)
        message = declined(
            case,
            decliner.name if decliner else "",
            party.name if party else None,
            language,
            booking_id=called.booking.id,
            referral_id=called.referral.id,
        )
        topic = f"declined:{called.booking.id}:{called.booking.sequence}:{invitation.id}"
        about = About(called.booking.id, called.meeting.id, expires_at=called.meeting.starts_at)
        tell(uow, office, who, message, topic, about)


def _tell_all_accepted(uow: UnitOfWork, office: Office, called: Called) -> None:
    """Tell the referrer once per time that everybody asked for comes."""
    asked = [i for i in uow.plan.invitations(called.booking.id) if i.must_answer]
    if any(i.answer is not Answer.ACCEPTED for i in asked):
        return
    referrer = uow.organisation.people([called.referral.referrer]).get(called.referral.referrer)
    topic = f"accepted:{called.booking.id}:{called.booking.sequence}"
    if referrer is None or told(uow, referrer, topic):
        return
    case = case_facts(uow, called.team, called.referral, called.booking)
    people = called_facts(uow, called.team, called.referral, called.booking)
    message = all_accepted(case, language_of(referrer, called.team, office), called=people)
    about = About(called.booking.id, called.meeting.id, expires_at=called.meeting.starts_at)
    tell(uow, office, referrer, message, topic, about)


def renew_for(office: Office, actor: str, public_id: str) -> None:
    """An old button was pressed: post the person's current card again, so that the new time is seen."""

    def work(uow: UnitOfWork) -> None:
        invited = find_invited(uow, public_id)
        if invited.invitation.person == actor:
            renew_card(uow, office, invited.called.meeting, actor, notify=True)

    office.change_plan(_team_of(office, public_id), work)
