"""What a tick does: due rows, those of a team and a kind in one transaction, never twice."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import groupby

from schedules.domain.organisation import Team
from schedules.domain.plan import BookingStatus, Meeting, MeetingStatus
from schedules.domain.schedule import asked_after, asked_before
from schedules.domain.workdays import quiet_until
from schedules.errors import SamtidError
from schedules.ports import Due, DueKind, DueOutcome, UnitOfWork
from schedules.services.agenda import send_agenda, send_day_before, send_morning
from schedules.services.ask_as_well import ask_deputies_as_well
from schedules.services.authority import referral_of, team_of
from schedules.services.called import Called, load_called
from schedules.services.climate_survey import run_surveys
from schedules.services.decide_booking import confirm_by_itself, end_booking
from schedules.services.follow_up import follow_up_due
from schedules.services.free_times import post_term_opens, post_times_left
from schedules.services.hand_over import say_handovers
from schedules.services.lapse import lapse
from schedules.services.office import Office, new_id
from schedules.services.proposal_card import pass_on_proposals
from schedules.services.propose import book_or_wait, book_waiting
from schedules.services.pulse import ask_pulse, end_pulse
from schedules.services.remind import remind_details, remind_identity, remind_unanswered
from schedules.services.remind_report import remind_report
from schedules.services.term_report import send_term_reports
from schedules.texts.decision import Decided

PASSED = "the meeting has passed"
NOT_OWED = "nobody is owed it any more"
ENDED = "the booking has ended"

HELD_BACK = frozenset(DueKind) - {DueKind.CALL, DueKind.LAPSE, DueKind.MORNING, DueKind.HANDOVER}
"""What quiet hours hold back."""

LEASE = timedelta(seconds=30)
"""A team's rows take far less; after it another process does those of one that was stopped."""

TOGETHER = 10
"""Groups in one transaction: whoever wants to change the team's plan waits for it."""

Group = tuple[Due, ...]
Ending = tuple[DueOutcome, str]
DONE: Ending = (DueOutcome.DONE, "")


@dataclass(frozen=True, slots=True)
class DueReport:
    """How many rows a tick closed, and the kinds of error that left rows for the next tick.

    The reports of a term, or a survey that opens or closes, count as one row.
    """

    closed: int
    failures: tuple[str, ...]


def run_due(office: Office, limit: int = 200, stopping: Callable[[], bool] = lambda: False) -> DueReport:
    """Do what is due now, team by team, until `limit` rows are closed or the process is `stopping`.

    Each team is claimed, so that processes share the work. Rows that share a meeting and a kind are done
    together. What cannot be done holds up nothing else: where one of a transaction fails, each is done alone.
    """
    owner, tried = new_id(), set[str]()
    closed, failures = 0, list[str]()
    try:
        while closed < limit and not stopping() and (rows := _claim(office, owner, tried)):
            tried.add(rows[0].team)
            closed += _run_team(office, owner, rows, failures)
    except SamtidError as error:
        failures.append(type(error).__name__)
    for now_and_then in (send_term_reports, run_surveys):
        try:
            closed += now_and_then(office)
        except SamtidError as error:
            failures.append(type(error).__name__)
    return DueReport(closed, tuple(failures))


def _claim(office: Office, owner: str, tried: Collection[str]) -> tuple[Due, ...]:
    with office.unit_of_work() as uow:
        rows = uow.due.claim(owner, office.now(), LEASE, tried)
        uow.commit()
    return rows


def _run_team(office: Office, owner: str, rows: tuple[Due, ...], failures: list[str]) -> int:
    """Do the rows of one team. What an unexpected error leaves stays claimed: it holds no other team up."""
    with office.unit_of_work() as uow:
        keyed = sorted(((_key(uow, row), row) for row in rows), key=lambda pair: pair[0])
    groups = [tuple(row for _, row in pairs) for _, pairs in groupby(keyed, key=lambda pair: pair[0])]
    closed, left = 0, list[str]()
    for _, alike in groupby(groups, key=lambda group: group[0].kind):
        same = list(alike)
        for n in range(0, len(same), TOGETHER):
            closed += _attempt(office, same[n : n + TOGETHER], failures, left)
    if left:
        with office.unit_of_work() as uow:
            uow.due.release(owner, left)
            uow.commit()
    return closed


def _key(uow: UnitOfWork, due: Due) -> tuple[str, str, str]:
    """Unanswered calls are gathered by meeting, everything else stands alone."""
    if due.kind in {DueKind.UNANSWERED_FIRST, DueKind.UNANSWERED_SECOND}:
        booking = uow.plan.booking(due.subject)
        return due.team, due.kind.value, booking.meeting if booking else due.subject
    return due.team, due.kind.value, due.subject


