"""The preview of a change of meetings: within Slack's limits, and honest about what it does not know."""

from __future__ import annotations

import json
from datetime import date, time

import pytest

from bot.views.plan_preview import plan_preview
from schedules.domain.facts import MeetingFacts, TimeOffer
from schedules.services.replanning import CaseMove, PlanPreview
from schedules.texts.words import Words
from tests.unit.block_kit import check_view

SV = Words("sv")
MEETING = MeetingFacts("Samverkansteam Tierp", date(2026, 12, 8), time(13), time(15), "Rum 4", None)
OFFER = TimeOffer("s", date(2026, 12, 22), time(13), time(13, 30))
CHANGES = ("meeting_cancel", "meeting_move", "team_extra", "team_single", "team_close")


def preview(cases: int = 1, *, proven: bool = True, meetings: int = 1) -> PlanPreview:
    moves = tuple(CaseMove(f"TIE-2026-{n:03}", None, OFFER) for n in range(cases))
    return PlanPreview("m-1", (MEETING,) * meetings, moves, "fingerprint", proven)


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("cases", [0, 1, 200])
def test_every_preview_fits(change: str, cases: int, language: str) -> None:
    view = plan_preview(
        change, preview(cases, meetings=12), {"day": "2026-12-22"}, Words(language), changed=True
    )
    check_view(view)
    assert json.loads(view["private_metadata"]) == {
        "day": "2026-12-22",
        "subject": "m-1",
        "plan": "fingerprint",
    }


def test_a_plan_that_is_not_proven_says_so() -> None:
    said = str(plan_preview("meeting_cancel", preview(proven=False), {}, SV)["blocks"])
    assert "det kan finnas en bättre" in said
    assert "det kan finnas en bättre" not in str(plan_preview("meeting_cancel", preview(), {}, SV)["blocks"])


def test_who_is_called_instead_is_named() -> None:
    move = CaseMove("TIE-2026-001", None, OFFER, stays=True, instead=(("FK", "Nasrin", "Johan"),))
    shown = PlanPreview("m-1", (MEETING,), (move,), "f")
    said = str(plan_preview("meeting_move", shown, {}, SV)["blocks"])
    assert "Blir kvar på mötet" in said
    assert "FK: Johan kallas i stället för Nasrin" in said


def test_a_period_without_meetings() -> None:
    said = str(plan_preview("team_close", preview(0, meetings=0), {}, SV)["blocks"])
    assert "Inget möte är planerat i perioden" in said
