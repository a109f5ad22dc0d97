"""What a changed series does to the meetings that are already in the plan.

A meeting with live bookings is never changed silently: it stays as it is and is listed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date

from schedules.domain.plan import Meeting, MeetingStatus, Slot

_OWN = frozenset({"id", "agenda_sent_at", "scheduled_at"})  # the meeting's own, not the series'
_HARMLESS = frozenset({"series_anchor", "series_weeks", "occurrence", "reserve_released_on"})
_TIME = frozenset({"day", "start", "end", "starts_at", "ends_at", "slots"})


@dataclass(frozen=True, slots=True)
class KeptMeeting:
    """A meeting that its live bookings hold in place, and what it would have become.

    `wanted` is None if it would have gone; `fields` are the names of what would have changed.
    """

    meeting: Meeting
    wanted: Meeting | None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MeetingChanges:
    """`update` holds the new meetings under their old ids; those to be closed are among them."""

    add: tuple[Meeting, ...] = ()
    update: tuple[Meeting, ...] = ()
    remove: tuple[Meeting, ...] = ()
    kept_with_bookings: tuple[KeptMeeting, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether the plan is already as wanted; kept meetings change nothing."""
        return not (self.add or self.update or self.remove)


def plan_meetings(
    existing: Sequence[Meeting],
    wanted: Sequence[Meeting],
    booked: Collection[str],
    ever_booked: Collection[str],
    today: date,
) -> MeetingChanges:
    """Compare one team's meetings with what its series now give.

    Past meetings (before `today`, a local date), extra meetings, and meetings that somebody cancelled, moved
    or gave another place, or that were held, are never touched; nothing new overlaps them.

    Args:
        existing: the team's meetings as they stand.
        wanted: the meetings of its series, with new ids.
        booked: ids of meetings with live bookings.
        ever_booked: ids of meetings that a booking, live or ended, refers to.
        today: the local date.
    """
    coming = [m for m in existing if m.day >= today and m.series_anchor is not None]
    pairs, gone, new = _pair(coming, [m for m in wanted if m.day >= today])
    draft = _Draft(frozenset(booked), frozenset(ever_booked), _fixed(existing))
    for old, plan in pairs:
        if old.id in draft.booked and old.scheduled_at is None:
            draft.hold(old, plan)
    for old in gone:
        if old.id in draft.booked and not _decided(old):
            draft.kept.append(KeptMeeting(old, None))
    for old, plan in pairs:
        if old.id not in draft.booked or old.scheduled_at is not None:
            draft.change(old, plan)
    for old in gone:
        if old.id not in draft.booked and not _decided(old):
            draft.drop(old)
    for plan in new:
        draft.place(plan)
    return draft.done()


# --- which is which ------------------------------------------------------------------------------------

_Pairs = list[tuple[Meeting, Meeting]]


def _pair(old: list[Meeting], new: list[Meeting]) -> tuple[_Pairs, list[Meeting], list[Meeting]]:
    """Pairs of the same occasion, then what is left of each.

    An occasion at the same time is the same one even if its series has been written anew (another anchor,
    or every week instead of every second); otherwise the series and the occurrence tell.
    """
    pairs: _Pairs = []
    for key in (_identity_and_time, _time, _occurrence_and_start, _occurrence):
        waiting: dict[object, list[Meeting]] = {}
        for meeting in old:
            waiting.setdefault(key(meeting), []).append(meeting)
        left = []
        for plan in new:
            found = waiting.get(key(plan))
            if found:
                pairs.append((found.pop(0), plan))
            else:
                left.append(plan)
        taken = {meeting.id for meeting, _plan in pairs}
        old, new = [m for m in old if m.id not in taken], left
    return pairs, old, new


def _time(meeting: Meeting) -> object:
    """One that was moved by hand still fills its place in the series."""
    return meeting.team, meeting.scheduled_at or meeting.starts_at


def _occurrence(meeting: Meeting) -> object:
    return meeting.team, meeting.series_anchor, meeting.occurrence


def _identity_and_time(meeting: Meeting) -> object:
    return _occurrence(meeting), _time(meeting), meeting.end, len(meeting.slots)


def _occurrence_and_start(meeting: Meeting) -> object:
    """Two series may share their anchor day; the time of day tells them apart."""
    return _occurrence(meeting), meeting.start if meeting.scheduled_at is None else None


# --- what becomes of each ------------------------------------------------------------------------------


