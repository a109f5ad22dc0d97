"""The small forms: another time, sending back, a no, a deputy, an answer given by phone. Pure.

Each takes the `view` of Slack's view_submission and the actor's person id; each raises BrokenForm for what
is no such view.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.forms.errors import FieldError, FieldErrors, Problems
from bot.forms.state import FormState, Unreadable, unreadable
from schedules.domain.plan import Answer, DeclineReason

REASONS = {one.value: one for one in DeclineReason}
RECORDED = {one.value: one for one in (Answer.ACCEPTED, Answer.DECLINED, Answer.TENTATIVE)}


@dataclass(frozen=True, slots=True)
class ChosenTime:
    """Move a booking to a slot."""

    actor: str
    booking: str
    slot: str


@dataclass(frozen=True, slots=True)
class SentBack:
    """Send a referral back; the reason is protected."""

    actor: str
    booking: str
    reason: str


@dataclass(frozen=True, slots=True)
class ChosenDeputy:
    """Let `deputy` (person id) come instead; `invitation` is a public id."""

    actor: str
    invitation: str
    deputy: str


@dataclass(frozen=True, slots=True)
class Declined:
    """Say no to a call (`invitation` is a public id), with a deputy (person id) where one is known."""

    actor: str
    invitation: str
    reason: DeclineReason
    deputy: str | None


@dataclass(frozen=True, slots=True)
class RecordedAnswer:
    """Record an answer for somebody else; `invitation` is a public id."""

    actor: str
    invitation: str
    answer: Answer


def choose_time(view: Mapping[str, Any], actor: str) -> ChosenTime | FieldErrors:
    """Read `booking_move`."""
    state = FormState(view)
    booking = state.needed_metadata("booking")
    slot = _choice(state, "slot")
    return slot if isinstance(slot, FieldErrors) else ChosenTime(actor, booking, slot)


def send_back(view: Mapping[str, Any], actor: str) -> SentBack | FieldErrors:
    """Read `booking_send_back`."""
    state = FormState(view)
    booking = state.needed_metadata("booking")
    problems = Problems()
    try:
        reason = state.text("reason")
    except Unreadable as error:
        return unreadable(error.field)
    problems.too_long("reason", reason)
    if reason is None:
        return FieldErrors({"reason": FieldError("reason_missing")})
    return problems.errors if problems else SentBack(actor, booking, reason)


def deputise(view: Mapping[str, Any], actor: str) -> ChosenDeputy | FieldErrors:
    """Read `invitation_deputise`."""
    state = FormState(view)
    invitation = state.needed_metadata("invitation")
    deputy = _choice(state, "deputy")
    return deputy if isinstance(deputy, FieldErrors) else ChosenDeputy(actor, invitation, deputy)


def decline(view: Mapping[str, Any], actor: str) -> Declined | FieldErrors:
    """Read `invitation_decline`."""
    state = FormState(view)
    invitation = state.needed_metadata("invitation")
    reason = _choice(state, "reason")
    if isinstance(reason, FieldErrors):
        return reason
    if reason not in REASONS:
        return FieldErrors({"reason": FieldError("choose")})
    try:
        deputy = state.choice("deputy")
    except Unreadable as error:
        return unreadable(error.field)
    if deputy is not None and REASONS[reason] is DeclineReason.NOT_OUR_CASE:
        return FieldErrors({"deputy": FieldError("deputy_not_needed")})
    return Declined(actor, invitation, REASONS[reason], deputy)


def record_answer(view: Mapping[str, Any], actor: str) -> RecordedAnswer | FieldErrors:
    """Read `record_answer`."""
    state = FormState(view)
    invitation, answer = _choice(state, "invitation"), _choice(state, "answer")
    if isinstance(invitation, FieldErrors):
        return invitation
    if isinstance(answer, FieldErrors):
        return answer
    if answer not in RECORDED:
        return FieldErrors({"answer": FieldError("choose")})
    return RecordedAnswer(actor, invitation, RECORDED[answer])


def _choice(state: FormState, field: str) -> str | FieldErrors:
    try:
        found = state.choice(field)
    except Unreadable as error:
        return unreadable(error.field)
    return FieldErrors({field: FieldError("choose")}) if found is None else found
