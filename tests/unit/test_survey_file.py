"""The climate survey's file: read as it stands, and every mistake told with its line."""

from __future__ import annotations

from datetime import date

import pytest

from bot.organisation import EXAMPLE
from bot.views.message import message_blocks
from bot.views.survey import survey
from schedules.domain.opinions import Pulse, Question, Questionnaire
from schedules.orgfile import InvalidOrganisation
from schedules.orgfile.survey import MOST, read_survey
from schedules.services.climate_survey import SurveyShown
from schedules.texts.opinions import card_after, pulse_section, survey_card
from schedules.texts.words import Words
from tests.unit.block_kit import check_view, texts
from tests.unit.examples_views import BOTH, MEETING
from tests.unit.texts_samples import CALL

CLIMATE = EXAMPLE.parent / "climate.yaml"
SOUND = """\
opens: {month: 9, day: 15}
questions:
  - {id: trust, sv: Vi litar på varandra., en: We trust each other.}
  - {id: time, sv: Jag får tid., en: I get time.}
"""


def read(text: str) -> Questionnaire:
    return read_survey(text, "climate.yaml")


def test_a_sound_file_is_read() -> None:
    found = read(SOUND)
    assert found.opens(2027) == date(2027, 9, 15)
    assert found.questions[1] == Question("time", "Jag får tid.", "I get time.")


def test_the_example_has_between_five_and_seven_questions() -> None:
    found = read_survey(CLIMATE.read_text(encoding="utf-8"), str(CLIMATE))
    assert 5 <= len(found.questions) <= 7


MANY = "".join(f"  - {{id: q{n}, sv: Fråga., en: Question.}}\n" for n in range(MOST))


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("opens: {month: 9, day: 15}\n", "", "climate.yaml:1: ”opens” saknas"),
        ("month: 9", "month: 13", "climate.yaml:1: month är 13"),
        ("day: 15", "day: 30", "climate.yaml:1: day är 30"),
        ("id: time", "id: trust", "climate.yaml:4: id ”trust” används redan på rad 3"),
        (", en: I get time.", "", "climate.yaml:4: ”en” saknas"),
        ("en: I get", "eng: I get", "climate.yaml:4: nyckeln ”eng” finns inte, menade du ”en”?"),
        ("sv: Jag får tid.", f"sv: {'a' * 201}", "climate.yaml:4: ”sv” är längre än 200 tecken"),
        ("  - {id: time", MANY + "  - {id: time", f"climate.yaml:{MOST + 3}: ”questions” har fler än {MOST}"),
    ],
)
def test_each_mistake_is_told_with_its_line(old: str, new: str, problem: str) -> None:
    assert SOUND.count(old) == 1
    with pytest.raises(InvalidOrganisation) as found:
        read(SOUND.replace(old, new))
    assert any(str(one).startswith(problem) for one in found.value.problems), found.value.problems


def test_a_file_without_questions_is_told() -> None:
    with pytest.raises(InvalidOrganisation, match="questions"):
        read("opens: {month: 9, day: 15}\nquestions: []\n")


@pytest.mark.parametrize("words", BOTH)
def test_the_form_shows_every_question_from_one_to_five(words: Words) -> None:
    questions = tuple(Question(f"q{n}", "a" * 200, "b" * 200) for n in range(MOST))
    view = survey(SurveyShown(2027, questions), words)
    check_view(view)
    fields = [block for block in view["blocks"] if block["type"] == "input"]
    assert [block["block_id"] for block in fields] == [q.id for q in questions]
    assert [o["value"] for o in fields[0]["element"]["options"]] == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_cards_say_what_is_kept_and_what_is_not(language: str) -> None:
    words = Words(language)
    first = survey_card(2027, date(2027, 10, 6), language, reminder=False)
    said = "\n".join(texts(message_blocks(first)))
    assert words("survey.anonymous") in said
    assert words.day(date(2027, 10, 6)) in said
    by_mail = survey_card(
        2027, date(2027, 10, 6), language, reminder=True, page="https://samtid.example/enkat/x"
    )
    assert not any(section.buttons for section in by_mail.sections)
    after = card_after(MEETING, [CALL], language, pulse_section("m", words))
    pressed = [button.action for section in after.sections for button in section.buttons]
    assert pressed == [*(f"pulse_{one.value}" for one in Pulse), "case_show"]
    assert words("pulse.text") in "\n".join(texts(message_blocks(after)))
