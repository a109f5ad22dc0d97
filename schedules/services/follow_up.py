"""Six months after its last meeting a case is followed up: one short form, reminded twice, then let be.

The answer becomes a de-identified fact and nothing else: of the case only that it was followed up is known.
Whoever has left, or is away, is not asked: see `_candidates` for who is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from schedules.domain.authority import Command
from schedules.domain.cases import Referral, ReferralStatus
from schedules.domain.duty import is_away
from schedules.domain.figures.facts import Outcome
from schedules.domain.follow_up import (
    AnswerFollowUp,
    FollowUp,
    FollowUpStatus,
    Step,
    first_here,
    round_of,
    step_at,
    step_of,
)
from schedules.domain.home import FollowUpLine
from schedules.domain.meeting_report import Result
from schedules.domain.organisation import Person, Team
from schedules.errors import NotFound, Outdated
from schedules.ports import Due, DueKind, UnitOfWork
from schedules.services.authority import Subject, referral_of, require, team_of
from schedules.services.called import Called
from schedules.services.coordination import coordinator_at, coordinator_now
from schedules.services.facts import contact
from schedules.services.keep_facts import follow_up_kept
from schedules.services.letters import About, drop_card, language_of, show_card
from schedules.services.links import FOLLOW_UP_PAGE, FormLink
from schedules.services.live_home import renew_home_of
from schedules.services.office import Office, new_id
from schedules.texts.follow_up import FollowUpFacts, follow_up_card, follow_up_ended


@dataclass(frozen=True, slots=True)
class FollowUpShown:
    """What the form says of the case; nothing is filled in."""

    referral: str
    reference: str
    team: str
    meeting_day: date


def plan_follow_up(uow: UnitOfWork, office: Office, called: Called, result: Result) -> None:
    """A case's time was reported: its one follow-up is six months after the last that took place.

    It begins with a final outcome; a later meeting moves it. What has been answered stands.
    """
    if not result.held:
        return
    found = uow.follow_ups.of_case(called.referral.case)
    if found is None and result.outcome is Outcome.NEW_MEETING:
        return
    if found is not None and found.status is FollowUpStatus.ANSWERED:
        return
    if found is not None:
        _take_back(uow, office, found)
    referral = called.referral
    planned = FollowUp(referral.case, referral.id, called.team.id, called.meeting.day)
    uow.follow_ups.save(planned)
    _plan(uow, office, planned, Step.ASK, planned.meeting_day)


def drop_follow_up(uow: UnitOfWork, office: Office, case: str) -> None:
    """The case has left otherwise, for instance because consent was withdrawn: nobody is asked any more."""
    found = uow.follow_ups.of_case(case)
    if found is not None and found.open:
        _close(uow, office, found, FollowUpStatus.DROPPED)


def follow_up_due(uow: UnitOfWork, office: Office, due: Due) -> bool:
    """Ask, remind or let be; the subject is the case. False if there is nothing to do any more."""
    found = uow.follow_ups.of_case(due.subject)
    step = step_of(due.round, found.meeting_day) if found else None
    if found is None or step is None or not found.open:
        return False
    team, referral = uow.organisation.team(found.team), uow.cases.referral(found.referral)
    if team is None or referral is None or referral.status is not ReferralStatus.COMPLETED:
        _close(uow, office, found, FollowUpStatus.DROPPED)
        return False
    if step is Step.CLOSE:
        _close(uow, office, found, FollowUpStatus.UNANSWERED)
        return True
    _ask(uow, office, found, team, referral, step)
    _plan(uow, office, found, Step(step + 1), office.today())
    return True


def open_follow_up(office: Office, actor: str, referral_id: str) -> FollowUpShown:
    """The form. Raises NotFound, NotAllowed; Outdated: it is answered, or nobody is asked any more."""
    with office.unit_of_work() as uow:
        found, team, referral = _load(uow, referral_id)
        require(uow, Command.FOLLOW_UP, actor, _about(found, team, referral))
        if found.status is not FollowUpStatus.ASKED:
            raise Outdated(referral=referral_id)
        return FollowUpShown(referral.id, referral.reference, team.name, found.meeting_day)


def answer_follow_up(office: Office, command: AnswerFollowUp) -> None:
    """Keep the answer as a fact, once; the same again changes nothing.

    Raises NotFound, NotAllowed, LockTimeout; Outdated: nobody is asked any more.
    """
    with office.unit_of_work() as uow:
        team_id = _load(uow, command.referral)[0].team

    def work(uow: UnitOfWork) -> None:
        found, team, referral = _load(uow, command.referral)
        acting = require(uow, Command.FOLLOW_UP, command.actor, _about(found, team, referral))
        if found.status is FollowUpStatus.ANSWERED:
            return
        if found.status is not FollowUpStatus.ASKED:
            raise Outdated(referral=command.referral)
        follow_up_kept(uow, office, team, referral, command)
        uow.audit.record(command.actor, acting.party, Command.FOLLOW_UP, referral.id, office.now())
        _close(uow, office, found, FollowUpStatus.ANSWERED)

    office.change_plan(team_id, work)


def follow_ups_of(uow: UnitOfWork, actor: str, led: tuple[Team, ...]) -> tuple[FollowUpLine, ...]:
    """What waits for the person; for a coordinator also what was asked of somebody without Slack."""
    own = uow.follow_ups.asked_of(actor)
    others = [one for team in led for one in uow.follow_ups.asked_in(team.id) if one not in own]
    people = uow.organisation.people([one.asked for one in others if one.asked])
    unreached = [one for one in others if one.asked in people and not people[one.asked].slack]
    return (
        *(_line(uow, one) for one in own),
        *(_line(uow, one, people[one.asked].name) for one in unreached if one.asked),
    )


def _line(uow: UnitOfWork, one: FollowUp, asked: str | None = None) -> FollowUpLine:
    referral, team = referral_of(uow, one.referral), uow.organisation.team(one.team)
    name = team.name if team else ""
    return FollowUpLine(referral.id, referral.reference, name, one.meeting_day, asked)


def _load(uow: UnitOfWork, referral_id: str) -> tuple[FollowUp, Team, Referral]:
    referral = referral_of(uow, referral_id)
    found = uow.follow_ups.of_case(referral.case)
    if found is None:
        raise NotFound(referral=referral_id)
    return found, team_of(uow, found.team), referral_of(uow, found.referral)


def _about(found: FollowUp, team: Team, referral: Referral) -> Subject:
    return Subject(referral.id, team, referral, person=found.asked, teams=(team,))


# --- asking --------------------------------------------------------------------------------------------


def _ask(
    uow: UnitOfWork, office: Office, found: FollowUp, team: Team, referral: Referral, step: Step
) -> None:
    reader = _whom_to_ask(uow, office, team, referral)
    if found.asked is not None and (reader is None or reader.id != found.asked):
        _take_back(uow, office, found)
    uow.follow_ups.save(replace(found, status=FollowUpStatus.ASKED, asked=reader.id if reader else None))
    renew_home_of(uow, {referral.owner, *([reader.id] if reader else [])}, office.now())
    if reader is None:
        return
    link = FormLink(referral.id, reader.id)
    page = office.links.form(FOLLOW_UP_PAGE, link) if office.links and not reader.slack else None
    facts = FollowUpFacts(
        referral=referral.id,
        reference=referral.reference,
        team=team.name,
        meeting_day=found.meeting_day,
        reminder=step is not Step.ASK,
        instead=reader.id not in {referral.owner, referral.referrer},
        by_mail=contact(coordinator_now(uow, office, team)) if not (reader.slack or page) else None,
        page=page,
    )
    message = follow_up_card(facts, language_of(reader, team, office))
    show_card(uow, office, reader, message, _topic(found), About(referral=referral.id))


def _whom_to_ask(uow: UnitOfWork, office: Office, team: Team, referral: Referral) -> Person | None:
    """The first who is there, of those with Slack before those without: the form is in Slack."""
    order = list(dict.fromkeys(_candidates(uow, office, team, referral)))
    people = uow.organisation.people(order)
    away = uow.plan.absences(order, office.today())

    def here(one: str) -> bool:
        return one in people and serves(uow, people[one]) and not is_away(one, office.today(), away)

    with_slack = [one for one in order if one in people and people[one].slack]
    chosen = first_here([*with_slack, *order], here)
    return people[chosen] if chosen else None


def _candidates(uow: UnitOfWork, office: Office, team: Team, referral: Referral) -> Iterator[str]:
    """The owner, the referrer, the owner's party (its people in the team, its contact), the coordinator."""
    yield referral.owner
    yield referral.referrer
    owner = uow.organisation.people([referral.owner]).get(referral.owner)
    party = owner.party if owner else referral.parties[0]
    membership = team.membership(party)
    yield from membership.representatives if membership else ()
    found = uow.organisation.parties([party]).get(party)
    if found is not None and found.contact:
        yield found.contact
    yield coordinator_at(uow, team, office.today())


