"""A party without anybody who can come: what coordinator, referrer, contact and representative read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from schedules.domain.chat import Button, ChatMessage, Section
from schedules.domain.facts import Called, CaseFacts
from schedules.domain.plan import Answer, DeclineReason
from schedules.texts import buttons, phrases
from schedules.texts.compose import compose
from schedules.texts.words import Words


@dataclass(frozen=True, slots=True)
class NoRepresentative:
    """Who cannot come, for which party (names), and why; the reason is None if it is not known."""

    person: str
    party: str
    reason: DeclineReason | None


def declined(
    case: CaseFacts,
    who: NoRepresentative,
    language: str | None,
    *,
    invitation: str | None,
    booking_id: str,
    referral_id: str,
    ways: Sequence[str] = (),
) -> ChatMessage:
    """No representative of a party can come: to the coordinator, who decides, and to the referrer.

    Args:
        case: the open facts.
        who: the one who said no last.
        language: the reader's.
        invitation: the public id of the call that was declined, to a coordinator; None to the referrer.
        booking_id: what `booking_move` carries.
        referral_id: what `case_show` carries.
        ways: the actions that the coordinator can choose between.
    """
    words = Words(language)
    not_theirs = who.reason is DeclineReason.NOT_OUR_CASE
    text = words(
        "not_our_case.text" if not_theirs else "declined.text",
        person=phrases.person_of(who.person, who.party, words),
        when=phrases.when(case, words),
        reference=case.reference,
    )
    lines = (text, *reason_line(who.reason, words), case.meeting.team, words(_then(not_theirs, invitation)))
    offered: tuple[Button, ...] = () if not_theirs else (buttons.move_next(booking_id, words),)
    if invitation:
        offered = buttons.ways(invitation, ways, words)
    title = words("not_our_case.title" if not_theirs else "declined.title", reference=case.reference)
    shown = (*offered, buttons.show(referral_id, words))
    return compose(words, text, (Section(title, lines, None, shown),))


def _then(not_theirs: bool, invitation: str | None) -> str:  # noqa: FBT001  a key is chosen by it
    if invitation:
        return "not_our_case.then" if not_theirs else "declined.then"
    return "not_our_case.referrer" if not_theirs else "declined.referrer"


def reason_line(reason: DeclineReason | None, words: Words) -> tuple[str, ...]:
    """Why, where it was said and is not said already."""
    if reason is None or reason is DeclineReason.NOT_OUR_CASE:
        return ()
    return (words("declined.reason", reason=words(f"decline_reason.{reason.value}").lower()),)


def contact_asked(case: CaseFacts, who: NoRepresentative, language: str | None) -> ChatMessage:
    """To the party's contact: nobody of the party can come, can somebody be found?"""
    words = Words(language)
    text = words(
        "contact_asked.text", party=who.party, when=phrases.when(case, words), reference=case.reference
    )
    lines = (
        text,
        words("contact_asked.why", person=who.person),
        *phrases.where(case.meeting, words),
        words("contact_asked.then", contact=phrases.contact(case.coordinator)),
    )
    title = words("contact_asked.title", party=who.party)
    return compose(words, text, (Section(title, lines),))


def held_without(
    case: CaseFacts, party: str, language: str | None, *, called: Sequence[Called] = ()
) -> ChatMessage:
    """To the referrer: the meeting is held, but one party is not there."""
    words = Words(language)
    text = words("held_without.text", party=party, when=phrases.when(case, words), reference=case.reference)
    people = phrases.called_people(called, words)
    title = words("held_without.title", reference=case.reference)
    return compose(words, text, (Section(title, (text, *((people,) if people else ()))),))


def asked_again(
    case: CaseFacts, party: str, language: str | None, *, public_id: str, referral_id: str
) -> ChatMessage:
    """To the representative who said that the case is not theirs: the coordinator says that it is."""
    words = Words(language)
    text = words("asked_again.text", party=party, when=phrases.when(case, words), reference=case.reference)
    ask = words("asked_again.contact", contact=phrases.contact(case.coordinator))
    offered = (
        *buttons.answers(public_id, Answer.NEEDS_ACTION, words),
        buttons.show(referral_id, words),
    )
    title = words("asked_again.title", reference=case.reference)
    return compose(words, text, (Section(title, (text, ask), None, offered),))
