"""Who is away on a day, and by which absence."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from schedules.domain.duty import Absence
from schedules.ports import UnitOfWork


def away_on(uow: UnitOfWork, people: Collection[str], day: date) -> Mapping[str, Absence]:
    """Of those people (ids) who is away on that local day, with the first absence that says so."""
    found = uow.plan.absences_of(people, day)
    return {absence.person: absence for absence in reversed(found) if absence.covers(day)}
