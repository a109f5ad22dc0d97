"""The submitted `meeting_report` as a command, or what is wrong beside which field. Pure.

What an outcome does not ask for is let go by the service, so that the form may show all of its fields.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from bot.forms.errors import FieldErrors, Problems
from bot.forms.state import FormState, Unreadable, unreadable
from schedules.domain.figures.facts import Decision, Outcome, TookPart
from schedules.domain.meeting_report import NotHeldReason, ReportCase, Result

E = TypeVar("E", bound=StrEnum)


def parse(view: Mapping[str, Any], actor: str) -> ReportCase | FieldErrors:
    """Read the form. `actor` is the person id of the user. Raises BrokenForm for what is no such view."""
    state = FormState(view)
    booking = state.needed_metadata("booking")
    try:
        return _read(state, booking, actor)
    except Unreadable as error:
        return unreadable(error.field)


def parse_amendment(view: Mapping[str, Any], actor: str) -> ReportCase | FieldErrors:
    """Read the form that changes a report; an outcome that may not be changed stands in its metadata."""
    state = FormState(view)
    booking = state.needed_metadata("booking")
    try:
        return _read(state, booking, actor, _known_outcome(state))
    except Unreadable as error:
        return unreadable(error.field)


def _known_outcome(state: FormState) -> Outcome | None:
    try:
        return Outcome(state.needed_metadata("outcome"))
    except ValueError as error:
        raise Unreadable("outcome") from error


def _read(
    state: FormState, booking: str, actor: str, known: Outcome | None = None
) -> ReportCase | FieldErrors:
    problems = Problems()
    outcome = _one(state, "outcome", Outcome) or known
    took_part = _one(state, "took_part", TookPart)
    not_held = _one(state, "not_held", NotHeldReason)
    decisions = tuple(Decision(value) for value in _known(state, "decisions", Decision))
    agreed = state.text("agreed")
    problems.too_long("agreed", agreed)
    if outcome is None:
        problems.add("outcome", "choose")
    if problems or outcome is None:
        return problems.errors
    result = Result(
        outcome=outcome,
        present=state.choices("present"),
        took_part=took_part,
        decisions=decisions,
        missed=state.choices("missed"),
        agreed=agreed,
        not_held=not_held,
        next_parties=state.choices("next_parties"),
        next_from=state.day("next_from"),
    )
    return ReportCase(actor, booking, result)


def _one(state: FormState, field: str, kind: type[E]) -> E | None:
    found = state.choice(field)
    if found is None:
        return None
    try:
        return kind(found)
    except ValueError as error:
        raise Unreadable(field) from error


def _known(state: FormState, field: str, kind: type[E]) -> tuple[str, ...]:
    values = state.choices(field)
    if not set(values) <= {one.value for one in kind}:
        raise Unreadable(field)
    return values
