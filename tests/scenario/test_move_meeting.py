"""A meeting moves to another time or place: what happens to each case, seen first and then done."""

from __future__ import annotations

from datetime import date, time

import pytest
from icalendar import Calendar, Component

from schedules.domain.plan import Answer, Meeting
from schedules.errors import NotAllowed
from schedules.services.answer_invitation import answer_invitation
from schedules.services.move_meeting import NewTime, move_meeting, preview_move
from tests.support.raised import (
    booking_of,
    call_parties,
    direct,
    modal,
    open_home,
    raise_case,
    text_of,
    texts,
    value,
)
from tests.support.rig import Rig, calendar_part


def meeting_of(r: Rig, reference: str) -> Meeting:
    """The case's meeting."""
    with r.office.unit_of_work() as uow:
        booking = uow.plan.booking(booking_of(r, reference))
        assert booking is not None
        found = uow.plan.meeting(booking.meeting)
        assert found is not None
        return found


def form(r: Rig, meeting: str, **fields: str | None) -> None:
    """The coordinator fills in the form that moves a meeting, and asks what happens."""
    open_home(r, "helena")
    helena = r.actor("helena")
    helena.click("more", f"meeting_move|{meeting}", where="home")
    for name, given in fields.items():
        helena.fill(name, given)
    helena.submit()


def confirm(r: Rig) -> None:
    r.actor("helena").submit()
    assert r.actor("helena").modal is None
    r.settle()


def events(r: Rig, person: str) -> list[Component]:
    """What the person's mails said to the calendar, oldest first."""
    parts = [calendar_part(mail) for mail in r.mails(person)]
    return [e for part in parts if part for e in Calendar.from_ical(part).walk("VEVENT")]


def representative(r: Rig, reference: str, party: str) -> str:
    statement = "SELECT representative FROM seat WHERE booking = :booking AND party = :party"
    return str(value(r, statement, booking=booking_of(r, reference), party=party))


def test_the_meeting_moves_with_its_case(town: Rig) -> None:
    """Preview, one message each, one mail with the same UID and the next SEQUENCE, answers asked anew."""
    reference = call_parties(town)
    town.actor("nasrin").click("invitation_accept")
    town.settle()
    meeting = meeting_of(town, reference)
    before = {who: len(texts(town, who)) for who in ("nasrin", "maja")}
    form(town, meeting.id, day="2026-12-10", start="14:00")
    assert "Blir kvar på mötet: torsdag 10 december" in modal(town, "helena")
    assert meeting_of(town, reference).day == meeting.day  # nothing has happened yet
    confirm(town)
    assert meeting_of(town, reference).day == date(2026, 12, 10)
    for who, count in before.items():
        new = texts(town, who)[count:]
        assert len(new) == 1, new
        assert "är flyttat till torsdag 10 december kl. 14:00" in new[0]
    first, *_, last = events(town, "nasrin")
    assert first["uid"] == last["uid"]
    assert [first["sequence"], last["sequence"]] == [0, 1]
    assert last.decoded("dtstart").strftime("%Y-%m-%d %H:%M") == "2026-12-10 14:00"
    assert last["attendee"].params["PARTSTAT"] == "NEEDS-ACTION"
    with town.office.unit_of_work() as uow:
        asked = [i for i in uow.plan.invitations(booking_of(town, reference)) if i.must_answer]
    assert {i.answer for i in asked} == {Answer.NEEDS_ACTION}


def test_another_place_keeps_the_answers(town: Rig) -> None:
    """RFC 5546: a new SEQUENCE, the same time, and who said yes has said yes."""
    reference = call_parties(town)
    town.actor("nasrin").click("invitation_accept")
    town.settle()
    meeting = meeting_of(town, reference)
    before = len(texts(town, "nasrin"))
    form(town, meeting.id, place="Biblioteket, rum 2")
    assert "Biblioteket, rum 2" in modal(town, "helena")
    confirm(town)
    last = events(town, "nasrin")[-1]
    assert (last["sequence"], last["location"]) == (1, "Biblioteket, rum 2")
    assert last["attendee"].params["PARTSTAT"] == "ACCEPTED"
    assert last["attendee"].params.get("RSVP", "FALSE") == "FALSE"
    new = [text_of(m) for m in direct(town, "nasrin")][before:]
    assert len(new) == 1
    assert "en ny plats: Biblioteket, rum 2" in new[0]
    assert "Har du redan svarat gäller ditt svar." in new[0]
    assert "Svara då på nytt" not in town.mails("nasrin")[-1].as_string()


