"""The coordinator's page of a meeting, and the report of each case once it is over."""

from __future__ import annotations

from datetime import date

import pytest

from schedules.domain.cases import ReferralStatus
from schedules.domain.figures.facts import (
    Attendance,
    Decision,
    Ending,
    Feedback,
    MeetingState,
    Outcome,
    TookPart,
)
from schedules.domain.meeting_report import ReportCase, Result
from schedules.domain.plan import BookingStatus, MeetingStatus
from schedules.errors import Refused
from schedules.services.amend_report import amend_report
from schedules.services.report_meeting import report_case
from tests.support.meeting_days import (
    after_meeting,
    callback,
    choose_outcome,
    facts,
    fields_of,
    meeting_of,
    open_meeting,
    open_report,
    report,
)
from tests.support.raised import booking_of, call_parties, column, modal, page, value
from tests.support.raising import offered, seen, town
from tests.support.rig import Rig

__all__ = ["town"]


def test_the_page_has_the_agenda_in_order_and_who_comes(town: Rig) -> None:
    """Times, answers, who knows whom it concerns; the protected fields are one click away, on record."""
    first, second = call_parties(town), call_parties(town, others=["fk", "af"])
    town.actor("nasrin").click("invitation_accept")
    town.actor("nasrin").click("identity_known")
    town.settle()
    helena = open_meeting(town, "helena", meeting_of(town, first).id)
    told = modal(town, "helena")
    assert told.index(first) < told.index(second)
    assert "13:00–13:30" in told
    assert "Nasrin Ahmadi, Försäkringskassan: Kommer. Vet vem ärendet gäller." in told, told
    assert "Daniel" in told
    assert "meeting_report" not in str(helena.modal.body if helena.modal else ""), "the meeting is to come"
    helena.click("case_show", where="modal")
    assert callback(helena) == "case_view"
    assert column(town, "SELECT actor FROM audit WHERE action = 'case.show'") == ["helena"]


def test_the_form_is_filled_in_from_the_answers(town: Rig) -> None:
    reference = call_parties(town, others=["fk", "af"])
    town.actor("nasrin").click("invitation_accept")
    meeting = after_meeting(town, reference)
    helena = open_meeting(town, "helena", meeting.id)
    open_report(helena, booking_of(town, reference))
    assert offered(helena, "present") == ["kommun_tierp", "fk", "af"]
    present = helena.values["present"]["present"]["selected_options"]
    assert [one["value"] for one in present] == ["fk"]
    assert helena.values["took_part"]["took_part"]["selected_option"]["value"] == "in_room"
    choose_outcome(helena, "not_held")
    assert fields_of(helena) == ["outcome", "not_held"]
    choose_outcome(helena, "new_meeting")
    assert fields_of(helena)[:3] == ["outcome", "next_parties", "next_from"]


def test_an_agreed_plan_ends_the_case(town: Rig) -> None:
    reference = call_parties(town, others=["fk", "af"])
    meeting = after_meeting(town, reference)
    booking = booking_of(town, reference)
    report(
        town,
        reference,
        present=["kommun_tierp", "fk"],
        took_part="online",
        decisions=["coordinated_rehabilitation", "work_training"],
        missed=["vc_tierp"],
        agreed="Försäkringskassan skickar ansökan före jul.",
    )
    assert f"Ärende {reference} är rapporterat." in modal(town, "helena")
    with town.office.unit_of_work() as uow:
        stored = uow.plan.booking(booking)
        assert stored is not None
        assert stored.status is BookingStatus.FULFILLED
        case = uow.cases.referral(stored.referral)
        assert case is not None
        assert case.status is ReferralStatus.COMPLETED
        held = uow.plan.meeting(meeting.id)
        assert held is not None
        assert held.status is MeetingStatus.HELD
    found = facts(town)
    (outcome,) = found.outcomes
    assert (outcome.outcome, outcome.took_part) == (Outcome.PLAN_AGREED, TookPart.ONLINE)
    assert (outcome.present, outcome.organisations) == (("kommun_tierp", "fk"), 2)
    assert outcome.decisions == (Decision.COORDINATED_REHABILITATION, Decision.WORK_TRAINING)
    assert (outcome.missed, outcome.follow_on) == (("vc_tierp",), False)
    assert outcome.feedback is Feedback.NOT_NEEDED
    assert {c.party: c.attendance for c in found.calls} == {
        "kommun_tierp": Attendance.CAME,
        "fk": Attendance.CAME,
        "af": Attendance.STAYED_AWAY,
    }
    assert [(c.ending, c.ended) for c in found.cases] == [(Ending.ENDED, outcome.month)]
    (raised,) = found.referrals
    assert raised.requested == ("fk", "af")
    assert (raised.met, raised.waiting_days) == (outcome.month, (meeting.day - date(2026, 11, 23)).days)
    used = next(m for m in found.meetings if m.state is MeetingState.HELD)
    assert (used.slots_used, used.slots_offered) == (1, len(meeting.slots))


