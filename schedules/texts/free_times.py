"""The posts in the team's channel about free times: dates, places and counts, no case and no link."""

from __future__ import annotations

from schedules.domain.chat import ChatMessage, Section
from schedules.domain.facts import MeetingFacts
from schedules.texts.compose import compose
from schedules.texts.phrases import meeting_when
from schedules.texts.words import Words


def term_opens(first: MeetingFacts, meetings: int, free: int, language: str | None) -> ChatMessage:
    """The term opens: how many meetings, when and where the first is, how many times are free."""
    words = Words(language)
    opening = words.count("free_times.term", meetings, team=first.team)
    lines = (words("free_times.first", when=_when(first, words)), words.count("free_times.free", free))
    return _post(opening, lines, words)


def times_left(meeting: MeetingFacts, free: int, last_day: str, language: str | None) -> ChatMessage:
    """The next meeting still has times; `last_day` is the last on which a case can be raised for it."""
    words = Words(language)
    opening = words.count("free_times.left", free, when=_when(meeting, words), team=meeting.team)
    return _post(opening, (words("free_times.last", day=last_day),), words)


def _when(meeting: MeetingFacts, words: Words) -> str:
    when = meeting_when(meeting, words)
    return words("free_times.where", when=when, place=meeting.place) if meeting.place else when


def _post(opening: str, lines: tuple[str, ...], words: Words) -> ChatMessage:
    how = words("free_times.how")
    return compose(words, opening, (Section(lines=(opening, *lines)),), how)
