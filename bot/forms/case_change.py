"""The submitted `case_change` as a command, or what is wrong beside which field. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.forms import referral_submit as fields
from bot.forms.errors import FieldErrors, Problems
from bot.forms.state import FormState, Unreadable, unreadable
from schedules.domain.cases import PersonTakesPart, Urgency
from schedules.domain.change_case import ChangeCase


def parse(view: Mapping[str, Any], actor: str, today: date) -> ChangeCase | FieldErrors:
    """Read the form; the consent only where it was asked for.

    Args:
        view: the `view` of Slack's view_submission.
        actor: the person id of the user.
        today: the local date.

    Raises:
        BrokenForm: what arrived is no such view.
    """
    state = FormState(view)
    referral, seen = state.needed_metadata("referral"), state.needed_metadata("seen")
    try:
        return _read(state, referral, seen, actor, today)
    except Unreadable as error:
        return unreadable(error.field)


def _read(state: FormState, referral: str, seen: str, actor: str, today: date) -> ChangeCase | FieldErrors:
    problems = Problems()
    parties = fields.read_parties(state, problems)
    asked = state.shows("consent")
    consent_date = fields.read_consent(state, today, problems) if asked else None
    categories = fields.read_categories(state, problems)
    question = fields.read_question(state, problems)
    takes_part = fields.read_enum(state, "person_takes_part", PersonTakesPart, problems)
    urgency = fields.read_enum(state, "urgency", Urgency, problems)
    reason = fields.read_urgency_reason(state, urgency, problems)
    # The two are only None when a problem is noted; named here for the type checker.
    if problems or takes_part is None or urgency is None:
        return problems.errors
    return ChangeCase(
        actor=actor,
        referral=referral,
        seen=seen,
        parties=parties,
        consent_date=consent_date,
        categories=categories,
        question=question,
        person_takes_part=takes_part,
        urgency=urgency,
        urgency_reason=reason,
        plan=state.metadata("plan"),
    )
