"""A county's year by commands alone: who raises, answers, falls ill, cancels, moves and hands over, and when.

What happens is drawn from one number. Messages leave every half hour of the working day.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from random import Random
from typing import TypeVar

from schedules.domain.cases import Gender, PersonTakesPart, QuestionCategory, Support, Urgency
from schedules.domain.commands import SaveDetails, SubmitReferral
from schedules.domain.figures.facts import Decision, Outcome, TookPart
from schedules.domain.meeting_report import NotHeldReason, ReportCase, Result
from schedules.domain.organisation import Team
from schedules.domain.plan import Answer, DeclineReason, Invitation, Meeting, MeetingStatus
from schedules.errors import NotAllowed, Outdated, Refused
from schedules.services.absence import EnterAbsence, enter_absence, preview_absence
from schedules.services.answer_invitation import answer_invitation, deputies_for, deputise, know_identity
from schedules.services.cancel_meeting import cancel_meeting, preview_cancel
from schedules.services.decide_booking import confirm_booking, move_booking, other_times, withdraw_referral
from schedules.services.decline import decline
from schedules.services.feedback import feedback_given
from schedules.services.hand_over import HandOver, hand_over, handover_choices, preview_handover
from schedules.services.move_meeting import NewTime, move_meeting, preview_move
from schedules.services.replanning import PlanPreview
from schedules.services.report_meeting import open_report, report_case
from schedules.services.save_details import save_details
from schedules.services.submit_referral import submit_referral
from tests.support.county import County
from tests.support.county_checks import Explained
from tests.support.random_office import RandomOffice
from tests.support.replay import Replay

T = TypeVar("T")
REFUSALS = (Outdated, NotAllowed, Refused)
BEGINS, ENDS = time(8), time(17)
HALF_HOUR = timedelta(minutes=30)
REPORTS_AT = time(16)
ABSENCES_A_PERSON = 1.5
CANCELLED, MOVED = 0.05, 0.03


class Year:
    """One year of one county. `seen` counts what was carried out, and what was refused."""

    def __init__(self, it: RandomOffice, county: County, chance: Random) -> None:
        self.it = it
        self.office = it.office
        self.county = county
        self.chance = chance
        self.replay = Replay(it)
        self.explained = Explained(it)
        self.seen: Counter[str] = Counter()
        self._events: list[tuple[datetime, int, Callable[[], object]]] = []
        self._number = 0
        self._cases: dict[str, SubmitReferral] = {}

    def run(self, first: date, last: date, cases: int) -> None:
        """From the first day to the last, both included; the cases are raised until six weeks before that."""
        self._plan(first, last, cases)
        day = first
        while day <= last:
            if day.weekday() < 5 and not self.office.is_holiday(day):
                self._workday(day)
            day += timedelta(days=1)

    def at(self, day: date, moment: time, do: Callable[[], object]) -> None:
        """Let something happen then; what falls on no workday happens on the next."""
        while day.weekday() >= 5 or self.office.is_holiday(day):
            day += timedelta(days=1)
        instant = datetime.combine(day, moment, self.office.zone).astimezone(UTC)
        heapq.heappush(self._events, (max(instant, self.it.clock.at), self._next(), do))

    def attempt(self, name: str, work: Callable[[], T]) -> T | None:
        """Count what was done, or refused: a refusal changes nothing, and is no fault."""
        try:
            done = work()
        except REFUSALS as refusal:
            self.seen[f"{name} {type(refusal).__name__}"] += 1
            return None
        self.seen[name] += 1
        return done

    def _next(self) -> int:
        self._number += 1
        return self._number

    def _workday(self, day: date) -> None:
        self.at(day, REPORTS_AT, self._report_all)
        moment = datetime.combine(day, BEGINS, self.office.zone).astimezone(UTC)
        while self.office.local(moment).time() <= ENDS:
            while self._events and self._events[0][0] <= moment:
                at, _, do = heapq.heappop(self._events)
                self.replay.work_until(at)
                do()
            self.replay.until(moment)
            moment += HALF_HOUR

    # --- what the year holds -------------------------------------------------------------------------

    def _plan(self, first: date, last: date, cases: int) -> None:
        teams = self.county.organisation.teams
        days = [first + timedelta(days=n) for n in range((last - first).days - 42)]
        summer = range(26, 32)
        days = [day for day in days if day.weekday() < 5 and day.isocalendar().week not in summer]
        for n in range(cases):
            day = days[int((n + self.chance.random()) * len(days) / cases)]  # evenly, as they come in
            self.at(day, self._office_hour(), partial(self._raise, teams[n % len(teams)].id))
        for number, team in enumerate(teams):
            with self.office.unit_of_work() as uow:
                meetings = uow.plan.meetings(team.id, first)
            planned = [m for m in meetings if m.status is MeetingStatus.PLANNED]
            for n, meeting in enumerate(planned):
                self._upset(meeting, 0.0 if (number, n) == (0, 2) else self.chance.random())
        self._absences(first, last)
        for n in range(max(1, len(teams) // 5)):
            self.at(
                self.chance.choice(days[len(days) // 4 :]), self._office_hour(), partial(self._hand_over, n)
            )

    def _upset(self, meeting: Meeting, lot: float) -> None:
        """Some are cancelled and some moved; one always is, however short the time."""
        before = timedelta(days=self.chance.randrange(1, 12))
        if lot > CANCELLED + MOVED:
            return
        do = self._cancel if lot < CANCELLED else self._move
        self.at(meeting.day - before, self._office_hour(), partial(do, meeting.id))

    def _absences(self, first: date, last: date) -> None:
        people = sorted({p for team in self.county.organisation.teams for p in _people(team)})
        for _ in range(round(len(people) * ABSENCES_A_PERSON)):
            day = first + timedelta(days=self.chance.randrange((last - first).days))
            self.at(day, self._office_hour(), partial(self._go_away, self.chance.choice(people)))

    def _office_hour(self) -> time:
        return time(self.chance.randrange(8, 16), self.chance.randrange(60))

    # --- cases ---------------------------------------------------------------------------------------

    def _raise(self, team_id: str) -> None:
        team = self._team(team_id)
        raising = [m.party for m in team.parties if self.county.caseworkers.get(m.party)]
        own = self.chance.choice(raising)
        others = [m.party for m in team.parties if m.party != own]
        asked = self.chance.sample(others, self.chance.choice([1, 1, 2, 2, 3, len(others)]))
        urgent = self.chance.random() < 0.1
        command = SubmitReferral(
            actor=self.chance.choice(self.county.caseworkers[own]),
            view_id=f"V{self._next()}",
            team=team_id,
            parties=tuple(asked),
            consent_date=self.office.today(),
            categories=(self.chance.choice(list(QuestionCategory)),),
            question="Hur kan stödet samordnas framåt?",
            person_takes_part=self.chance.choice(list(PersonTakesPart)),
            urgency=Urgency.URGENT if urgent else Urgency.ORDINARY,
            urgency_reason="Ersättningen upphör snart." if urgent else None,
            not_before=self.office.today() + timedelta(days=40) if self.chance.random() < 0.03 else None,
        )
        wanted = self.explained.expected(command)
        outcome = self.attempt("raise", lambda: submit_referral(self.office, command))
        assert outcome is not None
        self.explained.check(outcome, wanted)
        self._cases[outcome.referral] = command
        self._after_raising(outcome.referral, outcome.booking, team)

    def _after_raising(self, referral: str, booking: str | None, team: Team) -> None:
        today, hour = self.office.today(), self._office_hour()
        self.at(today, hour, partial(self._fill_in, referral))
        if booking and team.rules.coordinator_confirms and self.chance.random() < 0.8:
            self.at(today + timedelta(days=1), time(8, 10), partial(self._confirm, team.id, booking))
        self._answers_later(referral, first=2)
        lot = self.chance.random()
        if lot < 0.05:
            do = self._withdraw if lot < 0.03 else self._move_case
            self.at(today + timedelta(days=self.chance.randrange(1, 15)), hour, partial(do, referral))

    def _fill_in(self, referral: str) -> None:
        gender = self.chance.choice([Gender.WOMAN, Gender.WOMAN, Gender.MAN])
        sick = self.office.today() - timedelta(days=self.chance.randrange(90))
        actor = self._cases[referral].actor
        known = self._cases[referral].parties
        command = SaveDetails(
            actor, referral, None, gender, 1985, sick, None, known, Support.SICKNESS_BENEFIT
        )
        if self.chance.random() < 0.9:
            self.attempt("details", lambda: save_details(self.office, command))

    def _confirm(self, team: str, booking: str) -> None:
        leader = self._team(team).coordinator
        self.attempt("confirm", lambda: confirm_booking(self.office, leader, booking))

    def _withdraw(self, referral: str) -> None:
        self.attempt(
            "withdraw", lambda: withdraw_referral(self.office, self._cases[referral].actor, referral)
        )

    def _move_case(self, referral: str) -> None:
        booking, actor = self._live(referral), self._cases[referral].actor
        if booking is None:
            return
        found = self.attempt("other times", lambda: other_times(self.office, actor, booking))
        if found and found[1]:
            slot = self.chance.choice(found[1]).slot
            self.attempt("move case", lambda: move_booking(self.office, actor, booking, slot))
            self._answers_later(referral)

    # --- answers -------------------------------------------------------------------------------------

    def _answers_later(self, referral: str, first: int = 1) -> None:
        day = self.office.today() + timedelta(days=first)
        for n in range(2):  # some on that day, some on another
            later = timedelta(days=n * self.chance.randrange(1, 6))
            self.at(day + later, self._office_hour(), partial(self._answer, referral, n))

    def _answer(self, referral: str, again: int) -> None:
        booking = self._live(referral)
        if booking is None:
            return
        with self.office.unit_of_work() as uow:
            calls = uow.plan.invitations(booking)
        for call in calls:
            if (
                call.must_answer
                and call.answer is Answer.NEEDS_ACTION
                and (again or self.chance.random() < 0.6)
            ):
                self._say(referral, call)
            if call.identity_known_at is None and self.chance.random() < 0.5:
                self.attempt("known", partial(know_identity, self.office, call.person, call.public_id))

    def _say(self, referral: str, call: Invitation) -> None:
        lot, office, person, public_id = self.chance.random(), self.office, call.person, call.public_id
        if lot < 0.87:
            self.attempt("accept", lambda: answer_invitation(office, person, public_id, Answer.ACCEPTED))
        elif lot < 0.93:
            reason = self.chance.choice(list(DeclineReason))
            self.attempt("decline", lambda: decline(office, person, public_id, reason))
            self._answers_later(referral)
        elif lot < 0.95:
            offered = self.attempt("deputies", lambda: deputies_for(office, person, public_id))
            if offered and offered[1]:
                deputy = offered[1][0].id
                self.attempt("deputise", lambda: deputise(office, person, public_id, deputy))
                self._answers_later(referral)

    # --- meetings ------------------------------------------------------------------------------------

    def _report_all(self) -> None:
        for team in self.county.organisation.teams:
            with self.office.unit_of_work() as uow:
                ended = uow.plan.unreported(team.id, self.office.now())
            for booking in ended:
                if self.chance.random() < 0.95:
                    self._report(team.id, booking.id, booking.referral)

    def _report(self, team: str, booking: str, referral: str) -> None:
        leader = self._team(team).coordinator
        shown = self.attempt("open report", lambda: open_report(self.office, leader, booking))
        if shown is None:
            return
        outcome = self._outcome(may_come=bool(shown.wanted))
        took_part = self.chance.choice([TookPart.NO, TookPart.NO, TookPart.IN_ROOM, TookPart.ONLINE])
        present = tuple(p for p, _ in shown.called if p in shown.coming or self.chance.random() < 0.5)
        result = Result(
            outcome,
            present=present,
            took_part=took_part,
            decisions=(self.chance.choice(list(Decision)),),
            not_held=NotHeldReason.PERSON_ABSENT,
            next_parties=shown.wanted,
        )
        done = self.attempt("report", lambda: report_case(self.office, ReportCase(leader, booking, result)))
        assert done is not None
        self.seen["discussed"] += result.held
        self.seen[outcome.value] += 1
        if done.next is not None:
            self._answers_later(referral)
        if result.held and took_part is TookPart.NO and self.chance.random() < 0.8:
            soon = self.office.today() + timedelta(days=self.chance.randrange(1, 6))
            self.at(soon, self._office_hour(), partial(self._feed_back, referral, booking))

    def _outcome(self, *, may_come: bool) -> Outcome:
        lot = self.chance.random()
        if lot < 0.08 and may_come:
            return Outcome.NEW_MEETING
        if lot < 0.11:
            return Outcome.NOT_HELD
        return Outcome.NO_FURTHER if lot < 0.2 else Outcome.PLAN_AGREED

    def _feed_back(self, referral: str, booking: str) -> None:
        actor = self._cases[referral].actor
        self.attempt("feedback", lambda: feedback_given(self.office, actor, booking))

    def _cancel(self, meeting_id: str) -> None:
        meeting = self._meeting(meeting_id)
        leader = self._team(meeting.team).coordinator
        affected = self._referrals_at(meeting_id)
        shown = self.attempt("cancel shown", lambda: preview_cancel(self.office, leader, meeting_id))
        if shown is not None:
            done = self.attempt(
                "cancel meeting", lambda: cancel_meeting(self.office, leader, meeting_id, shown.fingerprint)
            )
            self._moved(done, affected)

    def _move(self, meeting_id: str) -> None:
        meeting = self._meeting(meeting_id)
        leader = self._team(meeting.team).coordinator
        affected = self._referrals_at(meeting_id)
        later = timedelta(days=self.chance.choice([0, 1, 2]))
        wanted = NewTime(
            meeting.day + later, self.chance.choice([time(9), time(13)]), meeting.place, meeting.link
        )
        shown = self.attempt("move shown", lambda: preview_move(self.office, leader, meeting_id, wanted))
        if shown is not None:
            done = self.attempt(
                "move meeting",
                lambda: move_meeting(self.office, leader, meeting_id, wanted, shown.fingerprint),
            )
            self._moved(done, affected)

    def _moved(self, done: PlanPreview | None, affected: list[str]) -> None:
        assert done is not None
        self.explained.check_moves(done.moves)
        for referral in affected:
            self._answers_later(referral)

    # --- duty ----------------------------------------------------------------------------------------

    def _go_away(self, person: str) -> None:
        """Ill from today, or a leave that is known before."""
        known_before = self.chance.choice([0, 0, 3, 10, 25])
        first = self.office.today() + timedelta(days=known_before)
        command = EnterAbsence(person, person, first, first + timedelta(days=self.chance.randrange(1, 15)))
        shown = self.attempt("absence shown", lambda: preview_absence(self.office, command))
        if shown is not None:
            self.attempt("absence", lambda: enter_absence(self.office, command, shown.fingerprint))

    def _hand_over(self, number: int) -> None:
        """Somebody leaves: all their teams go to another in one step, at once or from a day."""
        desk = ("fk", "kommun0", "af", "vc1")[number % 4]
        people = [p.id for p in self.county.organisation.people if p.id.startswith(f"{desk}_{number // 4}")]
        choices = handover_choices(self.office, "leader", people[0])
        if not choices.successors or not choices.teams:
            return
        successor = self.chance.choice(choices.successors)[0]
        first = self.office.today() + timedelta(days=self.chance.choice([0, 12]))
        command = HandOver("leader", people[0], successor, tuple(t for t, _ in choices.teams), first)
        shown = self.attempt("handover shown", lambda: preview_handover(self.office, command))
        if shown is not None:
            self.attempt("hand over", lambda: hand_over(self.office, command, shown.fingerprint))
            self.seen["teams handed over"] += len(command.teams)

    # --- looking -------------------------------------------------------------------------------------

    def _team(self, team: str) -> Team:
        with self.office.unit_of_work() as uow:
            found = uow.organisation.team(team)
        assert found is not None
        return found

    def _meeting(self, meeting: str) -> Meeting:
        with self.office.unit_of_work() as uow:
            found = uow.plan.meeting(meeting)
        assert found is not None
        return found

    def _referrals_at(self, meeting: str) -> list[str]:
        with self.office.unit_of_work() as uow:
            return [booking.referral for booking in uow.plan.live_bookings(meeting)]

    def _live(self, referral: str) -> str | None:
        query = "SELECT id FROM booking WHERE referral = :referral AND status IN ('proposed', 'booked')"
        return next((booking for (booking,) in self.replay.looking.rows(query, referral=referral)), None)


def _people(team: Team) -> set[str]:
    return {team.coordinator, *(p for member in team.parties for p in member.representatives)}
