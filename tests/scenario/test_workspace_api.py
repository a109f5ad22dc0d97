"""The Web API as slack_sdk sees it: Slack's answers, Slack's refusals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.workspace import Limits
from bot.workspace.limits import Rate
from tests.support.echo_bot import TOKEN, field, form, home, invitation, plain
from tests.support.office import Office, opened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

UNLIMITED = Limits(rates={})


@dataclass(frozen=True, slots=True)
class Desk:
    office: Office
    client: WebClient

    def trigger(self) -> str:
        return self.office.workspace.core.triggers.issue("U0001")

    def problems(self) -> list[str]:
        return [one.text for one in self.office.workspace.problems()]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opened(tmp_path, UNLIMITED) as office:
        yield Desk(office, WebClient(token=TOKEN, base_url=office.url + "/api/"))


def refused(call: Any, **arguments: Any) -> dict[str, Any]:
    with pytest.raises(SlackApiError) as caught:
        call(**arguments)
    data = caught.value.response.data
    assert isinstance(data, dict)
    return data


def test_whose_token_it_is(desk: Desk) -> None:
    found = desk.client.auth_test()
    assert (found["user_id"], found["team_id"]) == ("U9999", "T0001")
    assert desk.client.api_test(foo="bar")["args"] == {"foo": "bar"}


def test_a_wrong_token_is_refused(desk: Desk) -> None:
    wrong = WebClient(token="xoxb-wrong", base_url=desk.office.url + "/api/")
    assert refused(wrong.auth_test)["error"] == "invalid_auth"
    assert httpx.post(desk.office.url + "/api/auth.test").json() == {"ok": False, "error": "not_authed"}


def test_an_unknown_method(desk: Desk) -> None:
    assert refused(lambda: desk.client.api_call("chat.shout"))["error"] == "unknown_method"


def test_a_message_is_posted_changed_read_and_deleted(desk: Desk) -> None:
    metadata = {"event_type": "outbox", "event_payload": {"id": "o1"}}
    posted = desk.client.chat_postMessage(channel="U0001", text="Hej", blocks=invitation(), metadata=metadata)
    channel, ts = posted["channel"], posted["ts"]
    history = desk.client.conversations_history(channel=channel, include_all_metadata=True)
    assert history["messages"][0]["metadata"] == metadata
    assert history["messages"][0]["blocks"][1]["block_id"] == "answers"
    assert "metadata" not in desk.client.conversations_history(channel=channel)["messages"][0]
    changed = desk.client.chat_update(channel=channel, ts=ts, text="Ändrat")
    assert changed["text"] == "Ändrat"
    after = desk.client.conversations_history(channel=channel, include_all_metadata=True)["messages"][0]
    assert (after["text"], "blocks" in after, after["metadata"]) == ("Ändrat", False, metadata)
    desk.client.chat_delete(channel=channel, ts=ts)
    assert desk.client.conversations_history(channel=channel)["messages"] == []
    assert desk.problems() == []


def test_history_is_newest_first_and_bounded(desk: Desk) -> None:
    stamps = [desk.client.chat_postMessage(channel="C0001", text=str(n))["ts"] for n in range(4)]
    assert stamps == sorted(set(stamps))

    def texts(**bounds: Any) -> list[str]:
        return [
            one["text"] for one in desk.client.conversations_history(channel="C0001", **bounds)["messages"]
        ]

    assert texts() == ["3", "2", "1", "0"]
    assert texts(oldest=stamps[1]) == ["3", "2"]
    assert texts(oldest=stamps[1], inclusive=True) == ["3", "2", "1"]
    assert texts(latest=stamps[2]) == ["1", "0"]
    page = desk.client.conversations_history(channel="C0001", limit=3)
    assert page["has_more"]
    assert texts(limit=3, cursor=page["response_metadata"]["next_cursor"]) == ["0"]


def test_an_ephemeral_message_is_in_no_history(desk: Desk) -> None:
    ts = desk.client.chat_postEphemeral(channel="C0001", user="U0001", text="Bara du")["message_ts"]
    gone = refused(desk.client.chat_update, channel="C0001", ts=ts, text="x")
    assert gone["error"] == "message_not_found"
    assert desk.client.conversations_history(channel="C0001")["messages"] == []
    assert [one.body["text"] for one in desk.office.actor().ephemerals()] == ["Bara du"]
    stranger = {"channel": "C0001", "user": "U0004", "text": "x"}
    assert refused(desk.client.chat_postEphemeral, **stranger)["error"] == "user_not_in_channel"


def test_only_the_bots_own_messages_can_be_changed(desk: Desk) -> None:
    theirs = desk.office.actor().say("Hej", "C0001")
    where = {"channel": "C0001", "ts": theirs.ts}
    assert refused(desk.client.chat_update, text="x", **where)["error"] == "cant_update_message"
    assert refused(desk.client.chat_delete, **where)["error"] == "cant_delete_message"


def test_people_and_groups(desk: Desk) -> None:
    found = desk.client.users_info(user="U0003")["user"]
    assert (found["real_name"], found["locale"]) == ("Grace Bell", "en-GB")
    assert found["profile"]["email"] == "grace@fk.example"
    assert [one["id"] for one in desk.client.users_list()["members"]][-1] == "U9999"
    assert desk.client.usergroups_users_list(usergroup="S0001")["users"] == ["U0001", "U0004"]
    assert desk.client.usergroups_list(include_users=True)["usergroups"][0]["users"] == ["U0001", "U0004"]
    assert refused(desk.client.users_info, user="U7777")["error"] == "user_not_found"
    assert refused(desk.client.usergroups_users_list, usergroup="S7")["error"] == "no_such_subteam"


def test_conversations(desk: Desk) -> None:
    opened_channel = desk.client.conversations_open(users="U0001", return_im=True)["channel"]
    assert (opened_channel["is_im"], opened_channel["user"]) == (True, "U0001")
    assert desk.client.conversations_open(users=["U0001"])["channel"]["id"] == opened_channel["id"]
    assert desk.client.conversations_info(channel="C0001")["channel"]["name"] == "samverkan-tierp"
    found = desk.client.users_conversations(user="U0001", types="public_channel,im")["channels"]
    assert [one["id"] for one in found] == ["C0001", opened_channel["id"]]
    assert refused(desk.client.conversations_info, channel="C9")["error"] == "channel_not_found"


@pytest.mark.parametrize(
    ("arguments", "error", "line"),
    [
        ({}, "no_text", ""),
        ({"text": "x" * 40_001}, "msg_too_long", ""),
        ({"blocks": [{"type": "divider"}] * 51}, "invalid_blocks", "no more than 50 items allowed"),
        ({"text": "x", "metadata": {"event_type": "a"}}, "invalid_metadata_format", "event_payload"),
        (
            {"text": "x", "metadata": {"event_type": "a", "event_payload": {"a": "x" * 8001}}},
            "metadata_too_large",
            "",
        ),
    ],
)
def test_a_bad_message_is_refused_and_recorded(
    desk: Desk, arguments: dict[str, Any], error: str, line: str
) -> None:
    given = {"channel": "C0001", **arguments}
    data = refused(desk.client.api_call, api_method="chat.postMessage", json=given)
    assert data["error"] == error
    assert line in str(data.get("response_metadata", ""))
    assert desk.problems()


def test_a_bad_view_is_refused_as_slack_words_it(desk: Desk) -> None:
    label = {**field("x", {"type": "plain_text_input"}), "label": plain("x" * 2001)}
    data = refused(desk.client.views_open, trigger_id=desk.trigger(), view=form([label]))
    words = "must be less than 2001 characters [json-pointer:/view/blocks/0/label/text]"
    assert data["error"] == "invalid_arguments"
    assert data["response_metadata"]["messages"] == [f"[ERROR] {words}"]
    assert desk.problems() == [f"[ERROR] {words}"]


def test_a_trigger_opens_one_modal(desk: Desk) -> None:
    trigger = desk.trigger()
    desk.client.views_open(trigger_id=trigger, view=form())
    assert refused(desk.client.views_open, trigger_id=trigger, view=form())["error"] == "exchanged_trigger_id"
    assert refused(desk.client.views_open, trigger_id="1.2.3", view=form())["error"] == "invalid_trigger_id"
    assert refused(desk.client.views_open, trigger_id="", view=form())["error"] == "invalid_arguments"


def test_a_stack_holds_three(desk: Desk) -> None:
    views = [desk.client.views_open(trigger_id=desk.trigger(), view=form())["view"]]
    views += [desk.client.views_push(trigger_id=desk.trigger(), view=form())["view"] for _ in range(2)]
    assert [one["previous_view_id"] for one in views] == [None, views[0]["id"], views[1]["id"]]
    assert {one["root_view_id"] for one in views} == {views[0]["id"]}
    full = refused(desk.client.views_push, trigger_id=desk.trigger(), view=form())
    assert full["error"] == "push_limit_reached"


def test_an_update_with_an_old_hash_conflicts(desk: Desk) -> None:
    view = desk.client.views_open(trigger_id=desk.trigger(), view=form())["view"]
    fresh = desk.client.views_update(view_id=view["id"], hash=view["hash"], view=form())["view"]
    assert fresh["id"] == view["id"]
    old = {"view_id": view["id"], "hash": view["hash"], "view": form()}
    assert refused(desk.client.views_update, **old)["error"] == "hash_conflict"
    assert refused(desk.client.views_update, view_id="V0", view=form())["error"] == "not_found"


def test_a_home_tab_is_published_for_a_person(desk: Desk) -> None:
    view = desk.client.views_publish(user_id="U0002", view=home())["view"]
    assert view["type"] == "home"
    assert desk.client.views_publish(user_id="U0002", view=home())["view"]["id"] == view["id"]
    modal_as_home = {"user_id": "U0002", "view": form()}
    assert refused(desk.client.views_publish, **modal_as_home)["error"] == "invalid_arguments"


def test_too_fast_is_429_with_retry_after(tmp_path: Path) -> None:
    with opened(tmp_path, Limits(rates={"chat.postMessage": Rate(0.001, 2)})) as office:
        client = WebClient(token=TOKEN, base_url=office.url + "/api/", retry_handlers=[])
        for _ in range(2):
            client.chat_postMessage(channel="C0001", text="x")
        with pytest.raises(SlackApiError) as caught:
            client.chat_postMessage(channel="C0001", text="x")
        assert caught.value.response.status_code == 429
        assert int(caught.value.response.headers["Retry-After"]) > 0
        client.chat_postMessage(channel="C0002", text="another channel")
        assert office.workspace.problems() == ()


def test_a_response_url_that_is_unknown_or_misused(desk: Desk) -> None:
    url = desk.office.workspace.core.response_urls.issue("U0001", "C0001")
    assert httpx.post(url, json={"text": "Hej"}).status_code == 200
    assert [one.body["text"] for one in desk.office.actor().ephemerals("C0001")] == ["Hej"]
    assert httpx.post(url, json={"blocks": [{"type": "banner"}]}).status_code == 400
    assert httpx.post(url + "x", json={"text": "Hej"}).status_code == 404
    httpx.post(url, json={"text": "Alla", "response_type": "in_channel"})
    assert [one.body["text"] for one in desk.office.actor("U0002").messages("C0001")] == ["Alla"]
