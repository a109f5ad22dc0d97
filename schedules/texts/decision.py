"""What the coordinator is written to about: only what needs a decision (DESIGN.md, "The quiet bot")."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from schedules.domain.chat import ChatMessage, Section
from schedules.domain.facts import Called, CaseFacts, MeetingFacts, PassedOverFacts
from schedules.texts import buttons, phrases
from schedules.texts.compose import compose
from schedules.texts.words import Words

FLAGS = ("later_than_goal", "outside_target_group")


class Decided(StrEnum):
    """How a proposal ended."""

    CONFIRMED = "confirmed"
    CONFIRMED_BY_ITSELF = "confirmed_by_itself"
    MOVED = "moved"
    SENT_BACK = "sent_back"
    WITHDRAWN = "withdrawn"
    WAITS = "waits"
    PASSED = "passed"
    PASSED_ON = "passed_on"
    LAPSED = "lapsed"


def proposal(
    case: CaseFacts,
    language: str | None,
    *,
    booking_id: str,
    referral_id: str,
    deadline: datetime | None,
    lapses: datetime | None = None,
    later_than_goal: bool = False,
    flags: Sequence[str] = (),
    passed_over: Sequence[PassedOverFacts] = (),
    called: Sequence[Called] = (),
) -> ChatMessage:
    """A held time that the coordinator confirms or changes.

    Args:
        case: the open facts.
        language: the coordinator's.
        booking_id: what the booking buttons carry.
        referral_id: what `case_show` carries.
        deadline: when it confirms itself, local wall time; None: never.
        lapses: when it is given up instead, local wall time.
        later_than_goal: flagged without why (promise 5).
        flags: the referral's flags; unknown ones are not told.
        passed_over: earlier meetings and why not.
        called: who will be called.
    """
    words = Words(language)
    text = words("proposal.text", reference=case.reference, when=phrases.when(case, words))
    lines = (
        text,
        *phrases.where(case.meeting, words),
        *_flags(flags, words, later_than_goal=later_than_goal),
        words("case.referrer", referrer=case.referrer),
        *phrases.about(case, None, words),
        *((people,) if (people := phrases.called_people(called, words)) else ()),
    )
    title = words("proposal.title", reference=case.reference)
    decide = Section(
        None,
        (_deadline(deadline, lapses, words),),
        None,
        (
            buttons.confirm(booking_id, words),
            buttons.move(booking_id, words),
            buttons.send_back(booking_id, words),
            buttons.show(referral_id, words),
        ),
    )
    return compose(words, text, (Section(title, lines), *phrases.why_section(passed_over, words), decide))


def proposal_decided(
    how: Decided, case: CaseFacts, language: str | None, *, decided_by: str | None = None
) -> ChatMessage:
    """What the proposal turns into. For `moved`, `case` has the new time. `decided_by` is a name."""
    words = Words(language)
    text = words(
        f"decided.{how.value}",
        reference=case.reference,
        when=phrases.when(case, words),
        referrer=case.referrer,
    )
    by = (words("decided.by", person=decided_by),) if decided_by else ()
    return compose(
        words, text, (Section(words("decided.title", reference=case.reference), (text, *by)),), pointer=text
    )


def waiting_for_slot(
    reference: str,
    team: str,
    language: str | None,
    *,
    referral_id: str,
    passed_over: Sequence[PassedOverFacts] = (),
    to_coordinator: bool,
    flags: Sequence[str] = (),
) -> ChatMessage:
    """No meeting in the horizon suits: the referral waits, and coordinator and referrer are told."""
    words = Words(language)
    reader = "coordinator" if to_coordinator else "referrer"
    text = words(f"waiting.{reader}", reference=reference, team=team)
    told = _flags(flags, words, later_than_goal=False) if to_coordinator else ()
    head = Section(
        words("waiting.title", reference=reference),
        (text, *told, words(f"waiting.{reader}.then")),
        None,
        (buttons.show(referral_id, words),),
    )
    return compose(words, text, (head, *phrases.why_section(passed_over, words, "why_no_time")))


def time_proposed(
    case: CaseFacts,
    person: str,
    party: str | None,
    language: str | None,
    *,
    start: datetime | None,
    proposal: str,
    booking_id: str,
    referral_id: str,
) -> ChatMessage:
    """Somebody called proposes another time, by mail: to the coordinator, who may move the booking.

    `start` is local wall time, None where the mail names no time that can be read. `proposal` is what the
    button that holds on to the time carries.
    """
    words = Words(language)
    who = phrases.person_of(person, party, words)
    text = words("time_proposed.text", person=who, when=phrases.when(case, words), reference=case.reference)
    proposed = words("time_proposed.unclear")
    if start is not None:
        proposed = words("time_proposed.start", day=words.day(start.date()), clock=words.clock(start))
    offered = (
        buttons.counter_refuse(proposal, words),
        buttons.move(booking_id, words),
        buttons.show(referral_id, words),
    )
    lines = (text, proposed, case.meeting.team, words("time_proposed.then"))
    title = words("time_proposed.title", reference=case.reference)
    return compose(words, text, (Section(title, lines, None, offered),))


def delivery_failed(
    meeting: MeetingFacts | None,
    person: str,
    language: str | None,
    *,
    by_mail: bool,
    reference: str | None = None,
) -> ChatMessage:
    """A message to `person` (a colleague's name) has failed for good: the coordinator calls instead.

    `meeting` is None where the message was about a case that waits for a time.
    """
    words = Words(language)
    if meeting is None:
        text = words("failed.mail.waiting" if by_mail else "failed.chat.waiting", person=person)
    else:
        key = "failed.mail" if by_mail else "failed.chat"
        text = words(key, person=person, day=words.day(meeting.day))
    case = (words("failed.case", reference=reference),) if reference else ()
    lines = (text, *case, words("failed.then", person=person))
    return compose(words, text, (Section(words("failed.title"), lines),))


def _flags(flags: Sequence[str], words: Words, *, later_than_goal: bool) -> tuple[str, ...]:
    raised = {*flags, *(("later_than_goal",) if later_than_goal else ())}
    return tuple(words(f"flag.{flag}") for flag in FLAGS if flag in raised)


def lapsed(case: CaseFacts, language: str | None, *, referral_id: str, to_coordinator: bool) -> ChatMessage:
    """Nobody has confirmed the time: others may have it, and the case waits. `case` has that time."""
    words = Words(language)
    text = words("lapsed.text", reference=case.reference, when=phrases.when(case, words))
    then = words("lapsed.coordinator" if to_coordinator else "lapsed.referrer")
    title = words("lapsed.title", reference=case.reference)
    head = Section(title, (text, then), None, (buttons.show(referral_id, words),))
    return compose(words, text, (head,))


def _deadline(deadline: datetime | None, lapses: datetime | None, words: Words) -> str:
    if deadline is None and lapses is not None:
        return words("proposal.lapses", day=words.day(lapses.date()), clock=words.clock(lapses))
    if deadline is None:
        return words("proposal.held")
    return words("proposal.deadline", day=words.day(deadline.date()), clock=words.clock(deadline))
