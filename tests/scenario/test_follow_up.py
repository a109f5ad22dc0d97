"""Six months after the meeting, by Slack: the card, the form, the fact, and nothing else kept."""

from __future__ import annotations

from schedules.domain.cases import Support
from schedules.domain.figures.facts import FollowUpFact, Readiness
from schedules.domain.figures.month import Month
from schedules.domain.follow_up import asked_on
from tests.support.meeting_days import after_meeting, callback, facts, local, offers, report
from tests.support.raised import call_parties, column, open_home, page, texts, value
from tests.support.raising import seen, town
from tests.support.rig import Rig

__all__ = ["town"]


def test_the_owner_tells_how_it_went_half_a_year_later(town: Rig) -> None:
    reference = call_parties(town)
    meeting = after_meeting(town, reference)
    report(town, reference, took_part="in_room").close(everything=True)
    town.settle()
    due = asked_on(meeting.day, town.office.is_holiday)
    town.until(local(due, "08:59"))
    assert not [t for t in texts(town, "maja") if "halvår" in t]
    town.until(local(due, "09:00"))
    told = texts(town, "maja")[-1]
    assert "Det har gått ett halvår sedan samverkansmötet" in told
    assert reference in told
    open_home(town, "maja")
    assert "Uppföljningar som väntar på svar" in page(town, "maja")
    maja = town.actor("maja")
    maja.click("follow_up_open", where="message")
    assert callback(maja) == "follow_up"
    assert "bedömer du att personen är nu" in seen(maja)
    maja.submit()
    assert maja.errors, "nothing is filled in"
    maja.fill("support", "activity_support")
    maja.fill("readiness_caseworker", "more")
    maja.fill("readiness_person", "not_asked")
    maja.submit()
    assert maja.modal is None
    town.settle()
    (kept,) = facts(town).follow_ups
    assert kept == FollowUpFact(
        kept.id,
        facts(town).cases[0].id,
        "tierp",
        "Tierp",
        Month.of(due),
        Support.UNKNOWN,
        Support.ACTIVITY_SUPPORT,
        Readiness.MORE,
        Readiness.NOT_ASKED,
    )
    assert column(town, "SELECT actor FROM audit WHERE action = 'follow_up.answer'") == ["maja"]
    assert "Tack, uppföljningen" in texts(town, "maja")[-1]
    assert not offers(maja, "follow_up_open", str(value(town, "SELECT id FROM referral")))
    before = len(texts(town, "maja"))
    town.pass_time(days=40)
    assert len(texts(town, "maja")) == before, "nobody is reminded of what is answered"
