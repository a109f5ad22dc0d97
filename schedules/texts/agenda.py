"""The agenda (ärendelista): each called person's own, and the channel's post without any case in it."""

from __future__ import annotations

from collections.abc import Sequence

from schedules.domain.chat import ChatMessage, Section
from schedules.domain.facts import MeetingFacts, OwnCall
from schedules.texts import buttons, phrases
from schedules.texts.compose import compose
from schedules.texts.words import Words


def own_agenda(meeting: MeetingFacts, calls: Sequence[OwnCall], language: str | None) -> ChatMessage:
    """The reader's own cases at a meeting: references, times, categories, the other parties."""
    words = Words(language)
    title = words("agenda.title", day=words.day(meeting.day))
    return _agenda("agenda.text", title, meeting, calls, words)


def addition(meeting: MeetingFacts, calls: Sequence[OwnCall], language: str | None) -> ChatMessage:
    """The "Tillägg": only what came after the agenda left."""
    words = Words(language)
    title = words("agenda.addition.title", day=words.day(meeting.day))
    return _agenda("agenda.addition.text", title, meeting, calls, words)


def channel_agenda(meeting: MeetingFacts, taken: int, free: int, language: str | None) -> ChatMessage:
    """The team channel's post: date, place, and how many times are taken and free. No link, no case."""
    words = Words(language)
    when = phrases.meeting_when(meeting, words)
    key = "agenda.channel" if meeting.place else "agenda.channel.no_place"
    first = words(key, when=when, place=meeting.place)
    counts = words(
        "agenda.counts",
        taken=words.count("agenda.taken", taken) if taken else words("agenda.taken.none"),
        free=words.count("agenda.free", free) if free else words("agenda.free.none"),
    )
    return compose(words, f"{first} {counts}", (Section(lines=(first, counts)),))


def _agenda(
    key: str, title: str, meeting: MeetingFacts, calls: Sequence[OwnCall], words: Words
) -> ChatMessage:
    text = words.count(key, len(calls), day=words.day(meeting.day))
    head = Section(title, (text, *phrases.where(meeting, words)))
    return compose(words, text, (head, *(_case(call, words) for call in calls)))


def _case(call: OwnCall, words: Words) -> Section:
    case = call.case
    title = words("case.title", reference=case.reference, span=words.span(case.start, case.end))
    return Section(title, phrases.about(case, call.party, words), None, (buttons.show(call.referral, words),))
