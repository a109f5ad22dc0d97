"""A held time that nobody confirms lapses one workday before the meeting; its case waits for another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.organisation import EXAMPLE
from tests.support.raised import call_parties, column, direct, raise_case, text_of, value
from tests.support.raising import callback, told
from tests.support.rig import Rig, rig

DAY = "SELECT m.day FROM meeting m JOIN booking b ON b.meeting = m.id WHERE b.status <> 'cancelled'"
EVE = datetime(2026, 12, 7, 8, 0, tzinfo=UTC)  # Monday 7 December, nine o'clock in Stockholm


def file_with(folder: Path, by_itself: str) -> Path:
    path = folder / "organisation.yaml"
    rule = "confirm_by_itself_workdays: 1\n"
    text = EXAMPLE.read_text(encoding="utf-8")
    assert rule in text
    path.write_text(text.replace(rule, f"confirm_by_itself_workdays: {by_itself}\n"), encoding="utf-8")
    return path


@pytest.fixture
def never(tmp_path: Path) -> Iterator[Rig]:
    """The town, where only the coordinator confirms."""
    with rig(tmp_path, organisation=file_with(tmp_path, "never")) as running:
        yield running
        assert running.local.workspace.problems() == ()


def test_a_time_that_nobody_confirms_lapses(never: Rig) -> None:
    reference = raise_case(never)
    never.settle()
    assert "Bekräfta senast måndag 7 december kl. 09:00" in text_of(direct(never, "helena")[-1])
    never.until(datetime(2026, 12, 7, 7, 59, tzinfo=UTC))
    assert value(never, DAY) == "2026-12-08"
    never.until(EVE)
    assert column(never, "SELECT status FROM booking") == ["cancelled"]
    assert value(never, "SELECT status FROM referral") == "waiting"
    for who in ("helena", "maja"):
        assert sum("Ingen bekräftade tiden" in text and reference in text for text in told(never, who)) >= 1
    assert never.mails("nasrin") == []
    assert value(never, "SELECT count(*) FROM audit WHERE action = 'booking.lapse'") == 1


def test_it_is_not_put_back_but_into_another_meeting(never: Rig) -> None:
    """Neither by a newcomer nor by a tick; when the meeting begins it has waited long enough."""
    raise_case(never)
    never.until(EVE)
    call_parties(never, "nasrin", others=["af"], urgent=True)
    assert "2026-12-08" in column(never, DAY), "the slot is free for others"
    lapsed = f"{DAY} AND b.referral = (SELECT id FROM referral ORDER BY submitted_at LIMIT 1)"
    assert column(never, lapsed) == ["2026-12-22"]


def test_when_nothing_else_happens_the_next_time_comes_with_the_meeting(never: Rig) -> None:
    raise_case(never)
    never.until(EVE)
    never.until(datetime(2026, 12, 8, 11, 59, tzinfo=UTC))
    assert column(never, DAY) == []
    never.until(datetime(2026, 12, 8, 12, 0, tzinfo=UTC))
    assert column(never, DAY) == ["2026-12-22"]


def test_the_coordinator_may_give_it_a_time(never: Rig) -> None:
    raise_case(never)
    never.until(EVE)
    helena = never.actor("helena")
    helena.click("case_show")
    helena.click("details_open", where="modal")
    assert callback(helena) == "referral_details"
    options = next(b for b in helena.modal.blocks if b["block_id"] == "slot") if helena.modal else {}
    helena.fill("slot", options["element"]["options"][0]["value"])
    helena.submit()
    never.settle()
    assert column(never, DAY) != []


def test_one_that_was_confirmed_or_moved_does_not_lapse(never: Rig) -> None:
    raise_case(never)
    never.settle()
    never.actor("maja").open_home()
    call = never.actor("helena")
    call.click("booking_confirm")
    never.until(EVE)
    assert column(never, DAY) == ["2026-12-08"]
    assert value(never, "SELECT status FROM booking") == "booked"


def test_a_long_time_to_decide_ends_the_workday_before_all_the_same(tmp_path: Path) -> None:
    with rig(tmp_path, organisation=file_with(tmp_path, "30")) as town:
        raise_case(town)
        town.until(EVE)
        assert column(town, "SELECT status FROM booking") == ["cancelled"]
        assert town.local.workspace.problems() == ()


def test_too_late_to_decide_it_confirms_itself(tmp_path: Path) -> None:
    """An urgent case the workday before: who has had no workday to decide is not asked to."""
    with rig(tmp_path, organisation=file_with(tmp_path, "30")) as town:
        town.until(datetime(2026, 12, 4, 14, 0, tzinfo=UTC))  # Friday afternoon before the Tuesday
        raise_case(town, urgent=True)
        assert column(town, DAY) == ["2026-12-08"]
        town.until(datetime(2026, 12, 7, 12, 30, tzinfo=UTC))
        assert value(town, "SELECT status FROM booking") == "booked"
        assert town.local.workspace.problems() == ()


def test_editing_the_proposal_keeps_why_not_earlier(never: Rig) -> None:
    raise_case(never)
    never.settle()
    assert "Varför inte tidigare?" in text_of(direct(never, "helena")[-1])
    helena = never.actor("helena")
    helena.click("case_show")
    helena.click("case_change", where="modal")
    helena.fill("question_categories", ["benefits"])
    helena.submit()
    never.settle()
    card = text_of(direct(never, "helena")[-1])
    assert "ersättning" in card.casefold()
    assert "Varför inte tidigare?" in card
