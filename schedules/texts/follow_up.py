"""What is written six months after a meeting: the question how it went on, and that it is settled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from schedules.domain.chat import ChatMessage, Link, Section
from schedules.domain.facts import Contact
from schedules.texts import buttons, phrases
from schedules.texts.compose import compose
from schedules.texts.words import Words


@dataclass(frozen=True, slots=True)
class FollowUpFacts:
    """Open facts of the card. `instead`: the reader neither owns nor raised the case.

    A reader without Slack gets the address of their `page`, or else `by_mail`: who fills in their answer.
    """

    referral: str
    reference: str
    team: str
    meeting_day: date
    reminder: bool = False
    instead: bool = False
    by_mail: Contact | None = None
    page: str | None = None


def follow_up_card(facts: FollowUpFacts, language: str | None) -> ChatMessage:
    """To the case's owner, or whoever is asked instead: the form is one click away."""
    words = Words(language)
    asked = words(
        "follow_up.text",
        reference=facts.reference,
        team=facts.team,
        day=words.day_and_year(facts.meeting_day),
    )
    lines = [
        *([words("follow_up.reminder")] if facts.reminder else []),
        asked,
        *([words("follow_up.instead")] if facts.instead else []),
        words("follow_up.about"),
    ]
    if facts.by_mail is not None:
        lines.append(words("follow_up.by_mail", contact=phrases.contact(facts.by_mail)))
    button = buttons.follow_up(facts.referral, words)
    link = Link(facts.page, button.label) if facts.page else None
    names = () if facts.by_mail or link else (button,)
    section = Section(words("follow_up.title", reference=facts.reference), tuple(lines), link, names)
    return compose(words, asked, (section,), pointer=words("follow_up.pointer", reference=facts.reference))


def follow_up_ended(reference: str, language: str | None, *, answered: bool) -> ChatMessage:
    """What the card becomes when nothing is left to do."""
    words = Words(language)
    text = words("follow_up.thanks" if answered else "follow_up.ended", reference=reference)
    return compose(words, text, (Section(lines=(text,)),), pointer=text)
