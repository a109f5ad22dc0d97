"""Follow-ups through the services: when, who is asked, how often, and what is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from schedules.domain.cases import ReferralStatus, Support
from schedules.domain.figures.facts import Outcome, Readiness, follow_up_id
from schedules.domain.figures.page import WHOLE
from schedules.domain.follow_up import AnswerFollowUp, FollowUpStatus
from schedules.domain.meeting_report import Result
from schedules.errors import NotAllowed, Outdated
from schedules.services.called import load_called
from schedules.services.case_file import export_case
from schedules.services.follow_up import (
    answer_follow_up,
    drop_follow_up,
    open_follow_up,
    plan_follow_up,
)
from schedules.services.home import home_page
from schedules.texts.case_document import case_document
from schedules.texts.record_page import record_text
from schedules.texts.words import Words
from tests.support.followed import COORDINATOR, MEETS, Followed, followed
from tests.support.plan_rows import rows

ZONE = ZoneInfo("Europe/Stockholm")
ASKED = date(2027, 6, 1)
FIRST, SECOND, CLOSED = date(2027, 6, 8), date(2027, 6, 15), date(2027, 6, 30)  # 25 June is a holiday
CARD, EDIT = "card", "card_edit"


@pytest.fixture
def office(sqlite_template: Path, tmp_path: Path) -> Iterator[Followed]:
    found = followed(sqlite_template, tmp_path)
    yield found
    found.it.database.close()


def reported(office: Followed) -> str:
    referral, booking = office.raise_case()
    office.report(booking)
    return referral


def cards(office: Followed) -> list[str]:
    """Who was asked, oldest first."""
    return [who for who, kind, _ in office.letters("follow_up") if kind in {CARD, "notice"}]


def answer(actor: str, referral: str) -> AnswerFollowUp:
    return AnswerFollowUp(actor, referral, Support.NONE, Readiness.MORE, Readiness.NOT_ASKED)


def test_the_owner_is_asked_after_six_months_reminded_twice_and_then_left_alone(office: Followed) -> None:
    referral = reported(office)
    office.day(ASKED, "08:59")
    assert cards(office) == []
    for number, day in enumerate((ASKED, FIRST, SECOND), 1):
        office.day(day, "08:59")
        assert len(cards(office)) == number - 1
        office.day(day, "09:00")
        assert cards(office) == ["UA2"] * number
    office.day(CLOSED, "08:59")
    assert office.follow_up(referral).open
    office.day(CLOSED + timedelta(days=60))
    assert cards(office) == ["UA2"] * 3
    assert office.follow_up(referral).status is FollowUpStatus.UNANSWERED
    assert office.follow_up(referral).closed_at is not None
    with office.it.office.unit_of_work() as uow:
        assert uow.facts.read(WHOLE).follow_ups == ()
    with pytest.raises(Outdated):
        answer_follow_up(office.it.office, answer("a2", referral))


def test_an_answer_counts_once_and_ends_the_reminders(office: Followed) -> None:
    referral = reported(office)
    with pytest.raises(Outdated):
        answer_follow_up(office.it.office, answer("a2", referral))
    office.day(ASKED)
    with pytest.raises(NotAllowed):
        open_follow_up(office.it.office, "b0", referral)
    assert open_follow_up(office.it.office, "a2", referral).meeting_day == MEETS
    for _ in range(2):
        answer_follow_up(office.it.office, answer("a2", referral))
    audit = "SELECT actor, subject FROM audit WHERE action = 'follow_up.answer'"
    assert [tuple(row) for row in rows(office.it.database, audit)] == [("a2", referral)]
    with office.it.office.unit_of_work() as uow:
        (kept,) = uow.facts.read(WHOLE).follow_ups
    assert (kept.after, kept.by_caseworker, kept.by_person) == (
        Support.NONE,
        Readiness.MORE,
        Readiness.NOT_ASKED,
    )
    with pytest.raises(Outdated):
        open_follow_up(office.it.office, "a2", referral)
    office.day(CLOSED)
    assert cards(office) == ["UA2"]
    assert office.follow_up(referral).status is FollowUpStatus.ANSWERED
    stored = repr(rows(office.it.database, "SELECT * FROM follow_up"))
    assert "more" not in stored
    assert "none" not in stored


def test_a_new_meeting_waits_for_its_outcome_and_moves_what_there_was(office: Followed) -> None:
    referral, booking = office.raise_case()
    office.report(booking, Outcome.NEW_MEETING)
    with office.it.office.unit_of_work() as uow:
        live = uow.plan.live_booking(referral)
        found = uow.cases.referral(referral)
        assert found is not None
        assert uow.follow_ups.of_case(found.case) is None
    assert live is not None
    office.report(live.id)
    later = office.follow_up(referral).meeting_day
    assert later > MEETS
    office.day(date(2027, 6, 4))
    assert cards(office) == []
    office.day(date(2027, 6, 30))
    assert cards(office)[0] == "UA2"


def test_a_later_meeting_of_the_case_moves_its_one_follow_up(office: Followed) -> None:
    """Also one that is asked for already, whoever made the later meeting possible."""
    referral, booking = office.raise_case()
    office.report(booking)
    office.day(ASKED)
    assert office.follow_up(referral).status is FollowUpStatus.ASKED
    with office.it.office.unit_of_work() as uow:
        called = load_called(uow, booking)
        later = replace(called, meeting=replace(called.meeting, day=date(2027, 5, 31)))
        plan_follow_up(uow, office.it.office, later, Result(Outcome.NO_FURTHER))
        uow.commit()
    assert office.follow_up(referral).status is FollowUpStatus.PLANNED
    assert office.letters("follow_up")[-1][1] == EDIT, "the first card says that nothing is to be done"
    with pytest.raises(Outdated):
        open_follow_up(office.it.office, "a2", referral)
    office.day(date(2027, 11, 29))
    assert cards(office) == ["UA2"]
    office.day(date(2027, 11, 30))
    assert cards(office) == ["UA2", "UA2"]


def test_whoever_has_left_is_not_asked_but_the_next_of_their_party(office: Followed) -> None:
    referral = reported(office)
    office.without("a2")
    office.day(ASKED)
    assert cards(office) == ["UA0"]
    assert "den som har ärendet inte finns på plats" in office.letters("follow_up")[0][2]
    assert office.follow_up(referral).asked == "a0"
    assert [one.referral for one in home_page(office.it.office, "a0").follow_ups] == [referral]
    assert home_page(office.it.office, "a1").follow_ups == ()
    answer_follow_up(office.it.office, answer("a0", referral))
    assert office.follow_up(referral).status is FollowUpStatus.ANSWERED


def test_whoever_is_away_is_asked_when_they_are_back(office: Followed) -> None:
    referral = reported(office)
    away(office, "a2", ASKED, ASKED + timedelta(days=3))
    away(office, "a0", ASKED, ASKED + timedelta(days=90))
    office.day(ASKED)
    assert cards(office) == ["UA1"]
    assert [one.referral for one in home_page(office.it.office, "a2").follow_ups] == [referral], "may answer"
    office.day(FIRST)
    assert cards(office) == ["UA1", "UA2"]
    ended = [(who, kind) for who, kind, _ in office.letters("follow_up")]
    assert ("UA1", EDIT) in ended
    assert office.follow_up(referral).asked == "a2"


def test_when_nobody_of_the_party_is_there_the_coordinator_is_asked(office: Followed) -> None:
    reported(office)
    for person in ("a0", "a1", "a2", "a3"):
        away(office, person, ASKED, ASKED)
    office.day(ASKED)
    assert cards(office) == ["UC3"]


def test_a_reader_without_slack_gets_a_mail_and_the_coordinator_the_line(office: Followed) -> None:
    referral = only_by_mail(office)
    office.day(ASKED)
    assert cards(office) == ["shared@s.example"]
    (line,) = home_page(office.it.office, COORDINATOR).follow_ups
    assert (line.referral, line.asked) == (referral, "shared")
    answer_follow_up(office.it.office, answer(COORDINATOR, referral))
    assert home_page(office.it.office, COORDINATOR).follow_ups == ()


def test_whoever_has_left_gets_no_mail_either(office: Followed) -> None:
    only_by_mail(office)
    office.without("shared")
    office.day(ASKED)
    assert cards(office) == []


def only_by_mail(office: Followed) -> str:
    """A case of somebody's without Slack, on a day when all the others are away."""
    referral, booking = office.raise_case()
    with office.it.office.unit_of_work() as uow:
        uow.cases.set_owner(case_of(office, referral), "shared")
        uow.commit()
    office.report(booking)
    for person in ("a2", "b0", "b3", COORDINATOR):
        away(office, person, ASKED, ASKED)
    return referral


