"""A listener's fault reaches the log by its type and place, never with the words that it may quote."""

from __future__ import annotations

import logging

import pytest

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
