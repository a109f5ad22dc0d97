"""The follow-up's dates, card, form and line: valid, within the limits, and read as they should be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.forms.errors import FieldErrors
from bot.forms.follow_up import parse
from bot.views.follow_up import follow_up
from bot.views.home import home
from bot.views.message import message_blocks
from schedules.domain.cases import Support
from schedules.domain.facts import Contact
from schedules.domain.figures.facts import Readiness
from schedules.domain.follow_up import AnswerFollowUp, Step, asked_on, round_of, step_of
from schedules.domain.home import FollowUpLine, HomePage
from schedules.services.follow_up import FollowUpShown
from schedules.swedish.closed_days import SwedishHolidays
from schedules.texts.follow_up import FollowUpFacts, follow_up_card
from schedules.texts.words import Words
from tests.unit.block_kit import check_view, texts
from tests.unit.examples_views import BOTH, SV

DAY = date(2026, 12, 1)
SHOWN = FollowUpShown("r-1", "TIE-2026-014", "Samverkansteam Tierp", DAY)
FACTS = FollowUpFacts("r-1", "TIE-2026-014", "Samverkansteam Tierp", DAY)
IS_HOLIDAY = SwedishHolidays().is_holiday


@pytest.mark.parametrize(
    ("meeting", "asked"),
    [
        (date(2026, 12, 1), date(2027, 6, 1)),
        (date(2026, 8, 31), date(2027, 3, 1)),  # 28 February is a Sunday
        (date(2027, 8, 31), date(2028, 2, 29)),
        (date(2026, 12, 25), date(2027, 6, 28)),  # Midsummer's Eve, then a weekend
        (date(2026, 6, 1), date(2026, 12, 1)),
    ],
)
def test_it_is_asked_six_months_later_on_a_workday(meeting: date, asked: date) -> None:
    assert asked_on(meeting, IS_HOLIDAY) == asked


@pytest.mark.parametrize("step", Step)
def test_a_later_meeting_overtakes_the_rounds_of_an_earlier(step: Step) -> None:
    assert step_of(round_of(DAY, step), DAY) is step
    assert step_of(round_of(DAY, step), date(2026, 12, 2)) is None


@pytest.mark.parametrize("words", BOTH)
def test_the_form_has_three_fields_and_nothing_filled_in(words: Words) -> None:
    view = follow_up(SHOWN, words)
    check_view(view)
    fields = [block for block in view["blocks"] if block["type"] == "input"]
    assert [block["block_id"] for block in fields] == ["support", "readiness_caseworker", "readiness_person"]
    assert not any(key.startswith("initial") for block in fields for key in block["element"])


def test_the_card_says_what_it_is_about_and_how_to_answer() -> None:
    said = "\n".join(texts(message_blocks(follow_up_card(FACTS, "sv"))))
    assert "Det har gått ett halvår sedan samverkansmötet 1 december 2026" in said
    assert "påminnelse" not in said
    told = replace(FACTS, reminder=True, instead=True, by_mail=Contact("Maria Ek", "+46 293 00 00 00"))
    card = follow_up_card(told, "sv")
    said = "\n".join(texts(message_blocks(card)))
    assert "En påminnelse:" in said
    assert "inte finns på plats" in said
    assert "Maria Ek, +46 293 00 00 00" in said
    assert not any(section.buttons for section in card.sections), "a mail has no buttons"


@pytest.mark.parametrize("words", BOTH)
def test_home_lists_what_waits(words: Words) -> None:
    lines = (FollowUpLine("r-1", "TIE-1", "Team", DAY), FollowUpLine("r-2", "TIE-2", "Team", DAY, "Per Ås"))
    view = home(HomePage("Maja", "sv", may_raise=True, follow_ups=lines), words)
    check_view(view)
    assert words("home.follow_up.asked", person="Per Ås") in "\n".join(texts(view))
    values = [b["accessory"]["value"] for b in view["blocks"] if b.get("accessory")]
    assert values == ["r-1", "r-2"]


def submitted(**chosen: str) -> dict[str, object]:
    """The form as Slack sends it."""
    values = {name: {name: {"selected_option": {"value": value}}} for name, value in chosen.items()}
    metadata = follow_up(SHOWN, SV)["private_metadata"]
    return {"id": "V1", "private_metadata": metadata, "state": {"values": values}}


def test_the_form_is_read() -> None:
    answer = parse(submitted(support="none", readiness_caseworker="less", readiness_person="not_asked"), "p1")
    assert answer == AnswerFollowUp("p1", "r-1", Support.NONE, Readiness.LESS, Readiness.NOT_ASKED)


@pytest.mark.parametrize("field", ["support", "readiness_caseworker", "readiness_person"])
def test_what_is_not_chosen_or_no_choice_is_said_beside_the_field(field: str) -> None:
    whole = {"support": "none", "readiness_caseworker": "less", "readiness_person": "same"}
    for wrong in ({k: v for k, v in whole.items() if k != field}, {**whole, field: "sly"}):
        read = parse(submitted(**wrong), "p1")
        assert isinstance(read, FieldErrors)
        assert set(read.fields) == {field}
