"""Opening the form "Lyft ett ärende", in whose language, and how it follows what is chosen."""

from __future__ import annotations

from typing import Any

import pytest

from bot.workspace import Actor, payloads
from bot.workspace.state import values
from schedules.services.home import set_language
from tests.support.raising import (
    FILLED,
    QUESTION,
    callback,
    choose,
    fill,
    label,
    offered,
    opened,
    seen,
    submit_unchecked,
    sync,
    told,
    words,
)
from tests.support.rig import Rig

FIELDS = [
    "team",
    "protected_identity",
    "parties",
    "consent",
    "consent_date",
    "question_categories",
    "question",
    "person_takes_part",
    "urgency",
    "urgency_reason",
    "not_before",
    "own_reference",
    "case_owner",
]


def inputs(actor: Actor) -> list[str]:
    assert actor.modal is not None
    return [one["block_id"] for one in actor.modal.blocks if one["type"] == "input"]


@pytest.mark.parametrize("text", ["", "lyft", "LYFT", "anmäl", "refer", "  lyft  "])
def test_the_command_opens_the_form_at_once_from_local_data(town: Rig, text: str) -> None:
    maja = town.actor("maja")
    ack = maja.command("/samtid", text)
    assert ack.ok
    assert callback(maja) == "referral_submit"
    assert inputs(maja) == FIELDS


def test_the_shortcut_and_the_button_on_home_open_it_too(town: Rig) -> None:
    maja = town.actor("maja")
    maja.shortcut("referral_new")
    assert callback(maja) == "referral_submit"
    maja.close()
    maja.open_home()
    maja.until(lambda: maja.home is not None)
    maja.click("referral_new", where="home")
    assert callback(maja) == "referral_submit"


def test_every_field_that_needs_it_has_a_help_text(town: Rig) -> None:
    maja = opened(town)
    assert maja.modal is not None
    hints = {one["block_id"] for one in maja.modal.blocks if one.get("hint")}
    assert hints == set(FIELDS) - {"team", "consent_date"}  # their labels say it all
    assert "Formulera frågan tillsammans med personen. Skriv inte namn eller personnummer." in seen(maja)
    assert "Förvara originalet i er akt eller journal." in seen(maja)


def test_the_form_speaks_the_files_language(town: Rig) -> None:
    samuel, maja = opened(town, "samuel"), opened(town)
    assert (label(samuel, "question"), label(maja, "question")) == (
        "What is the meeting to answer?",
        "Vad ska mötet ge svar på?",
    )


def test_the_own_choice_goes_before_the_files_and_is_kept(town: Rig) -> None:
    maja = town.actor("maja")
    maja.open_home()
    maja.until(lambda: maja.home is not None)
    maja.click("language", "en", where="home")
    maja.until(lambda: "Hello Maja" in words(maja.home.body) if maja.home else False)
    assert label(opened(town), "question") == "What is the meeting to answer?"
    set_language(town.office, "samuel", "sv")
    assert label(opened(town, "samuel"), "question") == "Vad ska mötet ge svar på?"


def test_without_a_choice_and_without_the_files_it_is_swedish(town: Rig) -> None:
    sync(town)
    assert label(opened(town, "U0901"), "question") == "Vad ska mötet ge svar på?"


def test_an_english_user_meets_english_only(town: Rig) -> None:
    samuel = fill(opened(town, "samuel"), question="short")
    assert not set("åäö") & set(label(samuel, "consent").replace("Försäkringskassan", "").replace("ö", ""))
    samuel.submit()
    assert samuel.errors["question"].endswith("At least 10 characters.")
    samuel.fill("question", "How can the parties plan the support together?")
    samuel.submit()
    assert callback(samuel) == "referral_details"
    text = seen(samuel)
    assert "Tuesday 8 December" in text
    assert "Why not earlier?" in text
    for swedish in ("Tisdag", "Ärende", "Behåll", "Kallelse", "Vad "):
        assert swedish not in text
    town.settle()


def test_teams_are_those_of_the_users_party(town: Rig) -> None:
    assert offered(opened(town, "maja"), "team") == ["tierp"]
    assert offered(opened(town, "karin"), "team") == ["osthammar"]
    assert sorted(offered(opened(town, "ewa"), "team")) == ["osthammar", "tierp"]


def test_the_own_party_is_named_and_not_offered(town: Rig) -> None:
    maja = opened(town, "maja")
    assert offered(maja, "parties") == ["fk", "af", "vc_tierp"]
    assert "Din egen part, Tierps kommun, är alltid med" in seen(maja)
    ewa = opened(town, "ewa")
    assert "Välj team först" in seen(ewa)
    choose(ewa, "team", "osthammar")
    assert offered(ewa, "parties") == ["kommun_osthammar", "vc_osthammar", "psykiatri"]
    assert "Din egen part, Försäkringskassan" in seen(ewa)


def test_the_own_party_takes_part_though_nobody_ticks_it(town: Rig) -> None:
    maja = fill(opened(town), parties=["af"])
    maja.submit()
    assert "Tierps kommun: Helena Lindqvist" in seen(maja)
    assert "Försäkringskassan" not in seen(maja).partition("Passar tiden?")[0]


