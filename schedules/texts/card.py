"""The one current direct message per person and meeting (DESIGN.md, "The quiet bot").

It lists the reader's own times, a section each, and says in words where each answer stands.
"""

from __future__ import annotations

from collections.abc import Sequence

from schedules.domain.chat import Button, ChatMessage, Section
from schedules.domain.facts import MeetingFacts, OwnCall
from schedules.domain.plan import Answer, Role
from schedules.texts import buttons, phrases
from schedules.texts.compose import compose
from schedules.texts.phrases import Telling
from schedules.texts.words import Words

LISTENING = frozenset({Role.REFERRER, Role.OWNER})
_TOLD = tuple(role for role in Role if role is not Role.REPRESENTATIVE)


def own_card(
    meeting: MeetingFacts,
    calls: Sequence[OwnCall],
    language: str | None,
    *,
    telling: Telling | None = None,
    ended: Sequence[str] = (),
    agenda_sent: bool = False,
) -> ChatMessage:
    """One person's card for one meeting.

    Args:
        meeting: the meeting, in local wall time.
        calls: the reader's own live calls at it, by time. None left: the card says so.
        language: the reader's.
        telling: per referral that the reader raised, who is to be told whom it concerns.
        ended: references of cases that this card no longer lists.
        agenda_sent: whether the agenda has left, so that this card is an addition to it.
    """
    words = Words(language)
    if not calls:
        return ended_card(meeting, language)
    lead = _lead(meeting, calls, words)
    notes = _notes(ended, words, agenda_sent=agenda_sent)
    head = Section(
        words("card.title", day=words.day(meeting.day)),
        (lead, *notes, *phrases.where(meeting, words)),
        phrases.link(meeting, words),
    )
    several = len(calls) > 1
    cases = [case_section(call, words, telling or {}, several=several) for call in calls]
    return compose(words, lead, (head, *cases), _context(calls, words), pointer(meeting, language))


def pointer(meeting: MeetingFacts, language: str | None) -> str:
    """What an older card shrinks to."""
    words = Words(language)
    return words("card.pointer", day=words.day(meeting.day))


def ended_card(meeting: MeetingFacts, language: str | None) -> ChatMessage:
    """What the card says when the reader has no time left at the meeting: the same, whatever the reason."""
    words = Words(language)
    text = words("card.ended", day=words.day(meeting.day))
    lines = (text, words("card.ended.nothing"))
    return compose(words, text, (Section(lines=lines),), pointer=pointer(meeting, language))


def case_section(call: OwnCall, words: Words, telling: Telling, *, several: bool) -> Section:
    """One case of the card, its lines and buttons. `several`: the question is not in the lead alone."""
    case = call.case
    lines = (
        *_asked(call, words, several=several),
        *phrases.about(case, call.party, words),
        *_roles(call, words),
        *_identity(call, words, telling),
    )
    title = words("case.title", reference=case.reference, span=words.span(case.start, case.end))
    return Section(title, lines, None, _buttons(call, words))


def must_answer(call: OwnCall) -> bool:
    """Only a party's representative is asked to answer; the others are told."""
    return Role.REPRESENTATIVE in call.roles


def awaits_answer(call: OwnCall) -> bool:
    """Whether the reader still owes a plain yes or no."""
    return must_answer(call) and call.answer in {Answer.NEEDS_ACTION, Answer.TENTATIVE}


def awaits_identity(call: OwnCall) -> bool:
    """Whether the reader is still to be told whom the case concerns. Who raised or owns it knows."""
    return must_answer(call) and not call.identity_known and not LISTENING & set(call.roles)


def _lead(meeting: MeetingFacts, calls: Sequence[OwnCall], words: Words) -> str:
    asked = [call for call in calls if awaits_answer(call)]
    day = words.day(meeting.day)
    if len(asked) == 1:
        return _one("card.ask", asked[0], words)
    if asked:
        parties = words.all_of(tuple(dict.fromkeys(call.party or "" for call in asked)))
        return words("card.ask_many", party=parties, day=day, number=len(asked))
    if len(calls) == 1:
        return _one("card.told", calls[0], words)
    return words("card.told_many", number=len(calls), day=day)


def _one(key: str, call: OwnCall, words: Words) -> str:
    case = call.case
    return words(key, party=call.party or "", when=phrases.when(case, words), reference=case.reference)


def _notes(ended: Sequence[str], words: Words, *, agenda_sent: bool) -> tuple[str, ...]:
    gone = words.count("card.ended_cases", len(ended), references=words.all_of(tuple(ended)))
    return (*((gone,) if ended else ()), *((words("card.agenda_sent"),) if agenda_sent else ()))


def _asked(call: OwnCall, words: Words, *, several: bool) -> tuple[str, ...]:
    if not must_answer(call):
        return ()
    if call.answer is not Answer.NEEDS_ACTION:
        return (words(f"card.answered.{call.answer.value}"),)
    asked = (words("card.needed", party=call.party or ""),) if several else ()
    silent = (words("card.only_declines"),) if call.need_not_answer else ()
    return (*asked, *silent, *_beside(call, words))


def _beside(call: OwnCall, words: Words) -> tuple[str, ...]:
    """Two are asked for one seat: whose it is, and how it is taken."""
    if call.instead_of:
        return (words("card.stand_in", person=call.instead_of),)
    return (words("card.also_asked", person=call.also_asked),) if call.also_asked else ()


def _roles(call: OwnCall, words: Words) -> tuple[str, ...]:
    own = [role for role in _TOLD if role in call.roles]
    sentences = [words(f"card.role.{role.value}") for role in own]
    if Role.OWNER in own and Role.REFERRER not in own:
        sentences.append(words("case.referrer", referrer=call.case.referrer))
    if not must_answer(call):
        told = "card.no_answer" if Role.COORDINATOR in own else "card.welcome"
        sentences.append(words(told))
    if LISTENING & set(own):
        sentences.extend(phrases.ask_person(call.case, words))
    return (" ".join(sentences),) if sentences else ()


def _identity(call: OwnCall, words: Words, telling: Telling) -> tuple[str, ...]:
    if Role.REFERRER in call.roles:
        return phrases.tell(telling.get(call.referral), words)
    if not must_answer(call) or Role.OWNER in call.roles:
        return ()
    if call.identity_known:
        return (words("card.identity.known"),)
    return (words("card.identity.waiting", referrer=call.case.referrer),)


def _buttons(call: OwnCall, words: Words) -> tuple[Button, ...]:
    own = buttons.answers(call.public_id, call.answer, words) if must_answer(call) else ()
    known = (buttons.identity_known(call.public_id, words),) if awaits_identity(call) else ()
    return (*own, buttons.show(call.referral, words), *known)


def _context(calls: Sequence[OwnCall], words: Words) -> str | None:
    if any(Role.COORDINATOR in call.roles for call in calls):
        return None
    return words("contact", contact=phrases.contact(calls[0].case.coordinator))
