"""Meetings, bookings and invitations as one store."""

from schedules.store.bookings import Bookings
from schedules.store.held import Held
from schedules.store.invitations import Invitations
from schedules.store.meetings import Meetings
from schedules.store.memory import Recollection
from schedules.store.transaction import Transaction


class SqlPlanStore(Meetings, Bookings, Invitations):
    """`PlanStore` over the tables."""

    def __init__(self, transaction: Transaction, known: Recollection, held: Held) -> None:
        super().__init__(transaction)
        self._known = known
        self._held = held
