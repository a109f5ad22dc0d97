"""How the bot's messages about an erased case leave Slack: with the bot's own client, over real HTTP."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from bot.assembly import delivery_client
from bot.chat import SlackSender
from bot.program import Slack
from schedules.codec import encode
from schedules.domain.chat import ChatMessage
from schedules.ports import Channel, OutboxRow, SendFailed
from schedules.services.erase_messages import ERASE, REWRITE, Place, Rewritten
from tests.support import faulty_slack as faults
from tests.support.faulty_slack import faulty_slack
from tests.support.rig import Rig, rig

NASRIN = "nasrin"


def row(kind: str, payload: object, number: str = "e1", recipient: str = "") -> OutboxRow:
    return OutboxRow(
        id=number,
        stream="s",
        position=1,
        channel=Channel.CHAT,
        kind=kind,
        recipient=recipient,
        payload=encode(payload),
        attempts=1,
    )


def texts(r: Rig) -> list[str]:
    return [one.body["text"] for one in r.actor(NASRIN).messages()]


def test_messages_are_deleted_and_rewritten_where_they_stand(tmp_path: Path) -> None:
    with rig(tmp_path) as r, faulty_slack(r.url) as slack:
        token = r.local.workspace.core.setup.bot_token
        sender = SlackSender(delivery_client(Slack(token, "", slack.url)), lambda _: None)
        user = r.person(NASRIN).slack[0]
        posts = [row("post", ChatMessage(user), f"p{number}", user) for number in range(3)]
        refs = [json.loads(sender.send(post) or "") for post in posts]
        assert texts(r) == [user] * 3

        changed = Rewritten(**refs[1], message=ChatMessage("Utan ärendet"))
        assert json.loads(sender.send(row(REWRITE, changed)) or "") == refs[1]
        assert texts(r) == [user, "Utan ärendet", user]

        first = Place(**refs[0])
        slack.tell("chat.delete", faults.too_many(90))
        with pytest.raises(SendFailed) as late:
            sender.send(row(ERASE, first))
        assert (late.value.retry_after, late.value.permanent) == (timedelta(seconds=90), False)
        assert sender.send(row(ERASE, first)) is None
        assert texts(r) == ["Utan ärendet", user]

        # Gone already, or not ours to delete: there is nothing left to do.
        assert sender.send(row(ERASE, first)) is None
        slack.tell("chat.delete", faults.refuses("cant_delete_message"))
        assert sender.send(row(ERASE, Place(**refs[1]))) is None
        slack.tell("chat.delete", faults.refuses("fatal_error"))
        with pytest.raises(SendFailed):
            sender.send(row(ERASE, Place(**refs[1])))

        # Posted without our hearing so: found by the row that posted it.
        assert sender.send(row(ERASE, Place(user, row="p2"))) is None
        assert sender.send(row(ERASE, Place(user, row="never posted"))) is None
        assert texts(r) == ["Utan ärendet"]
