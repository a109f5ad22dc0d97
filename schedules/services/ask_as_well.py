"""A representative has been silent until the second reminder: the deputy is asked as well.

Both are asked then. The seat, and with it the time in the representative's day, stays with the first until
one of them says that they come; the other's part ends at that moment (`settle_seat`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from schedules.domain.organisation import Team
from schedules.domain.plan import Invitation
from schedules.ports import UnitOfWork
from schedules.services.called import load_called
from schedules.services.cards import renew_card
from schedules.services.deputies import free_deputies, reseat
from schedules.services.invited import Invited, seat_of
from schedules.services.office import Office
from schedules.services.remind import owed_an_answer


def ask_deputies_as_well(uow: UnitOfWork, office: Office, team: Team, bookings: Collection[str]) -> None:
    """Ask the next free deputy beside everybody who holds a seat of the bookings and owes an answer."""
    for booking in bookings:
        for invitation in owed_an_answer(uow, team, booking):
            _ask_beside(uow, office, invitation)


def _ask_beside(uow: UnitOfWork, office: Office, invitation: Invitation) -> None:
    # Loaded anew each time: another party's seat may just have changed.
    invited = Invited(invitation, load_called(uow, invitation.booking))
    seat = seat_of(invited)
    if seat.stand_in is not None:
        return
    deputy = next(iter(free_deputies(uow, office, invited)), None)
    if deputy is not None:
        reseat(uow, office, invited.called, replace(seat, stand_in=deputy.id))
        renew_card(uow, office, invited.called.meeting, invitation.person, notify=False)
