"""The submitted `referral_submit` as a command, or what is wrong beside which field. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from bot.forms.errors import FieldErrors, Problems
from bot.forms.limits import QUESTION_LEAST
from bot.forms.state import FormState, Unreadable, unreadable
from schedules.domain.cases import PersonTakesPart, QuestionCategory, Urgency
from schedules.domain.commands import SubmitReferral
from schedules.domain.facts import Contact

E = TypeVar("E", bound=StrEnum)


def parse(
    view: Mapping[str, Any], actor: str, today: date, coordinator: Contact | None = None
) -> SubmitReferral | FieldErrors:
    """Read the form.

    `case_owner` in the command is the Slack user id as chosen; who that is, is for the caller to find out.

    Args:
        view: the `view` of Slack's view_submission.
        actor: the user's person id, or the Slack user id where it is not known yet who that is.
        today: the local date.
        coordinator: whom to call about somebody with protected identity: the chosen team's coordinator.

    Raises:
        BrokenForm: what arrived is no such view.
    """
    state = FormState(view)
    view_id, mends = state.view_id, state.metadata("mends")
    try:
        return _read(state, view_id, mends, actor, today, coordinator)
    except Unreadable as error:
        return unreadable(error.field)


def _read(
    state: FormState, view_id: str, mends: str | None, actor: str, today: date, coordinator: Contact | None
) -> SubmitReferral | FieldErrors:
    if state.choice("protected_identity") == "yes":
        return _protected_identity(coordinator)  # nothing else is even looked at
    problems = Problems()
    _one_of(state, "protected_identity", {"no"}, problems)
    team, parties = _team(state, problems), read_parties(state, problems)
    consent_date = read_consent(state, today, problems)
    categories, question = read_categories(state, problems), read_question(state, problems)
    takes_part = read_enum(state, "person_takes_part", PersonTakesPart, problems)
    urgency = read_enum(state, "urgency", Urgency, problems)
    urgency_reason = read_urgency_reason(state, urgency, problems)
    not_before = _not_before(state, today, problems)
    own_reference = state.text("own_reference")
    problems.too_long("own_reference", own_reference)
    owner = state.user("case_owner")
    # The four enumerated values are only None when a problem is noted; named here for the type checker.
    if problems or consent_date is None or takes_part is None or urgency is None:
        return problems.errors
    return SubmitReferral(
        actor=actor,
        view_id=view_id,
        team=team,
        parties=parties,
        consent_date=consent_date,
        categories=categories,
        question=question,
        person_takes_part=takes_part,
        urgency=urgency,
        urgency_reason=urgency_reason,
        not_before=not_before,
        own_reference=own_reference,
        case_owner=owner,
        mends=mends,
    )


def _protected_identity(coordinator: Contact | None) -> FieldErrors:
    problems = Problems()
    if coordinator is None:
        problems.add("protected_identity", "protected_identity_no_coordinator")
    elif not coordinator.phone:
        problems.add("protected_identity", "protected_identity_no_phone", coordinator=coordinator.name)
    else:
        values = {"coordinator": coordinator.name, "phone": coordinator.phone}
        problems.add("protected_identity", "protected_identity", **values)
    return problems.errors


def _one_of(state: FormState, field: str, values: set[str], problems: Problems) -> None:
    if state.choice(field) not in values:
        problems.add(field, "choose")


def read_enum(state: FormState, field: str, kind: type[E], problems: Problems) -> E | None:
    """One of an enumeration's values, None with a problem noted."""
    found = state.choice(field)
    if found not in {one.value for one in kind}:
        problems.add(field, "choose")
        return None
    return kind(found)


def _team(state: FormState, problems: Problems) -> str:
    team = state.choice("team")
    if team is None:
        problems.add("team", "team_missing")
    return team or ""


def read_parties(state: FormState, problems: Problems) -> tuple[str, ...]:
    """The parties ticked among those shown; none is a problem."""
    offered = state.offered("parties")
    chosen = state.choices("parties")
    shown = tuple(party for party in chosen if offered is None or party in offered)
    if not shown:
        problems.add("parties", "no_other_party")
    return shown


def read_consent(state: FormState, today: date, problems: Problems) -> date | None:
    """When the consent was given; it has to be ticked and dated."""
    if "given" not in state.choices("consent"):
        problems.add("consent", "consent_missing")
    given_on = state.day("consent_date")
    if given_on is None:
        problems.add("consent_date", "consent_date_missing")
    elif given_on > today:
        problems.add("consent_date", "consent_date_future")
    return given_on


def read_categories(state: FormState, problems: Problems) -> tuple[QuestionCategory, ...]:
    """The open categories; none is a problem."""
    known = {one.value for one in QuestionCategory}
    chosen = state.choices("question_categories")
    if not chosen or not known.issuperset(chosen):
        problems.add("question_categories", "category_missing")
        return ()
    return tuple(QuestionCategory(one) for one in chosen)


def read_question(state: FormState, problems: Problems) -> str:
    """The question; too short or too long is a problem."""
    question = state.text("question") or ""
    if len(question) < QUESTION_LEAST:
        problems.add("question", "question_short")
    problems.too_long("question", question)
    return question


def read_urgency_reason(state: FormState, urgency: Urgency | None, problems: Problems) -> str | None:
    """Why it is urgent; dropped where it is not."""
    if urgency is not Urgency.URGENT:
        return None  # nothing is kept that nothing needs
    reason = state.text("urgency_reason")
    if reason is None:
        problems.add("urgency_reason", "urgency_reason_missing")
    problems.too_long("urgency_reason", reason)
    return reason


def _not_before(state: FormState, today: date, problems: Problems) -> date | None:
    day = state.day("not_before")
    if day is not None and day < today:
        problems.add("not_before", "not_before_past")
    return day
