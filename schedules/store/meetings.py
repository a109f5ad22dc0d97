"""Meetings and their slots."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date, datetime
from itertools import groupby, starmap
from operator import attrgetter
from typing import Any

import sqlalchemy as sa

from schedules.domain.plan import Meeting, MeetingStatus, Slot
from schedules.errors import SlotTaken
from schedules.store.busy import LIVE
from schedules.store.database_errors import refusing
from schedules.store.duty import rows_and_absences
from schedules.store.held import Held
from schedules.store.memory import MOST_TERMS, Recollection
from schedules.store.statements import among, listed, upsert
from schedules.store.tables import BOOKING, MEETING, SLOT
from schedules.store.teams import ACTIVE_TEAMS
from schedules.store.transaction import Transaction

_OF_TEAM = (MEETING.c.team == sa.bindparam("of_team")) & (MEETING.c.day >= sa.bindparam("since"))
# In the records' order, so that rows become records without looking names up.
_OWN = [MEETING.c[field.name] for field in fields(Meeting) if field.name != "slots"]
_STATUS = _OWN.index(MEETING.c.status)
_RECORD: Callable[..., Meeting] = Meeting
_FIELDS = attrgetter(*[column.name for column in _OWN])
_SLOT = [SLOT.c[field.name] for field in fields(Slot)]
_MEETINGS = sa.select(*_OWN).where(_OF_TEAM).order_by(MEETING.c.starts_at, MEETING.c.id)
# Ordered here rather than there: sorting a term's slots took SQLite longer than finding them.
_SLOTS_OF_MEETINGS = sa.select(*_SLOT).join(MEETING, SLOT.c.meeting == MEETING.c.id).where(_OF_TEAM)
_ITS_SLOTS = [column.label(f"slot_{column.name}") for column in _SLOT]
_MEETING = (
    sa.select(*_OWN, *_ITS_SLOTS)
    .outerjoin(SLOT, SLOT.c.meeting == MEETING.c.id)
    .where(MEETING.c.id == sa.bindparam("meeting_id"))
    .order_by(SLOT.c.position)
)
_NEXT = _MEETINGS.limit(sa.bindparam("most")).cte("next")
# Looked up once for all, not slot by slot: in a country each look meets a cold page of the index.
_TAKEN_THERE = sa.select(BOOKING.c.slot).join(_NEXT, BOOKING.c.meeting == _NEXT.c.id).where(LIVE)
_FREE = (SLOT.c.meeting == _NEXT.c.id) & SLOT.c.id.not_in(_TAKEN_THERE)
_OPENINGS = sa.select(_NEXT, *_ITS_SLOTS).select_from(_NEXT.outerjoin(SLOT, _FREE))
_TAKEN = sa.select(BOOKING.c.slot).join(MEETING, BOOKING.c.meeting == MEETING.c.id).where(_OF_TEAM, LIVE)
_BOOKED = (
    sa.select(BOOKING.c.meeting)
    .join(MEETING, BOOKING.c.meeting == MEETING.c.id)
    .where(MEETING.c.team == sa.bindparam("of_team"))
    .distinct()
)
_LIVE_BOOKED = _BOOKED.where(LIVE)
_AGENDA_SENT = (
    sa.update(MEETING)
    .where(MEETING.c.id == sa.bindparam("meeting_id"))
    .values(agenda_sent_at=sa.bindparam("sent"))
)
_REMOVE_SLOTS = sa.delete(SLOT).where(SLOT.c.meeting == sa.bindparam("meeting_id"))
_REMOVE_MEETING = sa.delete(MEETING).where(MEETING.c.id == sa.bindparam("meeting_id"))
_REMOVE_SLOT = sa.delete(SLOT).where(among(SLOT.c.id))


class Meetings:
    """The part of `PlanStore` about meetings."""

    _known: Recollection
    _held: Held

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def meetings(self, team: str, since: date) -> tuple[Meeting, ...]:
        """The team's meetings from that local date on, with slots, ordered by start: two statements."""
        return self._hold(self._known.recall_term((team, since), lambda: self._read_meetings(team, since)))

    def _hold(self, meetings: tuple[Meeting, ...]) -> tuple[Meeting, ...]:
        if self._transaction.writing:
            for meeting in meetings:
                self._held.keep(("meeting", meeting.id), meeting)
        return meetings

    def _read_meetings(self, team: str, since: date) -> tuple[Meeting, ...]:
        span = {"of_team": team, "since": since}
        rows = self._transaction.rows(_MEETINGS, span)
        slots = _by_meeting(self._transaction.rows(_SLOTS_OF_MEETINGS, span)) if rows else {}
        return tuple(_meeting(row, slots.get(row.id, ())) for row in rows)

    def openings(self, team: str, since: date, most: int, sitting: Collection[str] = ()) -> Iterator[Meeting]:
        """So many of the team's next meetings, each with those slots only that no live booking holds.

        All is read at once, and a meeting put together when it is asked for. The absences of the people
        `sitting` are asked for next: on PostgreSQL they are read on the way.
        """
        known = self._remembered(team, since)
        if known is not None:
            taken = self.taken_slots(team, since)
            return (_without(meeting, taken) for meeting in self._hold(known[:most]))
        asked = (_OPENINGS, {"of_team": team, "since": since, "most": most})
        rows = rows_and_absences(self._transaction, self._known, asked, sitting, since)
        ordered = sorted(rows, key=lambda row: (row.starts_at, row.id, row.slot_position or 0))
        return (_with_slots(list(found)) for _, found in groupby(ordered, lambda row: row.id))

    def _remembered(self, team: str, since: date) -> tuple[Meeting, ...] | None:
        """The team's coming meetings from memory, if it is asked again before a plan has changed.

        On SQLite, an association's: its plans change some times a day. On PostgreSQL every instance has a
        memory of its own, and among a country's teams some plan changes all the time: reading a whole term to
        remember it would cost more than it saves.
        """
        if self._transaction.dialect != "sqlite":
            return None
        return self._known.recall_term_again((team, since), lambda: self._read_meetings(team, since))

    def remember_terms(self, since: date) -> None:
        """Read all active teams' meetings before anybody asks; on PostgreSQL none is kept (`_remembered`)."""
        if self._transaction.dialect == "sqlite":
            teams = self._transaction.rows(ACTIVE_TEAMS)
            if len(teams) <= MOST_TERMS:
                for team in teams:
                    self.meetings(team.id, since)

    def meeting(self, meeting: str) -> Meeting | None:
        """One meeting with its slots."""
        question = ("meeting", meeting)
        return self._held.recall(
            question, lambda: self._known.recall_plan(question, lambda: self._read_meeting(meeting))
        )

    def _read_meeting(self, meeting: str) -> Meeting | None:
        rows = self._transaction.rows(_MEETING, {"meeting_id": meeting})
        return _with_slots(rows) if rows else None

    def taken_slots(self, team: str, since: date) -> frozenset[str]:
        """The slots from that date on that hold a live booking."""
        rows = self._transaction.rows(_TAKEN, {"of_team": team, "since": since})
        return frozenset(row.slot for row in rows)

    def save_meeting(self, meeting: Meeting) -> None:
        """Insert the meeting and its slots, or update what changed. Raises SlotTaken as `remove_meeting`."""
        transaction = self._transaction
        transaction.start_writing()
        self._known.changing_plan()
        before = self.meeting(meeting.id)
        if before is None or _meeting_row(before) != _meeting_row(meeting):
            transaction.write(upsert(transaction.dialect, MEETING), _meeting_row(meeting))
        old = before.slots if before else ()
        gone = {slot.id for slot in old} - {slot.id for slot in meeting.slots}
        if gone:
            with refusing("fk_booking_slot_slot", "FOREIGN KEY", error=SlotTaken):
                transaction.write(_REMOVE_SLOT, listed(gone))
        changed = [asdict(slot) for slot in meeting.slots if slot not in old]
        if changed:
            transaction.write(upsert(transaction.dialect, SLOT), changed)
        self._changed(meeting.id)

    def remove_meeting(self, meeting: str) -> None:
        """Delete a meeting that never held a booking.

        Raises:
            SlotTaken: a booking, live or ended, refers to it.
        """
        self._known.changing_plan()
        which = {"meeting_id": meeting}
        with refusing("fk_booking_slot_slot", "fk_booking_meeting_meeting", "FOREIGN KEY", error=SlotTaken):
            self._transaction.write(_REMOVE_SLOTS, which)
            self._transaction.write(_REMOVE_MEETING, which)
        self._changed(meeting)

    def meetings_with_live_bookings(self, team: str) -> frozenset[str]:
        """Ids of the team's meetings that hold a live booking."""
        return frozenset(row.meeting for row in self._transaction.rows(_LIVE_BOOKED, {"of_team": team}))

    def meetings_ever_booked(self, team: str) -> frozenset[str]:
        """Ids of the team's meetings that a booking, live or ended, refers to."""
        return frozenset(row.meeting for row in self._transaction.rows(_BOOKED, {"of_team": team}))

    def mark_agenda_sent(self, meeting: str, at: datetime) -> None:
        """Record that the agenda left."""
        self._known.changing_plan()
        self._transaction.write(_AGENDA_SENT, {"meeting_id": meeting, "sent": at})
        self._changed(meeting)

    def _changed(self, meeting: str) -> None:
        self._held.forget("meeting", meeting)
        for by_time in ("live_bookings", "calls_of"):  # both are ordered by slot
            self._held.forget(by_time)


