"""A listener's fault reaches the log by its type and place, never with the words that it may quote."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest
from slack_sdk.errors import SlackApiError

from bot.listeners.desk import later
from bot.logs import configure_logging


def _quotes(body: str) -> None:
    raise ValueError(body)


def written(
    work: Callable[[], None], capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> str:
    """What the program's own logging writes meanwhile."""
    monkeypatch.setattr(logging.getLogger(), "handlers", [])  # put back afterwards
    configure_logging()
    work()
    return "".join(capfd.readouterr())


def test_a_lazy_listener_keeps_the_words_to_itself(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    log = written(lambda: later(_quotes)(body="kvastflamingo"), capfd, monkeypatch)
    assert "kvastflamingo" not in log
    assert "ValueError" in log
    assert "_quotes" in log


def _refused() -> None:
    raise SlackApiError("kvastflamingo", {"ok": False, "error": "user_not_found"})  # type: ignore[no-untyped-call]


def test_what_slack_refuses_is_no_fault_of_ours(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    log = written(later(_refused), capfd, monkeypatch)
    assert "kvastflamingo" not in log
    assert "listener_broke" not in log
    assert "slack_refused" in log
    assert "user_not_found" in log
