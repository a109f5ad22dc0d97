"""A meeting falls away: its cases get new times at once, and everybody affected hears once."""

from __future__ import annotations

import pytest
from icalendar import Calendar

from schedules.domain.cases import ReferralStatus
from schedules.domain.plan import MeetingStatus
from schedules.errors import NotAllowed
from schedules.services.cancel_meeting import preview_cancel
from tests.support.raised import open_home
from tests.support.raising import TIERP, raised
from tests.support.rig import Rig, calendar_part


def meeting_of_first_case(town: Rig) -> str:
    with town.office.unit_of_work() as uow:
        (referral,) = uow.cases.of_person("maja", list(ReferralStatus))
        booking = uow.plan.live_booking(referral.id)
        assert booking is not None
        return booking.meeting


def booked(town: Rig) -> str:
    """A confirmed case in Tierp; the id of its meeting."""
    raised(town, "maja", **TIERP)
    town.settle()
    town.actor("helena").click("booking_confirm")
    town.settle()
    return meeting_of_first_case(town)


def texts(town: Rig, person: str) -> list[str]:
    return [m.body["text"] for m in town.actor(person).messages()]


def test_a_cancelled_meeting_moves_its_case(town: Rig) -> None:
    meeting = booked(town)
    coordinator = town.actor("helena")
    open_home(town, "helena")
    coordinator.click("meeting_cancel", meeting)
    assert coordinator.modal is not None
    shown = str(coordinator.modal.blocks)
    assert "TIE-2026-001" in shown
    assert "22 december" in shown
    before = len(texts(town, "nasrin"))
    coordinator.submit()
    town.settle()
    new = texts(town, "nasrin")[before:]
    assert len(new) == 1
    assert "är inställt" in new[0]
    assert meeting_of_first_case(town) != meeting


def test_the_calendar_follows_with_the_same_uid(town: Rig) -> None:
    meeting = booked(town)
    open_home(town, "helena")
    town.actor("helena").click("meeting_cancel", meeting)
    town.actor("helena").submit()
    town.settle()
    parts = [Calendar.from_ical(calendar_part(m) or b"").walk("VEVENT")[0] for m in town.mails("nasrin")]
    assert len({str(p["uid"]) for p in parts}) == 1
    assert [str(p["sequence"]) for p in parts] == ["0", "1"]
    assert parts[1].decoded("dtstart").date().isoformat() == "2026-12-22"


def test_the_answer_button_of_the_one_message_works(town: Rig) -> None:
    meeting = booked(town)
    open_home(town, "helena")
    town.actor("helena").click("meeting_cancel", meeting)
    town.actor("helena").submit()
    town.settle()
    nasrin = town.actor("nasrin")
    nasrin.click("invitation_accept")
    town.settle()
    assert any("22 december" in text for text in texts(town, "nasrin"))


def test_a_plan_that_has_changed_is_shown_anew(town: Rig) -> None:
    meeting = booked(town)
    coordinator = town.actor("helena")
    open_home(town, "helena")
    coordinator.click("meeting_cancel", meeting)
    raised(town, "maja", **TIERP, not_before="2026-12-10")
    coordinator.submit()
    assert coordinator.modal is not None
    assert "ändrats" in str(coordinator.modal.blocks)
    with town.office.unit_of_work() as uow:
        found = uow.plan.meeting(meeting)
    assert found is not None
    assert found.status is MeetingStatus.PLANNED


def test_only_the_coordinator_may(town: Rig) -> None:
    with pytest.raises(NotAllowed):
        preview_cancel(town.office, "nasrin", booked(town))
