"""Meetings, bookings and invitations as one store."""

from schedules.store.bookings import Bookings
from schedules.store.invitations import Invitations
from schedules.store.meetings import Meetings


class SqlPlanStore(Meetings, Bookings, Invitations):
    """`PlanStore` over the tables."""
