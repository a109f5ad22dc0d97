"""`samtid erase` asks on a terminal, and what a button says of a case that is gone."""

from __future__ import annotations

import os
import pty
import sys
from collections.abc import Callable, Iterator

import pytest

from bot.erase_command import NotErased, _ask
from bot.listeners.desk import problem_view
from schedules.errors import Erased, NotFound, Outdated
from schedules.texts.words import Words

ENGLISH = Words("en")


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """A terminal on which somebody types."""
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, encoding="utf-8") as terminal:
        monkeypatch.setattr(sys, "stdin", terminal)
        yield lambda text: (os.write(ours, text.encode()), None)[1]
    os.close(ours)


def test_only_a_yes_goes_on(typed: Callable[[str], None]) -> None:
    typed("y\n")
    _ask("TIE-2026-014", ENGLISH, yes=False)
    for no in ("n\n", "\n"):
        typed(no)
        with pytest.raises(NotErased, match="Nothing has been erased"):
            _ask("TIE-2026-014", ENGLISH, yes=False)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Erased(referral="r"), "The details of this case have been erased."),
        (NotFound(id="b"), "This is no longer in Samtid. The case may have been erased."),
        (Outdated(booking="b"), "This has changed since you opened it."),
    ],
)
def test_a_button_of_a_case_that_is_gone_says_so(error: Exception, said: str) -> None:
    assert isinstance(error, (NotFound, Outdated))
    assert said in str(problem_view(error, ENGLISH))
