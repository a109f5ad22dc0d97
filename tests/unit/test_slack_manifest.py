"""The manifest asks Slack for exactly what the code uses: nothing missing, nothing extra."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from slack_sdk import WebClient

import bot
from schedules.texts.words import Words
from tests.support.bolt_app import bolt_app, listened_for

BOT = Path(bot.__file__).parent
MANIFEST = BOT.parent / "deploy" / "slack-manifest.yaml"
NOT_THE_BOT = {"workspace", "bench"}
NONE: frozenset[str] = frozenset()
# Slack's own pages name the scopes of each method (docs.slack.dev/reference/methods).
SCOPES = {
    "chat_delete": {"chat:write"},
    "chat_postMessage": {"chat:write"},
    "chat_update": {"chat:write"},
    # In a team's channel, public or private, and in direct messages.
    "conversations_history": {"channels:history", "groups:history", "im:history"},
    "conversations_open": {"im:write"},
    "files_upload_v2": {"files:write"},
    "usergroups_users_list": {"usergroups:read"},
    "users_info": {"users:read", "users:read.email"},  # the address is part of the profile that is read
    "views_open": NONE,
    "views_publish": NONE,
    "views_push": NONE,
    "views_update": NONE,
}


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    with MANIFEST.open(encoding="utf-8") as source:
        return dict(YAML(typ="safe").load(source))


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str]]:
    with bolt_app(tmp_path_factory.mktemp("manifest")) as app:
        return listened_for(app)


def used_methods() -> set[str]:
    """The Web API methods that the bot names; the workspace is Slack's side and the bench a client's."""
    methods = {
        name for name in dir(WebClient) if "_" in name.strip("_") and callable(getattr(WebClient, name))
    }
    files = [path for path in BOT.rglob("*.py") if path.relative_to(BOT).parts[0] not in NOT_THE_BOT]
    nodes = [node for path in files for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    return {node.attr for node in nodes if isinstance(node, ast.Attribute)} & methods


def names(heard: set[tuple[str, str]], kind: str) -> set[str]:
    return {name for found, name in heard if found == kind}


def test_scopes(manifest: dict[str, Any], heard: set[tuple[str, str]]) -> None:
    assert used_methods() == set(SCOPES), "name the method's scopes in SCOPES, or take it out"
    needed = set().union(*SCOPES.values())
    if names(heard, "command") | names(heard, "shortcut"):
        needed.add("commands")
    assert manifest["oauth_config"]["scopes"] == {"bot": sorted(needed)}


def test_events(manifest: dict[str, Any], heard: set[tuple[str, str]]) -> None:
    assert set(manifest["settings"]["event_subscriptions"]["bot_events"]) == names(heard, "event")


def test_commands(manifest: dict[str, Any], heard: set[tuple[str, str]]) -> None:
    commands = manifest["features"]["slash_commands"]
    assert {command["command"] for command in commands} == names(heard, "command")
    for command in commands:
        assert command["usage_hint"]
        # The words are compared as they were typed, and escaping would turn some of them into links.
        assert command["should_escape"] is False


def test_shortcuts(manifest: dict[str, Any], heard: set[tuple[str, str]]) -> None:
    shortcuts = manifest["features"]["shortcuts"]
    assert {shortcut["callback_id"] for shortcut in shortcuts} == names(heard, "shortcut")
    assert {shortcut["type"] for shortcut in shortcuts} == {"global"}


def test_interactivity_home_and_socket_mode(manifest: dict[str, Any], heard: set[tuple[str, str]]) -> None:
    settings = manifest["settings"]
    assert settings["interactivity"] == {"is_enabled": bool(names(heard, "action"))}
    assert settings["socket_mode_enabled"] is True  # HTTP needs addresses that nobody knows beforehand
    assert settings["token_rotation_enabled"] is False  # the program holds one token
    home = manifest["features"]["app_home"]
    assert home["home_tab_enabled"] is ("app_home_opened" in names(heard, "event"))
    assert home["messages_tab_enabled"] is ("conversations_open" in used_methods())
    assert home["messages_tab_read_only_enabled"] is ("message" not in names(heard, "event"))


def test_the_command_hint_is_the_one_of_the_local_workspace(manifest: dict[str, Any]) -> None:
    (command,) = manifest["features"]["slash_commands"]
    assert command["usage_hint"] == Words("sv")("local.command_hint")
