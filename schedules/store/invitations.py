"""Invitations and the public ids that lead to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from schedules.domain.plan import Answer, Invitation, Role
from schedules.store.busy import LIVE
from schedules.store.held import Held
from schedules.store.statements import insert_if_new, upsert
from schedules.store.tables import BOOKING, INVITATION, MEETING, PERSON, PUBLIC_ID, SLOT
from schedules.store.transaction import Transaction

# In the record's order, so that rows become records without looking names up.
COLUMNS = [INVITATION.c[field.name] for field in fields(Invitation)]
_ROLES, _ANSWER = COLUMNS.index(INVITATION.c.roles), COLUMNS.index(INVITATION.c.answer)
_ANSWERS = {answer.value: answer for answer in Answer}
_RECORD: Callable[..., Invitation] = Invitation
_LIVE = INVITATION.c.live.is_(sa.true())
_OF_BOOKING = (
    sa.select(*COLUMNS)
    .where(INVITATION.c.booking == sa.bindparam("of_booking"), _LIVE)
    .order_by(INVITATION.c.called_at, INVITATION.c.person, INVITATION.c.id)
)
_BY_PUBLIC_ID = (
    sa.select(*COLUMNS)
    .join(PUBLIC_ID, PUBLIC_ID.c.invitation == INVITATION.c.id)
    .where(PUBLIC_ID.c.public_id == sa.bindparam("known_as"))
)
_TEAM = (
    sa.select(BOOKING.c.team)
    .join(INVITATION, INVITATION.c.booking == BOOKING.c.id)
    .join(PUBLIC_ID, PUBLIC_ID.c.invitation == INVITATION.c.id)
    .where(PUBLIC_ID.c.public_id == sa.bindparam("known_as"))
)
_OF_ADDRESS = (
    sa.select(*COLUMNS)
    .join(PERSON, INVITATION.c.person == PERSON.c.id)
    .where(
        INVITATION.c.booking == sa.bindparam("of_booking"),
        sa.func.lower(PERSON.c.email) == sa.bindparam("address"),
    )
    .order_by(INVITATION.c.live.desc(), INVITATION.c.called_at.desc(), INVITATION.c.id)
    .limit(1)
)
_OF_PERSON = (
    sa.select(*COLUMNS)
    .join(BOOKING, INVITATION.c.booking == BOOKING.c.id)
    .where(INVITATION.c.person == sa.bindparam("of_person"), _LIVE, LIVE)
)
_AT_MEETING = (
    sa.select(*COLUMNS)
    .join(BOOKING, INVITATION.c.booking == BOOKING.c.id)
    .join(SLOT, BOOKING.c.slot == SLOT.c.id)
    .where(BOOKING.c.meeting == sa.bindparam("at_meeting"), _LIVE, LIVE)
    .order_by(SLOT.c.position)
)
_COMING = (
    _OF_PERSON.with_only_columns(MEETING.c.id, MEETING.c.starts_at)
    .join(MEETING, BOOKING.c.meeting == MEETING.c.id)
    .where(MEETING.c.starts_at >= sa.bindparam("since"))
    .distinct()
    .order_by(MEETING.c.starts_at, MEETING.c.id)
)


class Invitations:
    """The part of `PlanStore` about invitations."""

    _held: Held

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def invitations(self, booking: str) -> tuple[Invitation, ...]:
        """The booking's live invitations, by when they were made."""
        return self._held.recall(("calls", booking), lambda: self._many(_OF_BOOKING, of_booking=booking))

    def invitation(self, public_id: str) -> Invitation | None:
        """The invitation that this public id, current or renewed since, leads to."""
        row = self._transaction.first(_BY_PUBLIC_ID, {"known_as": public_id})
        return self._kept(row) if row else None

    def team_of(self, public_id: str) -> str | None:
        """The team of the booking that this public id leads to."""
        row = self._transaction.first(_TEAM, {"known_as": public_id})
        return row.team if row else None

    def invitation_of(self, booking: str, address: str) -> Invitation | None:
        """The call to the person with that mail address: the live one, else the latest that has ended."""
        values = {"of_booking": booking, "address": address.lower()}
        row = self._transaction.first(_OF_ADDRESS, values)
        return self._kept(row) if row else None

    def is_current(self, public_id: str) -> bool:
        """Whether the public id is an invitation's current one."""
        found = self.invitation(public_id)
        return found is not None and found.public_id == public_id

    def invitations_of(self, person: str, meeting: str) -> tuple[Invitation, ...]:
        """The person's live invitations to live bookings of one meeting, by slot position."""
        # All of the meeting at once: after a change everybody's card is looked at.
        of_all = self._held.recall(("calls_of", meeting), lambda: self._at(meeting))
        return tuple(invitation for invitation in of_all if invitation.person == person)

    def _at(self, meeting: str) -> tuple[Invitation, ...]:
        found = self._many(_AT_MEETING, at_meeting=meeting)
        if self._transaction.writing:
            calls: dict[str, list[Invitation]] = {}
            for invitation in sorted(found, key=_by_call):
                calls.setdefault(invitation.booking, []).append(invitation)
            for booking, ours in calls.items():
                self._held.keep(("calls", booking), tuple(ours))
        return found

    def coming_meetings_of(self, person: str, since: datetime) -> tuple[str, ...]:
        """Ids of the meetings from then on at which the person has a live invitation, by start."""
        rows = self._transaction.rows(_COMING, {"of_person": person, "since": since})
        return tuple(row.id for row in rows)

    def save_invitation(self, invitation: Invitation) -> None:
        """Insert or update; an earlier public id keeps leading here."""
        dialect = self._transaction.dialect
        before = self._held.known(("invitation", invitation.id))
        self._transaction.later(upsert(dialect, INVITATION), _row(invitation))
        if before is None or before.public_id != invitation.public_id:
            link = {"public_id": invitation.public_id, "invitation": invitation.id}
            self._transaction.later(insert_if_new(dialect, PUBLIC_ID), link)
        self._held.keep(("invitation", invitation.id), invitation)
        self._keep_call(invitation)
        self._held.forget("calls_of")

    def _keep_call(self, invitation: Invitation) -> None:
        """What was read of the booking's invitations, with this one as it is now."""
        question = ("calls", invitation.booking)
        before = self._held.known(question)
        if before is not None:
            others = [one for one in before if one.id != invitation.id]
            now = [*others, invitation] if invitation.live else others
            self._held.keep(question, tuple(sorted(now, key=_by_call)))

    def _many(self, statement: sa.Executable, **values: str) -> tuple[Invitation, ...]:
        return tuple(map(self._kept, self._transaction.rows(statement, values)))

    def _kept(self, row: sa.Row[Any]) -> Invitation:
        """The row's invitation, whose public id is known to lead to it when it is saved."""
        invitation = invitation_of(row)
        if self._transaction.writing:
            self._held.keep(("invitation", invitation.id), invitation)
        return invitation


def _by_call(invitation: Invitation) -> tuple[datetime, str, str]:
    return invitation.called_at, invitation.person, invitation.id


def _row(invitation: Invitation) -> dict[str, Any]:
    row = {name: getattr(invitation, name) for name in INVITATION.c.keys()}  # noqa: SIM118 - a column collection iterates over columns
    roles = " ".join(role.value for role in invitation.roles)
    return row | {"roles": roles, "answer": invitation.answer.value}


@cache
def _roles(written: str) -> tuple[Role, ...]:
    return tuple(Role(role) for role in written.split())


def invitation_of(row: Sequence[Any]) -> Invitation:
    """The record of a row of `COLUMNS`."""
    own: list[Any] = list(row)
    own[_ROLES] = _roles(own[_ROLES])
    own[_ANSWER] = _ANSWERS[own[_ANSWER]]
    return _RECORD(*own)
