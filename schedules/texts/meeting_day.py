"""What is written about a meeting that is over: that it is not reported, and that a result is there."""

from __future__ import annotations

from schedules.domain.chat import ChatMessage, Section
from schedules.domain.facts import CaseFacts, MeetingFacts
from schedules.texts import buttons
from schedules.texts.compose import compose
from schedules.texts.phrases import when
from schedules.texts.words import Words


def report_due(meeting: MeetingFacts, meeting_id: str, cases: int, language: str | None) -> ChatMessage:
    """To the coordinator: so many cases of the meeting have no report yet."""
    words = Words(language)
    text = words.count("report_due.text", cases, team=meeting.team, day=words.day(meeting.day))
    button = buttons.open_meeting(meeting_id, words)
    return compose(words, text, (Section(words("report_due.title"), (text,), None, (button,)),))


def result_there(
    case: CaseFacts, booking_id: str, language: str | None, *, feedback_owed: bool, amended: bool = False
) -> ChatMessage:
    """To the referrer and the case's owner: the result is one click away, never in the message.

    `amended`: they have heard of it before, and it has been changed since.
    """
    words = Words(language)
    text = words(
        "result_amended.text" if amended else "result_there.text",
        reference=case.reference,
        when=when(case, words),
    )
    owed = (words("result_there.feedback"),) if feedback_owed else ()
    names = [buttons.result(booking_id, words)]
    if feedback_owed:
        names.append(buttons.feedback_given(booking_id, words))
    title = words("result_amended.title" if amended else "result_there.title", reference=case.reference)
    return compose(words, text, (Section(title, (text, *owed), None, tuple(names)),))
