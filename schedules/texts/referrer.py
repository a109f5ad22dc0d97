"""What the one who raised a case is written to about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from schedules.domain.chat import ChatMessage, Section
from schedules.domain.facts import Called, CaseFacts, Contact, PassedOverFacts
from schedules.texts import buttons, phrases
from schedules.texts.compose import compose
from schedules.texts.words import Words


def minutes_running(
    case: CaseFacts,
    language: str | None,
    *,
    booking_id: str,
    referral_id: str,
    calls_at: datetime,
    called: Sequence[Called] = (),
    passed_over: Sequence[PassedOverFacts] = (),
    later_than_goal: bool = False,
) -> ChatMessage:
    """The referrer's few minutes to change their mind; `calls_at` is local wall time."""
    words = Words(language)
    text = words(
        "minutes.text",
        reference=case.reference,
        when=phrases.when(case, words),
        clock=words.clock(calls_at),
    )
    lines = (
        text,
        *phrases.where(case.meeting, words),
        *((words("flag.later_than_goal"),) if later_than_goal else ()),
        *_called(called, words),
    )
    decide = (
        buttons.send_now(booking_id, words),
        buttons.move(booking_id, words),
        buttons.withdraw(booking_id, words),
        buttons.show(referral_id, words),
    )
    head = Section(words("minutes.title", reference=case.reference), lines)
    foot = Section(None, (words("minutes.then"),), None, decide)
    return compose(words, text, (head, *phrases.why_section(passed_over, words), foot))


def sent_back(reference: str, language: str | None, *, referral_id: str, coordinator: Contact) -> ChatMessage:
    """The coordinator sent the case back. The reason is free text and stays in the modal (promise 5)."""
    words = Words(language)
    text = words("sent_back.text", reference=reference)
    ask = words("sent_back.contact", contact=phrases.contact(coordinator))
    title = words("sent_back.title", reference=reference)
    lines = (text, words("sent_back.then"), ask)
    return compose(words, text, (Section(title, lines, None, (buttons.mend(referral_id, words),)),))


def all_accepted(
    case: CaseFacts,
    language: str | None,
    *,
    called: Sequence[Called] = (),
    some_silent: bool = False,
) -> ChatMessage:
    """Told once, when everybody who was asked comes; `some_silent` need not say so, and have not."""
    words = Words(language)
    key = "all_accepted.some_silent" if some_silent else "all_accepted.text"
    text = words(key, reference=case.reference, when=phrases.when(case, words))
    lines = (text, *_called(called, words))
    return compose(words, text, (Section(words("all_accepted.title"), lines),))


def details_missing(
    reference: str,
    language: str | None,
    *,
    referral_id: str,
    again_before: date | None = None,
    waits: bool = False,
) -> ChatMessage:
    """Some details are missing; not which, since a message is not the place.

    Args:
        reference: the case's running reference.
        language: the referrer's.
        referral_id: what `details_open` carries.
        again_before: the meeting's local date when this is the second time of asking.
        waits: whether the referral waits for a time, so that none is booked.
    """
    words = Words(language)
    if again_before is not None:
        text = words("details.again", reference=reference, day=words.day(again_before))
    else:
        text = words("details.waiting" if waits else "details.text", reference=reference)
    lines = (text, words("details.how"))
    button = buttons.details(referral_id, words)
    return compose(words, text, (Section(words("details.title"), lines, None, (button,)),))


def withdrawn(case: CaseFacts, language: str | None, *, carries: bool = True) -> ChatMessage:
    """The case was taken back; `carries`: the reader raised or owns it, and may raise it again."""
    words = Words(language)
    text = words("withdrawn.text", reference=case.reference, when=phrases.when(case, words))
    title = words("withdrawn.title", reference=case.reference)
    lines = (text, words("withdrawn.then")) if carries else (text,)
    return compose(words, text, (Section(title, lines),), pointer=text)


def _called(called: Sequence[Called], words: Words) -> tuple[str, ...]:
    people = phrases.called_people(called, words)
    return (people,) if people else ()
