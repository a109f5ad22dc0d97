"""The climate survey by Slack: opened by the tick, answered in a form, and nobody can see who said what."""

from __future__ import annotations

from datetime import date

from bot.organisation import EXAMPLE
from schedules.domain.opinions import PEOPLE, Counted, Place
from schedules.orgfile.survey import read_survey
from schedules.services.climate_survey import apply_questionnaire
from tests.support.meeting_days import callback, fields_of, local
from tests.support.raised import texts
from tests.support.raising import town
from tests.support.rig import Rig

__all__ = ["town"]

CLIMATE = EXAMPLE.parent / "climate.yaml"


def test_everybody_in_the_teams_is_asked_once_a_year_and_counted_without_a_name(town: Rig) -> None:
    found = read_survey(CLIMATE.read_text(encoding="utf-8"), str(CLIMATE))
    apply_questionnaire(town.office, found, "test")
    town.settle()
    assert not [t for t in texts(town, "mirjam") if "enkät" in t], "it is November"
    town.until(local(date(2027, 9, 15), "09:00"))
    assert [t for t in texts(town, "mirjam") if "Årets enkät om samverkan" in t]
    assert not [t for t in texts(town, "maja") if "Årets enkät" in t], "who raises cases only is not asked"
    mirjam = town.actor("mirjam")
    mirjam.click("survey_open", where="message")
    assert callback(mirjam) == "survey"
    assert fields_of(mirjam) == [one.id for one in found.questions]
    mirjam.submit()
    assert mirjam.errors
    for number, field in enumerate(fields_of(mirjam)):
        mirjam.fill(field, str(5 - number % 2))
    mirjam.submit()
    assert mirjam.modal is None
    town.settle()
    assert "Tack, ditt svar" in texts(town, "mirjam")[-1]
    with town.office.unit_of_work() as uow:
        counted = uow.opinions.counted("survey:2027")
        asked = uow.opinions.asked("survey:2027")
    assert [person for person, answered in asked.items() if answered] == ["mirjam"]
    assert Counted(Place("Tierp", "tierp"), PEOPLE, "", 1) in counted
    assert Counted(Place("Tierp", "tierp"), "trust", "5", 1) in counted
    assert len(counted) == 1 + len(found.questions)
    town.until(local(date(2027, 10, 7), "09:00"))
    with town.office.unit_of_work() as uow:
        assert uow.opinions.asked("survey:2027") == {}, "nothing says any more who answered"
        assert uow.opinions.surveys()[0].closed