def _attempt(office: Office, groups: list[Group], failures: list[str], left: list[str]) -> int:
    """Do the groups together, or else each of them alone; how many rows were closed."""
    try:
        return office.change_plan(
            groups[0][0].team, lambda uow: sum(_run_group(uow, office, group) for group in groups)
        )
    except SamtidError as error:
        if len(groups) > 1:
            return sum(_attempt(office, [group], failures, left) for group in groups)
        failures.append(type(error).__name__)
        left += [row.id for row in groups[0]]
        return 0


def _run_group(uow: UnitOfWork, office: Office, rows: Group) -> int:
    open_still = uow.due.open_of([row.id for row in rows])  # another group may have closed it just now
    still = _outside_quiet_hours(uow, office, [row for row in rows if row.id in open_still])
    for row, (outcome, note) in _HANDLERS[rows[0].kind](uow, office, still) if still else ():
        uow.due.close(row.id, outcome, office.now(), note)
    return len(still)


def _outside_quiet_hours(uow: UnitOfWork, office: Office, rows: list[Due]) -> tuple[Due, ...]:
    """The rows to do now; reminders that come late, at night or on a red day, are put off to working hours.

    The morning's message has a time of its own, and a confirmation is no reminder.
    """
    open_at = quiet_until(office.now(), office.zone, office.is_holiday)
    late = [row for row in rows if row.kind in HELD_BACK and open_at > office.now()]
    for row in late:
        uow.due.plan(replace(row, at=open_at))
    return tuple(row for row in rows if row not in late)


Handled = list[tuple[Due, Ending]]
Handler = Callable[[UnitOfWork, Office, tuple[Due, ...]], Handled]


def _each(one: Callable[[UnitOfWork, Office, Due], Ending]) -> Handler:
    return lambda uow, office, rows: [(row, one(uow, office, row)) for row in rows]


def _call(uow: UnitOfWork, office: Office, due: Due) -> Ending:
    called = load_called(uow, due.subject)
    if called.booking.status is not BookingStatus.PROPOSED:
        return DueOutcome.DROPPED, ENDED
    if called.meeting.starts_at <= office.now():
        return _passed(uow, office, called)
    if called.booking.calls_at is None:
        return DueOutcome.DROPPED, "never by itself"
    if called.booking.calls_at > office.now():
        uow.due.plan(replace(due, at=called.booking.calls_at, round=due.round + 1))
        return DueOutcome.DROPPED, "moved"
    return DONE if confirm_by_itself(uow, office, due.subject) else (DueOutcome.DROPPED, ENDED)


def _passed(uow: UnitOfWork, office: Office, called: Called) -> Ending:
    """The process was down over the meeting: the case moves on, it does not wait in a drawer."""
    end_booking(uow, office, called.referral.id, Decided.PASSED, rebook_waiting=False)
    book_or_wait(uow, office, called.team, referral_of(uow, called.referral.id))
    return DueOutcome.DROPPED, PASSED


def _lapse(uow: UnitOfWork, office: Office, due: Due) -> Ending:
    called = load_called(uow, due.subject)
    if called.booking.status is not BookingStatus.PROPOSED:
        return DueOutcome.DROPPED, ENDED
    if called.booking.calls_at is not None or due.round != called.meeting.day.toordinal():
        return DueOutcome.DROPPED, "moved"
    if called.meeting.starts_at <= office.now():
        return _passed(uow, office, called)
    lapse(uow, office, called)
    return DONE


def _unanswered(number: int) -> Handler:
    def handle(uow: UnitOfWork, office: Office, rows: tuple[Due, ...]) -> Handled:
        handled: Handled = []
        owed: list[Due] = []
        for row in rows:
            called = load_called(uow, row.subject)
            if called.booking.status is not BookingStatus.BOOKED:
                handled.append((row, (DueOutcome.DROPPED, ENDED)))
            elif called.meeting.starts_at <= office.now():
                handled.append((row, (DueOutcome.DROPPED, PASSED)))
            else:
                owed.append(row)
        if owed:
            first = load_called(uow, owed[0].subject)
            reminded = remind_unanswered(
                uow, office, first.team, first.meeting, [row.subject for row in owed], number
            )
            if number > 1:
                ask_deputies_as_well(uow, office, first.team, [row.subject for row in owed])
            ending = DONE if reminded else (DueOutcome.DROPPED, NOT_OWED)
            handled.extend((row, ending) for row in owed)
        return handled

    return handle


def _identity(uow: UnitOfWork, office: Office, due: Due) -> Ending:
    called = load_called(uow, due.subject)
    if called.booking.status is not BookingStatus.BOOKED:
        return DueOutcome.DROPPED, ENDED
    if called.meeting.starts_at <= office.now():
        return DueOutcome.DROPPED, PASSED
    return DONE if remind_identity(uow, office, called) else (DueOutcome.DROPPED, NOT_OWED)


