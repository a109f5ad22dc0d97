"""Rates, triggers and response URLs follow an injected clock."""

from __future__ import annotations

import pytest

from bot.workspace.limits import Rate, RateGate
from bot.workspace.shapes import SlackError
from bot.workspace.tickets import ResponseUrls, Triggers


class Seconds:
    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


def test_a_burst_passes_then_one_a_second_for_each_channel() -> None:
    seconds = Seconds()
    gate = RateGate({"chat.postMessage": Rate(60, 2)}, seconds)
    assert [gate.retry_after("chat.postMessage", "C1") for _ in range(3)] == [None, None, 1]
    assert gate.retry_after("chat.postMessage", "C2") is None
    seconds.at += 1
    assert [gate.retry_after("chat.postMessage", "C1") for _ in range(2)] == [None, 1]


def test_retry_after_says_how_long() -> None:
    gate = RateGate({"users.list": Rate(6, 1)}, Seconds())
    assert [gate.retry_after("users.list") for _ in range(2)] == [None, 10]
    assert gate.retry_after("api.test") is None


def test_a_trigger_is_good_once() -> None:
    triggers = Triggers(Seconds(), 3)
    trigger = triggers.issue("U1")
    assert triggers.redeem(trigger) == "U1"
    with pytest.raises(SlackError, match="exchanged_trigger_id"):
        triggers.redeem(trigger)


def test_a_trigger_dies_after_three_seconds() -> None:
    seconds = Seconds()
    triggers = Triggers(seconds, 3)
    first, second = triggers.issue("U1"), triggers.issue("U1")
    seconds.at += 3
    assert triggers.redeem(first) == "U1"
    seconds.at += 0.1
    with pytest.raises(SlackError, match="expired_trigger_id"):
        triggers.redeem(second)
    with pytest.raises(SlackError, match="invalid_trigger_id"):
        triggers.redeem("1.2.3")


def test_a_response_url_is_good_five_times_within_half_an_hour() -> None:
    seconds = Seconds()
    urls = ResponseUrls("http://x", seconds)
    token = urls.issue("U1", "C1", "1.1").rsplit("/", 1)[1]
    for _ in range(5):
        assert urls.redeem(token).message_ts == "1.1"
    with pytest.raises(SlackError, match="used_url"):
        urls.redeem(token)
    late = urls.issue("U1", "C1").rsplit("/", 1)[1]
    seconds.at += 1801
    with pytest.raises(SlackError, match="expired_url"):
        urls.redeem(late)
