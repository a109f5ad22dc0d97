"""Where meetings, bookings, seats and invitations are kept."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import Protocol

from schedules.domain.duty import Absence, Handover
from schedules.domain.plan import Booking, Decline, Invitation, Meeting


class PlanStore(Protocol):
    """Meetings, bookings, invitations. Constraints decide (promise 1)."""

    def meetings(self, team: str, since: date) -> tuple[Meeting, ...]:
        """The team's meetings from that local date on, with slots, ordered by start."""
        ...

    def openings(self, team: str, since: date, most: int, sitting: Collection[str] = ()) -> Iterator[Meeting]:
        """So many of the team's next meetings, each with those slots only that no live booking holds.

        They are put together one at a time, since a search seldom looks at all. `sitting` are the people
        whose absences are asked for next, which may then be read on the way.
        """
        ...

    def remember_terms(self, since: date) -> None:
        """Read all active teams' meetings from that local date on before anybody asks, if they are kept."""
        ...

    def meeting(self, meeting: str) -> Meeting | None:
        """One meeting with its slots."""
        ...

    def taken_slots(self, team: str, since: date) -> frozenset[str]:
        """The slots from that date on that hold a live booking."""
        ...

    def busy(
        self, people: Collection[str], start: datetime, end: datetime, except_booking: str | None = None
    ) -> dict[str, list[tuple[datetime, datetime]]]:
        """Live bookings' UTC intervals per person that touch [start, end)."""
        ...

    def absences(self, people: Collection[str], since: date) -> dict[str, list[tuple[date, date]]]:
        """Absences per person that end on or after `since`; both days included."""
        ...

    def add_absence(self, person: str, from_date: date, to_date: date) -> None:
        """Record that the person is away, both days included."""
        ...

    def absences_of(self, people: Collection[str], since: date) -> tuple[Absence, ...]:
        """The people's absences that end on or after `since`, by first day."""
        ...

    def absence(self, absence: str) -> Absence | None:
        """One absence."""
        ...

    def save_absence(self, absence: Absence) -> None:
        """Insert or update."""
        ...

    def remove_absence(self, absence: str) -> None:
        """The person is there after all."""
        ...

    def handovers(self, team: str) -> tuple[Handover, ...]:
        """The team's handovers that the organisation does not say yet, by day."""
        ...

    def add_handover(self, handover: Handover) -> None:
        """Record who takes over from whom."""
        ...

    def remove_handover(self, handover: str) -> None:
        """Forget it: the organisation says it now, or it is taken back."""
        ...

    def save_meeting(self, meeting: Meeting) -> None:
        """Insert the meeting and its slots, or update what changed."""
        ...

    def remove_meeting(self, meeting: str) -> None:
        """Delete a meeting that never held a booking."""
        ...

    def meetings_with_live_bookings(self, team: str) -> frozenset[str]:
        """Ids of the team's meetings that hold a live booking."""
        ...

    def meetings_ever_booked(self, team: str) -> frozenset[str]:
        """Ids of the team's meetings that a booking, live or ended, refers to."""
        ...

    def mark_agenda_sent(self, meeting: str, at: datetime) -> None:
        """Record that the agenda left; later additions go as "Tillägg"."""
        ...

    def booking(self, booking: str) -> Booking | None:
        """One booking with its seats."""
        ...

    def booking_by_uid(self, uid: str) -> Booking | None:
        """The booking with that calendar identity, live or ended."""
        ...

    def bookings_of(self, referral: str) -> tuple[Booking, ...]:
        """All of the referral's bookings, live and ended, oldest first."""
        ...

    def live_booking(self, referral: str) -> Booking | None:
        """The referral's live booking."""
        ...

    def live_bookings(self, meeting: str) -> tuple[Booking, ...]:
        """The meeting's live bookings with seats, by slot position."""
        ...

    def unreported(self, team: str, now: datetime) -> tuple[Booking, ...]:
        """The team's booked times that have ended and are not reported, oldest first."""
        ...

    def add_booking(self, booking: Booking, start: datetime, end: datetime) -> None:
        """Insert booking, seats and the busy grid of its representatives for [start, end).

        Raises:
            SlotTaken: the slot or a representative's time is held by another live booking, or the referral
                has one; at the latest at the commit. The transaction is spent then: begin again with a new
                unit of work.
        """
        ...

    def save_booking(self, booking: Booking, start: datetime, end: datetime) -> None:
        """Update a booking: slot, seats, status, sequence; the busy grid follows.

        Raises SlotTaken as `add_booking`.
        """
        ...

    def invitations(self, booking: str) -> tuple[Invitation, ...]:
        """The booking's live invitations, by when they were made."""
        ...

    def invitation(self, public_id: str) -> Invitation | None:
        """The invitation that this public id, current or renewed since, leads to."""
        ...

    def team_of(self, public_id: str) -> str | None:
        """The team of the booking that this public id leads to."""
        ...

    def invitation_of(self, booking: str, address: str) -> Invitation | None:
        """The call to the person with that mail address: the live one, else the latest that has ended."""
        ...

    def is_current(self, public_id: str) -> bool:
        """Whether the public id is an invitation's current one."""
        ...

    def invitations_of(self, person: str, meeting: str) -> tuple[Invitation, ...]:
        """The person's live invitations to bookings of one meeting, by slot position."""
        ...

    def coming_meetings_of(self, person: str, since: datetime) -> tuple[str, ...]:
        """Ids of the meetings from then on at which the person has a live invitation, by start."""
        ...

    def save_invitation(self, invitation: Invitation) -> None:
        """Insert or update; an earlier public id keeps leading here."""
        ...

    def declines(self, booking: str) -> tuple[Decline, ...]:
        """Every no to a call of the booking, those before it moved included, oldest first."""
        ...

    def save_decline(self, decline: Decline) -> None:
        """Insert or update."""
        ...

    def remove_declines(self, invitation: str) -> None:
        """Forget the no of somebody who comes after all."""
        ...
