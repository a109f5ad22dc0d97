"""Socket Mode: the app token chooses it, and listeners answer what arrives over the socket."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from slack_bolt import App, BoltRequest
from slack_sdk.signature import SignatureVerifier

import bot.serve
from bot.app import build
from bot.settings import Mode, Settings
from tests.support.bolt_app import bolt_app


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with bolt_app(tmp_path_factory.mktemp("socket")) as made:
        yield made


def over_socket(app: App, body: dict[str, Any]) -> Any:
    answer = app.dispatch(BoltRequest(mode="socket_mode", body=body))
    return answer.status, answer.body


def test_a_command_is_answered_without_a_signature(app: App) -> None:
    body = {"command": "/samtid", "text": "hjälp", "user_id": "U0004", "team_id": "T1", "trigger_id": "1"}
    status, answer = over_socket(app, body)
    assert status == 200
    assert '"ephemeral"' in answer


def test_a_submission_of_somebody_unknown_is_refused_plainly(app: App) -> None:
    view = {"id": "V1", "type": "modal", "callback_id": "referral_submit", "state": {"values": {}}}
    body = {"type": "view_submission", "user": {"id": "U9999"}, "team": {"id": "T1"}, "view": view}
    status, answer = over_socket(app, body)
    assert status == 200
    assert '"response_action": "update"' in answer


def test_what_nobody_listens_for_is_not_found(app: App) -> None:
    assert over_socket(app, {"command": "/other", "user_id": "U0004", "team_id": "T1"})[0] == 404


def test_the_same_app_over_http_needs_a_signature(tmp_path: Path) -> None:
    with bolt_app(tmp_path, signing_secret="secret") as made:
        body = "command=%2Fsamtid&text=hj%C3%A4lp&user_id=U0004&team_id=T1"
        headers: dict[str, str | Sequence[str]] = {"content-type": "application/x-www-form-urlencoded"}
        assert made.dispatch(BoltRequest(body=body, headers=headers)).status == 401
        signed = SignatureVerifier("secret").generate_signature(timestamp="1", body=body)
        old = headers | {"x-slack-request-timestamp": "1", "x-slack-signature": str(signed)}
        assert made.dispatch(BoltRequest(body=body, headers=old)).status == 401


def test_the_app_token_chooses_it_and_opens_no_door_for_http(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(
        SAMTID_DATABASE_URL=f"sqlite:///{tmp_path}/samtid.db",
        SLACK_BOT_TOKEN="xoxb-test",
        SLACK_APP_TOKEN="xapp-test",
        SLACK_API_URL="http://127.0.0.1:9/api/",
    )
    assert settings.mode is Mode.SOCKET
    program = build(settings)
    connected: list[str] = []
    # Slack itself is at the other end of this wire; what is asked is who gets connected, with which token.
    monkeypatch.setattr(
        "slack_bolt.adapter.socket_mode.SocketModeHandler.connect",
        lambda handler: connected.append(handler.app_token),
    )
    try:
        paths = {getattr(route, "path", "") for route in program.web.routes}
        assert "/slack/events" not in paths
        # Mails lead here in every mode.
        assert {"/svar/{token}", "/brev/{token}"} <= paths
        connection = bot.serve._connect(program)
        assert connection is not None
        connection.close()
        assert connected == ["xapp-test"]
    finally:
        program.close()
