"""Which choice in an open form is the newest: the instances behind a balancer each handle some of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256

import sqlalchemy as sa

from schedules.store.statements import insert_into
from schedules.store.tables import FORM_CHOICE
from schedules.store.transaction import Transaction

KEPT = timedelta(days=1)
"""Slack closes a form long before."""

_NEWEST = sa.select(FORM_CHOICE.c.newest).where(FORM_CHOICE.c.form == sa.bindparam("of_form"))
_FORGET = sa.delete(FORM_CHOICE).where(FORM_CHOICE.c.noted_at < sa.bindparam("before"))


@cache
def _note(dialect: str) -> sa.Insert:
    statement = insert_into(dialect, FORM_CHOICE)
    return statement.on_conflict_do_update(
        index_elements=["form"],
        set_={"newest": statement.excluded.newest, "noted_at": statement.excluded.noted_at},
        where=FORM_CHOICE.c.newest <= statement.excluded.newest,
    )


class FormChoices:
    """`FormChoiceStore` over the table."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def note(self, form: str, at: float, now: datetime) -> bool:
        """Record the choice made at that second; False if a newer one is recorded. Forgets old forms."""
        transaction = self._transaction
        transaction.write(_FORGET, {"before": now - KEPT})
        row = {"form": _digest(form), "newest": at, "noted_at": now}
        return transaction.write(_note(transaction.dialect), row).count > 0

    def newest(self, form: str) -> float | None:
        """The newest choice that is recorded."""
        row = self._transaction.first(_NEWEST, {"of_form": _digest(form)})
        return row.newest if row else None


def _digest(form: str) -> str:
    """What stands for the form: its name may hold the id of a case's booking."""
    return sha256(form.encode()).hexdigest()
