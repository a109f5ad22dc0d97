"""Of a form's choices the newest shows, whichever thread comes first."""

from __future__ import annotations

from bot.listeners.in_order import REMEMBERED, InOrder
from tests.support.races import race


def test_an_older_choice_does_not_take_its_turn_after_a_newer() -> None:
    order = InOrder()
    turns = []
    for at in (1.0, 3.0, 2.0, 3.0, 4.0):
        with order.turn("V1", at) as newest:
            turns.append(newest)
    assert turns == [True, True, False, True, True]


def test_forms_do_not_disturb_each_other() -> None:
    order = InOrder()
    with order.turn("V1", 5.0), order.turn("V2", 1.0) as newest:
        assert newest


def test_a_submitted_form_is_never_updated_again() -> None:
    order = InOrder()
    order.finish("V1")
    with order.turn("V1", 9e9) as newest:
        assert not newest


def test_of_many_threads_the_last_to_show_is_the_newest() -> None:
    order = InOrder()
    shown: list[float] = []

    def choose(at: float) -> None:
        with order.turn("V1", at) as newest:
            if newest:
                shown.append(at)

    race([lambda at=float(n): choose(at) for n in range(16)])  # type: ignore[misc]  # bound early
    assert shown[-1] == 15.0
    assert shown == sorted(shown)


def test_old_forms_are_forgotten() -> None:
    order = InOrder()
    for number in range(REMEMBERED + 1):
        order.finish(f"V{number}")
    with order.turn("V0", 1.0) as newest:
        assert newest
