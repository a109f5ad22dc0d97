"""A booking with all that it belongs to, so that functions need not look it up again."""

from __future__ import annotations

from dataclasses import dataclass, replace

from schedules.domain.cases import Referral
from schedules.domain.organisation import Team
from schedules.domain.plan import Booking, Meeting
from schedules.errors import NotFound
from schedules.ports import UnitOfWork
from schedules.services.authority import referral_of, team_of
from schedules.services.facts import meeting_of


@dataclass(frozen=True, slots=True)
class Called:
    """A booking, its referral, its team and its meeting."""

    team: Team
    referral: Referral
    booking: Booking
    meeting: Meeting

    def at(self, before: Booking, meeting: Meeting) -> Called:
        """The same call at the time of an earlier state of the booking, with today's SEQUENCE.

        `meeting` is the earlier booking's, as it was then.
        """
        booking = replace(before, sequence=self.booking.sequence)
        return Called(self.team, self.referral, booking, meeting)


def booking_of(uow: UnitOfWork, booking_id: str) -> Booking:
    """The booking. Raises NotFound."""
    booking = uow.plan.booking(booking_id)
    if booking is None:
        raise NotFound(booking=booking_id)
    return booking


def load_called(uow: UnitOfWork, booking_id: str) -> Called:
    """The booking with its referral, team and meeting. Raises NotFound."""
    booking = booking_of(uow, booking_id)
    team = team_of(uow, booking.team)
    return Called(team, referral_of(uow, booking.referral), booking, meeting_of(uow, booking.meeting))
