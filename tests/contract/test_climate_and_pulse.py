"""The climate survey and the pulse through the services: who is asked when, each once, and what is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.organisation import Applier
from schedules.domain.figures.month import Month, Period
from schedules.domain.figures.page import WHOLE, Page, PageKind
from schedules.domain.opinions import Place, Pulse, Question, Questionnaire, SurveyFigures
from schedules.domain.plan import Answer, DeclineReason
from schedules.errors import NotAllowed, Outdated, Refused
from schedules.services.answer_invitation import answer_invitation
from schedules.services.climate_survey import (
    answer_survey,
    apply_questionnaire,
    everybody_of,
    open_survey,
    run_surveys,
)
from schedules.services.decline import decline
from schedules.services.publish_report import publish
from schedules.services.pulse import answer_pulse
from tests.support.followed import COORDINATOR, MEETS, Followed, followed
from tests.support.plan_rows import rows

QUESTIONS = (
    Question("trust", "Vi litar på varandra.", "We trust."),
    Question("time", "Jag får tid.", "Time."),
)
FILE = Questionnaire(2, 14, QUESTIONS)  # a Sunday in 2027
OPENS, REMINDS, LAST = date(2027, 2, 15), date(2027, 3, 1), date(2027, 3, 8)
YEAR, SAID = "2027", {"trust": "4", "time": "2"}
TEAM = {"a0", "a1", "b0", COORDINATOR}  # and `shared`, who has no Slack


@pytest.fixture
def office(sqlite_template: Path, tmp_path: Path) -> Iterator[Followed]:
    found = followed(sqlite_template, tmp_path)
    yield found
    found.it.database.close()


def on(office: Followed, day: date, clock: str = "12:00") -> bool:
    """What the tick does with surveys at a local time."""
    office.day(day, clock)
    done = run_surveys(office.it.office)
    office.it.deliver()
    return done


def opened(office: Followed) -> None:
    apply_questionnaire(office.it.office, FILE, "test")
    assert on(office, OPENS)


def cards(office: Followed) -> Counter[str]:
    return Counter(who for who, kind, _ in office.letters("survey") if kind == "card")


def test_it_opens_once_a_year_on_a_workday_and_reminds_once(office: Followed) -> None:
    assert not on(office, OPENS), "nobody has said what to ask"
    apply_questionnaire(office.it.office, FILE, "test")
    assert not on(office, OPENS, "17:30"), "not in the evening"
    assert on(office, date(2027, 2, 16))
    assert not on(office, date(2027, 2, 16))
    everybody = {f"U{name.upper()}" for name in TEAM}
    assert cards(office) == dict.fromkeys(everybody, 1)
    answer_survey(office.it.office, "a0", YEAR, SAID)
    assert not on(office, REMINDS)
    assert on(office, date(2027, 3, 2)), "ten workdays later"
    assert not on(office, date(2027, 3, 3))
    assert cards(office) == {**dict.fromkeys(everybody, 2), "UA0": 1}
    assert not on(office, date(2027, 3, 9))
    assert on(office, date(2027, 3, 10)), "three weeks are over"
    assert not on(office, date(2027, 12, 30))
    assert on(office, date(2028, 2, 14)), "and again the next year"


def test_it_opens_late_only_within_its_own_weeks(office: Followed) -> None:
    apply_questionnaire(office.it.office, FILE, "test")
    assert not on(office, date(2027, 3, 9))
    assert on(office, date(2028, 2, 14))


def test_each_answers_once_and_nothing_connects_who_with_what(office: Followed) -> None:
    opened(office)
    assert open_survey(office.it.office, "b0", YEAR).questions == QUESTIONS
    with pytest.raises(Refused):
        answer_survey(office.it.office, "b0", YEAR, {"trust": "4", "time": "6"})
    for _ in range(2):
        answer_survey(office.it.office, "b0", YEAR, SAID)
    with pytest.raises(Outdated):
        open_survey(office.it.office, "b0", YEAR)
    with pytest.raises(NotAllowed):
        answer_survey(office.it.office, "c0", YEAR, SAID)
    counters = rows(office.it.database, "SELECT * FROM opinion_count ORDER BY question, value")
    place = ("survey:2027", "Nord", "north")
    assert [tuple(row) for row in counters] == [
        (*place, "", "", 1),
        (*place, "time", "2", 1),
        (*place, "trust", "4", 1),
    ]
    who = rows(office.it.database, "SELECT person FROM opinion_asked WHERE answered")
    assert [tuple(row) for row in who] == [("b0",)]
    audit = rows(office.it.database, "SELECT actor, action FROM audit WHERE action LIKE 'survey%'")
    assert {tuple(row) for row in audit} == {("test", "survey.apply"), ("samtid", "survey.open")}
    assert on(office, LAST + timedelta(days=1))
    assert rows(office.it.database, "SELECT * FROM opinion_asked") == []
    with pytest.raises(Outdated):
        answer_survey(office.it.office, "a0", YEAR, SAID)


def test_what_was_answered_stands_in_the_counters_and_nowhere_else(
    office: Followed, caplog: pytest.LogCaptureFixture
) -> None:
    """A question whose id is a canary: no log line, audit row or message has it."""
    questions = (Question("kvastflamingo", "Vi litar på varandra.", "We trust."),)
    apply_questionnaire(office.it.office, replace(FILE, questions=questions), "test")
    assert on(office, OPENS)
    with caplog.at_level("DEBUG"):
        answer_survey(office.it.office, "b0", YEAR, {"kvastflamingo": "4"})
        office.it.deliver()
    assert "kvastflamingo" not in caplog.text
    tables = [
        str(row[0]) for row in rows(office.it.database, "SELECT name FROM sqlite_master WHERE type = 'table'")
    ]
    held = {t for t in tables if "kvastflamingo" in repr(rows(office.it.database, f'SELECT * FROM "{t}"'))}
    assert held == {"setting", "survey", "opinion_count"}


def test_whoever_serves_several_teams_answers_once_and_counts_where_all_of_them_are(office: Followed) -> None:
    now = office.it.organisation
    (north,) = now.teams
    other = replace(
        north, id="south", name="Team south", reference_prefix="SOU", parties=north.parties[1:], series=()
    )
    Applier(office.it.office).apply(replace(now, teams=(north, other)))
    opened(office)
    assert set(cards(office).values()) == {1}
    answer_survey(office.it.office, "b0", YEAR, SAID)
    answer_survey(office.it.office, "a0", YEAR, SAID)
    with office.it.office.unit_of_work() as uow:
        places = {one.place for one in uow.opinions.counted("survey:2027")}
    assert places == {Place("Nord"), Place("Nord", "north")}


def test_the_report_shows_a_closed_survey_from_five_answers_on(office: Followed) -> None:
    opened(office)
    for person in sorted(TEAM):
        answer_survey(office.it.office, person, YEAR, SAID)
    assert figures(office, date(2027, 4, 1), Period(Month(2027, 1), Month(2027, 3)))[0].answers is None, (
        "four"
    )
    with office.it.office.unit_of_work() as uow:
        uow.opinions.add("survey:2027", Place("Nord", "north"), [("", ""), ("trust", "5"), ("time", "2")])
        uow.commit()
    for page in (WHOLE, Page(PageKind.MUNICIPALITY, "Nord"), Page(PageKind.TEAM, "north")):
        (made,) = figures(office, date(2027, 4, 1), Period(Month(2027, 1), Month(2027, 3)), page)
        assert made.answers == 5
        assert made.means == ((QUESTIONS[0], 4.2), (QUESTIONS[1], 2.0))
    assert figures(office, date(2027, 4, 1), Period(Month(2027, 1), Month(2027, 2))) == ()


def figures(office: Followed, day: date, period: Period, page: Page = WHOLE) -> tuple[SurveyFigures, ...]:
    on(office, LAST + timedelta(days=1))
    office.day(day)
    return publish(office.it.office, page, period, "test").opinions.surveys


def test_an_open_survey_is_in_no_report(office: Followed) -> None:
    apply_questionnaire(office.it.office, Questionnaire(2, 14, QUESTIONS), "test")
    assert on(office, date(2027, 2, 15))
    with office.it.office.unit_of_work() as uow:
        for _ in range(9):
            uow.opinions.add("survey:2027", Place("Nord", "north"), [("", ""), ("trust", "5"), ("time", "2")])
        uow.commit()
    office.it.clock.at += timedelta(days=20)
    assert (
        publish(office.it.office, WHOLE, Period(Month(2027, 2), Month(2027, 2)), "test").opinions.surveys
        == ()
    )


# --- the pulse -----------------------------------------------------------------------------------------


def pulses(office: Followed) -> set[str]:
    """Whose card asks."""
    return {who for who, _, payload in office.letters("meeting:") if "pulse_clear" in payload}


def met(office: Followed) -> tuple[str, str]:
    """A case whose meeting is over; the booking and the meeting."""
    _, booking = office.raise_case()
    office.it.deliver()
    with office.it.office.unit_of_work() as uow:
        found = uow.plan.booking(booking)
        calls = {i.person: i.public_id for i in uow.plan.invitations(booking)}
    assert found is not None
    answer_invitation(office.it.office, "b0", calls["b0"], Answer.ACCEPTED)
    decline(office.it.office, "a0", calls["a0"], DeclineReason.ABSENT)
    office.it.deliver()
    office.day(MEETS, "16:00")
    return booking, found.meeting


def test_those_who_represented_and_the_coordinator_are_asked_once_the_meeting_is_over(
    office: Followed,
) -> None:
    booking, meeting = met(office)
    assert pulses(office) == {"UA1", "UB0", f"U{COORDINATOR.upper()}"}
    answer_pulse(office.it.office, "b0", meeting, Pulse.CLEAR)
    answer_pulse(office.it.office, "b0", meeting, Pulse.NOT_AT_ALL)
    office.report(booking)
    answer_pulse(office.it.office, COORDINATOR, meeting, Pulse.PARTLY)
    counters = rows(office.it.database, "SELECT value, number FROM opinion_count WHERE question = 'pulse'")
    assert sorted(map(tuple, counters)) == [("clear", 1), ("partly", 1)]
    with pytest.raises(NotAllowed):
        answer_pulse(office.it.office, "a2", meeting, Pulse.CLEAR)
    with pytest.raises(Outdated):
        answer_pulse(office.it.office, "a0", meeting, Pulse.CLEAR)
    office.day(date(2026, 12, 15), "08:59")
    assert len(rows(office.it.database, "SELECT * FROM opinion_asked")) == 3
    office.day(date(2026, 12, 15), "09:00")
    assert rows(office.it.database, "SELECT * FROM opinion_asked") == []


def test_a_team_can_turn_it_off(office: Followed) -> None:
    now = office.it.organisation
    (team,) = now.teams
    Applier(office.it.office).apply(
        replace(now, teams=(replace(team, rules=replace(team.rules, pulse=False)),))
    )
    met(office)
    assert pulses(office) == set()


def test_pulses_are_counted_by_half_years_that_are_over(office: Followed) -> None:
    _, meeting = met(office)
    answer_pulse(office.it.office, "b0", meeting, Pulse.CLEAR)
    with office.it.office.unit_of_work() as uow:
        for _ in range(4):
            uow.opinions.add("pulse:2026-07", Place("Nord", "north"), [("", ""), ("pulse", "partly")])
        uow.commit()
    office.day(date(2027, 2, 1))
    whole = Period(Month(2026, 7), Month(2026, 12))
    (made,) = publish(office.it.office, WHOLE, whole, "test").opinions.pulses
    assert (made.answers, made.percent[Pulse.CLEAR], made.percent[Pulse.PARTLY]) == (5, 20, 80)
    part = Period(Month(2026, 8), Month(2027, 1))
    assert publish(office.it.office, WHOLE, part, "test").opinions.pulses == (), "a part could be subtracted"


def test_everybody_is_there_once(office: Followed) -> None:
    teams = office.it.organisation.teams
    assert sorted(everybody_of((*teams, *teams))) == sorted({*TEAM, "shared"})
