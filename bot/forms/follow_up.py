"""The submitted `follow_up` as a command, or what is wrong beside which field. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from bot.forms.errors import FieldErrors, Problems
from bot.forms.state import FormState, Unreadable, unreadable
from schedules.domain.cases import Support
from schedules.domain.figures.facts import Readiness
from schedules.domain.follow_up import AnswerFollowUp

E = TypeVar("E", bound=StrEnum)

READINESS = ("readiness_caseworker", "readiness_person")


def parse(view: Mapping[str, Any], actor: str) -> AnswerFollowUp | FieldErrors:
    """Read the form. `actor` is the person id of the user. Raises BrokenForm for what is no such view."""
    state = FormState(view)
    referral = state.needed_metadata("referral")
    problems = Problems()
    try:
        support = _choice(state, "support", Support, problems)
        caseworker, person = (_choice(state, field, Readiness, problems) for field in READINESS)
    except Unreadable as error:
        return unreadable(error.field)
    if support is None or caseworker is None or person is None:
        return problems.errors
    return AnswerFollowUp(actor, referral, support, caseworker, person)


def _choice(state: FormState, field: str, kind: type[E], problems: Problems) -> E | None:
    found = state.choice(field)
    if found not in {one.value for one in kind}:
        problems.add(field, "choose")
        return None
    return kind(found)
