"""Mail words: the invitation with its calendar words, and any notice for those without Slack.

Only open facts come in, and the meeting link goes only to the people called.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from schedules.domain.cases import Urgency
from schedules.domain.chat import ChatMessage, Section
from schedules.domain.facts import CaseFacts
from schedules.domain.plan import Role
from schedules.texts import phrases, terms
from schedules.texts.page import Page, Part, Row, as_html, as_text
from schedules.texts.words import Words

SUBJECT = 150


class MailKind(StrEnum):
    """What the mail does to the reader's calendar."""

    NEW = "new"
    CHANGED = "changed"
    SAME_TIME = "same_time"
    PLACE = "place"  # the same time at another place: what was answered stands
    YOUR_PART_ENDED = "your_part_ended"
    CANCELLED = "cancelled"
    KEPT = "kept"


_ANSWER = {
    MailKind.NEW: "mail.answer",
    MailKind.KEPT: "mail.answer",
    MailKind.CHANGED: "mail.answer_again",
    MailKind.SAME_TIME: "mail.answer_stands",
    MailKind.PLACE: "mail.answer_stands",
}
ENDED = frozenset({MailKind.YOUR_PART_ENDED, MailKind.CANCELLED})
SAME_QUESTION = frozenset({MailKind.SAME_TIME, MailKind.PLACE})
"""The time is the one that was asked for, and the words say so."""


@dataclass(frozen=True, slots=True)
class MailWords:
    """A mail's words. The last three are the calendar entry's (RFC 5545); empty when there is none."""

    subject: str
    text: str
    html: str
    summary: str = ""
    description: str = ""
    location: str = ""


def invitation_mail(
    case: CaseFacts,
    person_name: str,
    roles: Sequence[Role],
    party: str | None,
    kind: MailKind,
    language: str | None,
    link: str | None = None,
) -> MailWords:
    """The mail that carries a REQUEST or a CANCEL.

    Args:
        case: the open facts, with the new time when it changed and the old when it ended.
        person_name: the reader.
        roles: why the reader is called, merged.
        party: the reader's party when they represent it.
        kind: new, changed, only its words or place changed, only the reader's part ended, the whole booking
            cancelled, or kept although the reader proposed another time.
        language: the reader's.
        link: the reader's own page, if there is one; it stands in the mail only, since calendars are shared.
    """
    words = Words(language)
    page = Page(
        language=words.language,
        title=mail_subject(case, kind, words),
        parts=(
            Part(lines=(words("mail.hello", person=person_name),)),
            Part(lines=(_lead(case, roles, party, kind, words),)),
            Part(rows=_rows(case, kind, words.language)),
            Part(lines=_then(case, roles, kind, words)),
            *_own_page(roles, link, words),
        ),
        footer=_footer(case, roles, words),
    )
    summary = words("mail.summary", team=case.meeting.team, reference=case.reference)
    return MailWords(
        subject=page.title,
        text=as_text(page),
        html=as_html(page),
        summary=_one_line(summary),
        description=as_text(_for_the_calendar(page)),
        location=_location(case, kind),
    )


def notice_mail(
    message: ChatMessage,
    language: str | None,
    link: Callable[[str], str | None] = lambda _: None,
) -> MailWords:
    """Any chat message as a mail without buttons, for somebody without Slack. No calendar part.

    `link` gives the page of an invitation, by its public id.
    """
    words = Words(language)
    parts = [_part(section, link, words) for section in message.sections] or [Part(lines=(message.text,))]
    do = _what_to_do(message, words)
    closing = tuple(line for line in (message.context,) if line)
    page = Page(
        language=words.language,
        title=_one_line(message.text),
        parts=(*parts, *((Part(lines=do),) if do else ())),
        footer=(*closing, words("mail.no_personal_data"), words("mail.sent_by")),
    )
    return MailWords(page.title, as_text(page), as_html(page))


def mail_subject(case: CaseFacts, kind: MailKind, words: Words) -> str:
    """The subject: "Samverkansmöte {team} {datum} kl. {tid}, ärende {ref}", after what has happened."""
    subject = words(
        "mail.subject",
        team=case.meeting.team,
        day=words.day_and_year(case.meeting.day),
        clock=words.clock(case.start),
        reference=case.reference,
    )
    if kind is not MailKind.NEW:
        subject = words(f"mail.subject.{kind.value}", subject=subject)
    return _one_line(subject)


