"""A change of meetings, as each person affected reads it: one message with all of their changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from schedules.domain.chat import ChatMessage, Link, Section
from schedules.domain.facts import CaseFacts, MeetingFacts, OwnCall
from schedules.texts import buttons
from schedules.texts.card import must_answer
from schedules.texts.compose import compose
from schedules.texts.phrases import meeting_when, when
from schedules.texts.words import Words


class NewsKind(StrEnum):
    """What has happened to the meetings."""

    CANCELLED = "cancelled"
    CLOSED = "closed"
    RELOCATED = "relocated"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class News:
    """What has happened. `meeting` is as it was; `after` as it is now, where it is still held.

    `last` is the last day of a closed period, both days included; `meeting.day` is then its first.
    """

    kind: NewsKind
    meeting: MeetingFacts
    after: MeetingFacts | None = None
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class OwnChange:
    """One case of the reader's: `after` is None while it waits, `call` None when the reader is not called."""

    before: CaseFacts
    after: CaseFacts | None
    call: OwnCall | None
    carries: bool = False


def meetings_changed(news: News, changes: Sequence[OwnChange], language: str | None) -> ChatMessage:
    """What happened to the meetings, and where the reader's cases go."""
    words = Words(language)
    text = _text(news, words)
    title = words(f"changes.title.{news.kind.value}", day=words.day(news.meeting.day))
    head = Section(title, (text, *_new_place(news, words)))
    section = _same_time if news.kind is NewsKind.PLACE else _section
    return compose(words, text, (head, *(section(change, words) for change in changes)))


def _new_place(news: News, words: Words) -> tuple[str, ...]:
    """A meeting that moved may have another place as well."""
    after = news.after
    if news.kind is not NewsKind.RELOCATED or after is None or after.place == news.meeting.place:
        return ()
    return (words("place", place=after.place),) if after.place else ()


def _text(news: News, words: Words) -> str:
    meeting, after = news.meeting, news.after or news.meeting
    known = {"team": meeting.team, "day": words.day(meeting.day)}
    if news.kind is NewsKind.CLOSED and news.first and news.last:
        return words("changes.closed", **known, first=words.day(news.first), last=words.day(news.last))
    if news.kind is NewsKind.RELOCATED:
        return words("changes.relocated", **known, when=meeting_when(after, words))
    if news.kind is NewsKind.PLACE:
        moved = after.place and after.place != meeting.place
        return words("changes.place" if moved else "changes.link", **known, place=after.place)
    return words("changes.cancelled", **known)


def _section(change: OwnChange, words: Words) -> Section:
    title = words("changes.case", reference=change.before.reference)
    if change.after is None:
        return Section(title, (words("changes.waits"),))
    moved = words("changes.moved", when=when(change.after, words))
    if change.call is None:
        # Who carries a case that is not called yet is not dropped, only told.
        return Section(title, (moved if change.carries else words("changes.your_part_ended"),))
    asked = must_answer(change.call)
    lines = (moved, *((words("changes.answer_again"),) if asked else ()))
    answers = buttons.answers(change.call.public_id, change.call.answer, words) if asked else ()
    return Section(title, lines, None, (*answers, buttons.show(change.call.referral, words)))


def _same_time(change: OwnChange, words: Words) -> Section:
    title = words("changes.case", reference=change.before.reference)
    after, call = change.after or change.before, change.call
    if call is None:
        return Section(title, (words("changes.same_time", when=when(after, words)),))
    stands = (words("changes.answer_stands"),) if must_answer(call) else ()
    link = Link(after.meeting.link, words("mail.row.link")) if after.meeting.link else None
    return Section(
        title,
        (words("changes.same_time", when=when(after, words)), *stands),
        link,
        (buttons.show(call.referral, words),),
    )
