"""Absences and handovers entered at the keyboard, and what everybody's calendar says, for scenario tests."""

from __future__ import annotations

from icalendar import Calendar

from bot.workspace import Actor
from schedules.domain.plan import Answer, Booking, Role
from tests.support.raised import booking_of, modal, open_home
from tests.support.rig import Rig, calendar_part


def absence_form(
    town: Rig, who: str, first: str, last: str, *, person: str | None = None, change: str | None = None
) -> Actor:
    """The preview of an absence before `who`; the form is filled in and sent."""
    open_home(town, who)
    actor = town.actor(who)
    actor.click("absence_change" if change else "absence_new", change, where="home")
    if person is not None:
        actor.fill("person", person)
    actor.fill("from_date", first)
    actor.fill("to_date", last)
    actor.submit()
    return actor


def away(town: Rig, who: str, first: str, last: str, *, person: str | None = None) -> str:
    """Enter an absence, confirm it and deliver; what the preview said."""
    actor = absence_form(town, who, first, last, person=person)
    shown = modal(town, who)
    actor.submit()
    assert actor.modal is None, actor.errors
    town.settle()
    return shown


def absence_of(town: Rig, person: str) -> str:
    """The id of the person's only absence."""
    with town.office.unit_of_work() as uow:
        (absence,) = uow.plan.absences_of([person], town.office.today())
    return absence.id


def handover_form(
    town: Rig,
    who: str,
    successor: str,
    first: str,
    *,
    person: str | None = None,
    teams: list[str] | None = None,
) -> Actor:
    """The preview of a handover before `who`."""
    open_home(town, who)
    actor = town.actor(who)
    actor.click("handover_new", where="home")
    if person is not None:
        actor.fill("person", person)
        actor.submit()
    if teams is not None:
        actor.fill("teams", teams)
    actor.fill("successor", successor)
    actor.fill("from_date", first)
    actor.submit()
    return actor


def booking(town: Rig, reference: str) -> Booking:
    """The case's live booking."""
    with town.office.unit_of_work() as uow:
        found = uow.plan.booking(booking_of(town, reference))
    assert found is not None
    return found


def seats(town: Rig, reference: str) -> dict[str, str]:
    """Party to representative."""
    return {seat.party: seat.representative for seat in booking(town, reference).seats}


def leader(town: Rig, reference: str) -> list[str]:
    """Who is called as coordinator."""
    with town.office.unit_of_work() as uow:
        invited = uow.plan.invitations(booking_of(town, reference))
    return [i.person for i in invited if Role.COORDINATOR in i.roles]


def answer_of(town: Rig, reference: str, person: str) -> Answer:
    """What the person has answered."""
    with town.office.unit_of_work() as uow:
        (found,) = (i for i in uow.plan.invitations(booking_of(town, reference)) if i.person == person)
    return found.answer


def calendar(town: Rig, person: str) -> dict[str, str]:
    """UID to METHOD of the newest part of each event that was mailed to the person."""
    newest: dict[str, tuple[int, str]] = {}
    for mail in town.mails(person):
        part = calendar_part(mail)
        if part is None:
            continue
        event = Calendar.from_ical(part)
        (entry,) = event.walk("VEVENT")
        uid, sequence = str(entry["uid"]), int(str(entry["sequence"]))
        assert sequence >= newest.get(uid, (0, ""))[0]
        newest[uid] = (sequence, str(event["method"]))
    return {uid: method for uid, (_, method) in newest.items()}


def busy_is_right(town: Rig) -> bool:
    """Whether the grid holds exactly the time of those seated in live bookings (promise 1)."""
    seated = town.count(
        "SELECT count(*) FROM (SELECT DISTINCT s.representative, b.id FROM seat s"
        " JOIN booking b ON s.booking = b.id WHERE b.status != 'cancelled') AS wanted"
    )
    held = town.count("SELECT count(*) FROM (SELECT DISTINCT person, booking FROM busy) AS held")
    both = town.count(
        "SELECT count(*) FROM (SELECT DISTINCT y.person, y.booking FROM busy y JOIN seat s"
        " ON s.booking = y.booking AND s.representative = y.person) AS matching"
    )
    return seated == held == both
