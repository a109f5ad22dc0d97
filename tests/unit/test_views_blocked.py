"""What blocking shows: the question before it, and places in lists where a blocked case stood."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.views import plain
from bot.views.block_case import block_case
from bot.views.meeting_page import meeting_page
from bot.views.urgent_cases import urgent_cases
from schedules.domain.cases import (
    PersonTakesPart,
    QuestionCategory,
    Referral,
    ReferralStatus,
    Seal,
    Urgency,
)
from schedules.domain.facts import CaseFacts
from schedules.domain.meeting_page import AgendaCase, MeetingPage
from schedules.domain.urgent import UrgentCase, UrgentPage, UrgentParty
from schedules.services.block_case import ToBlock
from schedules.texts.words import Words
from tests.unit.block_kit import check_view, texts
from tests.unit.examples_views import BOTH, CASE, MEETING, SV

BLOCKED = "Ärendet är spärrat"
REFERRAL = Referral(
    id="r-1",
    case="c-1",
    reference="TIE-2026-014",
    team="tierp",
    referrer="maja",
    owner="maja",
    status=ReferralStatus.ACTIVE,
    parties=("kommun", "fk"),
    categories=(QuestionCategory.CARE,),
    person_takes_part=PersonTakesPart.NO,
    urgency=Urgency.ORDINARY,
    not_before=None,
    submitted_at=datetime(2026, 11, 23, 8, tzinfo=UTC),
)


def said(view: object) -> str:
    return "\n".join(texts(view))


@pytest.mark.parametrize("words", BOTH)
@pytest.mark.parametrize(("facts", "lines"), [(CASE, 5), (None, 4)])
def test_the_question_is_valid_and_asks_for_nothing(
    words: Words, facts: CaseFacts | None, lines: int
) -> None:
    view = block_case(ToBlock(REFERRAL, facts), words)
    check_view(view)
    assert [block for block in view["blocks"] if block["type"] == "input"] == []
    assert words("block.no_way_back") in said(view)
    assert said(view).count("• ") == lines


@pytest.mark.parametrize("words", BOTH)
@pytest.mark.parametrize("seal", Seal)
def test_the_notice_is_valid(words: Words, seal: Seal) -> None:
    check_view(plain.sealed(words, seal.value))


def test_on_the_meetings_page_only_time_and_reference_are_left() -> None:
    case = AgendaCase("b-1", "r-1", CASE, (), reported=True)
    page = MeetingPage("m-1", MEETING, (case,))
    assert CASE.referrer in said(meeting_page(page, SV))
    view = meeting_page(replace(page, cases=(replace(case, seal=Seal.BLOCKED),)), SV)
    check_view(view)
    assert CASE.reference in said(view)
    assert BLOCKED in said(view)
    assert CASE.referrer not in said(view)
    assert [block for block in view["blocks"] if block["type"] == "actions"] == []


def test_in_the_urgent_list_the_reason_is_gone() -> None:
    case = UrgentCase("TIE-2026-014", ReferralStatus.REVOKED, date(2026, 11, 23), None, Seal.BLOCKED)
    page = UrgentPage("Tierp", date(2026, 7, 1), date(2026, 12, 31), (UrgentParty("FK", (case,), 1),))
    view = urgent_cases(page, SV)
    check_view(view)
    assert BLOCKED in said(view)
