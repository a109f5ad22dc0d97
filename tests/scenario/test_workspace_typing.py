"""Typing and the bot's updates cross each other; neither undoes the other."""

from __future__ import annotations

from pathlib import Path

import httpx

from bot.workspace import actions
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
