"""Withdrawn consent blocks the case at once, and nobody called hears why (issue: "Blocking")."""

from __future__ import annotations

import json
from datetime import date

import pytest

from schedules.codec import decode
from schedules.domain.cases import ReferralStatus, Seal, Urgency
from schedules.domain.chat import ChatMessage
from schedules.domain.figures.facts import CaseFact, Decision, Ending, Outcome, TookPart
from schedules.domain.figures.page import Page, PageKind
from schedules.domain.meeting_report import ReportCase, Result
from schedules.errors import CaseSealed, NotAllowed
from schedules.services.block_case import block_case
from schedules.services.decide_booking import confirm_booking, withdraw_referral
from schedules.services.feedback import show_result
from schedules.services.meeting_page import meeting_page
from schedules.services.report_meeting import report_case
from schedules.services.show_case import show_case
from schedules.services.urgent_cases import show_urgent
from tests.support.one_team import AFTER, DAY, called, it, submit
from tests.support.plan_rows import rows
from tests.support.random_office import RandomOffice

__all__ = ["it"]


def case_fact(it: RandomOffice, number: int = 0) -> CaseFact:
    with it.office.unit_of_work() as uow:
        return uow.facts.read(Page(PageKind.TEAM, "north")).cases[number]


def told(it: RandomOffice) -> list[tuple[str, ...]]:
    """What waits to leave, but for the live pages: to whom, of what kind, and in which words."""
    found = rows(it.database, "SELECT * FROM outbox WHERE status = 'pending' AND kind <> 'home'")
    return sorted((row.channel, row.recipient, row.kind, words_of(row.payload, row.channel)) for row in found)


def words_of(payload: str, channel: str) -> str:
    if channel == "mail":
        mail = json.loads(payload)
        return f"{mail['subject']} {mail['text']}"
    message = decode(ChatMessage, payload)
    return f"{message.text} {[section.lines for section in message.sections]}"


def test_the_time_goes_to_whoever_waits_and_nothing_is_due(it: RandomOffice) -> None:
    referral, booking = called(it)
    waiting, _ = submit(it, "a2", Urgency.ORDINARY)
    block_case(it.office, "a1", referral)
    with it.office.unit_of_work() as uow:
        (seated,) = uow.plan.live_bookings(uow.plan.meetings("north", DAY)[0].id)
        assert seated.referral == waiting
        assert uow.plan.invitations(booking) == ()
        consent = uow.cases.protected(referral).consent
        found = uow.cases.referral(referral)
    assert consent.withdrawn_on == date(2026, 11, 24)
    assert found is not None
    assert found.status is ReferralStatus.REVOKED
    due = rows(it.database, "SELECT subject FROM due WHERE outcome = 'open'")
    assert not {row.subject for row in due} & {referral, booking, found.case}


@pytest.mark.parametrize("confirmed", [True, False])
def test_it_reads_like_any_case_that_is_taken_back(it: RandomOffice, *, confirmed: bool) -> None:
    said = []
    for end in (withdraw_referral, block_case):
        referral, booking = submit(it)
        if confirmed:
            confirm_booking(it.office, "a3", booking)
        it.deliver()
        end(it.office, "a1", referral)
        said.append([tuple(part.replace(reference(it, referral), "REF") for part in one) for one in told(it)])
        it.deliver()
    assert said[0] == said[1]
    assert said[0]


def reference(it: RandomOffice, referral: str) -> str:
    with it.office.unit_of_work() as uow:
        found = uow.cases.referral(referral)
    assert found is not None
    return found.reference


def test_everybody_called_hears_once(it: RandomOffice) -> None:
    """By mail where the calendar is cleared; whoever has no mail address hears in chat."""
    referral, _ = called(it)
    block_case(it.office, "a1", referral)
    heard = [to for _, to, kind, _ in told(it) if kind in {"cancel", "post"}]
    assert sorted(heard) == ["UA2", "UA3", "a0@a.example", "a1@a.example", "b0@b.example", "c0@c.example"]
    again = told(it)
    block_case(it.office, "a1", referral)
    block_case(it.office, "a3", referral)
    assert told(it) == again, "blocked once is blocked"


def test_the_case_counts_as_consent_withdrawn(it: RandomOffice) -> None:
    referral, _ = called(it)
    block_case(it.office, "a2", referral)
    fact = case_fact(it)
    assert (fact.ending, str(fact.ended)) == (Ending.CONSENT_WITHDRAWN, "2026-11")


def test_a_case_that_has_ended_is_blocked_as_well_and_keeps_its_ending(it: RandomOffice) -> None:
    referral, booking = called(it)
    it.clock.at = AFTER
    agreed = Result(
        Outcome.PLAN_AGREED,
        took_part=TookPart.NO,
        present=("a", "b"),
        decisions=(Decision.WORK_TRAINING,),
        agreed="klockfrukt ordnar intyget",
    )
    report_case(it.office, ReportCase("a3", booking, agreed))
    assert case_fact(it).ending is Ending.ENDED
    assert "klockfrukt" in repr(show_result(it.office, "b0", booking))
    block_case(it.office, "a1", referral)
    assert case_fact(it).ending is Ending.ENDED, "what a report has shown stays true"
    for who in ("a1", "a2", "a3", "b0"):
        with pytest.raises(CaseSealed):
            show_result(it.office, who, booking)
    with it.office.unit_of_work() as uow:
        assert uow.outcomes.owed_feedback("north") == ()
        assert uow.outcomes.owed_feedback_by("a1") == ()
        meeting = uow.plan.meetings("north", DAY)[0].id
    (case,) = meeting_page(it.office, "a3", meeting).cases
    assert case.seal is Seal.BLOCKED


def test_the_urgent_list_says_that_it_is_blocked_and_the_look_was_refused(it: RandomOffice) -> None:
    referral, _ = called(it)
    assert "granitsnigel" in repr(show_urgent(it.office, "a3", "north"))
    block_case(it.office, "a1", referral)
    page = show_urgent(it.office, "a3", "north")
    assert "granitsnigel" not in repr(page)
    assert page.parties[0].cases[0].seal is Seal.BLOCKED
    newest = rows(it.database, "SELECT action, subject FROM audit ORDER BY id DESC LIMIT 1")
    assert [tuple(row) for row in newest] == [("refused:case.show_urgency", referral)]


def test_somebody_who_comes_to_it_later_sees_nothing(it: RandomOffice) -> None:
    """Those called lose the case with their call; whoever takes over from the owner meets a closed door."""
    referral, booking = called(it)
    block_case(it.office, "a3", referral)
    for who in ("b0", "b1", "c0"):
        with pytest.raises(NotAllowed) as refused:
            show_case(it.office, who, booking)
        assert not isinstance(refused.value, CaseSealed), "not even that it is blocked"
    with it.office.unit_of_work() as uow:
        found = uow.cases.referral(referral)
        assert found is not None
        uow.cases.set_owner(found.case, "b1")
        uow.commit()
    with pytest.raises(CaseSealed):
        show_case(it.office, "b1", referral)


@pytest.mark.parametrize("who", ["b0", "c0", "b2"])
def test_only_who_carries_or_coordinates_may_block(it: RandomOffice, who: str) -> None:
    referral, _ = called(it)
    with pytest.raises(NotAllowed):
        block_case(it.office, who, referral)
    with it.office.unit_of_work() as uow:
        found = uow.cases.referral(referral)
        assert found is not None
        record = uow.cases.case(found.case)
        assert record is not None
        assert record.seal is None
