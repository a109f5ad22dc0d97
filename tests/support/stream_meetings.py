"""Random commands about meetings: cancel, move, add, close, release, and the posts about free times."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta

from schedules.domain.authority import Command
from schedules.domain.meeting_times import ExtraMeeting
from schedules.domain.plan import Meeting
from schedules.services.cancel_meeting import cancel_meeting, preview_cancel
from schedules.services.close_period import Period, close_period, preview_close
from schedules.services.extra_meeting import (
    SingleTime,
    add_extra_meeting,
    add_single_time,
    cases_to_choose,
    preview_extra,
    preview_single,
)
from schedules.services.free_times import switch_posts
from schedules.services.move_meeting import NewTime, move_meeting, preview_move
from schedules.services.release_meeting import release_meeting
from schedules.services.replanning import PlanPreview
from tests.support.stream import Stream, picked

STARTS = (time(9), time(10, 30), time(13), time(13, 20), time(15))


class MeetingCommands(Stream):
    """What coordinators do with meetings, previewed first."""

    def cancel(self, team: int, number: int, by: int) -> None:
        found = self._meeting(team, number)
        if found is None:
            return
        leader = self.leader(found.team, by)
        done = self.carry_out(
            Command.CANCEL_MEETING,
            lambda: preview_cancel(self.office, leader, found.id),
            lambda plan: cancel_meeting(self.office, leader, found.id, plan),
        )
        assert self._cases(found) == [] if done else not self._leads(leader, found.team)

    def move_meeting(self, team: int, number: int, how: int) -> None:
        """Another day, another hour, another place, another link, or some of it."""
        found = self._meeting(team, number)
        if found is None:
            return
        leader = self.leader(found.team, how // 100)
        later = timedelta(days=(0, 0, 1, 7, -1, 14)[how % 6])
        start = STARTS[how // 6 % 5] if how % 6 not in {0, 1, 3} else found.start
        place = f"Rum {how % 5}" if how % 2 else found.place
        link = f"https://video.example/{how % 3}" if how % 4 == 0 else found.link
        wanted = NewTime(found.day + later, start, place, link)
        name = "move place" if (wanted.day, start) == (found.day, found.start) else Command.MOVE_MEETING
        self.carry_out(
            name,
            lambda: preview_move(self.office, leader, found.id, wanted),
            lambda plan: move_meeting(self.office, leader, found.id, wanted, plan),
        )

    def extra(self, number: int, days: int, how: int) -> None:
        team = self.team(number)
        leader, wanted = self.leader(team.id, number // 2), self._time(days, how, 1 + how % 2)
        self.carry_out(
            Command.ADD_MEETING,
            lambda: preview_extra(self.office, leader, team.id, wanted),
            lambda plan: add_extra_meeting(self.office, leader, team.id, wanted, plan),
        )

    def single(self, number: int, days: int, how: int) -> None:
        """A time outside the series for one case, booked or waiting."""
        team = self.team(number)
        leader = self.leader(team.id, number // 2)
        cases = self.attempt("cases", lambda: cases_to_choose(self.office, leader, team.id))
        case = picked(cases[1], how) if cases else None
        if case is None:
            return
        wanted = SingleTime(case[0], self._time(days, how, 1))
        self.carry_out(
            "single time",
            lambda: preview_single(self.office, leader, team.id, wanted),
            lambda plan: add_single_time(self.office, leader, team.id, wanted, plan),
        )

    def close(self, number: int, first: int, length: int) -> None:
        team = self.team(number)
        begins = self.office.today() + timedelta(days=first % 12)
        period = Period(begins, begins + timedelta(days=length % 8), "Semester")
        leader = self.leader(team.id, number // 2)
        self.carry_out(
            Command.CLOSE_PERIOD,
            lambda: preview_close(self.office, leader, team.id, period),
            lambda plan: close_period(self.office, leader, team.id, period, plan),
        )

    def release(self, team: int, number: int, by: int) -> None:
        found = self._meeting(team, number, empty=True)
        if found is not None:
            leader = self.leader(found.team, by)
            self.attempt(Command.RELEASE_MEETING, lambda: release_meeting(self.office, leader, found.id))

    def posts(self, number: int, by: int, *_: int) -> None:
        team = self.team(number)
        leader = self.leader(team.id, by)
        self.attempt(Command.SWITCH_POSTS, lambda: switch_posts(self.office, leader, team.id))

    # --- what they share -----------------------------------------------------------------------------

    def carry_out(
        self, name: str, preview: Callable[[], PlanPreview], act: Callable[[str], PlanPreview]
    ) -> bool:
        """Look, then do what was shown and nothing else, if it may be done; a look changes nothing."""
        before = self.everything()
        shown = self.attempt(f"{name} shown", preview)
        assert self.everything() == before
        if shown is not None:
            done = self.attempt(name, lambda: act(shown.fingerprint))
            assert done is not None
            assert [m.after for m in done.moves] == [m.after for m in shown.moves] or name in {
                Command.ADD_MEETING,
                "single time",
            }
            self.seen.update(f"{name} moves" for m in shown.moves if m.after is not None)
            self.seen.update(f"{name} leaves waiting" for m in shown.moves if m.after is None)
        return shown is not None

    def _leads(self, person: str, team: str) -> bool:
        (found,) = (t for t in self.organisation().teams if t.id == team)
        return person in {found.coordinator, *found.coordinator_deputies}

    def _meeting(self, team: int, number: int, *, empty: bool | None = None) -> Meeting | None:
        """One of the coming meetings; near ones, which have cases, more often."""
        found = self.coming(self.team(team).id)
        with_cases = [m for m in found if self._cases(m)]
        if empty or not with_cases:
            return picked([m for m in found if m not in with_cases], number)
        return picked([*with_cases, *with_cases, *found], number)

    def _cases(self, meeting: Meeting) -> list[str]:
        slots = {slot.id for slot in meeting.slots}
        return [b.id for b in self.live() if b.slot in slots]

    def _time(self, days: int, how: int, slots: int) -> ExtraMeeting:
        day = self.office.today() + timedelta(days=1 + days % 30)
        return ExtraMeeting(day, STARTS[how // 7 % 5], slots, (30, 45)[how % 2], "Rum 9" if how % 3 else "")
