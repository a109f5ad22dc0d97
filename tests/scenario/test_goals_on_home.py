"""The coordinator's page warns of goals while they can still be reached (issue 4, section 3)."""

from __future__ import annotations

from datetime import UTC, date, datetime

from schedules.domain.figures.facts import Attendance
from schedules.domain.figures.month import Month
from schedules.domain.home import AttendanceAtRisk, CaseAtRisk, CoordinatorDesk, PersonsAtRisk
from schedules.services.home import home_page
from tests.support.fact_examples import a_call, a_case, a_meeting, an_outcome
from tests.support.raised import call_parties, open_home, page
from tests.support.raising import raised, town
from tests.support.rig import Rig

__all__ = ["town"]

NOVEMBER, LAST_TERM = Month(2026, 11), Month(2026, 6)


def desk(town: Rig) -> CoordinatorDesk:
    found = home_page(town.office, "helena").coordinator
    assert found is not None
    return found


def attended(town: Rig, party: str, came: int, away: int, month: Month = NOVEMBER) -> None:
    """Reported meetings: at each the party was called for two cases, and was there for one or none."""
    with town.office.unit_of_work() as uow:
        for n in range(came + away):
            meeting = a_meeting(month=month)
            uow.facts.write(meeting)
            there = Attendance.CAME if n < came else Attendance.STAYED_AWAY
            for attendance in (there, Attendance.STAYED_AWAY):
                uow.facts.write(a_call(meeting.id, party, attendance, month=month))
        cancelled = a_call("cancelled", party, Attendance.MEETING_CANCELLED, month=month)
        uow.facts.write(cancelled)
        uow.commit()


def test_a_party_under_its_goal_with_whom_to_remind(town: Rig) -> None:
    attended(town, "fk", 5, 1)  # 83 percent, and three meetings are left of the term
    attended(town, "fk", 0, 9, LAST_TERM)  # that term is over
    attended(town, "af", 6, 0)
    attended(town, "vc_tierp", 0, 9)  # not to be reached any more
    call_parties(town, others=["fk", "af"])
    (risk,) = (one for one in desk(town).goals if isinstance(one, AttendanceAtRisk))
    assert (risk.party, risk.came, risk.called, risk.percent) == ("Försäkringskassan", 5, 6, 83)
    assert (risk.needed, risk.left) == (3, 3)
    assert [call.person for call in risk.silent] == ["Nasrin Ahmadi"]
    open_home(town, "helena")
    seen = page(town, "helena")
    assert "Mål som fortfarande kan nås" in seen
    assert "Har inte svarat: Nasrin Ahmadi" in seen
    town.actor("helena").click("invitation_remind", risk.silent[0].invitation, where="home")
    town.settle()
    town.actor("nasrin").click("invitation_accept", risk.silent[0].invitation)
    town.settle()
    (risk,) = (one for one in desk(town).goals if isinstance(one, AttendanceAtRisk))
    assert risk.silent == ()


def test_persons_behind_the_years_pace_only_while_it_can_be_caught_up(town: Rig) -> None:
    with town.office.unit_of_work() as uow:
        for n in range(48):
            uow.facts.write(an_outcome(a_case(f"c-{n}"), organisations=2 if n < 47 else 1))
        for n in range(20):  # met for the first time last year, and again now
            uow.facts.write(an_outcome(a_case(f"old-{n}"), id=f"old-{n}", month=Month(2025, 12)))
            uow.facts.write(an_outcome(a_case(f"old-{n}")))
        uow.commit()
    assert not desk(town).goals  # twelve times are left this year: 59 at most
    with town.office.unit_of_work() as uow:
        uow.facts.write(an_outcome(a_case("c-47")))
        uow.commit()
    (risk,) = desk(town).goals
    assert isinstance(risk, PersonsAtRisk)
    assert (risk.goal, risk.free) == (60, 12)


def test_a_time_later_than_the_first_contact(town: Rig) -> None:
    """Raised on 23 November; the first time is on 8 December, the goal's last day on the 5th."""
    maja = raised(town, parties=["fk"])
    maja.fill("sick_leave_start", "2026-10-31")
    maja.submit()
    town.settle()
    (risk,) = (one for one in desk(town).goals if isinstance(one, CaseAtRisk))
    assert risk.case.reference == "TIE-2026-001"
    assert risk.when is not None
    assert risk.when.day > date(2026, 12, 5)
    open_home(town, "helena")
    assert "Mötet ligger senare än målet för ett första möte." in page(town, "helena")
    assert "2026-10-31" not in page(town, "helena")
    assert "31 oktober" not in page(town, "helena")
    town.until(datetime(2026, 12, 6, 8, tzinfo=UTC))
    assert not [one for one in desk(town).goals if isinstance(one, CaseAtRisk)]
