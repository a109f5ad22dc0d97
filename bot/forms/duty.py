"""The forms of absence and handover, and the previews that are confirmed. Pure; as `bot.forms.small`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.forms.errors import FieldErrors, Problems
from bot.forms.state import BrokenForm, FormState, Unreadable, unreadable
from schedules.services.absence import EnterAbsence
from schedules.services.hand_over import HandOver


def absence_edit(view: Mapping[str, Any], actor: str) -> EnterAbsence | FieldErrors:
    """Read `absence_edit`: the person may be chosen, or stand in the metadata."""
    state, problems = FormState(view), Problems()
    try:
        person = state.metadata("person") or state.choice("person")
        first, last = state.day("from_date"), state.day("to_date")
    except Unreadable as error:
        return unreadable(error.field)
    if person is None:
        problems.add("person", "choose")
    for name, day in (("from_date", first), ("to_date", last)):
        if day is None:
            problems.add(name, "date_missing")
    if person is None or first is None or last is None:
        return problems.errors
    return EnterAbsence(actor, person, first, last, state.metadata("absence"))


def absence_save(view: Mapping[str, Any], actor: str) -> tuple[EnterAbsence, str]:
    """Read `absence_save`: the command, and the fingerprint of what was shown. Raises BrokenForm."""
    state = FormState(view)
    person, first = state.needed_metadata("person"), _day(state, "from_date")
    command = EnterAbsence(actor, person, first, _day(state, "to_date"), state.metadata("absence"))
    return command, state.needed_metadata("plan")


def handover_who(view: Mapping[str, Any]) -> str | FieldErrors:
    """Read `handover_who`: the chosen person."""
    problems = Problems()
    try:
        person = FormState(view).choice("person")
    except Unreadable as error:
        return unreadable(error.field)
    if person is None:
        problems.add("person", "choose")
        return problems.errors
    return person


def handover_edit(view: Mapping[str, Any], actor: str) -> HandOver | FieldErrors:
    """Read `handover_edit`."""
    state, problems = FormState(view), Problems()
    person = state.needed_metadata("person")
    try:
        teams, successor, first = state.choices("teams"), state.choice("successor"), state.day("from_date")
    except Unreadable as error:
        return unreadable(error.field)
    if not teams:
        problems.add("teams", "teams_missing")
    if successor is None:
        problems.add("successor", "choose")
    if first is None:
        problems.add("from_date", "date_missing")
    if not teams or successor is None or first is None:
        return problems.errors
    return HandOver(actor, person, successor, teams, first)


def handover_save(view: Mapping[str, Any], actor: str) -> tuple[HandOver, str]:
    """Read `handover_save`: the command, and the fingerprint of what was shown. Raises BrokenForm."""
    state = FormState(view)
    person, successor = state.needed_metadata("person"), state.needed_metadata("successor")
    teams = tuple(state.needed_metadata("teams").split())
    command = HandOver(actor, person, successor, teams, _day(state, "from_date"))
    return command, state.needed_metadata("plan")


def _day(state: FormState, name: str) -> date:
    try:
        return date.fromisoformat(state.needed_metadata(name))
    except ValueError as error:
        raise BrokenForm from error
