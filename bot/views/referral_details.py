"""The modal `referral_details`: what a raised case led to, and the few fields that can come later. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from typing import Self

from bot.forms.limits import BOOKED, LIMITS
from bot.views import blocks as b
from bot.views.blocks import Block, Named, View
from schedules.domain.cases import Gender, Protected, Support
from schedules.domain.facts import CaseFacts, ReferralOutcome, TimeOffer
from schedules.domain.organisation import TargetGroup
from schedules.texts import phrases, terms
from schedules.texts.reasons import why_not_earlier
from schedules.texts.words import Words

CALLBACK = "referral_details"
WAIT = "wait"
CHOICES = 2


@dataclass(frozen=True, slots=True)
class DetailsForm:
    """The values known so far, and what the form has to ask.

    `parties` are those offered for `known_to`. `ask_raise_all_the_same` when the age is outside
    `target_group`; `later_than_goal` when the time is.
    """

    parties: tuple[Named, ...]
    gender: Gender | None = None
    birth_year: int | None = None
    sick_leave_start: date | None = None
    needs: str | None = None
    known_to: tuple[str, ...] | None = None
    support: Support | None = None
    ask_raise_all_the_same: bool = False
    later_than_goal: bool = False
    target_group: TargetGroup = field(default_factory=TargetGroup)

    @classmethod
    def of(
        cls,
        parties: tuple[Named, ...],
        protected: Protected,
        *,
        ask_raise_all_the_same: bool = False,
        later_than_goal: bool = False,
        target_group: TargetGroup | None = None,
    ) -> Self:
        """The form with the values that a referral already has."""
        return cls(
            parties,
            protected.gender,
            protected.birth_year,
            protected.sick_leave_start,
            protected.needs,
            protected.known_to,
            protected.support,
            ask_raise_all_the_same,
            later_than_goal,
            target_group or TargetGroup(),
        )


def referral_details(outcome: ReferralOutcome, details: DetailsForm, words: Words) -> View:
    """The modal. Closing it keeps the booking, and it says so."""
    return b.modal(
        CALLBACK,
        words("referral_details.title"),
        [
            *_told(outcome, details, words),
            b.divider(),
            _slot(outcome, words),
            *_fields(details, words),
        ],
        close=words("referral_details.close"),
        submit=words("referral_details.submit"),
        metadata={"referral": outcome.referral},
    )


# --- what it led to ----------------------------------------------------------------------------------


def _told(outcome: ReferralOutcome, details: DetailsForm, words: Words) -> list[Block]:
    told: list[Block] = []
    if outcome.repeated:
        told.append(b.words_section(words("referral_details.repeated")))
    told.append(_result(outcome, words))
    if outcome.called:
        told.append(b.section(_called(outcome, words)))
    if outcome.later_than_goal or details.later_than_goal:
        told.append(b.words_section(words("referral_details.later_than_goal")))
    if why := why_not_earlier(outcome.passed_over, words):
        title = b.bold(words("referral_details.why_not_earlier"))
        told.append(b.section("\n".join([title, *(b.escape(line) for line in why)])))
    keeps = "referral_details.keeps" if outcome.case else "referral_details.keeps.waiting"
    told.append(b.context(b.escape(words(keeps))))
    return told


def _result(outcome: ReferralOutcome, words: Words) -> Block:
    title = b.bold(words("referral_details.case", reference=outcome.reference, team=outcome.team))
    if outcome.case is None:
        by_choice = "referral_details.waiting_by_choice"
        lines = [words(by_choice if outcome.waits_by_choice else "referral_details.waiting")]
    else:
        lines = [
            terms.opening(booked_time(outcome.case, words)),
            outcome.case.meeting.place,
            _next(outcome, words),
        ]
    return b.section("\n".join([title, *(b.escape_within(line, 700) for line in lines if line)]))


def booked_time(case: CaseFacts, words: Words) -> str:
    """The day and the span: "tisdag 1 december kl. 13:00–13:30"."""
    return phrases.when(case, words)


def _next(outcome: ReferralOutcome, words: Words) -> str:
    if outcome.awaits_coordinator:
        name = outcome.case.coordinator.name if outcome.case else ""
        return words("referral_details.awaits_coordinator", coordinator=name)
    if outcome.invite_delay_minutes:
        return words.count("referral_details.calls_in", outcome.invite_delay_minutes)
    return words("referral_details.calls_now")


def _called(outcome: ReferralOutcome, words: Words) -> str:
    lines = [b.bold(words("referral_details.called"))]
    for one in outcome.called:
        what = one.party or terms.roles(one.roles, words)
        line = f"{what}: {one.person}" if what else one.person
        lines.append(b.escape_within(b.one_line(line), 250))
    return "\n".join(lines)


# --- the fields --------------------------------------------------------------------------------------


def _slot(outcome: ReferralOutcome, words: Words) -> Block:
    offered = [(one.slot, terms.opening(offered_time(one, words))) for one in outcome.alternatives[:CHOICES]]
    if outcome.case:
        booked = words("referral_details.slot.booked", time=booked_time(outcome.case, words))
        offered.insert(0, (BOOKED, booked))
    offered.append((WAIT, words("referral_details.slot.wait")))
    initial = BOOKED if outcome.case else WAIT
    hint = "referral_details.slot.hint" if outcome.case else "referral_details.slot.hint.waiting"
    return b.input_block(
        "slot",
        words("referral_details.slot.label"),
        b.radio(b.options(offered), initial),
        hint=words(hint),
        optional=True,
    )


def offered_time(offer: TimeOffer, words: Words) -> str:
    """A time that can be chosen: "tisdag 1 december kl. 13:00–13:30"."""
    return words("when", day=words.day(offer.day), span=words.span(offer.start, offer.end))


def _optional(name: str, element: Block, words: Words) -> Block:
    hint = f"referral_details.{name}.hint"
    return b.input_block(
        name,
        words(f"referral_details.{name}.label"),
        element,
        hint=words(hint) if words.has(hint) else None,
        optional=True,
    )


def _fields(details: DetailsForm, words: Words) -> Sequence[Block]:
    if details == DetailsForm(details.parties):
        return _empty_fields(details.parties, words.language)
    return [*_person(details, words), *_situation(details, words)]


@lru_cache(1000)  # a new case's: a team's parties and a language, nothing about a person
def _empty_fields(parties: tuple[Named, ...], language: str) -> Sequence[Block]:
    details, words = DetailsForm(parties), Words(language)
    return [*_person(details, words), *_situation(details, words)]


def _person(details: DetailsForm, words: Words) -> list[Block]:
    year = None if details.birth_year is None else str(details.birth_year)
    start = details.sick_leave_start.isoformat() if details.sick_leave_start else None
    return [
        _optional(
            "gender",
            b.radio(_genders(words.language), details.gender.value if details.gender else None),
            words,
        ),
        _optional("birth_year", b.text_input(LIMITS["birth_year"], initial=year), words),
        *_raise_all_the_same(details, words),
        _optional("sick_leave_start", b.date_input(start), words),
        _optional("needs", b.text_input(LIMITS["needs"], multiline=True, initial=details.needs), words),
    ]


@cache
def _genders(language: str) -> list[Block]:
    words = Words(language)
    return b.options((one.value, words(f"gender.{one.value}")) for one in Gender)


@cache
def _supports(language: str) -> list[Block]:
    words = Words(language)
    return b.options((one.value, words(f"support.{one.value}")) for one in Support)


def _raise_all_the_same(details: DetailsForm, words: Words) -> list[Block]:
    if not details.ask_raise_all_the_same:
        return []
    group = details.target_group
    yes = b.options([("yes", words("referral_details.raise_all_the_same.yes"))])
    label = words("referral_details.raise_all_the_same.label", from_age=group.from_age, to_age=group.to_age)
    return [b.input_block("raise_all_the_same", label, b.boxes(yes), optional=True)]


def _situation(details: DetailsForm, words: Words) -> list[Block]:
    initial = details.support.value if details.support else None
    element = b.select(_supports(words.language), words("referral_details.support.placeholder"), initial)
    return [*_known_to(details.parties, details.known_to or (), words), _optional("support", element, words)]


def _known_to(parties: Sequence[Named], known: Sequence[str], words: Words) -> list[Block]:
    if not parties:
        return []
    offered = b.options((party.id, party.name) for party in parties)
    element = b.boxes_or_multi(offered, words("referral_details.known_to.placeholder"), known)
    return [_optional("known_to", element, words)]
