"""A flag raised after the booking was made, in open words that do not say why."""

from __future__ import annotations

from collections.abc import Sequence

from schedules.domain.chat import ChatMessage, Section
from schedules.domain.facts import CaseFacts
from schedules.texts import buttons
from schedules.texts.compose import compose
from schedules.texts.phrases import when
from schedules.texts.words import Words


def flagged(case: CaseFacts, flags: Sequence[str], referral_id: str, language: str | None) -> ChatMessage:
    """To the coordinator, and to the referrer where it is theirs to know: what is worth a look."""
    words = Words(language)
    text = words("flagged.text", reference=case.reference, when=when(case, words))
    lines = (text, *(words(f"flag.{flag}") for flag in flags))
    title = words("flagged.title", reference=case.reference)
    return compose(words, text, (Section(title, lines, None, (buttons.show(referral_id, words),)),))