def test_parties_change_the_consent_label_and_keep_what_was_typed(town: Rig) -> None:
    maja = opened(town)
    assert "att de parter du väljer får ta del" in label(maja, "consent")
    maja.fill("question", QUESTION)
    maja.fill("consent_date", "2026-11-20")
    choose(maja, "parties", ["fk"])
    assert "Tierps kommun och Försäkringskassan får ta del" in label(maja, "consent")
    choose(maja, "parties", ["fk", "vc_tierp"])
    assert "Tierps kommun, Försäkringskassan och Vårdcentralen Tierp får" in label(maja, "consent")
    choose(maja, "parties", [])
    assert "att de parter du väljer får ta del" in label(maja, "consent")
    assert maja.values["question"]["question"]["value"] == QUESTION
    assert maja.values["consent_date"]["consent_date"]["selected_date"] == "2026-11-20"


def test_the_coordinators_party_stands_in_the_consent(town: Rig) -> None:
    ewa = opened(town, "ewa")
    choose(ewa, "team", "osthammar")
    choose(ewa, "parties", ["psykiatri"])
    assert "Försäkringskassan, Psykiatrin Östhammar och Östhammars kommun får" in label(ewa, "consent")


def test_another_team_changes_parties_and_label_and_keeps_what_was_typed(town: Rig) -> None:
    ewa = opened(town, "ewa")
    for field, value in {**FILLED, "own_reference": "FK 77"}.items():
        if field not in {"team", "parties"}:
            choose(ewa, field, value)
    choose(ewa, "team", "tierp")
    choose(ewa, "parties", ["kommun_tierp", "vc_tierp"])
    assert "Vårdcentralen Tierp" in label(ewa, "consent")
    choose(ewa, "team", "osthammar")
    assert offered(ewa, "parties") == ["kommun_osthammar", "vc_osthammar", "psykiatri"]
    assert "att de parter du väljer får ta del" in label(ewa, "consent")
    kept = ewa.values
    assert kept["question"]["question"]["value"] == QUESTION
    assert kept["own_reference"]["own_reference"]["value"] == "FK 77"
    assert [one["value"] for one in kept["consent"]["consent"]["selected_options"]] == ["given"]
    assert kept["urgency"]["urgency"]["selected_option"]["value"] == "ordinary"
    submit_unchecked(ewa)
    assert ewa.errors["parties"].startswith("Välj minst en part till")


def action(actor: Actor, field: str, at: str) -> dict[str, Any]:
    """What Slack sends when the field has changed to what it holds, at that time."""
    view = actor.modal
    assert view is not None
    held = values(view.blocks, view.typed)[field][field]
    told_action = {"block_id": field, "action_id": field, **held, "action_ts": at}
    return payloads.view_action(actor._core, view, told_action)


@pytest.mark.parametrize("newest_first", [False, True])
def test_of_two_quick_choices_the_newer_shows(town: Rig, *, newest_first: bool) -> None:
    maja = opened(town)
    maja.fill("question", QUESTION)
    maja.enter("parties", "parties", ["fk"])
    older = action(maja, "parties", "1800000000.000100")
    maja.enter("parties", "parties", ["fk", "af"])
    newer = action(maja, "parties", "1800000000.000900")
    for payload in (newer, older) if newest_first else (older, newer):
        assert maja._core.courier.payload(payload).ok
    maja.until(lambda: "Arbetsförmedlingen" in label(maja, "consent"))
    # The answer comes after the ack: a third choice is answered after both.
    maja.enter("protected_identity", "protected_identity", "yes")
    assert maja._core.courier.payload(action(maja, "protected_identity", "1800000001.000000")).ok
    maja.until(lambda: "Lyft inte ärendet här" in seen(maja))
    assert "Försäkringskassan och Arbetsförmedlingen får" in label(maja, "consent")
    assert maja.values["question"]["question"]["value"] == QUESTION


def test_urgent_makes_the_reason_a_must(town: Rig) -> None:
    maja = opened(town)

    def optional() -> bool:
        assert maja.modal is not None
        return bool(next(one for one in maja.modal.blocks if one["block_id"] == "urgency_reason")["optional"])

    assert optional()
    maja.fill("urgency", "urgent")
    maja.until(lambda: not optional())


def test_nothing_is_booked_by_a_form_that_is_closed(town: Rig) -> None:
    maja = fill(opened(town))
    maja.close()
    town.settle()
    assert town.count("SELECT count(*) FROM referral") == 0
    assert not any("TIE-2026" in text for text in told(town, "helena"))


def test_a_choice_that_is_answered_late_does_not_bring_the_form_back(town: Rig) -> None:
    maja = fill(opened(town))
    late = action(maja, "urgency", "1700000000.000000")
    maja.submit()
    booked = seen(maja)
    assert maja._core.courier.payload(late).ok
    choose_on_another_form = opened(town, "samuel")
    choose(choose_on_another_form, "urgency", "urgent")
    assert seen(maja) == booked