def _by_meeting(rows: Iterable[sa.Row[Any]]) -> Mapping[str, Sequence[sa.Row[Any]]]:
    grouped: dict[str, list[sa.Row[Any]]] = {}
    for row in rows:
        grouped.setdefault(row.meeting, []).append(row)
    for slots in grouped.values():
        slots.sort(key=lambda row: row.position)
    return grouped


def _with_slots(rows: Sequence[sa.Row[Any]]) -> Meeting:
    """The meeting of these rows, each of which has a slot of it behind its own columns, or none."""
    return _meeting(rows[0], [row[-len(_SLOT) :] for row in rows if row.slot_id is not None])


def _without(meeting: Meeting, taken: Collection[str]) -> Meeting:
    free = tuple([slot for slot in meeting.slots if slot.id not in taken])
    return meeting if len(free) == len(meeting.slots) else _RECORD(*_FIELDS(meeting), free)


def _meeting(row: Sequence[Any], slots: Iterable[Sequence[Any]]) -> Meeting:
    """The meeting whose columns the row begins with."""
    own: list[Any] = list(row)
    own[_STATUS] = MeetingStatus(own[_STATUS])
    return _RECORD(*own[: len(_OWN)], tuple(starmap(Slot, slots)))


def _meeting_row(meeting: Meeting) -> dict[str, Any]:
    row = {name: getattr(meeting, name) for name in MEETING.c.keys()}  # noqa: SIM118 - a column collection iterates over columns
    return row | {"status": meeting.status.value}
