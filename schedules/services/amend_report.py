"""Change what was reported of a case's time that took place: somebody ticked the wrong box.

What a report has set going stays as it is: a new meeting, or another time instead of one not held.
"""

from __future__ import annotations

from dataclasses import replace

from schedules.domain.authority import Command
from schedules.domain.figures.facts import Feedback
from schedules.domain.meeting_report import ENDS, CaseReport, ReportCase, Result
from schedules.errors import NotFound, Outdated, Refused
from schedules.ports import UnitOfWork
from schedules.services.authority import Subject, require
from schedules.services.called import Called, load_called
from schedules.services.decide_booking import team_of_booking
from schedules.services.feedback import tell_result
from schedules.services.free_text import require_clean
from schedules.services.keep_facts import call_kept, outcome_kept
from schedules.services.office import Office
from schedules.services.report_meeting import ReportShown, report_shown, require_taken_up


def open_amendment(office: Office, actor: str, booking_id: str) -> ReportShown:
    """The form with what was reported. The audit row is committed first (promise 6).

    Raises NotFound (also when it has been erased), NotAllowed; Outdated: the time did not take place.
    """
    with office.unit_of_work() as uow:
        called = load_called(uow, booking_id)
        acting = require(uow, Command.AMEND_REPORT, actor, Subject(booking_id, called.team))
        _, result = _reported(uow, called)
        uow.audit.record(actor, acting.party, "result.show", booking_id, office.now())
        shown = replace(report_shown(uow, called), result=result, coming=result.present)
        uow.commit()
        return shown


def amend_report(office: Office, command: ReportCase) -> None:
    """Store the changed report; its facts follow, and who has read the result hears of it.

    Raises:
        Refused: a field to be mended; nothing is stored.
        NotFound, NotAllowed, LockTimeout; Outdated: the time did not take place.
    """
    require_clean(office, agreed=command.result.agreed)
    team = team_of_booking(office, command.booking)
    office.change_plan(team, lambda uow: _amend(uow, office, command))


def _amend(uow: UnitOfWork, office: Office, command: ReportCase) -> None:
    called = load_called(uow, command.booking)
    acting = require(uow, Command.AMEND_REPORT, command.actor, Subject(command.booking, called.team))
    before, old = _reported(uow, called)
    result = _merged(called, old, command.result)
    if result == old:
        return
    report = _with_feedback(before, result.feedback)
    uow.outcomes.amend(report, result)
    uow.audit.record(command.actor, acting.party, "meeting.amend_report", called.booking.id, office.now())
    call_kept(uow, office, called, result.present)
    outcome_kept(uow, office, called, report, result)
    tell_result(uow, office, called, report, amended=True)


def _reported(uow: UnitOfWork, called: Called) -> tuple[CaseReport, Result]:
    report = uow.outcomes.of_booking(called.booking.id)
    if report is None:
        raise NotFound(booking=called.booking.id)
    if not report.held:
        raise Outdated(booking=called.booking.id)
    try:
        return report, uow.outcomes.result(called.booking.id)
    except KeyError:
        raise NotFound(booking=called.booking.id) from None


def _merged(called: Called, old: Result, new: Result) -> Result:
    if new.outcome is not old.outcome and not {new.outcome, old.outcome} <= ENDS:
        raise Refused({"outcome": "choose"})
    require_taken_up(called, new)
    return replace(new, not_held=None, next_parties=old.next_parties, next_from=old.next_from)


def _with_feedback(before: CaseReport, feedback: Feedback) -> CaseReport:
    """Whoever has been told has been told; otherwise the new report says whether it is owed."""
    if before.feedback is Feedback.GIVEN:
        return before
    return replace(before, feedback=feedback)
