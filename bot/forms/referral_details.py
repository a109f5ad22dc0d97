"""The submitted `referral_details` as a command, or what is wrong beside which field. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from bot.forms.errors import FieldErrors, Problems
from bot.forms.limits import BOOKED, EARLIEST_BIRTH_YEAR
from bot.forms.state import FormState, Unreadable, unreadable
from schedules.domain.cases import Gender, Support
from schedules.domain.commands import SaveDetails

E = TypeVar("E", bound=StrEnum)

YEAR_DIGITS = 4


def parse(view: Mapping[str, Any], actor: str, today: date) -> SaveDetails | FieldErrors:
    """Read the form; every field may be left empty.

    Args:
        view: the `view` of Slack's view_submission.
        actor: the person id of the user.
        today: the local date.

    Raises:
        BrokenForm: what arrived is no such view.
    """
    state = FormState(view)
    referral = state.needed_metadata("referral")
    try:
        return _read(state, referral, actor, today)
    except Unreadable as error:
        return unreadable(error.field)


def _read(state: FormState, referral: str, actor: str, today: date) -> SaveDetails | FieldErrors:
    problems = Problems()
    slot = state.choice("slot")
    gender, support = (
        _enum(state, "gender", Gender, problems),
        _enum(state, "support", Support, problems),
    )
    birth_year = _birth_year(state, today, problems)
    start = _sick_leave_start(state, today, problems)
    needs = state.text("needs")
    problems.too_long("needs", needs)
    command = SaveDetails(
        actor=actor,
        referral=referral,
        slot=None if slot == BOOKED else slot,
        gender=gender,
        birth_year=birth_year,
        sick_leave_start=start,
        needs=needs,
        known_to=_known_to(state),
        support=support,
        raise_all_the_same="yes" in state.choices("raise_all_the_same"),
    )
    return problems.errors if problems else command


def _enum(state: FormState, field: str, kind: type[E], problems: Problems) -> E | None:
    found = state.choice(field)
    if found is None:
        return None
    if found not in {one.value for one in kind}:
        problems.add(field, "choose")
        return None
    return kind(found)


def _birth_year(state: FormState, today: date, problems: Problems) -> int | None:
    text = state.text("birth_year")
    if text is None:
        return None
    # isdecimal alone takes the digits of every script.
    if len(text) == YEAR_DIGITS and text.isascii() and text.isdecimal():
        year = int(text)
        if EARLIEST_BIRTH_YEAR <= year <= today.year:
            return year
    problems.add("birth_year", "birth_year", first=str(EARLIEST_BIRTH_YEAR), last=str(today.year))
    return None


def _sick_leave_start(state: FormState, today: date, problems: Problems) -> date | None:
    start = state.day("sick_leave_start")
    if start is not None and start > today:
        problems.add("sick_leave_start", "sick_leave_start_future")
    return start


def _known_to(state: FormState) -> tuple[str, ...] | None:
    """None when nothing is ticked: Slack does not tell "nobody" from "not answered"."""
    offered = state.offered("known_to")
    chosen = state.choices("known_to")
    return tuple(party for party in chosen if offered is None or party in offered) or None
