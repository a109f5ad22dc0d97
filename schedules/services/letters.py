"""Outbox rows: words fixed at the decision, one row per recipient (promise 3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from schedules.codec import encode
from schedules.domain.chat import ChatMessage
from schedules.domain.facts import CaseFacts
from schedules.domain.messages import CalendarPart, MailMessage, Method, PartStat
from schedules.domain.messages import Role as ItipRole
from schedules.domain.organisation import Party, Person, Team
from schedules.domain.plan import Answer, Booking, Invitation, Role
from schedules.ports import Channel, Letter, UnitOfWork
from schedules.services.office import Office, new_id
from schedules.texts.mail import ENDED, MailKind, MailWords, invitation_mail, notice_mail

CARD = "card"
CARD_EDIT = "card_edit"
POST = "post"
REQUEST = "request"
CANCEL = "cancel"
NOTICE = "notice"
REFUSAL = "refusal"


@dataclass(frozen=True, slots=True)
class About:
    """What a message belongs to: the row is pointless after `expires_at` (aware UTC).

    `referral` where there is no meeting, so that its coordinator hears if the message does not arrive.
    """

    booking: str | None = None
    meeting: str | None = None
    referral: str | None = None
    not_before: datetime | None = None
    expires_at: datetime | None = None


def language_of(person: Person, team: Team | None, office: Office) -> str:
    """The person's own choice or the file's, else the team's, else the office's."""
    return person.language or (team.rules.language if team else None) or office.language


def tell(
    uow: UnitOfWork, office: Office, person: Person, message: ChatMessage, topic: str, about: About
) -> None:
    """Send a message of its own to a person: in chat, or by mail to somebody without Slack."""
    if person.slack:
        _chat(uow, office, person.slack[0], POST, topic, message, about)
    elif person.email:
        _notice(uow, office, person, message, topic, about)


def told(uow: UnitOfWork, person: Person, topic: str) -> bool:
    """Whether the person was told about this topic before."""
    if person.slack:
        return uow.outbox.has(_chat_stream(person.slack[0], topic))
    return bool(person.email) and uow.outbox.has(_mail_stream(person.email or "", topic))


def post_in_channel(
    uow: UnitOfWork, office: Office, channel: str, message: ChatMessage, topic: str, about: About
) -> None:
    """Post in a team's channel: times and counts only (promise 5)."""
    _chat(uow, office, channel, POST, topic, message, about)


def posted(uow: UnitOfWork, channel: str, topic: str) -> bool:
    """Whether something was posted about this topic before."""
    return uow.outbox.has(_chat_stream(channel, topic))


def show_card(
    uow: UnitOfWork,
    office: Office,
    person: Person,
    message: ChatMessage,
    topic: str,
    about: About,
    *,
    first: bool = False,
) -> None:
    """Post the current message of a topic anew; the older one, unless this is the `first`, shrinks."""
    if person.slack:
        replaces = () if first else (CARD, CARD_EDIT)
        _chat(uow, office, person.slack[0], CARD, topic, message, about, replaces=replaces)
    elif person.email:
        _notice(uow, office, person, message, topic, about)


def edit_card(
    uow: UnitOfWork, office: Office, person: Person, message: ChatMessage, topic: str, about: About
) -> None:
    """Change the current message of a topic in place, after the one that waits to be sent.

    One that says the same already is left alone.
    """
    if not person.slack:
        return
    _chat(
        uow,
        office,
        person.slack[0],
        CARD_EDIT,
        topic,
        message,
        about,
        replaces=(CARD_EDIT,),
        needs_sent=(CARD,),
        only_news=True,
    )


def drop_card(
    uow: UnitOfWork, office: Office, person: Person, message: ChatMessage, topic: str, about: About
) -> None:
    """Replace the current message by its last words; one not yet sent is not sent at all."""
    if person.slack:
        _chat(
            uow,
            office,
            person.slack[0],
            CARD_EDIT,
            topic,
            message,
            about,
            replaces=(CARD, CARD_EDIT),
            needs_sent=(CARD,),
        )


def answer_page(office: Office, public_id: str) -> str | None:
    """The address of an invitation's own page; None where we have no pages that people reach."""
    return office.links.answer(public_id) if office.links else None


def _mail_stream(address: str, topic: str) -> str:
    return f"mail:{address.lower()}:{topic}"