def test_the_mail_with_the_new_time_leaves_before_the_one_with_the_place(town: Rig) -> None:
    """RFC 5546 3.2.2.1: a new time is another question, also where both mails wait and one is answered."""
    reference = call_parties(town)
    meeting = meeting_of(town, reference).id
    day, start = date(2026, 12, 10), time(14)
    _move(town, meeting, NewTime(day, start, "Rådhuset", None))
    answer_invitation(town.office, "nasrin", _asked(town, reference, "nasrin"), Answer.ACCEPTED)
    _move(town, meeting, NewTime(day, start, "Biblioteket, rum 2", None))
    town.settle()
    told = [(e["sequence"], e["location"], e["attendee"].params["PARTSTAT"]) for e in events(town, "nasrin")]
    assert told[1:] == [(1, "Rådhuset", "NEEDS-ACTION"), (2, "Biblioteket, rum 2", "ACCEPTED")]
    moved, placed = (mail["subject"] for mail in town.mails("nasrin")[1:])
    assert moved.startswith("Ändrat: ")
    assert placed.startswith("Ny plats eller länk: ")


def _move(r: Rig, meeting: str, wanted: NewTime) -> None:
    plan = preview_move(r.office, "helena", meeting, wanted)
    move_meeting(r.office, "helena", meeting, wanted, plan.fingerprint)


def _asked(r: Rig, reference: str, person: str) -> str:
    with r.office.unit_of_work() as uow:
        called = uow.plan.invitations(booking_of(r, reference))
    return next(i.public_id for i in called if i.person == person)


def test_who_cannot_at_the_new_time_gives_the_seat_to_a_deputy(town: Rig) -> None:
    reference = call_parties(town)
    first = representative(town, reference, "fk")
    other = {"nasrin": "johan", "johan": "nasrin"}[first]
    with town.office.unit_of_work() as uow:
        uow.plan.add_absence(first, date(2026, 12, 10), date(2026, 12, 10))
        uow.commit()
    meeting = meeting_of(town, reference)
    form(town, meeting.id, day="2026-12-10", start="13:00")
    assert "kallas i stället för" in modal(town, "helena")
    confirm(town)
    assert representative(town, reference, "fk") == other
    gone, come = events(town, first)[-1], events(town, other)[-1]
    assert "STATUS" not in gone  # only this person's part has ended (RFC 5546 3.2.5)
    assert gone.decoded("dtstart").date() == meeting.day
    assert come.decoded("dtstart").date() == date(2026, 12, 10)


def test_a_case_whose_party_cannot_come_gets_another_meeting(town: Rig) -> None:
    reference = call_parties(town)
    meeting = meeting_of(town, reference)
    with town.office.unit_of_work() as uow:
        for who in ("nasrin", "johan"):
            uow.plan.add_absence(who, date(2026, 12, 10), date(2026, 12, 10))
        uow.commit()
    form(town, meeting.id, day="2026-12-10", start="13:00")
    assert "Tisdag 22 december" in modal(town, "helena")
    confirm(town)
    assert meeting_of(town, reference).day == date(2026, 12, 22)
    assert meeting_of(town, reference).id != meeting.id
    assert events(town, "nasrin")[-1].decoded("dtstart").date() == date(2026, 12, 22)


def test_a_plan_that_has_changed_is_shown_anew(town: Rig) -> None:
    meeting = meeting_of(town, call_parties(town))
    form(town, meeting.id, day="2026-12-10")
    raise_case(town)
    town.actor("helena").submit()
    assert "Planen har ändrats" in modal(town, "helena")
    with town.office.unit_of_work() as uow:
        found = uow.plan.meeting(meeting.id)
    assert found is not None
    assert found.day == meeting.day


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"day": "2026-12-25"}, "day", "Den dagen hålls inga möten"),
        ({"day": "2026-11-20"}, "day", "har redan passerat"),
        ({"start": "23:00"}, "start", "måste sluta samma dag"),
        ({"start": "13:02"}, "start", "jämna fem minuter"),
        ({"day": "2026-12-22"}, "start", "har redan ett möte då"),
        ({}, "day", "Ingenting är ändrat"),
        ({"place": "Ring 070-123 45 67"}, "place", "telefonnummer"),
        ({"link": "http://video.example"}, "link", "https://"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(
    town: Rig, fields: dict[str, str], field: str, said: str
) -> None:
    meeting = meeting_of(town, call_parties(town))
    form(town, meeting.id, **fields)
    assert said in town.actor("helena").errors[field]


def test_only_the_coordinator_may(town: Rig) -> None:
    meeting = meeting_of(town, call_parties(town))
    wanted = NewTime(date(2026, 12, 10), meeting.start, meeting.place, meeting.link)
    with pytest.raises(NotAllowed):
        preview_move(town.office, "nasrin", meeting.id, wanted)
