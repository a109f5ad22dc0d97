"""`samtid run` with Slack's tokens: what it answers, and what it refuses."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from slack_sdk.signature import SignatureVerifier

from tests.support.samtid_process import running

pytestmark = pytest.mark.xdist_group("served")  # they share one process
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
SETTINGS = {
    "SLACK_BOT_TOKEN": "xoxb-test",
    "SLACK_SIGNING_SECRET": SECRET,
    "SLACK_API_URL": "http://127.0.0.1:9/api/",  # nobody there: a request to it fails at once
}
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    folder = tmp_path_factory.mktemp("served")
    with running(folder, **SETTINGS) as (url, _):
        yield url, folder


def signed(body: str, *, at: float | None = None, secret: str = SECRET, kind: str = FORM) -> dict[str, str]:
    timestamp = str(int(time.time() if at is None else at))
    signature = SignatureVerifier(secret).generate_signature(timestamp=timestamp, body=body)
    assert signature is not None
    return {"content-type": kind, "x-slack-request-timestamp": timestamp, "x-slack-signature": signature}


def post(url: str, body: str, headers: dict[str, str]) -> httpx.Response:
    return httpx.post(f"{url}/slack/events", content=body.encode(), headers=headers, timeout=30)


COMMAND = urlencode(
    {"command": "/samtid", "text": "help", "user_id": "U0004", "team_id": "T1", "trigger_id": "1.2.3"}
)


def test_plain_pages(served: tuple[str, Path]) -> None:
    url, _ = served
    assert httpx.get(f"{url}/healthz").text == "ok\n"
    assert httpx.get(f"{url}/readyz").text == "ready\n"
    assert "samtid_slack_requests_total" in httpx.get(f"{url}/metrics").text
    status = httpx.get(url)
    assert (status.status_code, status.text) == (200, "Samtid\n")
    assert status.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize("path", ["/svar/x", "/brev/x"])
def test_our_own_pages_are_there(served: tuple[str, Path], path: str) -> None:
    answer = httpx.get(f"{served[0]}{path}")
    assert answer.status_code == 404
    assert "<html lang=" in answer.text
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/api/chat.postMessage", "/workspace", "/static/workspace.css", "/events"])
def test_there_is_no_local_workspace_beside_a_real_one(served: tuple[str, Path], path: str) -> None:
    assert httpx.get(f"{served[0]}{path}").status_code == 404
    assert httpx.post(f"{served[0]}{path}").status_code in {404, 405}


def test_a_signed_request_is_answered(served: tuple[str, Path]) -> None:
    answer = post(served[0], COMMAND, signed(COMMAND))
    assert answer.status_code == 200
    assert answer.json()["response_type"] == "ephemeral"


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": FORM},
        signed(COMMAND, secret="another"),
        signed(COMMAND + "x"),
        signed(COMMAND, at=time.time() - 3600),
        signed(COMMAND, at=time.time() + 3600),
        signed(COMMAND) | {"x-slack-signature": "v0="},
        signed(COMMAND) | {"x-slack-request-timestamp": "soon"},
    ],
    ids=["unsigned", "other secret", "other body", "old", "from the future", "empty", "no time"],
)
def test_what_slack_did_not_sign_is_refused(served: tuple[str, Path], headers: dict[str, str]) -> None:
    assert post(served[0], COMMAND, headers).status_code == 401


def test_a_body_over_a_mebibyte_is_refused(served: tuple[str, Path]) -> None:
    body = "payload=" + "x" * (1024 * 1024)
    assert post(served[0], body, signed(body)).status_code == 413


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("%%%&=&&payload", FORM),
        ("payload=%7Bnot+json", FORM),
        ("payload=%00%ff%fe", FORM),
        ("payload=[]", FORM),
        ("payload=1", FORM),
        ('payload="text"', FORM),
        ("payload=null", FORM),
        ("payload=" + urlencode({"": "{}"})[1:], FORM),
        ("{not json", "application/json"),
        ("[]", "application/json"),
        ("", FORM),
    ],
)
def test_a_broken_body_is_refused_without_a_traceback(served: tuple[str, Path], body: str, kind: str) -> None:
    url, folder = served
    answer = post(url, body, signed(body, kind=kind))
    assert 400 <= answer.status_code < 500
    assert "Traceback" not in (folder / "stderr").read_text()
    assert post(url, COMMAND, signed(COMMAND)).status_code == 200


def test_what_nobody_listens_for_is_not_found(served: tuple[str, Path]) -> None:
    body = urlencode({"command": "/other", "user_id": "U0004", "team_id": "T1"})
    assert post(served[0], body, signed(body)).status_code == 404


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_cleanly(tmp_path: Path, told: signal.Signals) -> None:
    with running(tmp_path, **SETTINGS) as (_, process):
        process.send_signal(told)
        assert process.wait(30) == 0
        assert process.stdout is not None
        assert "http://127.0.0.1" in process.stdout.read()
    words = (tmp_path / "stderr").read_text()
    assert "Traceback" not in words
    assert "xoxb" not in words