def _chat_stream(recipient: str, topic: str) -> str:
    return f"chat:{recipient}:{topic}"


def _chat(
    uow: UnitOfWork,
    office: Office,
    recipient: str,
    kind: str,
    topic: str,
    message: ChatMessage,
    about: About,
    replaces: tuple[str, ...] = (),
    needs_sent: tuple[str, ...] = (),
    *,
    only_news: bool = False,
) -> bool:
    letter = Letter(
        stream=_chat_stream(recipient, topic),
        channel=Channel.CHAT,
        kind=kind,
        recipient=recipient,
        payload=encode(message),
        not_before=about.not_before or office.now(),
        booking=about.booking,
        meeting=about.meeting,
        referral=about.referral,
        replaces=replaces,
        needs_sent=needs_sent,
        expires_at=about.expires_at,
        only_news=only_news,
    )
    return uow.outbox.add(letter, office.now()) is not None


def _notice(
    uow: UnitOfWork, office: Office, person: Person, message: ChatMessage, topic: str, about: About
) -> None:
    language = person.language or office.language
    words = notice_mail(message, language, lambda public_id: answer_page(office, public_id))
    mail = _mail(office, person, words, language, None)
    _send_mail(uow, office, mail, NOTICE, topic, about)


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

    A REQUEST replaces one that has not left, unless it is the `first` of its booking; a CANCEL is skipped if
    no REQUEST can have left. One that corrects an entry never expires: the entry would stay at its old time.
    """
    if not call.person.email:
        return
    cancels = kind in ENDED
    mail = _call_mail(office, call, kind)
    about = About(call.booking.id, call.booking.meeting, expires_at=None if cancels else expires_at)
    if cancels:
        _send_mail(uow, office, mail, CANCEL, call.booking.id, about, (REQUEST,), (REQUEST,))
    else:
        corrects = () if kind is MailKind.NEW else (REQUEST,)
        replaces = () if first else (REQUEST,)
        _send_mail(uow, office, mail, REQUEST, call.booking.id, about, replaces, corrects=corrects)


def send_refusal(
    uow: UnitOfWork, office: Office, call: CallMail, proposal: str, expires_at: datetime
) -> None:
    """Queue the DECLINECOUNTER to a proposal of another time (RFC 5546 3.2.8); it echoes the SEQUENCE."""
    if call.person.email:
        mail = _call_mail(office, call, MailKind.KEPT)
        about = About(call.booking.id, call.booking.meeting, expires_at=expires_at)
        _send_mail(uow, office, mail, REFUSAL, _refusal(call.invitation, proposal), about)


def counter_refused(uow: UnitOfWork, person: Person, invitation: Invitation, proposal: str) -> bool:
    """Whether that proposal has been refused before."""
    return uow.outbox.has(_mail_stream(person.email or "", _refusal(invitation, proposal)))


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
    return _mail(office, call.person, words, language, _calendar(office, call, words, kind, language))


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


def _mail(
    office: Office, person: Person, words: MailWords, language: str, calendar: CalendarPart | None
) -> MailMessage:
    domain = office.mail_from.email.rpartition("@")[2]
    return MailMessage(
        message_id=f"<{new_id()}@{domain}>",
        date=office.now().replace(microsecond=0),
        from_name=office.mail_from.name,
        from_email=office.mail_from.email,
        to_name=person.name,
        to_email=person.email or "",
        subject=words.subject,
        text=words.text,
        html=words.html,
        language=language,
        calendar=calendar,
    )


def _send_mail(
    uow: UnitOfWork,
    office: Office,
    mail: MailMessage,
    kind: str,
    topic: str,
    about: About,
    replaces: tuple[str, ...] = (),
    needs_sent: tuple[str, ...] = (),
    corrects: tuple[str, ...] = (),
) -> None:
    letter = Letter(
        stream=_mail_stream(mail.to_email, topic),
        channel=Channel.MAIL,
        kind=kind,
        recipient=mail.to_email,
        payload=encode(mail),
        not_before=about.not_before or office.now(),
        booking=about.booking,
        meeting=about.meeting,
        referral=about.referral,
        replaces=replaces,
        needs_sent=needs_sent,
        expires_at=about.expires_at,
        corrects=corrects,
        message_id=mail.message_id,
    )
    uow.outbox.add(letter, office.now())
