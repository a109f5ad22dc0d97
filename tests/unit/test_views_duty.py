"""The modals of absence and handover, and their part of the App Home, within Slack's limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.forms import duty as forms
from bot.forms.errors import FieldErrors
from bot.views import duty as views
from bot.views.home import home
from schedules.domain.duty import Absence
from schedules.domain.home import AbsenceLine, ComingHandover, DutyDesk, HomePage
from schedules.services.absence import AbsenceChoices, AbsencePreview, EnterAbsence
from schedules.services.duty_lines import DutyPreviewLine
from schedules.services.hand_over import HandOver, HandoverChoices, HandoverPreview
from schedules.texts.words import Words
from tests.unit.block_kit import check_view, element, inputs, submitted, texts
from tests.unit.examples_views import BOTH, CASE, SV

DAY, LAST = date(2026, 12, 8), date(2026, 12, 11)
ONE = (("p1", "Per Ås"),)
SOME = (*ONE, ("p2", "Maria <Ek>"))
MANY = tuple((f"p{n}", f"Person {n:03}") for n in range(250))
COMMAND = EnterAbsence("p1", "p2", DAY, LAST, "a1")
LINES = (
    DutyPreviewLine(CASE, "Försäkringskassan", "Eva Ek", None, proposed=False),
    DutyPreviewLine(CASE, "Försäkringskassan", "Eva Ek", None, proposed=True),
    DutyPreviewLine(CASE, "Försäkringskassan", None, "Amir & Co", proposed=False),
)
PREVIEW = AbsencePreview(COMMAND, "Maria <Ek>", LINES, "f" * 64)
HANDED = HandOver("p1", "p2", "p3", tuple(f"team-{n}" for n in range(100)), DAY)
HANDOVER = HandoverPreview(HANDED, "Maria Ek", "Eva Ek", ("Tierp", "Östhammar"), LINES, "f" * 64)


@pytest.mark.parametrize("words", BOTH)
@pytest.mark.parametrize("lines", [(), LINES, LINES * 400])
def test_previews_fit_however_much_changes(words: Words, lines: tuple[DutyPreviewLine, ...]) -> None:
    for changed in (False, True):
        check_view(views.absence_save(replace(PREVIEW, lines=lines), words, changed=changed))
        shown = views.handover_save(replace(HANDOVER, lines=lines), words, changed=changed)
        check_view(shown)
        assert sum(text.count(CASE.reference) for text in texts(shown)) == len(lines)


@pytest.mark.parametrize("words", BOTH)
def test_forms(words: Words) -> None:
    for people in (ONE, SOME):
        check_view(views.absence_edit(AbsenceChoices(people), words))
    check_view(views.absence_edit(AbsenceChoices(ONE, Absence("a1", "p1", DAY, LAST)), words))
    check_view(views.handover_who(HandoverChoices(SOME, "p1"), words))
    check_view(views.handover_edit(HandoverChoices(SOME, "p1", SOME, SOME), words))
    check_view(views.handover_edit(HandoverChoices(SOME, "p1"), words))


def test_more_than_a_hundred_people_come_in_groups() -> None:
    chosen = element(views.handover_who(HandoverChoices(MANY, "p249"), SV), "person")
    assert [len(group["options"]) for group in chosen["option_groups"]] == [100, 100, 50]
    assert chosen["initial_option"]["value"] == "p249"


def test_who_enters_for_themselves_only_chooses_no_person() -> None:
    assert inputs(views.absence_edit(AbsenceChoices(ONE), SV)) == ["from_date", "to_date"]


def test_what_was_shown_is_what_is_confirmed() -> None:
    assert forms.absence_save(submitted(views.absence_save(PREVIEW, SV)), "p1") == (COMMAND, "f" * 64)
    assert forms.handover_save(submitted(views.handover_save(HANDOVER, SV)), "p1") == (HANDED, "f" * 64)


def test_an_empty_form_is_told_beside_the_fields() -> None:
    read = forms.absence_edit(submitted(views.absence_edit(AbsenceChoices(ONE), SV)), "p1")
    assert isinstance(read, FieldErrors)
    assert read.fields.keys() == {"from_date", "to_date"}
    choices = HandoverChoices(SOME, "p1", SOME, SOME)
    handed = forms.handover_edit(submitted(views.handover_edit(choices, SV), teams=[]), "p1")
    assert isinstance(handed, FieldErrors)
    assert handed.fields.keys() == {"teams", "successor", "from_date"}


@pytest.mark.parametrize("words", BOTH)
def test_the_home_shows_who_is_away(words: Words) -> None:
    desk = DutyDesk(
        (AbsenceLine("a1", "Per Ås", DAY, LAST, own=True), AbsenceLine("a2", "Maria Ek", DAY, DAY, own=False))
        * 60,
        (ComingHandover("Tierp", "Maria Ek", "Eva Ek", DAY),),
        (("Maria Ek", "Tierp"),),
        may_enter=True,
        may_hand_over=True,
    )
    check_view(home(HomePage("Per Ås", "sv", may_raise=True, duty=desk), words))
    guest = home(HomePage("Maja", "sv", may_raise=True), words)
    assert not any("absence" in str(block) for block in guest["blocks"])
