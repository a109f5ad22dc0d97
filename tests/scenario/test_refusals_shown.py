"""Whoever may not is told so in a sentence, where they stand and in their language; it is on record."""

from __future__ import annotations

from dataclasses import replace

from bot.organisation import Applier
from bot.workspace import actions
from tests.support.raised import booking_of, call_parties, column, modal, raise_case
from tests.support.raising import town
from tests.support.rig import Rig

__all__ = ["town"]
REFUSED = "SELECT actor || ' ' || action FROM audit WHERE action LIKE 'refused:%' ORDER BY id"


def press(r: Rig, who: str, action: str, value: str) -> None:
    """Press a button that the person was never shown, as in a message that was forwarded."""
    actor = r.actor(who)
    message = actor.say("Kan du titta på det här?")
    pressed = {"type": "button", "action_id": action, "block_id": "b", "value": value, "action_ts": "1.0"}
    actions.act_in_message(r.local.workspace.core, actor.user_id, message, pressed)


def test_a_forged_button_is_refused_in_plain_words_and_audited(town: Rig) -> None:
    reference = raise_case(town)
    booking = booking_of(town, reference)
    press(town, "maja", "booking_confirm", booking)
    assert "Det här kan bara teamets samordnare göra. Inget har ändrats." in modal(town, "maja")
    press(town, "samuel", "booking_move", booking)
    told = modal(town, "samuel")
    assert "Only the person who raised or owns the case or the team’s coordinator can do this." in told
    assert column(town, REFUSED) == ["maja refused:booking.confirm", "samuel refused:booking.move"]


def test_a_refused_form_stores_nothing_and_says_so_beside_the_field(town: Rig) -> None:
    call_parties(town)
    actor = town.actor("helena")
    actor.open_home()
    actor.until(lambda: actor.home is not None, 5)
    raise_case(town)
    town.settle()
    actor.click("booking_send_back")
    actor.fill("reason", "Frågan behöver bli tydligare.")
    _another_coordinator(town)
    actor.submit()
    assert actor.errors == {"reason": "Det här kan bara teamets samordnare göra. Inget har ändrats."}
    assert column(town, "SELECT status FROM referral WHERE status = 'returned'") == []
    assert column(town, REFUSED) == ["helena refused:booking.send_back"]


def _another_coordinator(r: Rig) -> None:
    """Somebody else leads the team from now on."""
    team = next(t for t in r.organisation.teams if t.id == "tierp")
    led = replace(team, coordinator="amir", coordinator_deputies=())
    teams = tuple(led if t.id == "tierp" else t for t in r.organisation.teams)
    Applier(r.office).apply(replace(r.organisation, teams=teams))


def test_a_stranger_is_refused_and_on_record(town: Rig) -> None:
    stranger = town.actor("U0999")
    stranger.command("/samtid", "lyft")
    stranger.open_home()  # looking at a page is no attempt
    actor = "SELECT actor || ' ' || subject FROM audit WHERE action = 'refused:unknown'"
    assert column(town, actor) == ["slack:U0999 /samtid"]
