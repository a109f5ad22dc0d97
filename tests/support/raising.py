"""Raising cases in scenario tests: the running program, the form filled in, what it says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.workspace import Actor, payloads
from bot.workspace.actions import _apply as apply_answer
from tests.support.rig import Rig, rig

QUESTION = "Hur kan vi samordna stödet framåt?"
TIERP = {"team": "tierp", "parties": ["fk", "af"]}
OSTHAMMAR = {"team": "osthammar", "parties": ["fk"]}
FILLED: dict[str, Any] = {
    "protected_identity": "no",
    "consent": ["given"],
    "consent_date": "2026-11-20",
    "question_categories": ["work_ability"],
    "question": QUESTION,
    "person_takes_part": "in_room",
    "urgency": "ordinary",
}


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Rig]:
    """The whole program; at the end the stand-in has found nothing wrong with what it was sent."""
    with rig(tmp_path) as running:
        yield running
        assert running.local.workspace.problems() == ()


def opened(town: Rig, who: str = "maja") -> Actor:
    """The person before an empty form."""
    actor = town.actor(who)
    actor.command("/samtid", "lyft")
    return actor


def fill(actor: Actor, **fields: Any) -> Actor:
    """Fill in the form: a complete case for Tierp, with these fields otherwise."""
    for field, value in {**TIERP, **FILLED, **fields}.items():
        actor.fill(field, value)
    return actor


def raised(town: Rig, who: str = "maja", **fields: Any) -> Actor:
    """The person before the form's answer."""
    actor = fill(opened(town, who), **fields)
    actor.submit()
    assert actor.errors == {}, actor.errors
    assert callback(actor) == "referral_details"
    return actor


def callback(actor: Actor) -> str:
    """Which modal the person sees; empty without one."""
    return str(actor.modal.body["callback_id"]) if actor.modal else ""


def submit_unchecked(actor: Actor) -> dict[str, Any]:
    """Submit past what Slack's own client checks; the bot's answer is shown, and given as it came."""
    view, core = actor.modal, actor._core
    assert view is not None
    ack = core.courier.payload(payloads.submission(core, view))
    assert ack.ok, ack.reason
    apply_answer(core, view, ack.body or {})
    return dict(ack.body or {})


def words(shown: Any) -> str:
    """Every text of a view, message body or list of blocks, one a line."""
    if isinstance(shown, dict):
        own = [shown["text"]] if isinstance(shown.get("text"), str) else []
        return "\n".join([*own, *filter(None, (words(one) for one in shown.values()))])
    return "\n".join(filter(None, map(words, shown))) if isinstance(shown, list) else ""


def seen(actor: Actor) -> str:
    """Every text of the modal before the person."""
    return words(actor.modal.body) if actor.modal else ""


def offered(actor: Actor, field: str) -> list[str]:
    """The values that a field offers."""
    block = next(one for one in actor.modal.blocks if one["block_id"] == field) if actor.modal else {}
    return [one["value"] for one in block["element"]["options"]]


def label(actor: Actor, field: str) -> str:
    """A field's label."""
    block = next(one for one in actor.modal.blocks if one["block_id"] == field) if actor.modal else {}
    return str(block["label"]["text"])


def stored(town: Rig) -> int:
    """How many referrals there are."""
    return town.count("SELECT count(*) FROM referral")


def told(town: Rig, who: str) -> list[str]:
    """The person's messages as they read now, oldest first."""
    return [words(one.body) for one in town.actor(who).messages()]
