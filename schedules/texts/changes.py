"""A cancelled meeting, as each person affected reads it: one message with all of their changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from schedules.domain.chat import ChatMessage, Section
from schedules.domain.facts import CaseFacts, MeetingFacts, OwnCall
from schedules.texts import buttons
from schedules.texts.card import must_answer
from schedules.texts.compose import compose
from schedules.texts.phrases import when
from schedules.texts.words import Words


@dataclass(frozen=True, slots=True)
class OwnChange:
    """One case of the reader's: `after` is None while it waits, `call` None when the reader is not called."""

    before: CaseFacts
    after: CaseFacts | None
    call: OwnCall | None


def meeting_cancelled(
    meeting: MeetingFacts, changes: Sequence[OwnChange], language: str | None
) -> ChatMessage:
    """The meeting is cancelled, and where the reader's cases go."""
    words = Words(language)
    text = words("changes.cancelled", day=words.day(meeting.day), team=meeting.team)
    head = Section(words("changes.title", day=words.day(meeting.day)), (text,))
    return compose(words, text, (head, *(_section(change, words) for change in changes)))


def _section(change: OwnChange, words: Words) -> Section:
    reference = change.before.reference
    if change.after is None:
        return Section(words("changes.case", reference=reference), (words("changes.waits"),))
    if change.call is None:
        lines = (words("changes.your_part_ended"),)
        return Section(words("changes.case", reference=reference), lines)
    asked = must_answer(change.call)
    lines = (
        words("changes.moved", when=when(change.after, words)),
        *((words("changes.answer_again"),) if asked else ()),
    )
    answers = buttons.answers(change.call.public_id, change.call.answer, words) if asked else ()
    shown = (*answers, buttons.show(change.call.referral, words))
    return Section(words("changes.case", reference=reference), lines, None, shown)
