"""Reminders: each lists only the reader's own times of one meeting."""

from __future__ import annotations

from collections.abc import Sequence

from schedules.domain.chat import ChatMessage, Section
from schedules.domain.facts import CaseFacts, MeetingFacts, OwnCall
from schedules.domain.plan import Answer
from schedules.texts import buttons, phrases
from schedules.texts.card import awaits_answer, awaits_identity, must_answer
from schedules.texts.compose import compose
from schedules.texts.phrases import ToTell
from schedules.texts.words import Words


def unanswered(
    meeting: MeetingFacts, calls: Sequence[OwnCall], language: str | None, *, second: bool = False
) -> ChatMessage | None:
    """The reader's unanswered cases of one meeting; None when every one is answered."""
    words = Words(language)
    open_calls = [call for call in calls if awaits_answer(call)]
    if not open_calls:
        return None
    key = "unanswered.second" if second else "unanswered.first"
    text = words.count(key, len(open_calls), day=words.day(meeting.day))
    title = words("reminder.title", day=words.day(meeting.day))
    head = Section(title, (text, *phrases.where(meeting, words)))
    asked = [
        Section(_title(call, words), (), None, buttons.answers(call.public_id, call.answer, words))
        for call in open_calls
    ]
    return compose(words, text, (head, *asked))


def identity_unknown(
    meeting: MeetingFacts, calls: Sequence[OwnCall], language: str | None
) -> ChatMessage | None:
    """To a representative who has not said that they know whom a case concerns; None when all are known."""
    words = Words(language)
    unknown = [call for call in calls if awaits_identity(call)]
    if not unknown:
        return None
    text = words.count("identity.representative", len(unknown), day=words.day(meeting.day))
    asked = [
        Section(
            _title(call, words),
            (words("identity.representative.how", referrer=call.case.referrer),),
            None,
            (buttons.identity_known(call.public_id, words),),
        )
        for call in unknown
    ]
    return compose(words, text, (Section(words("identity.title"), (text,)), *asked))


def identity_untold(
    case: CaseFacts, to_tell: Sequence[ToTell], language: str | None, *, referral_id: str
) -> ChatMessage | None:
    """To the referrer, with who does not know yet; None when all do."""
    words = Words(language)
    if all(one.knows for one in to_tell):
        return None
    text = words("identity.referrer", when=phrases.when(case, words), reference=case.reference)
    lines = (text, *phrases.tell(to_tell, words))
    button = buttons.show(referral_id, words)
    return compose(words, text, (Section(words("identity.title"), lines, None, (button,)),))


def day_before(meeting: MeetingFacts, calls: Sequence[OwnCall], language: str | None) -> ChatMessage | None:
    """The workday before, with the reader's own times; None for somebody who comes to none of them."""
    words = Words(language)
    coming = [call for call in calls if call.answer is not Answer.DECLINED]
    if not coming:
        return None
    text = words.count(
        "day_before.text", len(coming), day=words.day(meeting.day), spans=_spans(coming, words)
    )
    title = words("reminder.title", day=words.day(meeting.day))
    head = Section(title, (text, *phrases.where(meeting, words)), phrases.link(meeting, words))
    return compose(words, text, (head, *(_own_time(call, words) for call in coming)))


def morning(meeting: MeetingFacts, calls: Sequence[OwnCall], language: str | None) -> ChatMessage | None:
    """The same morning, with the link; None for somebody who comes to none of their times."""
    words = Words(language)
    coming = [call for call in calls if call.answer is not Answer.DECLINED]
    if not coming:
        return None
    text = words.count("morning.text", len(coming), spans=_spans(coming, words))
    head = Section(
        words("morning.title"), (text, *phrases.where(meeting, words)), phrases.link(meeting, words)
    )
    return compose(words, text, (head,))


def _own_time(call: OwnCall, words: Words) -> Section:
    owed = awaits_answer(call)
    lines = (words("reminder.unanswered"),) if owed else ()
    offered = buttons.answers(call.public_id, call.answer, words) if owed else ()
    if must_answer(call) and awaits_identity(call):
        lines = (*lines, words("card.identity.waiting", referrer=call.case.referrer))
    return Section(_title(call, words), lines, None, (*offered, buttons.show(call.referral, words)))


def _title(call: OwnCall, words: Words) -> str:
    case = call.case
    return words("case.title", reference=case.reference, span=words.span(case.start, case.end))


def _spans(calls: Sequence[OwnCall], words: Words) -> str:
    spans = dict.fromkeys(words.span(call.case.start, call.case.end) for call in calls)
    return words.all_of(tuple(spans))
