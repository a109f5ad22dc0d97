"""Messages let people at their forms go first, also in the moment between two of them."""

from __future__ import annotations

from bot.metrics import REST, OpenRequests


class Hand:
    """A clock that is set by hand, in seconds."""

    at = 100.0

    def __call__(self) -> float:
        """What it shows."""
        return self.at


def test_where_nobody_has_come_yet_there_is_rest() -> None:
    assert OpenRequests(Hand()).wait_for_rest(0)


def test_nobody_rests_while_somebody_waits_and_shortly_after() -> None:
    clock = Hand()
    requests = OpenRequests(clock)
    with requests:
        clock.at += 10 * REST
        with requests:
            assert not requests.wait_for_rest(0)
        assert not requests.wait_for_rest(0)
    assert not requests.wait_for_rest(0)
    clock.at += REST / 2
    assert not requests.wait_for_rest(0)
    clock.at += REST / 2
    assert requests.wait_for_rest(0)
