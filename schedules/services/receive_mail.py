"""A mail in our mailbox: an answer takes effect as if a button had been pressed, once, whoever reads it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from schedules.domain.incoming import (
    Bounce,
    Counter,
    IncomingMail,
    Other,
    OutOfOffice,
    Reply,
    Unreadable,
)
from schedules.domain.plan import Answer
from schedules.domain.replies import (
    Answered,
    Decision,
    Delegated,
    Ended,
    NotTheAttendee,
    Overtaken,
    Stale,
    Standing,
    TimeProposed,
    Unchanged,
    decide,
)
from schedules.ports import FailedLetter, Incoming, IncomingOutcome, MailOrigin, UnitOfWork
from schedules.services.answer_invitation import Invited, free_deputies, give_answer, send_deputy
from schedules.services.authority import person, referral_of, team_of
from schedules.services.bounced import heard_from
from schedules.services.called import load_called
from schedules.services.cards import renew_card
from schedules.services.coordination import coordinator_now
from schedules.services.counter_offer import tell_time_proposed
from schedules.services.facts import meeting_facts
from schedules.services.letters import About, language_of, tell
from schedules.services.office import Office
from schedules.texts.decision import delivery_failed

_OUTCOMES: dict[type[Decision], IncomingOutcome] = {
    Answered: IncomingOutcome.ANSWERED,
    TimeProposed: IncomingOutcome.TIME_PROPOSED,
    Unchanged: IncomingOutcome.UNCHANGED,
    Overtaken: IncomingOutcome.OVERTAKEN,
    Stale: IncomingOutcome.STALE,
    Ended: IncomingOutcome.ENDED,
}


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to be recorded of a mail, and what it does beyond that."""

    record: Incoming
    act: Callable[[], object] | None = None


def receive(office: Office, mail: IncomingMail, origin: MailOrigin) -> IncomingOutcome:
    """Let a mail take effect and record it, in one transaction; afterwards it may be marked in the mailbox.

    What was `LEFT` is left untouched there. A mail that was recorded before does nothing again.

    Raises:
        LockTimeout: somebody else held the team for too long; nothing was changed, try again.
    """
    team = _team_of(office, mail)
    if team is not None:
        return office.change_plan(team, lambda uow: _receive(uow, office, mail, origin))
    with office.unit_of_work() as uow:
        outcome = _receive(uow, office, mail, origin)
        uow.commit()
        return outcome


def _receive(uow: UnitOfWork, office: Office, mail: IncomingMail, origin: MailOrigin) -> IncomingOutcome:
    """What has been read stands under the team's lock; the insert decides who acts."""
    plan = _plan(uow, office, mail, origin)
    if not uow.incoming.first_time(plan.record):
        return uow.incoming.outcome(origin.account, origin.key) or IncomingOutcome.REPEATED
    heard_from(uow, office, mail)
    if plan.act is not None:
        plan.act()
    return plan.record.outcome


def _team_of(office: Office, mail: IncomingMail) -> str | None:
    """The team whose plan the mail may change."""
    with office.unit_of_work() as uow:
        if isinstance(mail, (Reply, Counter)):
            booking = uow.plan.booking_by_uid(mail.uid)
            return booking.team if booking else None
        if isinstance(mail, Bounce):
            letter = _bounced_letter(uow, mail)
            meeting = uow.plan.meeting(letter.meeting) if letter and letter.meeting else None
            return meeting.team if meeting else None
    return None


def _plan(uow: UnitOfWork, office: Office, mail: IncomingMail, origin: MailOrigin) -> _Plan:
    record = Incoming(origin, "other", IncomingOutcome.LEFT, office.now())
    match mail:
        case Reply() | Counter():
            return _plan_reply(uow, office, mail, record)
        case Bounce():
            return _plan_bounce(uow, office, mail, record)
        case OutOfOffice():
            # No address of the automatic answer is kept: it may be about anything.
            return _Plan(replace(record, kind="out_of_office", outcome=IncomingOutcome.OUT_OF_OFFICE))
        case Unreadable():
            return _Plan(replace(record, kind="unreadable"))
        case Other():
            return _Plan(record)


# --- answers -----------------------------------------------------------------------------------------


def _plan_reply(uow: UnitOfWork, office: Office, mail: Reply | Counter, record: Incoming) -> _Plan:
    invited = _invited(uow, mail)
    decision = decide(mail, _standing(uow, invited, mail), office.now())
    if isinstance(decision, NotTheAttendee):
        return _Plan(replace(record, kind="not_the_attendee"))
    if invited is None:
        return _Plan(replace(record, kind="unknown_invitation"))
    known = replace(
        record,
        kind="counter" if isinstance(mail, Counter) else "reply",
        event_uid=mail.uid,
        attendee=mail.attendee.lower(),
        sequence=mail.sequence or 0,
        dtstamp=mail.dtstamp,
    )
    return _plan_decision(uow, office, invited, decision, known)


