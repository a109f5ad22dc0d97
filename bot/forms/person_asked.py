"""The form `person_asked`: whether the person takes part. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.forms.errors import FieldError, FieldErrors
from bot.forms.state import FormState, Unreadable, unreadable
from schedules.domain.cases import PersonTakesPart

FIELD = "person_takes_part"
ANSWERS = {one.value: one for one in PersonTakesPart if one is not PersonTakesPart.NOT_YET_ASKED}


@dataclass(frozen=True, slots=True)
class PersonAsked:
    """What the person answered."""

    referral: str
    answer: PersonTakesPart


def person_asked(view: Mapping[str, Any]) -> PersonAsked | FieldErrors:
    """Read the form. Raises BrokenForm for what is no such view."""
    state = FormState(view)
    referral = state.needed_metadata("referral")
    try:
        chosen = ANSWERS.get(state.choice(FIELD) or "")
    except Unreadable as error:
        return unreadable(error.field)
    return PersonAsked(referral, chosen) if chosen else FieldErrors({FIELD: FieldError("choose")})