class _Draft:
    """The changes as they are found. Kept meetings come first: nothing new may overlap them."""

    def __init__(
        self, booked: frozenset[str], ever_booked: frozenset[str], fixed: tuple[Meeting, ...]
    ) -> None:
        self._fixed = fixed
        self.booked = booked
        self._ever_booked = ever_booked
        self.kept: list[KeptMeeting] = []
        self._add: list[Meeting] = []
        self._update: list[Meeting] = []
        self._remove: list[Meeting] = []

    def hold(self, old: Meeting, plan: Meeting) -> None:
        """A meeting with live bookings: only what nobody notices may change."""
        new = _under_old_ids(old, plan)
        changed = _differences(old, new)
        if noticed := tuple(name for name in changed if name not in _HARMLESS):
            self.kept.append(KeptMeeting(old, new, noticed))
        elif changed:
            self._update.append(new)

    def change(self, old: Meeting, plan: Meeting) -> None:
        """A meeting without live bookings becomes what the series says, unless somebody decided."""
        if _decided(old):
            if old.scheduled_at is None and old.day != plan.day:
                self.place(plan)
            return
        new = _under_old_ids(old, plan)
        if old.id in self._ever_booked and plan.status is MeetingStatus.CLOSED and _time(old) == _time(plan):
            new = replace(new, slots=old.slots)  # ended bookings refer to them
        changed = _differences(old, new)
        if not changed:
            return
        if self._in_the_way(new):
            self.drop(old)
        elif old.id in self._ever_booked and _TIME.intersection(changed):
            # Ended bookings tell of the old time and its slots: it is closed, the new time is another's.
            self.drop(old)
            self._add.append(plan)
        else:
            self._update.append(new)

    def drop(self, old: Meeting) -> None:
        """A meeting that the series no longer gives: removed, or closed if a booking refers to it."""
        if old.id not in self._ever_booked:
            self._remove.append(old)
        elif old.status is MeetingStatus.PLANNED:
            self._update.append(replace(old, status=MeetingStatus.CLOSED))

    def place(self, plan: Meeting) -> None:
        """A new meeting, unless a kept one has its time."""
        if not self._in_the_way(plan):
            self._add.append(plan)

    def _in_the_way(self, plan: Meeting) -> bool:
        overlapping = (*(k.meeting for k in self.kept), *self._fixed)
        return any(m.starts_at < plan.ends_at and plan.starts_at < m.ends_at for m in overlapping)

    def done(self) -> MeetingChanges:
        """All of it, each part by start."""
        return MeetingChanges(
            _by_start(self._add),
            _by_start(self._update),
            _by_start(self._remove),
            tuple(sorted(self.kept, key=lambda kept: kept.meeting.starts_at)),
        )


def _by_start(meetings: Iterable[Meeting]) -> tuple[Meeting, ...]:
    return tuple(sorted(meetings, key=lambda meeting: meeting.starts_at))


def _decided(meeting: Meeting) -> bool:
    """Somebody cancelled, held or changed it: no file undoes that."""
    ended = meeting.status in {MeetingStatus.CANCELLED, MeetingStatus.HELD}
    return ended or meeting.scheduled_at is not None


def _fixed(meetings: Iterable[Meeting]) -> tuple[Meeting, ...]:
    """Planned meetings that are where somebody put them: extra ones, and those changed by hand."""
    return tuple(
        meeting
        for meeting in meetings
        if meeting.status is MeetingStatus.PLANNED
        and (meeting.series_anchor is None or meeting.scheduled_at is not None)
    )


def _under_old_ids(old: Meeting, plan: Meeting) -> Meeting:
    ids = {slot.position: slot.id for slot in old.slots}
    slots = tuple(_slot(slot, old.id, ids.get(slot.position, slot.id)) for slot in plan.slots)
    moved = (old.day, old.start) != (plan.day, plan.start)
    agenda = None if moved else old.agenda_sent_at
    return replace(plan, id=old.id, slots=slots, agenda_sent_at=agenda)


def _slot(slot: Slot, meeting: str, slot_id: str) -> Slot:
    return replace(slot, id=slot_id, meeting=meeting)


def _differences(old: Meeting, new: Meeting) -> tuple[str, ...]:
    names = (each.name for each in fields(old) if each.name not in _OWN)
    return tuple(name for name in names if getattr(old, name) != getattr(new, name))