def _plan_decision(
    uow: UnitOfWork, office: Office, invited: Invited, decision: Decision, known: Incoming
) -> _Plan:
    invitation, called = invited.invitation, invited.called
    match decision:
        case Answered(answer):
            act: Callable[[], object] | None = lambda: give_answer(  # noqa: E731  done after the insert
                uow, office, invited, person(uow, invitation.person), answer
            )
        case Delegated(delegate):
            return _plan_delegated(uow, office, invited, delegate, known)
        case TimeProposed():
            act = lambda: tell_time_proposed(uow, office, invited, decision, known.origin.digest)  # noqa: E731  as above
        case Stale():
            act = lambda: renew_card(uow, office, called.meeting, invitation.person, notify=True)  # noqa: E731  as above
        case _:
            act = None
    return _Plan(replace(known, outcome=_OUTCOMES[type(decision)]), act)


def _plan_delegated(
    uow: UnitOfWork, office: Office, invited: Invited, delegate: str | None, known: Incoming
) -> _Plan:
    """A deputy if it is a free representative of the party; else nobody comes, and it is a decline."""
    acting = person(uow, invited.invitation.person)
    deputy = uow.organisation.person_by_address(delegate) if delegate else None
    if deputy is not None and deputy.id in {p.id for p in free_deputies(uow, office, invited)}:
        chosen = deputy.id
        sent = replace(known, outcome=IncomingOutcome.DEPUTISED)
        return _Plan(sent, lambda: send_deputy(uow, office, invited, acting, chosen))
    declined = replace(known, outcome=IncomingOutcome.ANSWERED)
    return _Plan(declined, lambda: give_answer(uow, office, invited, acting, Answer.DECLINED))


def _invited(uow: UnitOfWork, mail: Reply | Counter) -> Invited | None:
    booking = uow.plan.booking_by_uid(mail.uid)
    invitation = uow.plan.invitation_of(booking.id, mail.attendee) if booking else None
    return Invited(invitation, load_called(uow, invitation.booking)) if invitation else None


def _standing(uow: UnitOfWork, invited: Invited | None, mail: Reply | Counter) -> Standing | None:
    if invited is None:
        return None
    invitation, called = invited.invitation, invited.called
    newest = uow.incoming.newest_reply(mail.uid, mail.attendee.lower(), invitation.last_sequence or 0)
    return Standing(invitation, called.booking, called.meeting.ends_at, newest)


# --- bounces -----------------------------------------------------------------------------------------


def _plan_bounce(uow: UnitOfWork, office: Office, mail: Bounce, record: Incoming) -> _Plan:
    letter = _bounced_letter(uow, mail)
    if letter is None:
        return _Plan(replace(record, kind="foreign_bounce"))
    known = replace(record, kind="bounce", outcome=IncomingOutcome.DELAYED)
    if not mail.permanent:
        return _Plan(known)
    return _Plan(
        replace(known, outcome=IncomingOutcome.BOUNCED), lambda: _address_bounced(uow, office, letter)
    )


def _bounced_letter(uow: UnitOfWork, mail: Bounce) -> FailedLetter | None:
    """Our mail to that very address: anybody can write a bounce, but not know our Message-ID."""
    letter = uow.outbox.mail(mail.original) if mail.original else None
    if letter is None or mail.recipient is None or letter.recipient.lower() != mail.recipient.lower():
        return None
    return letter


def _address_bounced(uow: UnitOfWork, office: Office, letter: FailedLetter) -> None:
    reached = uow.organisation.person_by_address(letter.recipient)
    meeting = uow.plan.meeting(letter.meeting) if letter.meeting else None
    if reached is None:
        return
    uow.organisation.mark_bounced(reached.id, office.now())
    case = referral_of(uow, letter.referral) if letter.referral else None
    about = meeting or case
    team = team_of(uow, about.team) if about else None
    coordinator = coordinator_now(uow, office, team) if team else None
    if team is None or coordinator is None:
        return
    if coordinator.id == reached.id and not coordinator.slack:
        return  # it would bounce, too
    booking = uow.plan.booking(letter.booking) if letter.booking else None
    message = delivery_failed(
        meeting_facts(team, meeting) if meeting else None,
        reached.name,
        language_of(coordinator, team, office),
        by_mail=True,
        reference=referral_of(uow, booking.referral).reference if booking else None,
    )
    tell(
        uow,
        office,
        coordinator,
        message,
        f"bounced:{letter.id}",
        About(meeting=letter.meeting, referral=letter.referral),
    )
