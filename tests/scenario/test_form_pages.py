"""Readers without Slack: the survey and the follow-up by a mail's link, on pages of our own."""

from __future__ import annotations

from datetime import date

import httpx

from schedules.domain.cases import Support
from schedules.domain.figures.facts import Readiness
from schedules.domain.follow_up import FollowUpStatus, asked_on
from schedules.domain.opinions import Question, Questionnaire
from schedules.services.climate_survey import apply_questionnaire
from tests.support.links import form_link
from tests.support.meeting_days import after_meeting, facts, local, report
from tests.support.raised import absent, call_parties, column
from tests.support.raising import town
from tests.support.rig import Rig

__all__ = ["town"]

FILE = Questionnaire(2, 15, (Question("trust", "Vi litar på varandra.", "We trust each other."),))


def test_the_survey_by_mail_is_answered_once_without_slack(town: Rig) -> None:
    apply_questionnaire(town.office, FILE, "test")
    town.until(local(date(2027, 2, 15), "09:00"))
    page = form_link(town, "petter", "enkat")
    shown = httpx.get(page)
    assert shown.status_code == 200
    assert "Vi litar på varandra." in shown.text
    assert column(town, "SELECT person FROM opinion_asked WHERE answered") == [], "a look sends nothing"
    wrong = httpx.post(page, data={"trust": "6"})
    assert wrong.status_code == 422
    assert "Välj ett alternativ för varje fråga" in wrong.text
    sent = httpx.post(page, data={"trust": "4"}, follow_redirects=True)
    assert "Det finns inget mer att göra här" in sent.text
    assert column(town, "SELECT person FROM opinion_asked WHERE answered") == ["petter"]
    assert "Det finns inget mer att göra här" in httpx.post(page, data={"trust": "1"}).text
    assert column(town, "SELECT value FROM opinion_count WHERE question = 'trust'") == ["4"]
    forged = page.replace("/enkat/", "/uppfoljning/")
    assert httpx.get(forged).status_code == 404
    assert httpx.get(page[:-1] + ("0" if page[-1] != "0" else "1")).status_code == 404


def test_the_follow_up_by_mail(town: Rig) -> None:
    reference = call_parties(town)
    meeting = after_meeting(town, reference)
    report(town, reference, took_part="in_room").close(everything=True)
    with town.office.unit_of_work() as uow:
        (case,) = column(town, 'SELECT "case" FROM follow_up')
        uow.cases.set_owner(case, "petter")
        uow.commit()
    due = asked_on(meeting.day, town.office.is_holiday)
    for person in ("maja", "mirjam", "helena", "amir", "birgitta"):
        absent(town, person, due, due)
    town.until(local(due, "09:00"))
    page = form_link(town, "petter", "uppfoljning")
    assert reference in httpx.get(page).text
    answer = {"support": "none", "readiness_caseworker": "more", "readiness_person": "same"}
    assert httpx.post(page, data={**answer, "support": "sly"}).status_code == 422
    assert httpx.post(page, data=answer).status_code == 303
    (kept,) = facts(town).follow_ups
    assert (kept.after, kept.by_caseworker, kept.by_person) == (
        Support.NONE,
        Readiness.MORE,
        Readiness.SAME,
    )
    with town.office.unit_of_work() as uow:
        found = uow.follow_ups.of_case(case)
    assert found is not None
    assert found.status is FollowUpStatus.ANSWERED
    assert "Det finns inget mer att göra här" in httpx.get(page).text
