"""Answers to a call: come, cannot, send a deputy; and "I know whom it concerns"."""

from __future__ import annotations

from dataclasses import replace

from schedules.domain.authority import Command
from schedules.domain.organisation import Person
from schedules.domain.plan import Answer
from schedules.ports import UnitOfWork
from schedules.services.cards import renew_card, renew_cards_of
from schedules.services.decline import decline_call
from schedules.services.deputies import free_deputies, send_deputy, settle_seat
from schedules.services.invited import (
    Invited,
    current_invited,
    find_invited,
    require_for,
    team_of_invitation,
    to_answer,
)
from schedules.services.keep_facts import call_kept
from schedules.services.office import Office
from schedules.services.tell_accepted import tell_all_accepted

__all__ = [  # the door for answers: those who let an answer in find all that they need here
    "Invited",
    "answer_invitation",
    "deputies_for",
    "deputise",
    "find_invited",
    "free_deputies",
    "give_answer",
    "know_identity",
    "renew_for",
    "require_for",
    "send_deputy",
]


def answer_invitation(office: Office, actor: str, public_id: str, answer: Answer) -> Invited:
    """Record an answer: the invited person's own, or the coordinator's for somebody who phoned.

    The same answer again changes nothing.

    Raises:
        NotFound, NotAllowed.
        Outdated: the time has changed since the button was made, or the call has ended.
    """

    def work(uow: UnitOfWork) -> Invited:
        invited, acting = to_answer(uow, office, actor, public_id)
        return give_answer(uow, office, invited, acting, answer)

    return office.change_plan(team_of_invitation(office, public_id), work)


def give_answer(uow: UnitOfWork, office: Office, invited: Invited, acting: Person, answer: Answer) -> Invited:
    """What an answer changes, however it came. The same answer again changes nothing.

    Under the team's lock; that the call is live, and `acting` may answer it, has been seen to. A no without
    a reason is a decline like any other.
    """
    if answer is Answer.DECLINED:
        return decline_call(uow, office, invited, acting, None)
    if invited.invitation.answer is answer:
        return invited
    answered = replace(invited.invitation, answer=answer, answered_at=office.now(), answered_by=acting.id)
    uow.plan.save_invitation(answered)
    if invited.invitation.answer is Answer.DECLINED:
        uow.plan.remove_declines(answered.id)
    uow.audit.record(acting.id, acting.party, f"invitation.{answer.value}", answered.id, office.now())
    after = Invited(answered, invited.called)
    if answer is Answer.ACCEPTED and answered.must_answer:
        after = settle_seat(uow, office, after)
    called = after.called
    renew_cards_of(uow, office, called.booking.id, called.meeting.id, answered.person)
    call_kept(uow, office, called)
    if answer is Answer.ACCEPTED:
        tell_all_accepted(uow, office, called)
    return after


def know_identity(office: Office, actor: str, public_id: str) -> Invited:
    """Tick "I know whom it concerns", once, by the invited person. Raises as `answer_invitation`."""

    def work(uow: UnitOfWork) -> Invited:
        invited = current_invited(uow, public_id)
        acting = require_for(uow, Command.KNOW_IDENTITY, invited, actor)
        if invited.invitation.identity_known_at is not None:
            return invited
        known = replace(invited.invitation, identity_known_at=office.now())
        uow.plan.save_invitation(known)
        uow.audit.record(actor, acting.party, "invitation.identity_known", known.id, office.now())
        renew_cards_of(uow, office, invited.called.booking.id, invited.called.meeting.id, actor)
        return Invited(known, invited.called)

    return office.change_plan(team_of_invitation(office, public_id), work)


def deputies_for(office: Office, actor: str, public_id: str) -> tuple[Invited, tuple[Person, ...]]:
    """The party's other representatives who are free at the time. Raises as `answer_invitation`."""
    with office.unit_of_work() as uow:
        invited = current_invited(uow, public_id)
        require_for(uow, Command.DEPUTISE, invited, actor)
        return invited, free_deputies(uow, office, invited)


def deputise(office: Office, actor: str, public_id: str, deputy: str) -> Invited:
    """Let another representative of the party take the seat: called anew, the first one's part ended.

    Raises:
        Refused: that person is not a free representative of the party.
        NotFound, NotAllowed, Outdated: as `answer_invitation`.
    """

    def work(uow: UnitOfWork) -> Invited:
        invited = current_invited(uow, public_id)
        acting = require_for(uow, Command.DEPUTISE, invited, actor)
        return send_deputy(uow, office, invited, acting, deputy)

    return office.change_plan(team_of_invitation(office, public_id), work)


def renew_for(office: Office, actor: str, public_id: str) -> None:
    """An old button was pressed: post the person's current card again, so that the new time is seen."""

    def work(uow: UnitOfWork) -> None:
        invited = find_invited(uow, public_id)
        if invited.invitation.person == actor:
            renew_card(uow, office, invited.called.meeting, actor, notify=True)

    office.change_plan(team_of_invitation(office, public_id), work)
