"""Two quick choices in one form are handled by two threads: whatever their order, the newest one shows."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock

REMEMBERED = 1000  # forms that are open at the same time in one process


@dataclass(slots=True)
class _Form:
    lock: Lock = field(default_factory=Lock)
    newest: float = 0.0


class InOrder:
    """Which of a form's choices was shown last."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._forms: OrderedDict[str, _Form] = OrderedDict()

    @contextmanager
    def turn(self, view: str, at: float) -> Iterator[bool]:
        """Hold the form (by view id) while it is updated; False if a choice newer than `at` is shown.

        `at` is Slack's `action_ts` in seconds. One process only: a second one is not known here.
        """
        with self._guard:
            form = self._forms.setdefault(view, _Form())
            self._forms.move_to_end(view)
            while len(self._forms) > REMEMBERED:
                self._forms.popitem(last=False)
        with form.lock:
            yield at >= form.newest
            form.newest = max(form.newest, at)