def _lead(case: CaseFacts, roles: Sequence[Role], party: str | None, kind: MailKind, words: Words) -> str:
    when = phrases.when(case, words)
    if kind in ENDED:
        return words(f"mail.{kind.value}", when=when, reference=case.reference)
    asked = "asked" if Role.REPRESENTATIVE in roles else "told"
    key = f"mail.{kind.value}.{asked}"
    return words(key, party=party or "", when=when, reference=case.reference)


@lru_cache(64)
def _rows(case: CaseFacts, kind: MailKind, language: str) -> tuple[Row, ...]:
    """The same for all who are called to the case in one language, so they are worded once."""
    words = Words(language)
    meeting = case.meeting
    when = words(
        "mail.when",
        day=words.day(meeting.day),
        year=meeting.day.year,
        span=words.span(case.start, case.end),
    )
    rows = [
        Row(words("mail.row.when"), when),
        Row(words("mail.row.team"), meeting.team),
        Row(words("mail.row.place"), meeting.place),
    ]
    if kind in ENDED:
        return tuple(row for row in rows if row.value)
    rows.extend(
        (
            Row(words("mail.row.link"), meeting.link or "", url=meeting.link),
            Row(words("mail.row.case"), case.reference),
            Row(words("mail.row.parties"), words.all_of(case.parties)),
            Row(words("mail.row.categories"), terms.categories(case.categories, words)),
            Row(words("mail.row.person"), terms.takes_part(case.person_takes_part, words)),
        )
    )
    if case.urgency is Urgency.URGENT:
        rows.append(Row(words("mail.row.urgency"), terms.urgency(case.urgency, words)))
    return tuple(row for row in rows if row.value)


def _then(case: CaseFacts, roles: Sequence[Role], kind: MailKind, words: Words) -> tuple[str, ...]:
    if kind in ENDED:
        return (words("mail.ended.nothing"),)
    listens = Role.REFERRER in roles or Role.OWNER in roles
    told = phrases.tell(None, words) if Role.REFERRER in roles else ()
    if Role.REPRESENTATIVE not in roles:
        key = "card.no_answer" if Role.COORDINATOR in roles else "card.welcome"
        return (words(key), *told)
    answer = words(_ANSWER[kind])
    waits = () if listens else (words("card.identity.waiting", referrer=case.referrer),)
    return (answer, *told, *waits)


def _footer(case: CaseFacts, roles: Sequence[Role], words: Words) -> tuple[str, ...]:
    asked = (words("contact", contact=phrases.contact(case.coordinator)),)
    return (
        words("mail.no_personal_data"),
        *(() if Role.COORDINATOR in roles else asked),
        words("mail.sent_by"),
    )


def _location(case: CaseFacts, kind: MailKind) -> str:
    link = "" if kind in ENDED else case.meeting.link or ""
    return _one_line(case.meeting.place or link)


def _own_page(roles: Sequence[Role], link: str | None, words: Words) -> tuple[Part, ...]:
    if link is None:
        return ()
    asked = "asked" if Role.REPRESENTATIVE in roles else "told"
    lines = (words(f"mail.page.{asked}"), words("mail.page.own"))
    return (Part(lines=lines, button=Row(words(f"mail.page.button.{asked}"), link, url=link)),)


def _for_the_calendar(page: Page) -> Page:
    """Without the greeting, and without the link, which lets its reader answer: calendars are shared."""
    return replace(page, parts=tuple(part for part in page.parts[1:] if part.button is None))


def _part(section: Section, link: Callable[[str], str | None], words: Words) -> Part:
    rows = (Row(section.link.label, section.link.url, url=section.link.url),) if section.link else ()
    asked = next((b.value for b in section.buttons if b.action.startswith("invitation_")), None)
    address = link(asked) if asked else None
    button = Row(words("mail.page.button.asked"), address, url=address) if address else None
    return Part(section.title, section.lines, rows, button)


def _what_to_do(message: ChatMessage, words: Words) -> tuple[str, ...]:
    offered = [button for section in message.sections for button in section.buttons]
    answers = any(button.action.startswith("invitation_") for button in offered)
    others = dict.fromkeys(b.label for b in offered if not b.action.startswith(("invitation_", "case_show")))
    told = (words("mail.notice.answer"),) if answers else ()
    do = words("mail.notice.do", actions=words.all_of([words("mail.quoted", label=one) for one in others]))
    return (*told, *((do,) if others else ()))


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SUBJECT else f"{line[: SUBJECT - 1].rstrip()}…"
