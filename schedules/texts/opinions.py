"""What is written about the climate survey and the pulse."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from schedules.domain.chat import Button, ChatMessage, Section
from schedules.domain.opinions import Pulse
from schedules.texts import buttons
from schedules.texts.compose import compose
from schedules.texts.words import Words


def survey_card(year: int, last_day: date, language: str | None, *, reminder: bool) -> ChatMessage:
    """To everybody in the teams: the survey is open, and what becomes of the answers."""
    words = Words(language)
    text = words("survey.reminder" if reminder else "survey.text")
    lines = (text, words("survey.anonymous"), words("survey.last_day", day=words.day(last_day)))
    button = Button("survey_open", str(year), words("button.survey"), buttons.PRIMARY)
    section = Section(words("survey.title"), lines, None, (button,))
    return compose(words, text, (section,), pointer=words("survey.pointer"))


def survey_ended(language: str | None, *, answered: bool) -> ChatMessage:
    """What the card becomes."""
    words = Words(language)
    text = words("survey.thanks" if answered else "survey.closed")
    return compose(words, text, (Section(lines=(text,)),), pointer=text)


def pulse_section(meeting: str, words: Words) -> Section:
    """The question after a meeting, on the card that the reader has of it."""
    labels: Sequence[Button] = [
        Button(f"pulse_{one.value}", meeting, words(f"pulse.{one.value}")) for one in Pulse
    ]
    return Section(words("pulse.title"), (words("pulse.text"),), None, tuple(labels))
