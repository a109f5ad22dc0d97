"""What people do and the bot's updates cross each other; neither undoes the other."""

from __future__ import annotations

from pathlib import Path

import httpx

from bot.workspace import actions, state
from bot.workspace.actor import Actor
from bot.workspace.views import OpenView
from tests.support.rig import rig


def test_what_is_typed_while_an_update_arrives_stays(tmp_path: Path) -> None:
    with rig(tmp_path) as r:
        actor = r.actor("maja")
        actor.command("/samtid", "lyft")
        before = actor.modal
        assert before is not None
        views = actor._core.views
        typed = {"type": "plain_text_input", "value": "Hur går vi vidare?"}
        actions.type_in(actor._core, before, "question", "question", typed)
        # Both still hold the view as it was before the question was typed.
        date = {"type": "datepicker", "selected_date": "2026-11-20"}
        actions.type_in(actor._core, before, "consent_date", "consent_date", date)
        content = {
            key: before.body[key] for key in ("type", "callback_id", "title", "submit", "close", "blocks")
        }
        views.update(before, content)
        views.show(before, {"question": "?"})
        assert actor.values["question"]["question"] == typed
        assert actor.values["consent_date"]["consent_date"] == date
        assert actor.errors == {"question": "?"}


def test_a_request_that_was_overtaken_takes_nothing_back(tmp_path: Path) -> None:
    with rig(tmp_path) as r:
        actor = r.actor("maja")
        actor.command("/samtid", "lyft")
        shown = actor.modal
        assert shown is not None

        def typed(words: str, asked: int) -> str:
            form = {
                "view_id": shown.id,
                "asked": asked,
                "fields": "question::question",
                "question::question": words,
            }
            address = f"{r.url}/workspace/ui/modal/show?as={actor.user_id}"
            return httpx.post(address, data=form, headers={"hx-request": "true"}).text

        assert "Hur gå" in typed("Hur gå", 2)
        assert "Hur gå" in typed("Hur", 1)
        assert actor.values["question"]["question"]["value"] == "Hur gå"
        assert "Hur går vi vidare?" in typed("Hur går vi vidare?", 3)


def test_a_button_of_a_home_tab_that_was_drawn_anew_meanwhile_does_what_it_said(tmp_path: Path) -> None:
    with rig(tmp_path) as r:
        actor = r.actor("helena")
        before = _home_anew(actor)
        cancels = [
            (block["block_id"], element["value"])
            for block, element in state.elements(before.blocks)
            if element["action_id"] == "meeting_cancel"
        ]
        block, meeting = cancels[1]
        after = _home_anew(actor)
        assert block not in {one["block_id"] for one in after.blocks}
        pressed = {"block": block, "action": "meeting_cancel", "chosen": meeting}
        address = f"{r.url}/workspace/ui/click?as={actor.user_id}"
        assert httpx.post(address, data=pressed, headers={"hx-request": "true"}).status_code == 204
        assert actor.modal is not None
        assert meeting in actor.modal.body["private_metadata"]


def _home_anew(actor: Actor) -> OpenView:
    """The Home tab as the bot publishes it when it is looked at."""
    shown = actor.home.body["hash"] if actor.home else ""
    actor.open_home()
    actor.until(lambda: actor.home is not None and actor.home.body["hash"] != shown, 10)
    assert actor.home is not None
    return actor.home
