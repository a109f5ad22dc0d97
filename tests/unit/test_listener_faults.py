"""A listener's fault reaches the log by its type and place, never with the words that it may quote."""

from __future__ import annotations

import logging

import pytest
from slack_sdk.errors import SlackApiError
from structlog.testing import capture_logs

from bot.listeners.desk import later
from bot.logs import configure_logging


def _quotes(body: str) -> None:
    raise ValueError(body)


def test_a_lazy_listener_keeps_the_words_to_itself(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger(), "handlers", [])  # put back afterwards
    configure_logging()
    later(_quotes)(body="kvastflamingo")
    written = "".join(capfd.readouterr())
    assert "kvastflamingo" not in written
    assert "ValueError" in written
    assert "_quotes" in written


def _refused() -> None:
    raise SlackApiError("kvastflamingo", {"ok": False, "error": "user_not_found"})  # type: ignore[no-untyped-call]


def test_what_slack_refuses_is_no_fault_of_ours() -> None:
    with capture_logs() as logs:
        later(_refused)()
    assert logs == [{"event": "slack_refused", "log_level": "warning", "error": "user_not_found"}]
