"""What is written about the climate survey and the pulse."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from schedules.domain.chat import Button, ChatMessage, Link, Section
from schedules.domain.facts import CaseFacts, MeetingFacts, OwnCall
from schedules.domain.opinions import Pulse
from schedules.texts import buttons
from schedules.texts.card import pointer
from schedules.texts.compose import compose
from schedules.texts.words import Words


def survey_card(
    year: int, last_day: date, language: str | None, *, reminder: bool, page: str | None = None
) -> ChatMessage:
    """To everybody in the teams: the survey is open, and what becomes of the answers.

    `page` is the address of the form for a reader without Slack.
    """
    words = Words(language)
    text = words("survey.reminder" if reminder else "survey.text")
    lines = (text, words("survey.anonymous"), words("survey.last_day", day=words.day(last_day)))
    label = words("button.survey")
    button = Button("survey_open", str(year), label, buttons.PRIMARY)
    link = Link(page, label) if page else None
    section = Section(words("survey.title"), lines, link, () if page else (button,))
    return compose(words, text, (section,), pointer=words("survey.pointer"))


def survey_ended(language: str | None, *, answered: bool) -> ChatMessage:
    """What the card becomes."""
    words = Words(language)
    text = words("survey.thanks" if answered else "survey.closed")
    return compose(words, text, (Section(lines=(text,)),), pointer=text)


def card_after(
    meeting: MeetingFacts, calls: Sequence[OwnCall], language: str | None, *more: Section
) -> ChatMessage:
    """What the reader's card of a meeting becomes when it is over: their cases, and `more` below them."""
    words = Words(language)
    text = words("card_after.text", day=words.day(meeting.day))
    head = Section(words("card.title", day=words.day(meeting.day)), (text,))
    cases = [_case(call.case, call.referral, words) for call in calls]
    return compose(words, text, (head, *more, *cases), pointer=pointer(meeting, language))


def _case(case: CaseFacts, referral: str, words: Words) -> Section:
    title = words("case.title", reference=case.reference, span=words.span(case.start, case.end))
    return Section(title, (), None, (buttons.show(referral, words),))


def pulse_thanks(words: Words) -> Section:
    """What stands there when the reader has answered."""
    return Section(lines=(words("pulse.thanks"),))


def pulse_section(meeting: str, words: Words) -> Section:
    """The question after a meeting, on the card that the reader has of it."""
    labels: Sequence[Button] = [
        Button(f"pulse_{one.value}", meeting, words(f"pulse.{one.value}")) for one in Pulse
    ]
    return Section(words("pulse.title"), (words("pulse.text"),), None, tuple(labels))
