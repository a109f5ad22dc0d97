"""A reminder that somebody asks for, besides those that leave by themselves: once a day for one thing."""

from __future__ import annotations

from schedules.domain.authority import Command
from schedules.domain.plan import Answer
from schedules.ports import UnitOfWork
from schedules.services.authority import Subject, person, require
from schedules.services.called import load_called
from schedules.services.cards import own_calls
from schedules.services.facts import meeting_facts
from schedules.services.invited import Invited, find_invited, require_for
from schedules.services.letters import About, language_of, tell, told
from schedules.services.office import Office
from schedules.services.remind import remind_identity
from schedules.texts.reminders import unanswered


def remind_answer(office: Office, actor: str, public_id: str) -> bool:
    """Remind whoever that call is to of all their unanswered cases of its meeting.

    False if nothing is unanswered any more, or they were reminded today. Raises NotFound, NotAllowed.
    """
    with office.unit_of_work() as uow:
        invited = find_invited(uow, public_id)
        acting = require_for(uow, Command.REMIND_ANSWER, invited, actor)
        if not _remind(uow, office, invited):
            return False
        subject = invited.invitation.id
        uow.audit.record(actor, acting.party, Command.REMIND_ANSWER.value, subject, office.now())
        uow.commit()
        return True


def _remind(uow: UnitOfWork, office: Office, invited: Invited) -> bool:
    called, invitation = invited.called, invited.invitation
    if not called.booking.live or called.meeting.starts_at <= office.now():
        return False
    reader = person(uow, invitation.person)
    calls = own_calls(uow, called.team, reader.id, called.meeting.id)
    waiting = tuple(c for c in calls if c.answer is Answer.NEEDS_ACTION)
    language = language_of(reader, called.team, office)
    message = unanswered(meeting_facts(called.team, called.meeting), waiting, language)
    topic = f"unanswered:{called.meeting.id}:asked:{office.today()}"
    if message is None or told(uow, reader, topic):
        return False
    about = About(meeting=called.meeting.id, expires_at=called.meeting.starts_at)
    tell(uow, office, reader, message, topic, about)
    return True


def remind_whom(office: Office, actor: str, booking: str) -> bool:
    """Remind those called to a booking, and its referrer, that they are to know whom it concerns.

    False if everybody knows, or they were reminded today. Raises NotFound, NotAllowed.
    """
    with office.unit_of_work() as uow:
        called = load_called(uow, booking)
        about = Subject(booking, called.team, called.referral)
        acting = require(uow, Command.REMIND_IDENTITY, actor, about)
        if not called.booking.live or called.meeting.starts_at <= office.now():
            return False
        asked = f"asked:{office.today()}"
        referrer = person(uow, called.referral.referrer)
        if told(uow, referrer, f"identity:{booking}:{asked}:referrer"):
            return False
        if not remind_identity(uow, office, called, asked):
            return False
        uow.audit.record(actor, acting.party, Command.REMIND_IDENTITY.value, booking, office.now())
        uow.commit()
        return True
