"""Tierp's two years by commands alone, each on the day that the ledger says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path

from bot.organisation import Applier, read
from schedules.domain.cases import Gender, PersonTakesPart, QuestionCategory, Support, Urgency
from schedules.domain.commands import SaveDetails, SubmitReferral
from schedules.domain.figures.facts import Decision, Outcome, TookPart
from schedules.domain.figures.month import Month, Period
from schedules.domain.figures.page import Page, PageKind, Published
from schedules.domain.meeting_report import NotHeldReason, ReportCase, Result
from schedules.domain.plan import Answer, Booking, DeclineReason, Invitation, Meeting
from schedules.services.answer_invitation import answer_invitation
from schedules.services.cancel_meeting import cancel_meeting, preview_cancel
from schedules.services.decide_booking import confirm_booking, withdraw_referral
from schedules.services.decline import decline
from schedules.services.feedback import feedback_given
from schedules.services.move_meeting import NewTime, move_meeting, preview_move
from schedules.services.publish_report import publish
from schedules.services.release_meeting import release_meeting
from schedules.services.report_meeting import report_case
from schedules.services.save_details import save_details
from schedules.services.submit_referral import submit_referral
from tests.support.random_office import Postman, RandomOffice, copied, open_office
from tests.support.replay import Replay
from tests.support.tierp_ledger import FOLDER, Line, MeetingLine, Said, by_person, lines, meetings

BEGINS = datetime(2018, 4, 1, 8, 0, tzinfo=UTC)
ENDS = datetime(2020, 4, 1, 8, 0, tzinfo=UTC)
TERM_AHEAD = date(2018, 12, 3)
"""When the file of the new year was applied."""

PERIOD = Period(Month(2018, 4), Month(2020, 3))
LEADER = "coordinator"
CHANGES_AT, RAISED_AT, DETAILS_AT, CONFIRMED_AT = time(9, 30), time(10), time(10, 5), time(11)
TOLD_AT, REPORTED_AT, ANSWERED_AT, WITHDRAWN_AT = time(15), time(15, 30), time(16, 30), time(17)


class Letterbox(Postman):
    """Takes every mail and reads none: calendars are other tests' business."""

    def send(self, sender: str, recipient: str, raw: bytes) -> None:
        self.seen["arrives"] += 1


def begun(template: Path, folder: Path) -> Tierp:
    """The replay before anything has happened."""
    it = open_office(template, folder, read(FOLDER / "organisation-2018.yaml"), BEGINS)
    return Tierp(it, lines())


@dataclass(order=True)
class Deed:
    """One thing that somebody does."""

    at: datetime
    number: int
    do: Callable[[], object] = field(compare=False)


