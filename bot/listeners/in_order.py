"""Two quick choices in one form are handled by two threads: whatever their order, the newest one shows."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock

REMEMBERED = 1000  # forms that are open at the same time in one process
PATIENCE = 0.5  # seconds that an answer, due within three, waits for an update that is under way


@dataclass(slots=True)
class _Form:
    lock: Lock = field(default_factory=Lock)
    newest: float = -math.inf


class InOrder:
    """Which of a form's choices was shown last. It knows the forms of one process only."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._forms: OrderedDict[str, _Form] = OrderedDict()

    @contextmanager
    def turn(self, view: str, at: float) -> Iterator[bool]:
        """Hold the form (by view id) while it is updated; False if a choice newer than `at` is shown.

        `at` is Slack's `action_ts` in seconds.
        """
        form = self._form(view)
        with form.lock:
            yield at >= form.newest
            form.newest = max(form.newest, at)

    def finish(self, view: str) -> None:
        """The form is submitted and something else takes its place: no update may bring it back."""
        form = self._form(view)
        held = form.lock.acquire(timeout=PATIENCE)
        form.newest = math.inf
        if held:
            form.lock.release()

    def _form(self, view: str) -> _Form:
        with self._guard:
            form = self._forms.setdefault(view, _Form())
            self._forms.move_to_end(view)
            while len(self._forms) > REMEMBERED:
                self._forms.popitem(last=False)
            return form
