"""The modal `follow_up`: how it went on six months after the meeting. Nothing is filled in. Pure."""

from __future__ import annotations

from bot.forms.follow_up import READINESS
from bot.views import blocks as b
from bot.views.blocks import Block, View
from schedules.domain.cases import Support
from schedules.domain.figures.facts import Readiness
from schedules.services.follow_up import FollowUpShown
from schedules.texts import terms
from schedules.texts.words import Words

CALLBACK = "follow_up"


def follow_up(shown: FollowUpShown, words: Words) -> View:
    """The form, all of it to be filled in."""
    day = words.day_and_year(shown.meeting_day)
    intro = words("follow_up_form.intro", reference=shown.reference, team=shown.team, day=day)
    return b.modal(
        CALLBACK,
        words("follow_up_form.title"),
        [b.words_section(intro), _support(words), *(_readiness(field, words) for field in READINESS)],
        close=words("modal.cancel"),
        submit=words("follow_up_form.submit"),
        metadata={"referral": shown.referral},
    )


def _support(words: Words) -> Block:
    offered = b.options((one.value, terms.support(one, words)) for one in Support)
    element = b.select(offered, words("follow_up_form.support.placeholder"))
    return b.input_block("support", words("follow_up_form.support.label"), element)


def _readiness(field: str, words: Words) -> Block:
    offered = b.options((one.value, words(f"follow_up_form.{field}.{one.value}")) for one in Readiness)
    return b.input_block(field, words(f"follow_up_form.{field}.label"), b.radio(offered))
