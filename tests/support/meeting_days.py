"""Meetings that are over, and their reports, as short sentences for scenario tests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from bot.workspace.actor import Actor
from schedules.domain.figures.facts import Facts
from schedules.domain.figures.page import Page, PageKind
from schedules.domain.plan import Meeting
from tests.support.raised import booking_of, open_home
from tests.support.rig import Rig

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def meeting_of(r: Rig, reference: str) -> Meeting:
    """The meeting at which the case has its time."""
    with r.office.unit_of_work() as uow:
        booking = uow.plan.booking(booking_of(r, reference))
        assert booking is not None
        found = uow.plan.meeting(booking.meeting)
    assert found is not None
    return found


def local(day: date, clock: str) -> datetime:
    """A local wall time as an instant."""
    return datetime.combine(day, time.fromisoformat(clock), STOCKHOLM).astimezone(UTC)


def after_meeting(r: Rig, reference: str) -> Meeting:
    """Let time pass until the case's meeting is over."""
    meeting = meeting_of(r, reference)
    r.until(meeting.ends_at)
    return meeting


def open_meeting(r: Rig, who: str, meeting: str) -> Actor:
    """The person before the meeting's page, opened from Home."""
    actor = r.actor(who)
    if actor.modal:
        actor.close(everything=True)
    open_home(r, who)
    actor.until(lambda: offers(actor, "meeting_open", meeting))
    actor.click("meeting_open", meeting, where="home")
    assert callback(actor) == "meeting_page"
    return actor


def offers(actor: Actor, action: str, value: str) -> bool:
    """Whether the person's Home tab, as last published, has that button."""
    elements = [e for block in actor.home.blocks for e in block.get("elements", [])] if actor.home else []
    return any((e.get("action_id"), e.get("value")) == (action, value) for e in elements)


def open_report(actor: Actor, booking: str) -> None:
    """Press the case's button on the page; the form takes the page's place."""
    actor.click("meeting_report", booking, where="modal")
    actor.until(lambda: callback(actor) == "meeting_report")


def choose_outcome(actor: Actor, outcome: str) -> None:
    """Choose what the meeting led to, and wait until the form asks for what that needs."""
    _followed(actor, lambda: actor.fill("outcome", outcome))


def _followed(actor: Actor, act: Callable[[], Any]) -> None:
    before = actor.modal.body["hash"] if actor.modal else None
    act()
    actor.until(lambda: actor.modal is not None and actor.modal.body["hash"] != before)


def report(r: Rig, reference: str, outcome: str = "plan_agreed", who: str = "helena", **fields: Any) -> Actor:
    """Report the case from Home; the person is before the page again."""
    booking, meeting = booking_of(r, reference), meeting_of(r, reference).id
    actor = open_meeting(r, who, meeting)
    open_report(actor, booking)
    choose_outcome(actor, outcome)
    for field, value in fields.items():
        actor.fill(field, value)
    actor.submit()
    assert actor.errors == {}, actor.errors
    assert callback(actor) == "meeting_page"
    return actor


def callback(actor: Actor) -> str:
    """Which modal the person sees."""
    return str(actor.modal.body["callback_id"]) if actor.modal else ""


def fields_of(actor: Actor) -> list[str]:
    """The fields of the modal before the person, in order."""
    assert actor.modal is not None
    return [block["block_id"] for block in actor.modal.blocks if block["type"] == "input"]


def facts(r: Rig, team: str = "tierp") -> Facts:
    """All facts of a team."""
    with r.office.unit_of_work() as uow:
        return uow.facts.read(Page(PageKind.TEAM, team))
