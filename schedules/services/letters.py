"""Outbox rows: words fixed at the decision, one row per recipient (promise 3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from schedules.codec import encode
from schedules.domain.chat import ChatMessage
from schedules.domain.messages import CalendarPart, MailMessage
from schedules.domain.organisation import Person, Team
from schedules.ports import Channel, Letter, UnitOfWork
from schedules.services.office import Office, new_id
from schedules.texts.mail import MailWords, notice_mail

CARD = "card"
CARD_EDIT = "card_edit"
POST = "post"
NOTICE = "notice"


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
    return bool(person.email) and uow.outbox.has(mail_stream(person.email or "", topic))


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


def mail_stream(address: str, topic: str) -> str:
    """The stream of the mails to an address about a topic."""
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
    now = office.now()
    letter = Letter(
        stream=_chat_stream(recipient, topic),
        channel=Channel.CHAT,
        kind=kind,
        recipient=recipient,
        payload=encode(message),
        not_before=about.not_before or now,
        booking=about.booking,
        meeting=about.meeting,
        referral=about.referral,
        replaces=replaces,
        needs_sent=needs_sent,
        expires_at=about.expires_at,
        only_news=only_news,
    )
    return uow.outbox.add(letter, now) is not None


def _notice(
    uow: UnitOfWork, office: Office, person: Person, message: ChatMessage, topic: str, about: About
) -> None:
    language = person.language or office.language
    words = notice_mail(message, language, lambda public_id: answer_page(office, public_id))
    mail = mail_to(office, person, words, language, None)
    queue_mail(uow, office, mail, NOTICE, topic, about)


def mail_to(
    office: Office, person: Person, words: MailWords, language: str, calendar: CalendarPart | None
) -> MailMessage:
    """The mail of these words to that person, with a Message-ID of its own."""
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


def queue_mail(
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
    """Queue a mail in its reader's stream about the topic."""
    now = office.now()
    letter = Letter(
        stream=mail_stream(mail.to_email, topic),
        channel=Channel.MAIL,
        kind=kind,
        recipient=mail.to_email,
        payload=encode(mail),
        not_before=about.not_before or now,
        booking=about.booking,
        meeting=about.meeting,
        referral=about.referral,
        replaces=replaces,
        needs_sent=needs_sent,
        expires_at=about.expires_at,
        corrects=corrects,
        message_id=mail.message_id,
    )
    uow.outbox.add(letter, now)