class Tierp:
    """One replay; `referrals` are those of the persons so far."""

    def __init__(self, it: RandomOffice, ledger: list[Line], referrals: dict[int, str] | None = None) -> None:
        it.postman = Letterbox()
        self.replay = Replay(it)
        self.office = it.office
        self.ledger = ledger
        self.plan = meetings()
        self.referrals = dict(referrals or {})
        self.deeds: list[Deed] = []
        self._script()

    def until(self, instant: datetime) -> None:
        """Everything in its order that is done before the instant, from where the clock stands."""
        for deed in sorted(self.deeds):
            if self.replay.it.clock.at <= deed.at < instant:
                self.replay.until(deed.at)
                deed.do()
        self.replay.until(instant)

    def without(self, person: int, folder: Path) -> Tierp:
        """Another replay that goes on from here, in which that person will never be."""
        ledger = [line for line in self.ledger if line.person != person]
        return Tierp(copied(self.replay.it, folder), ledger, self.referrals)

    def report(self) -> Published:
        """The two years' report to the team."""
        self.until(ENDS)
        assert self.replay.failures == []
        return publish(self.office, Page(PageKind.TEAM, "tierp"), PERIOD, "leader")

    def raised(self, person: int) -> datetime:
        """Just before the person's case is raised."""
        day = by_person(self.ledger)[person][0].called
        return datetime.combine(day, CHANGES_AT, self.office.zone).astimezone(UTC)

    def _script(self) -> None:
        second = read(FOLDER / "organisation-2019.yaml")
        self._on(TERM_AHEAD, CHANGES_AT, lambda: Applier(self.office).apply(second))
        for meeting in self.plan:
            self._meeting(meeting)
        for person in by_person(self.ledger).values():
            self._raised(person[0])
            for line, following in zip(person, [*person[1:], None], strict=True):
                self._called(line, following)

    def _on(self, day: date | None, moment: time, do: Callable[[], object]) -> None:
        assert day is not None
        at = datetime.combine(day, moment, self.office.zone).astimezone(UTC)
        self.deeds.append(Deed(at, len(self.deeds), do))

    # --- what the ledger's lines mean ----------------------------------------------------------------

    def _meeting(self, line: MeetingLine) -> None:
        do = {"cancelled": self._cancel, "released": self._release, "moved": self._move}.get(line.became)
        if do is not None:
            self._on(line.on, CHANGES_AT, lambda: do(line))

    def _raised(self, line: Line) -> None:
        self._on(line.called, RAISED_AT, lambda: self._raise(line))
        self._on(line.called, DETAILS_AT, lambda: self._fill_in(line))
        self._on(line.called, CONFIRMED_AT, lambda: self._confirm(line))

    def _called(self, line: Line, following: Line | None) -> None:
        for said in line.answers:
            self._on(line.called + timedelta(said.days), ANSWERED_AT, partial(self._answer, line, said))
        if line.outcome == "withdrawn":
            self._on(line.reported, WITHDRAWN_AT, lambda: self._withdraw(line))
        elif line.outcome not in {"", "moved"}:
            self._on(line.reported, REPORTED_AT, lambda: self._report(line, following))
        if line.told:
            self._on(line.told, TOLD_AT, lambda: self._tell(line))

    # --- the commands --------------------------------------------------------------------------------

    def _raise(self, line: Line) -> None:
        command = SubmitReferral(
            actor=f"{line.by}_case",
            view_id=f"V{line.person}",
            team="tierp",
            parties=line.asks,
            consent_date=line.called,
            categories=(QuestionCategory.JOINT_PLAN,),
            question="Hur kan stödet samordnas framåt?",
            person_takes_part=PersonTakesPart.NOT_YET_ASKED,
            urgency=Urgency(line.urgency),
            urgency_reason="Ersättningen upphör snart." if line.urgency == "urgent" else None,
        )
        self.referrals[line.person] = submit_referral(self.office, command).referral

    def _fill_in(self, line: Line) -> None:
        save_details(
            self.office,
            SaveDetails(
                actor=f"{line.by}_case",
                referral=self.referrals[line.person],
                slot=None,
                gender=Gender(line.gender),
                birth_year=1985,
                sick_leave_start=line.sick_since,
                needs=None,
                known_to=line.asks,
                support=Support.SICKNESS_BENEFIT,
            ),
        )

    def _confirm(self, line: Line) -> None:
        confirm_booking(self.office, LEADER, self._booking(line).id)

    def _answer(self, line: Line, said: Said) -> None:
        call = self._call(line, said.party)
        if said.how == "+":
            answer_invitation(self.office, call.person, call.public_id, Answer.ACCEPTED)
            return
        reason = DeclineReason.NOT_OUR_CASE if said.how == "!" else DeclineReason.ABSENT
        decline(self.office, call.person, call.public_id, reason)
        if said.how == "~":
            deputy = self._call(line, said.party)
            assert deputy.person != call.person
            answer_invitation(self.office, deputy.person, deputy.public_id, Answer.ACCEPTED)

    def _report(self, line: Line, following: Line | None) -> None:
        result = Result(
            Outcome(line.outcome),
            present=line.present,
            took_part=TookPart(line.took_part) if line.held else None,
            decisions=tuple(Decision(one) for one in line.decisions),
            missed=line.missed,
            not_held=None if line.held else NotHeldReason.PERSON_ABSENT,
            next_parties=following.asks if following else (),
            next_from=following.meeting - timedelta(3) if following else None,
        )
        report_case(self.office, ReportCase(LEADER, self._booking(line).id, result))

    def _tell(self, line: Line) -> None:
        with self.office.unit_of_work() as uow:
            reports = uow.outcomes.of_referral(self.referrals[line.person])
        (report,) = [report for report in reports if self._is(line, report.meeting)]
        feedback_given(self.office, f"{line.by}_case", report.booking)

    def _withdraw(self, line: Line) -> None:
        withdraw_referral(self.office, f"{line.by}_case", self.referrals[line.person])

    def _cancel(self, line: MeetingLine) -> None:
        found = self._meeting_on(line.day)
        shown = preview_cancel(self.office, LEADER, found.id)
        cancel_meeting(self.office, LEADER, found.id, shown.fingerprint)

    def _release(self, line: MeetingLine) -> None:
        release_meeting(self.office, LEADER, self._meeting_on(line.day).id)

    def _move(self, line: MeetingLine) -> None:
        found = self._meeting_on(line.day)
        assert line.to is not None
        wanted = NewTime(line.to, found.start, found.place, found.link)
        shown = preview_move(self.office, LEADER, found.id, wanted)
        move_meeting(self.office, LEADER, found.id, wanted, shown.fingerprint)

    # --- looking -------------------------------------------------------------------------------------

    def _booking(self, line: Line) -> Booking:
        """The case's live booking, at the meeting that the ledger says."""
        with self.office.unit_of_work() as uow:
            booking = uow.plan.live_booking(self.referrals[line.person])
            assert booking is not None, line
            meeting = uow.plan.meeting(booking.meeting)
        assert meeting is not None
        assert meeting.day == line.meeting, (line, meeting.day)
        return booking

    def _call(self, line: Line, party: str) -> Invitation:
        """The call to whoever sits for the party; a deputy who was asked as well leaves it to them."""
        booking = self._booking(line)
        (seated,) = [seat.representative for seat in booking.seats if seat.party == party]
        with self.office.unit_of_work() as uow:
            (call,) = [i for i in uow.plan.invitations(booking.id) if i.person == seated]
        return call

    def _is(self, line: Line, meeting: str) -> bool:
        with self.office.unit_of_work() as uow:
            found = uow.plan.meeting(meeting)
        return found is not None and found.day == line.meeting

    def _meeting_on(self, day: date) -> Meeting:
        with self.office.unit_of_work() as uow:
            (found,) = [m for m in uow.plan.meetings("tierp", day) if m.day == day]
        return found
