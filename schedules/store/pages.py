"""Whose page (App Home) is open, kept among the settings."""

from __future__ import annotations

import sqlalchemy as sa

from schedules.store.memory import Recollection
from schedules.store.settings import SettingTable
from schedules.store.tables import SETTING
from schedules.store.transaction import Transaction

OPENED = "home.opened."
_OPENED = sa.select(SETTING.c.key).where(SETTING.c.key.startswith(OPENED, autoescape=True))


class Pages:
    """`PageStore` over the settings."""

    def __init__(self, transaction: Transaction, settings: SettingTable, known: Recollection) -> None:
        self._transaction = transaction
        self._settings = settings
        self._known = known

    def opened(self) -> frozenset[str]:
        """Who has opened it: asked at every change of the plan, so it is remembered."""
        return self._known.recall_plan("pages opened", self._read_opened)

    def _read_opened(self) -> frozenset[str]:
        return frozenset(row.key.removeprefix(OPENED) for row in self._transaction.rows(_OPENED))

    def starts(self, user: str) -> str | None:
        """Where the lists of that page begin; None before it was opened."""
        return self._settings.get(f"{OPENED}{user}")

    def turn(self, user: str, starts: str) -> None:
        """Remember that it is open, and where its lists begin."""
        if user not in self.opened():
            self._known.changing_plan()
        self._settings.set(f"{OPENED}{user}", starts)
