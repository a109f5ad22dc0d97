"""What an absence or a handover would change, as the form shows it before it is saved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from schedules.domain.facts import CaseFacts
from schedules.domain.plan import BookingStatus
from schedules.ports import UnitOfWork
from schedules.services.duty_changes import DutyChange
from schedules.services.facts import case_facts


@dataclass(frozen=True, slots=True)
class DutyPreviewLine:
    """One booking that changes. Names: `party` whose seat changes hands, `deputy` (None: nobody is free).

    `leader` coordinates instead. `proposed`: nobody is called to it yet. `beside`: the party for which it is
    not the seat that changes hands, but who is asked beside its silent holder.
    """

    case: CaseFacts
    party: str | None
    deputy: str | None
    leader: str | None
    proposed: bool
    beside: str | None = None


def preview_lines(uow: UnitOfWork, changes: Iterable[DutyChange]) -> tuple[DutyPreviewLine, ...]:
    """One line a booking, by time."""
    return tuple(_line(uow, change) for change in changes)


def _line(uow: UnitOfWork, change: DutyChange) -> DutyPreviewLine:
    called = change.called
    parties = uow.organisation.parties([p for p in (change.party, change.beside) if p])
    people = uow.organisation.people([p for p in (change.deputy, change.leader) if p])
    return DutyPreviewLine(
        case=case_facts(uow, called.team, called.referral, called.booking),
        party=parties[change.party].name if change.party in parties else None,
        deputy=people[change.deputy].name if change.deputy in people else None,
        leader=people[change.leader].name if change.leader in people else None,
        proposed=called.booking.status is BookingStatus.PROPOSED,
        beside=parties[change.beside].name if change.beside in parties else None,
    )