def _details(uow: UnitOfWork, office: Office, due: Due) -> Ending:
    referral = referral_of(uow, due.subject)
    booking = uow.plan.live_booking(referral.id)
    meeting = load_called(uow, booking.id).meeting if booking else None
    if meeting is not None and meeting.starts_at <= office.now():
        return DueOutcome.DROPPED, PASSED
    again = due.round != asked_after(office.local(referral.submitted_at).date())
    if again and (meeting is None or due.round != asked_before(meeting.day)):
        return DueOutcome.DROPPED, "moved"
    reminded = remind_details(uow, office, due.subject, meeting.day if meeting and again else None)
    return DONE if reminded else (DueOutcome.DROPPED, NOT_OWED)


def _meeting(send: Callable[[UnitOfWork, Office, Due, Meeting], None]) -> Handler:
    def one(uow: UnitOfWork, office: Office, due: Due) -> Ending:
        meeting = uow.plan.meeting(due.subject)
        if meeting is None or meeting.status is not MeetingStatus.PLANNED:
            return DueOutcome.DROPPED, ENDED
        if meeting.starts_at <= office.now():
            return DueOutcome.DROPPED, PASSED
        if due.kind is DueKind.DAY_BEFORE and meeting.day == office.today():
            return DueOutcome.DROPPED, "the morning's message says it"
        send(uow, office, due, meeting)
        return DONE

    return _each(one)


def _waiting(uow: UnitOfWork, office: Office, due: Due) -> Ending:
    """The subject is the meeting whose reserve is released, or an occasion on which people became free."""
    booked = book_waiting(uow, office, team_of(uow, due.team), [due.subject])
    return DONE if booked else (DueOutcome.DROPPED, NOT_OWED)


def _coordinator(uow: UnitOfWork, office: Office, due: Due) -> Ending:
    passed_on = pass_on_proposals(uow, office, team_of(uow, due.team))
    return DONE if passed_on else (DueOutcome.DROPPED, NOT_OWED)


def _handover(uow: UnitOfWork, office: Office, due: Due) -> Ending:
    return DONE if say_handovers(uow, office, due.team) else (DueOutcome.DROPPED, NOT_OWED)


def _post(
    post: Callable[[UnitOfWork, Office, Team, str], bool],
) -> Callable[[UnitOfWork, Office, Due], Ending]:
    def one(uow: UnitOfWork, office: Office, due: Due) -> Ending:
        posted = post(uow, office, team_of(uow, due.team), due.subject)
        return DONE if posted else (DueOutcome.DROPPED, NOT_OWED)

    return one


def _report(uow: UnitOfWork, office: Office, due: Due) -> Ending:
    reminded = remind_report(uow, office, team_of(uow, due.team), due.subject)
    return DONE if reminded else (DueOutcome.DROPPED, NOT_OWED)


def _pulse(
    act: Callable[[UnitOfWork, Office, Team, Meeting], bool],
) -> Callable[[UnitOfWork, Office, Due], Ending]:
    def one(uow: UnitOfWork, office: Office, due: Due) -> Ending:
        meeting, team = uow.plan.meeting(due.subject), uow.organisation.team(due.team)
        done = meeting is not None and team is not None and act(uow, office, team, meeting)
        return DONE if done else (DueOutcome.DROPPED, NOT_OWED)

    return one


def _follow_up(uow: UnitOfWork, office: Office, due: Due) -> Ending:
    return DONE if follow_up_due(uow, office, due) else (DueOutcome.DROPPED, NOT_OWED)


_HANDLERS: dict[DueKind, Handler] = {
    DueKind.COORDINATOR: _each(_coordinator),
    DueKind.HANDOVER: _each(_handover),
    DueKind.REPORT: _each(_report),
    DueKind.FOLLOW_UP: _each(_follow_up),
    DueKind.PULSE: _each(_pulse(ask_pulse)),
    DueKind.PULSE_ENDS: _each(_pulse(end_pulse)),
    DueKind.CALL: _each(_call),
    DueKind.LAPSE: _each(_lapse),
    DueKind.UNANSWERED_FIRST: _unanswered(1),
    DueKind.UNANSWERED_SECOND: _unanswered(2),
    DueKind.IDENTITY: _each(_identity),
    DueKind.DETAILS: _each(_details),
    DueKind.WAITING: _each(_waiting),
    DueKind.FREE_TIMES: _each(_post(post_times_left)),
    DueKind.TERM_OPENS: _each(_post(post_term_opens)),
    DueKind.AGENDA: _meeting(lambda uow, o, due, m: send_agenda(uow, o, team_of(uow, due.team), m)),
    DueKind.DAY_BEFORE: _meeting(lambda uow, o, due, m: send_day_before(uow, o, team_of(uow, due.team), m)),
    DueKind.MORNING: _meeting(lambda uow, o, due, m: send_morning(uow, o, team_of(uow, due.team), m)),
}
