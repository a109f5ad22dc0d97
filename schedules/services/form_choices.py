"""A form shows its newest choice, whichever of several processes handles which."""

from __future__ import annotations

import math

from schedules.ports import UnitOfWork
from schedules.services.office import Office


def note_choice(office: Office, form: str, at: float) -> bool:
    """Record a choice (`at`: Slack's `action_ts` in seconds); False if the form needs no update for it.

    Raises:
        LockTimeout: somebody else is writing for too long.
    """
    with office.unit_of_work() as uow:
        noted = not _submitted(uow, form) and uow.form_choices.note(form, at, office.now())
        uow.commit()
    return noted


def is_newest(office: Office, form: str, at: float) -> bool:
    """Whether no newer choice has been recorded, and the form has not been submitted."""
    with office.unit_of_work() as uow:
        newest = uow.form_choices.newest(form)
        return not _submitted(uow, form) and (newest is None or newest <= at)


def end_choices(office: Office, form: str) -> None:
    """The form is submitted and something else takes its place. A referral's own row says so by itself."""
    with office.unit_of_work() as uow:
        uow.form_choices.note(form, math.inf, office.now())
        uow.commit()


def _submitted(uow: UnitOfWork, form: str) -> bool:
    return uow.cases.by_view(form) is not None