def test_a_case_that_was_dropped_is_not_asked_about(office: Followed) -> None:
    referral = reported(office)
    with office.it.office.unit_of_work() as uow:
        uow.lock_teams(["north"])
        drop_follow_up(uow, office.it.office, case_of(office, referral))
        uow.commit()
    office.day(CLOSED)
    assert cards(office) == []
    assert office.follow_up(referral).status is FollowUpStatus.DROPPED


def test_a_case_that_is_completed_no_more_is_not_asked_about(office: Followed) -> None:
    referral = reported(office)
    with office.it.office.unit_of_work() as uow:
        found = uow.cases.referral(referral)
        assert found is not None
        uow.cases.save_referral(replace(found, status=ReferralStatus.REVOKED))
        uow.commit()
    office.day(CLOSED)
    assert cards(office) == []
    assert office.follow_up(referral).status is FollowUpStatus.DROPPED


def case_of(office: Followed, referral: str) -> str:
    with office.it.office.unit_of_work() as uow:
        found = uow.cases.referral(referral)
    assert found is not None
    return found.case


def away(office: Followed, person: str, first: date, last: date) -> None:
    with office.it.office.unit_of_work() as uow:
        uow.plan.add_absence(person, first, last)
        uow.commit()


def test_the_case_file_has_the_follow_up_and_its_answer(office: Followed) -> None:
    """Whoever asks what is held on them sees it (GDPR art. 15); once the way to it is cut, nobody does."""
    referral = reported(office)
    with office.it.office.unit_of_work() as uow:
        found = uow.cases.referral(referral)
    assert found is not None
    case = found.case
    reference = found.reference
    office.day(ASKED)
    answer_follow_up(office.it.office, answer("a2", referral))
    told = record_text(case_document(export_case(office.it.office, reference, "x"), Words("sv"), ZONE))
    assert "Uppföljning efter sex månader" in told
    assert "Besvarad" in told
    assert "Mer redo" in told
    with office.it.office.unit_of_work() as uow:
        uow.facts.forget([follow_up_id(case)])
        uow.commit()
    told = record_text(case_document(export_case(office.it.office, reference, "x"), Words("sv"), ZONE))
    assert "Mer redo" not in told
