"""A meeting without a case: the question to the coordinator, and the notice to the representatives."""

from __future__ import annotations

from schedules.domain.chat import Button, ChatMessage, Confirm, Section
from schedules.domain.facts import MeetingFacts
from schedules.texts import buttons
from schedules.texts.compose import compose
from schedules.texts.phrases import meeting_when
from schedules.texts.words import Words


def release(meeting_id: str, words: Words) -> Button:
    """Cancel a meeting without cases, after a question."""
    sure = Confirm(
        words("release.button"), words("release.sure"), words("release.button"), words("release.keep")
    )
    return Button("meeting_release", meeting_id, words("release.button"), buttons.PRIMARY, sure)


def release_question(meeting: MeetingFacts, meeting_id: str, language: str | None) -> ChatMessage:
    """No case is booked: shall the meeting be cancelled?"""
    words = Words(language)
    text = words("release.text", when=meeting_when(meeting, words), team=meeting.team)
    told = Section(
        words("release.title", day=words.day(meeting.day)),
        (text, words("release.ask")),
        None,
        (release(meeting_id, words),),
    )
    closing = words("release.gone", day=words.day(meeting.day))
    return compose(words, text, (told,), words("release.nothing"), closing)


def question_closed(meeting: MeetingFacts, language: str | None, *, cancelled: bool) -> ChatMessage:
    """What the question becomes when it has been settled."""
    words = Words(language)
    text = words("release.cancelled" if cancelled else "release.gone", day=words.day(meeting.day))
    return compose(words, text, (Section(lines=(text,)),))


def released(meeting: MeetingFacts, language: str | None) -> ChatMessage:
    """To the representatives: the meeting is not held, since no case is booked."""
    words = Words(language)
    text = words("release.told", when=meeting_when(meeting, words), team=meeting.team)
    head = Section(words("changes.title.cancelled", day=words.day(meeting.day)), (text,))
    return compose(words, text, (head,))