def test_a_form_sent_after_the_case_was_reported_changes_nothing(town: Rig) -> None:
    """Two leaders of the team have the form open; the second is told, and one new time is booked."""
    reference = call_parties(town)
    meeting, booking = after_meeting(town, reference), booking_of(town, reference)
    helena = open_meeting(town, "helena", meeting.id)
    open_report(helena, booking)
    choose_outcome(helena, "no_further")
    wanted = Result(Outcome.NEW_MEETING, took_part=TookPart.NO, next_parties=("fk",))
    report_case(town.office, ReportCase("helena", booking, wanted))
    helena.submit()
    assert "var redan rapporterat" in modal(town, "helena")
    assert value(town, "SELECT count(*) FROM case_report") == 1
    assert booking_of(town, reference) != booking
    assert [o.outcome for o in facts(town).outcomes] == [Outcome.NEW_MEETING]


def test_nothing_that_identifies_a_person_is_kept(town: Rig) -> None:
    reference = call_parties(town)
    meeting = after_meeting(town, reference)
    helena = open_meeting(town, "helena", meeting.id)
    open_report(helena, booking_of(town, reference))
    choose_outcome(helena, "plan_agreed")
    helena.fill("agreed", "Ring 070-174 06 35 före jul.")
    helena.submit()
    assert list(helena.errors) == ["agreed"]
    assert value(town, "SELECT count(*) FROM case_report") == 0


def test_two_cases_are_reported_one_after_the_other(town: Rig) -> None:
    """The page comes back after each report, and the second form begins afresh."""
    first, second = call_parties(town), call_parties(town, others=["fk", "af"])
    after_meeting(town, first)
    booking = booking_of(town, second)
    helena = report(town, first, present=["fk"], decisions=["work_training"])
    open_report(helena, booking)
    assert helena.values["decisions"]["decisions"]["selected_options"] == []
    choose_outcome(helena, "no_further")
    helena.submit()
    assert f"Ärende {second} är rapporterat." in seen(helena)
    town.settle()
    assert "Möten att rapportera" not in page(town, "helena")
    held = [m for m in facts(town).meetings if m.state is MeetingState.HELD]
    assert [m.slots_used for m in held] == [2]


def test_a_report_can_be_changed_and_whoever_read_it_hears_of_it(town: Rig) -> None:
    """From the reported meeting on Home, by its coordinator: the form is filled in, the facts follow."""
    reference = call_parties(town, others=["fk", "af"])
    meeting = after_meeting(town, reference)
    booking = booking_of(town, reference)
    report(town, reference, present=["kommun_tierp"], took_part="no", agreed="Parterna hörs i januari.")
    town.settle()
    assert "Rapporterade möten" in page(town, "helena")
    helena = open_meeting(town, "helena", meeting.id)
    helena.click("result_show", booking, where="modal")
    helena.click("report_amend", booking, where="modal")
    helena.until(lambda: callback(helena) == "report_amend")
    assert "Parterna hörs i januari." in str(helena.values)
    helena.fill("present", ["kommun_tierp", "fk"])
    helena.fill("took_part", "online")
    helena.fill("outcome", "no_further")
    helena.fill("agreed", "Ring Anna på 0293-12 34 56.")
    helena.submit()
    assert "telefonnummer" in helena.errors["agreed"]
    helena.fill("agreed", "Parterna hörs i februari.")
    helena.submit()
    assert callback(helena) == "result_view"
    assert "Parterna hörs i februari." in seen(helena)
    town.settle()
    assert any("mötets resultat är ändrat" in str(one.body) for one in town.actor("maja").messages())
    kept = facts(town)
    (outcome,) = kept.outcomes
    assert (outcome.outcome, outcome.took_part, outcome.feedback) == (
        Outcome.NO_FURTHER,
        TookPart.ONLINE,
        Feedback.NOT_NEEDED,
    )
    assert {c.party: c.attendance for c in kept.calls} == {
        "kommun_tierp": Attendance.CAME,
        "fk": Attendance.CAME,
        "af": Attendance.STAYED_AWAY,
    }
    assert column(town, "SELECT actor FROM audit WHERE action = 'meeting.amend_report'") == ["helena"]


def test_what_a_report_has_set_going_stays(town: Rig) -> None:
    reference = call_parties(town, others=["fk", "af"])
    meeting = after_meeting(town, reference)
    booking = booking_of(town, reference)
    report(town, reference, "new_meeting", present=["kommun_tierp"])
    helena = open_meeting(town, "helena", meeting.id)
    helena.click("result_show", booking, where="modal")
    helena.click("report_amend", booking, where="modal")
    helena.until(lambda: callback(helena) == "report_amend")
    assert "outcome" not in fields_of(helena)
    helena.fill("present", ["kommun_tierp", "af"])
    helena.submit()
    assert callback(helena) == "result_view"
    ended = Result(Outcome.NO_FURTHER, present=("fk",), took_part=TookPart.IN_ROOM)
    with pytest.raises(Refused):
        amend_report(town.office, ReportCase("helena", booking, ended))
    (outcome,) = facts(town).outcomes
    assert (outcome.outcome, outcome.present) == (Outcome.NEW_MEETING, ("kommun_tierp", "af"))
