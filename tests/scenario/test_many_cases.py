"""Two hundred cases of one caseworker and one coordinator: pages and lists stay within Slack's limits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

import pytest

from bot.organisation import EXAMPLE
from bot.workspace import Actor
from schedules.domain.cases import PersonTakesPart, QuestionCategory, Urgency
from schedules.domain.commands import SubmitReferral
from schedules.services.decide_booking import confirm_booking
from schedules.services.submit_referral import submit_referral
from tests.support.raised import open_home, page
from tests.support.rig import Rig, rig

pytestmark = pytest.mark.xdist_group("many")  # they share two hundred cases
CASES = 200


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """Two hundred cases, raised by Maja through the services; every third one is called to."""
    folder = tmp_path_factory.mktemp("many")
    roomy = folder / "organisation.yaml"  # times enough, or each case would be tried anew for all that wait
    roomy.write_text(EXAMPLE.read_text(encoding="utf-8").replace("slots: 4,", "slots: 12,"), encoding="utf-8")
    with rig(folder, organisation=roomy) as running:
        for number in range(CASES):
            raised = submit_referral(running.office, _command(number))
            if number % 3 == 0 and raised.booking:
                confirm_booking(running.office, "helena", raised.booking)
        yield running
        assert running.local.workspace.problems() == ()


def _command(number: int) -> SubmitReferral:
    return SubmitReferral(
        actor="maja",
        view_id=f"V{number}",
        team="tierp",
        parties=("fk",),
        consent_date=date(2026, 11, 20),
        categories=(QuestionCategory.WORK_ABILITY,),
        question="Hur kan stödet samordnas framåt?",
        person_takes_part=PersonTakesPart.NOT_YET_ASKED,
        urgency=Urgency.ORDINARY,
    )


def shown_cases(actor: Actor) -> list[str]:
    """The cases that the caseworker's page offers to take back, in order."""
    assert actor.home is not None
    return [
        element["value"]
        for block in actor.home.blocks
        for element in block.get("elements", [])
        if element.get("action_id") == "booking_withdraw"
    ]


def _gone(actor: Actor, case: str) -> bool:
    return case not in shown_cases(actor)


def test_a_caseworker_turns_through_two_hundred_cases(full: Rig) -> None:
    open_home(full, "maja")
    maja, seen = full.actor("maja"), list[str]()
    while True:
        assert maja.home is not None
        assert len(maja.home.blocks) <= 100
        assert f"av {CASES})" in page(full, "maja")
        found = shown_cases(maja)
        assert len(found) > 20 or len(seen) + len(found) == CASES
        seen += found
        if len(seen) >= CASES:
            break
        maja.click("page_next", _way(maja, "page_next", "home.cases"), where="home")
        maja.until(partial(_gone, maja, seen[-1]), 10)
    assert len(set(seen)) == len(seen) == CASES
    maja.click("page_previous", _way(maja, "page_previous", "home.cases"), where="home")
    maja.until(partial(_gone, maja, seen[-1]), 10)
    assert shown_cases(maja)[-1] == seen[len(seen) - len(found) - 1]


def test_a_coordinators_page_has_room_for_every_part_and_stays_where_it_was_turned_to(full: Rig) -> None:
    full.settle()
    open_home(full, "helena")
    helena = full.actor("helena")
    assert helena.home is not None
    assert 80 < len(helena.home.blocks) <= 100
    first = page(full, "helena")
    for part in (
        "Tider att bekräfta (1–",
        "Har inte svarat",
        "Att ordna (1–",
        "Kommande möten",
        "Dina tider",
    ):
        assert part in first
    full.actor("helena").click("page_next", _way(helena, "page_next", "home.tasks"), where="home")
    helena.until(lambda: "Att ordna (1–" not in page(full, "helena"), 10)
    turned = page(full, "helena")
    assert "Tider att bekräfta (1–" in turned
    submit_referral(full.office, _command(CASES))  # a live page is published anew, where it was
    full.settle()
    assert "Att ordna (1–" not in page(full, "helena")
    helena.open_home()
    helena.until(lambda: "Att ordna (1–" in page(full, "helena"), 10)


def _way(actor: Actor, action: str, name: str) -> str:
    assert actor.home is not None
    return next(
        str(element["value"])
        for block in actor.home.blocks
        for element in block.get("elements", [])
        if element.get("action_id") == action and str(element["value"]).startswith(f"{name}:")
    )


def test_the_list_of_cases_turns_in_its_own_message(full: Rig) -> None:
    maja = full.actor("maja")
    maja.command("/samtid", "ärenden", channel="C0001")
    (answer,) = maja.ephemerals("C0001")
    assert len(answer.body["blocks"]) <= 50
    assert "Dina ärenden (1–" in str(answer.body)
    maja.click("page_next", message=answer)
    maja.until(lambda: "Dina ärenden (1–" not in str(maja.ephemerals("C0001")[-1].body), 10)
    assert len(maja.ephemerals("C0001")) == 1