def serves(uow: UnitOfWork, person: Person) -> bool:
    """Whether the person is in the organisation still: who has left is found by id only."""
    addresses = [one for one in (*person.slack, person.email) if one]
    found = (uow.organisation.person_by_address(address) for address in addresses)
    return any(one is not None and one.id == person.id for one in found)


# --- what is left --------------------------------------------------------------------------------------


def _plan(uow: UnitOfWork, office: Office, found: FollowUp, step: Step, day: date) -> None:
    when = step_at(step, day, office.zone, office.is_holiday)
    round_ = round_of(found.meeting_day, step)
    uow.due.plan(Due(new_id(), DueKind.FOLLOW_UP, found.case, found.team, when, round_))


def _close(uow: UnitOfWork, office: Office, found: FollowUp, status: FollowUpStatus) -> None:
    _take_back(uow, office, found, answered=status is FollowUpStatus.ANSWERED)
    uow.follow_ups.save(replace(found, status=status, closed_at=office.now()))
    uow.due.drop_for(found.case, [DueKind.FOLLOW_UP], office.now(), status.value)
    owner = uow.cases.referral(found.referral)
    renew_home_of(uow, {found.asked or "", owner.owner if owner else ""} - {""}, office.now())


def _take_back(uow: UnitOfWork, office: Office, found: FollowUp, *, answered: bool = False) -> None:
    """The card of whoever was asked says that nothing is to be done."""
    reader = uow.organisation.people([found.asked]).get(found.asked) if found.asked else None
    referral, team = uow.cases.referral(found.referral), uow.organisation.team(found.team)
    if reader is None or referral is None:
        return
    message = follow_up_ended(referral.reference, language_of(reader, team, office), answered=answered)
    drop_card(uow, office, reader, message, _topic(found), About(referral=referral.id))


def _topic(found: FollowUp) -> str:
    return f"follow_up:{found.case}"
