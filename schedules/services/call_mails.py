"""Mails that carry a calendar entry: a call, its changes and its end, and the no to another time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from schedules.domain.facts import CaseFacts
from schedules.domain.messages import CalendarPart, MailMessage, Method, PartStat
from schedules.domain.messages import Role as ItipRole
from schedules.domain.organisation import Party, Person, Team
from schedules.domain.plan import Answer, Booking, Invitation, Role
from schedules.ports import UnitOfWork
from schedules.services.letters import About, answer_page, language_of, mail_stream, mail_to, queue_mail
from schedules.services.office import Office
from schedules.texts.mail import ENDED, SAME_QUESTION, MailKind, MailWords, invitation_mail

REQUEST = "request"
CANCEL = "cancel"
REFUSAL = "refusal"


@dataclass(frozen=True, slots=True)
class CallMail:
    """What an invitation mail is built from, besides the words."""

    team: Team
    booking: Booking
    case: CaseFacts
    invitation: Invitation
    person: Person
    party: Party | None


def send_call(
    uow: UnitOfWork,
    office: Office,
    call: CallMail,
    kind: MailKind,
    expires_at: datetime,
    *,
    first: bool = False,
) -> None:
    """Queue the iTIP REQUEST or CANCEL of one invitation (RFC 5546 3.2.2, 3.2.5).

    A REQUEST that asks replaces one that has not left, unless it is the `first` of its booking; one with the
    same time follows it, since what waits may be the question (RFC 5546 3.2.2.1). A CANCEL is skipped if no
    REQUEST can have left. One that corrects an entry never expires: the entry would stay at its old time.
    """
    if not call.person.email:
        return
    cancels = kind in ENDED
    mail = _call_mail(office, call, kind)
    about = About(call.booking.id, call.booking.meeting, expires_at=None if cancels else expires_at)
    if cancels:
        queue_mail(uow, office, mail, CANCEL, call.booking.id, about, (REQUEST,), (REQUEST,))
    else:
        corrects = () if kind is MailKind.NEW else (REQUEST,)
        replaces = () if first or kind in SAME_QUESTION else (REQUEST,)
        queue_mail(uow, office, mail, REQUEST, call.booking.id, about, replaces, corrects=corrects)


def send_refusal(
    uow: UnitOfWork, office: Office, call: CallMail, proposal: str, expires_at: datetime
) -> None:
    """Queue the DECLINECOUNTER to a proposal of another time (RFC 5546 3.2.8); it echoes the SEQUENCE."""
    if call.person.email:
        mail = _call_mail(office, call, MailKind.KEPT)
        about = About(call.booking.id, call.booking.meeting, expires_at=expires_at)
        queue_mail(uow, office, mail, REFUSAL, _refusal(call.invitation, proposal), about)


def counter_refused(uow: UnitOfWork, person: Person, invitation: Invitation, proposal: str) -> bool:
    """Whether that proposal has been refused before."""
    return uow.outbox.has(mail_stream(person.email or "", _refusal(invitation, proposal)))


def _refusal(invitation: Invitation, proposal: str) -> str:
    return f"refusal:{invitation.id}:{proposal}"


def _call_mail(office: Office, call: CallMail, kind: MailKind) -> MailMessage:
    language = language_of(call.person, call.team, office)
    words = invitation_mail(
        call.case,
        call.person.name,
        call.invitation.roles,
        call.party.name if call.party and call.invitation.party else None,
        kind,
        language,
        None if kind in ENDED else answer_page(office, call.invitation.public_id),
    )
    return mail_to(office, call.person, words, language, _calendar(office, call, words, kind, language))


def _calendar(
    office: Office, call: CallMail, words: MailWords, kind: MailKind, language: str
) -> CalendarPart:
    assert call.person.email is not None  # noqa: S101  the callers return before
    case = call.case
    method = _method(kind)
    return CalendarPart(
        method=method,
        uid=call.booking.uid,
        # A refusal echoes what its reader has; the booking's counts on for others (RFC 5546 3.2.8).
        sequence=(call.invitation.last_sequence or 0) if kind is MailKind.KEPT else call.booking.sequence,
        dtstamp=office.now().replace(microsecond=0),
        start=datetime.combine(case.meeting.day, case.start),
        end=datetime.combine(case.meeting.day, case.end),
        zone=office.zone.key,
        summary=words.summary,
        description=words.description,
        location=words.location,
        url=case.meeting.link,
        status="CANCELLED" if kind is MailKind.CANCELLED else "CONFIRMED",
        organizer_name=office.mail_from.name,
        organizer_email=office.mail_from.email,
        attendee_name=call.party.name if call.party else call.person.name,
        attendee_email=call.person.email,
        role=_itip_role(call.invitation.roles),
        partstat=_PARTSTAT[call.invitation.answer],
        rsvp=(call.invitation.must_answer and method == "REQUEST" and call.invitation.answer not in _SETTLED),
        language=language,
    )


def _method(kind: MailKind) -> Method:
    if kind is MailKind.KEPT:
        return "DECLINECOUNTER"
    return "CANCEL" if kind in ENDED else "REQUEST"


_SETTLED = frozenset({Answer.ACCEPTED, Answer.DECLINED})

_PARTSTAT: dict[Answer, PartStat] = {
    Answer.NEEDS_ACTION: "NEEDS-ACTION",
    Answer.ACCEPTED: "ACCEPTED",
    Answer.DECLINED: "DECLINED",
    Answer.TENTATIVE: "TENTATIVE",
}


def _itip_role(roles: tuple[Role, ...]) -> ItipRole:
    if Role.REPRESENTATIVE in roles:
        return "REQ-PARTICIPANT"
    return "CHAIR" if Role.COORDINATOR in roles else "OPT-PARTICIPANT"
