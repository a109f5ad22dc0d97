"""The modal `survey`: the year's statements, each from 1 to 5. Pure."""

from __future__ import annotations

from bot.views import blocks as b
from bot.views.blocks import Block, View
from schedules.domain.opinions import SCALE, Question
from schedules.services.climate_survey import SurveyShown
from schedules.texts.words import Words

CALLBACK = "survey"


def survey(shown: SurveyShown, words: Words) -> View:
    """The form, all of it to be filled in."""
    return b.modal(
        CALLBACK,
        words("survey_form.title"),
        [b.words_section(words("survey_form.intro")), *(_question(one, words) for one in shown.questions)],
        close=words("modal.cancel"),
        submit=words("survey_form.submit"),
        metadata={"survey": str(shown.year)},
    )


def _question(question: Question, words: Words) -> Block:
    offered = b.options((value, words(f"survey_form.scale.{value}")) for value in SCALE)
    return b.input_block(question.id, question.said(words.language), b.radio(offered))
