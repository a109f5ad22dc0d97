"""Feedback: the result is one click away the same day; the person who was not there is told, and counted."""

from __future__ import annotations

from datetime import timedelta

from schedules.domain.figures.facts import Feedback
from tests.support.meeting_days import after_meeting, callback, facts, report
from tests.support.raised import booking_of, call_parties, column, modal, open_home, page, texts, value
from tests.support.raising import town
from tests.support.rig import Rig

__all__ = ["town"]


def test_the_referrer_is_told_the_same_day_and_looks_on_record(town: Rig) -> None:
    reference = call_parties(town)
    after_meeting(town, reference)
    agreed = "Försäkringskassan bokar avstämning."
    report(town, reference, took_part="in_room", agreed=agreed, decisions=["individual_plan"])
    town.settle()
    told = texts(town, "maja")[-1]
    assert reference in told
    assert "ledde till" in told
    assert agreed not in told
    maja = town.actor("maja")
    maja.click("result_show", where="message")
    assert callback(maja) == "result_view"
    shown = modal(town, "maja")
    assert agreed in shown
    assert "Samordnad individuell plan (SIP)" in shown
    assert column(town, "SELECT actor FROM audit WHERE action = 'result.show'") == ["maja"]
    assert [o.feedback for o in facts(town).outcomes] == [Feedback.NOT_NEEDED]


def test_the_person_who_was_not_there_is_a_task_until_it_is_ticked_off(town: Rig) -> None:
    reference = call_parties(town)
    after_meeting(town, reference)
    report(town, reference, took_part="no")
    town.settle()
    assert [o.feedback for o in facts(town).outcomes] == [Feedback.OWED]
    open_home(town, "maja")
    assert "Personen ska få återkoppling från mötet." in page(town, "maja")
    assert f"{reference}: personen ska få återkoppling" in page(town, "helena")
    town.actor("maja").click("feedback_given", where="message")
    assert "Det är noterat" in modal(town, "maja")
    town.settle()
    (outcome,) = facts(town).outcomes
    assert outcome.feedback is Feedback.GIVEN
    assert value(town, "SELECT feedback_by FROM case_report") == "maja"
    assert reference not in page(town, "maja"), "nothing is left to do"
    assert "återkoppling" not in page(town, "helena")


def test_those_called_see_the_result_from_the_case(town: Rig) -> None:
    """The case is ended, and its live booking with it; who was called to it may still look."""
    reference = call_parties(town)
    after_meeting(town, reference)
    report(town, reference)
    town.settle()
    nasrin = town.actor("nasrin")
    nasrin.click("case_show", where="message")
    nasrin.click("result_show", where="modal")
    assert callback(nasrin) == "result_view"


def test_the_coordinator_is_reminded_the_next_workday_and_the_leader_sees_it_after_five(town: Rig) -> None:
    reference = call_parties(town)
    meeting = after_meeting(town, reference)
    assert not [t for t in texts(town, "helena") if "inte rapporterat" in t]
    town.until(meeting.ends_at + timedelta(days=1))
    assert [t for t in texts(town, "helena") if "inte rapporterat" in t]
    open_home(town, "helena")
    assert "Möten att rapportera" in page(town, "helena")
    open_home(town, "birgitta")
    assert "inte rapporterat" not in page(town, "birgitta")
    town.until(meeting.ends_at + timedelta(days=9))
    open_again(town, "birgitta")
    assert "1 möte är inte rapporterat efter fem arbetsdagar." in page(town, "birgitta")
    assert reference not in page(town, "birgitta"), "counts and teams only"
    helena = town.actor("helena")
    helena.click("meeting_open", where="message")
    assert callback(helena) == "meeting_page"


def test_a_reported_meeting_reminds_nobody(town: Rig) -> None:
    reference = call_parties(town)
    meeting = after_meeting(town, reference)
    assert booking_of(town, reference)
    report(town, reference)
    town.until(meeting.ends_at + timedelta(days=10))
    assert not [t for t in texts(town, "helena") if "inte rapporterat" in t]


def open_again(r: Rig, who: str) -> None:
    """Open the Home tab anew and wait until it has been published."""
    actor = r.actor(who)
    before = actor.home.body.get("hash") if actor.home else None
    actor.open_home()
    actor.until(lambda: actor.home is not None and actor.home.body.get("hash") != before, 5)
