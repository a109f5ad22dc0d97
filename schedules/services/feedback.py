"""Feedback: the result, looked at on record; and telling the person who was not at the meeting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from schedules.domain.authority import Command
from schedules.domain.facts import CaseFacts
from schedules.domain.figures.facts import Feedback
from schedules.domain.meeting_report import CaseReport, Result
from schedules.errors import NotFound
from schedules.ports import UnitOfWork
from schedules.services.authority import Subject, may, require
from schedules.services.called import Called, load_called
from schedules.services.facts import case_facts
from schedules.services.keep_facts import outcome_kept
from schedules.services.letters import About, language_of, tell
from schedules.services.live_home import renew_home_of
from schedules.services.office import Office
from schedules.texts.meeting_day import result_there


@dataclass(frozen=True, slots=True)
class ResultPage:
    """What came of a case's time, as one reader may see it. Protected: for modals only.

    `parties` maps ids to names. `may_tell`: the reader may tick that the person has been told; `may_amend`:
    may change what was reported.
    """

    report: CaseReport
    result: Result
    facts: CaseFacts
    parties: Mapping[str, str] = field(default_factory=dict)
    may_tell: bool = False
    may_amend: bool = False


def tell_result(
    uow: UnitOfWork, office: Office, called: Called, report: CaseReport, *, amended: bool = False
) -> None:
    """The referrer and the case's owner hear at once that the result is there, and what is left to do."""
    case = case_facts(uow, called.team, called.referral, called.booking, called.meeting)
    carrying = dict.fromkeys((called.referral.referrer, called.referral.owner))
    people = uow.organisation.people(carrying)
    for who in (people[one] for one in carrying if one in people):
        message = result_there(
            case,
            report.booking,
            language_of(who, called.team, office),
            feedback_owed=report.feedback is Feedback.OWED and who.id == called.referral.owner,
            amended=amended,
        )
        about = About(report.booking, called.meeting.id)
        tell(uow, office, who, message, f"result:{report.booking}", about)
    renew_home_of(uow, carrying, office.now())


def show_result(office: Office, actor: str, public_id: str) -> ResultPage:
    """What came of a booking, or of a referral's latest time.

    The audit row is committed before anything is returned (promise 6). Raises NotFound, NotAllowed.
    """
    with office.unit_of_work() as uow:
        report = report_of(uow, public_id)
        called = load_called(uow, report.booking)
        about = _about(uow, called)
        acting = require(uow, Command.SHOW_RESULT, actor, about)
        uow.audit.record(actor, acting.party, "result.show", report.booking, office.now())
        result = uow.outcomes.result(report.booking)
        named = uow.organisation.parties({*result.present, *result.missed, *result.next_parties})
        case = case_facts(uow, called.team, called.referral, called.booking, called.meeting)
        owed = report.feedback is Feedback.OWED
        page = ResultPage(
            report,
            result,
            case,
            {party.id: party.name for party in named.values()},
            may_tell=owed and may(uow, Command.GIVE_FEEDBACK, acting, about),
            may_amend=report.held and may(uow, Command.AMEND_REPORT, acting, about),
        )
        uow.commit()
        return page


def feedback_given(office: Office, actor: str, booking_id: str) -> CaseReport:
    """Tick that the person has been told; counted. Again changes nothing. Raises NotFound, NotAllowed."""
    with office.unit_of_work() as uow:
        team = report_of(uow, booking_id).team

    def work(uow: UnitOfWork) -> CaseReport:
        report = report_of(uow, booking_id)
        called = load_called(uow, report.booking)
        about = Subject(called.booking.id, called.team, called.referral)
        acting = require(uow, Command.GIVE_FEEDBACK, actor, about)
        if report.feedback is not Feedback.OWED:
            return report
        given = replace(report, feedback=Feedback.GIVEN, feedback_by=actor, feedback_at=office.now())
        uow.outcomes.give_feedback(report.booking, actor, office.now())
        uow.audit.record(actor, acting.party, "feedback.given", report.booking, office.now())
        outcome_kept(uow, office, called, given, uow.outcomes.result(report.booking))
        renew_home_of(uow, {called.referral.referrer, called.referral.owner}, office.now())
        return given

    return office.change_plan(team, work)


def report_of(uow: UnitOfWork, public_id: str) -> CaseReport:
    """The report of a booking, or a referral's latest. Raises NotFound."""
    reports = uow.outcomes.of_referral(public_id)
    found = uow.outcomes.of_booking(public_id) or (reports[-1] if reports else None)
    if found is None:
        raise NotFound(id=public_id)
    return found


def _about(uow: UnitOfWork, called: Called) -> Subject:
    invited = uow.plan.invitations(called.booking.id)
    return Subject(called.booking.id, called.team, called.referral, invited)
