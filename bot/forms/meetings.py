"""The forms that change a team's meetings: a move, an extra meeting, a single time, a closed period. Pure.

What a form holds is kept as text in the preview's metadata, so that confirming reads it by the same rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import Any
from urllib.parse import urlsplit

from bot.forms.errors import FieldErrors, Problems
from bot.forms.state import BrokenForm, FormState, Unreadable, unreadable
from schedules.domain.meeting_times import ExtraMeeting
from schedules.services.close_period import Period
from schedules.services.extra_meeting import SingleTime
from schedules.services.move_meeting import NewTime

SLOTS = tuple(range(1, 9))
MINUTES = (20, 30, 40, 45, 60, 90, 120)

Fields = Mapping[str, str]

_DAYS = ("day", "first", "last")
_CHOICES = ("slots", "minutes", "referral")
_TEXTS = ("place", "link", "reason")
_KEPT = ("subject", "start", *_DAYS, *_CHOICES, *_TEXTS)


def fields_of(view: Mapping[str, Any]) -> dict[str, str] | FieldErrors:
    """What a form holds, by field; `subject` is the meeting's or team's id. Raises BrokenForm."""
    state = FormState(view)
    found: dict[str, str | None] = {"subject": state.needed_metadata("subject")}
    try:
        found |= {name: day.isoformat() if (day := state.day(name)) else None for name in _DAYS}
        found |= {name: state.choice(name) for name in _CHOICES}
        found |= {name: state.text(name) for name in _TEXTS}
        start = state.clock("start")
    except Unreadable as error:
        return unreadable(error.field)
    found["start"] = start.isoformat("minutes") if start else None
    return {name: value for name, value in found.items() if value is not None}


def kept_fields(view: Mapping[str, Any]) -> dict[str, str]:
    """The same from the metadata of a preview. Raises BrokenForm."""
    state = FormState(view)
    found = {name: state.metadata(name) for name in _KEPT}
    if found["subject"] is None:
        raise BrokenForm
    return {name: value for name, value in found.items() if value is not None}


def new_time(fields: Fields) -> NewTime | FieldErrors:
    """Read `meeting_move`."""
    problems = Problems()
    day, start = _day(fields, "day", problems), _start(fields, problems)
    place, link = _place(fields, problems), _link(fields, problems)
    if problems or day is None or start is None:
        return problems.errors
    return NewTime(day, start, place, link)


def extra_meeting(fields: Fields) -> ExtraMeeting | FieldErrors:
    """Read `team_extra`."""
    problems = Problems()
    found = _extra(fields, _number(fields, "slots", SLOTS, problems), problems)
    return problems.errors if found is None else found


def single_time(fields: Fields) -> SingleTime | FieldErrors:
    """Read `team_single`."""
    problems = Problems()
    referral = fields.get("referral")
    if referral is None:
        problems.add("referral", "choose")
    found = _extra(fields, 1, problems)
    return problems.errors if found is None or referral is None else SingleTime(referral, found)


def period(fields: Fields) -> Period | FieldErrors:
    """Read `team_close`."""
    problems = Problems()
    first, last = _day(fields, "first", problems), _day(fields, "last", problems)
    reason = fields.get("reason")
    if reason is None:
        problems.add("reason", "closure_reason_missing")
    problems.too_long("reason", reason)
    if problems or first is None or last is None or reason is None:
        return problems.errors
    return Period(first, last, reason)


def _extra(fields: Fields, slots: int | None, problems: Problems) -> ExtraMeeting | None:
    day, start = _day(fields, "day", problems), _start(fields, problems)
    minutes = _number(fields, "minutes", MINUTES, problems)
    place, link = _place(fields, problems), _link(fields, problems)
    if problems or day is None or start is None or slots is None or minutes is None:
        return None
    return ExtraMeeting(day, start, slots, minutes, place, link)


def _day(fields: Fields, name: str, problems: Problems) -> date | None:
    if name not in fields:
        problems.add(name, "choose")
        return None
    try:
        return date.fromisoformat(fields[name])
    except ValueError as error:
        raise BrokenForm from error


def _start(fields: Fields, problems: Problems) -> time | None:
    if "start" not in fields:
        problems.add("start", "choose")
        return None
    try:
        return time.fromisoformat(fields["start"])
    except ValueError as error:
        raise BrokenForm from error


def _number(fields: Fields, name: str, offered: tuple[int, ...], problems: Problems) -> int | None:
    found = next((n for n in offered if str(n) == fields.get(name)), None)
    if found is None:
        problems.add(name, "choose")
    return found


def _place(fields: Fields, problems: Problems) -> str:
    place = " ".join(fields.get("place", "").split())
    problems.too_long("place", place)
    return place


def _link(fields: Fields, problems: Problems) -> str | None:
    link = fields.get("link")
    if link is None:
        return None
    problems.too_long("link", link)
    try:
        address = urlsplit(link)
        sound = address.scheme == "https" and bool(address.hostname) and not any(c.isspace() for c in link)
    except ValueError:
        sound = False
    if not sound:
        problems.add("link", "link")
    return link
