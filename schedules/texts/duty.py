"""An absence or a handover, as each person affected reads it: one message with all of their changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from schedules.domain.chat import Button, ChatMessage, Section
from schedules.domain.facts import CaseFacts, OwnCall
from schedules.texts import buttons
from schedules.texts.card import must_answer
from schedules.texts.compose import compose
from schedules.texts.phrases import when
from schedules.texts.words import Words


@dataclass(frozen=True, slots=True)
class DutyCause:
    """Why there are changes: `successor` (a name) for a handover, `to_date` for an absence; local days."""

    person: str
    from_date: date
    to_date: date | None = None
    successor: str | None = None
    taken_back: bool = False


@dataclass(frozen=True, slots=True)
class DutyLine:
    """One case as the reader is concerned by it. Names, not ids; `booking` is what its buttons carry.

    `takes_seat` (a party), `leads`: the reader's part begins. `lost_seat`: it ends, or nobody takes it; then
    `deputy` is None. `leader`: who leads instead of the reader. `instead`: who comes for whom, to the
    referrer. `uncovered`: the party that has nobody, to the coordinator.
    """

    case: CaseFacts
    booking: str
    referral: str
    call: OwnCall | None = None
    takes_seat: str | None = None
    leads: bool = False
    lost_seat: bool = False
    deputy: str | None = None
    leader: str | None = None
    instead: tuple[str, str] | None = None
    uncovered: str | None = None


def cause_text(cause: DutyCause, words: Words) -> str:
    """Who is away and when, or what was handed over to whom."""
    if cause.successor is not None:
        return words(
            "duty.keeps" if cause.taken_back else "duty.handed_over",
            person=cause.person,
            successor=cause.successor,
            day=words.day(cause.from_date),
        )
    if cause.taken_back:
        return words("duty.back", person=cause.person)
    last = cause.to_date or cause.from_date
    if last == cause.from_date:
        return words("duty.away_one_day", person=cause.person, day=words.day(last))
    return words("duty.away", person=cause.person, first=words.day(cause.from_date), last=words.day(last))


def duty_changed(cause: DutyCause, lines: Sequence[DutyLine], language: str | None) -> ChatMessage:
    """The one message: why, and each of the reader's cases with what to do."""
    words = Words(language)
    text = cause_text(cause, words)
    open_ones = sum(line.uncovered is not None for line in lines)
    need = (words.count("duty.uncovered", open_ones),) if open_ones else ()
    head = Section(words("duty.title"), (text, *need))
    sections = (_section(line, words) for line in lines)
    return compose(words, " ".join((text, *need)), (head, *sections))


def _section(line: DutyLine, words: Words) -> Section:
    title = words("duty.case", reference=line.case.reference, when=when(line.case, words))
    return Section(title, (line.case.meeting.team, *_told(line, words)), None, _buttons(line, words))


def _told(line: DutyLine, words: Words) -> tuple[str, ...]:
    told = []
    if line.takes_seat is not None:
        told.append(words("duty.takes_seat", party=line.takes_seat))
    if line.leads:
        told.append(words("duty.leads"))
    if line.lost_seat:
        told.append(words("duty.lost", deputy=line.deputy) if line.deputy else words("duty.lost_open"))
    if line.leader is not None:
        told.append(words("duty.lost_lead", leader=line.leader))
    if line.instead is not None:
        deputy, person = line.instead
        told.append(words("duty.instead", deputy=deputy, person=person))
    if line.uncovered is not None:
        told.append(words("duty.nobody", party=line.uncovered))
    return tuple(told)


def _buttons(line: DutyLine, words: Words) -> tuple[Button, ...]:
    shown: list[Button] = []
    if line.call is not None and line.takes_seat is not None and must_answer(line.call):
        shown.extend(buttons.answers(line.call.public_id, line.call.answer, words))
    if line.uncovered is not None:
        shown.append(buttons.move_next(line.booking, words))
    if line.call is not None or line.instead is not None or line.uncovered is not None:
        shown.append(buttons.show(line.referral, words))
    return tuple(shown)
