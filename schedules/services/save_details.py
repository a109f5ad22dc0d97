"""What the form asks for after the booking: the remaining fields, another time, or waiting."""

from __future__ import annotations

from dataclasses import dataclass, replace

from schedules.domain.authority import Command
from schedules.domain.cases import Protected, Referral, ReferralStatus
from schedules.domain.commands import SaveDetails, SubmitReferral
from schedules.domain.facts import ReferralOutcome
from schedules.domain.organisation import Person, TargetGroup, Team
from schedules.domain.plan import BookingStatus
from schedules.errors import Outdated, Refused, Stranger
from schedules.ports import DueKind, UnitOfWork
from schedules.services.authority import Subject, referral_of, require, team_of
from schedules.services.called import load_called
from schedules.services.decide_booking import move, wait_instead
from schedules.services.facts import meeting_of
from schedules.services.flags import ARRANGED, OUTSIDE, tell_flags, with_flag, with_time
from schedules.services.free_text import require_clean
from schedules.services.keep_facts import case_kept
from schedules.services.office import Office
from schedules.services.proposal_card import show_proposal
from schedules.services.propose import book_chosen, slot_freed
from schedules.services.submit_referral import require_clean_words, show_outcome, submit_within

WAIT = "wait"


@dataclass(frozen=True, slots=True)
class DetailsShown:
    """A referral's form with what is already filled in. Holds protected fields: for modals only."""

    outcome: ReferralOutcome
    protected: Protected
    parties: tuple[tuple[str, str], ...]
    flags: tuple[str, ...]
    target_group: TargetGroup


def open_details(office: Office, actor: str, referral_id: str) -> DetailsShown:
    """The details form's contents; the look is on record before it opens. Raises NotFound, NotAllowed."""
    with office.unit_of_work() as uow:
        referral = referral_of(uow, referral_id)
        shown = _shown(uow, office, actor, show_outcome(uow, office, referral))
        uow.commit()
        return shown


def submit_and_open(office: Office, slack: str, command: SubmitReferral) -> tuple[Person, DetailsShown]:
    """Submit a referral for whoever has that Slack user id, in one transaction: who it is, and the next form.

    Were the form read in a second one, a busy plan could let it fail when the case is already stored, and
    the user would be told that nothing was. And as it is waited for, a first one that only finds out who it
    is would be one more journey to the database. The command's `actor` is filled in here.

    Raises Stranger, and what `submit_referral` raises.
    """
    require_clean_words(office, command)

    def work(uow: UnitOfWork) -> tuple[Person, DetailsShown]:
        acting = uow.organisation.person_by_slack(slack)
        if acting is None:
            raise Stranger
        own = replace(command, actor=acting.id)
        return acting, _shown(uow, office, acting.id, submit_within(uow, office, own))

    return office.change_plan(command.team, work, command.view_id)


def _shown(uow: UnitOfWork, office: Office, actor: str, outcome: ReferralOutcome) -> DetailsShown:
    referral = referral_of(uow, outcome.referral)
    team = team_of(uow, referral.team)
    acting = require(uow, Command.FILL_IN_DETAILS, actor, Subject(referral.id, team, referral))
    uow.audit.record(actor, acting.party, "referral.open_details", referral.id, office.now())
    protected = uow.cases.protected(referral.id)
    return DetailsShown(outcome, protected, team_parties(uow, team), referral.flags, target_group(uow))


def team_parties(uow: UnitOfWork, team: Team) -> tuple[tuple[str, str], ...]:
    """The team's parties as (id, name), in the team's order."""
    named = uow.organisation.parties([m.party for m in team.parties])
    return tuple((m.party, named[m.party].name) for m in team.parties if m.party in named)


def save_details(office: Office, command: SaveDetails) -> DetailsShown:
    """Store the details and carry out the choice of time; gives the form as it then stands.

    Raises:
        Refused: a field to be mended, or `raise_all_the_same` to be ticked; nothing is stored.
        Outdated: the case is no longer live; as TimeTaken: the time is. Nothing is stored.
        NotFound, NotAllowed, LockTimeout.
    """
    require_clean(office, needs=command.needs)
    with office.unit_of_work() as uow:
        team = referral_of(uow, command.referral).team
    return office.change_plan(team, lambda uow: _save(uow, office, command))


def _save(uow: UnitOfWork, office: Office, command: SaveDetails) -> DetailsShown:
    referral = referral_of(uow, command.referral)
    team = team_of(uow, referral.team)
    acting = require(uow, Command.FILL_IN_DETAILS, command.actor, Subject(referral.id, team, referral))
    if referral.status not in {ReferralStatus.ACTIVE, ReferralStatus.WAITING}:
        raise Outdated(referral=referral.id)
    outside = _outside_target_group(uow, office, command.birth_year)
    if outside and not command.raise_all_the_same and OUTSIDE not in referral.flags:
        raise Refused({"raise_all_the_same": "outside_target_group"})
    before = uow.cases.protected(referral.id)
    protected = replace(
        before,
        gender=command.gender,
        birth_year=command.birth_year,
        sick_leave_start=command.sick_leave_start,
        needs=command.needs,
        known_to=command.known_to,
        support=command.support,
    )
    uow.cases.save_protected(referral.id, protected)
    uow.audit.record(command.actor, acting.party, "referral.save_details", referral.id, office.now())
    case_kept(uow, office, team, referral)
    if command.needs != before.needs:
        referral = with_flag(referral, ARRANGED, raised=False)  # other needs are to be arranged anew
        uow.cases.save_referral(referral)
    if not protected.missing:
        uow.due.drop_for(referral.id, [DueKind.DETAILS], office.now(), "filled in")
    referral = _carry_out_choice(uow, office, team, referral, command.slot)
    referral = _flag(uow, office, team, referral, outside=outside)
    return _shown(uow, office, command.actor, show_outcome(uow, office, referral))


def _outside_target_group(uow: UnitOfWork, office: Office, birth_year: int | None) -> bool:
    group = target_group(uow)
    if birth_year is None:
        return False
    # Only the year is known: the age reached this year, or one less. Outside means outside for both.
    oldest = office.today().year - birth_year
    return oldest < group.from_age or oldest - 1 > group.to_age


def target_group(uow: UnitOfWork) -> TargetGroup:
    """The association's ages."""
    association = uow.organisation.association()
    return association.target_group if association else TargetGroup()


def _carry_out_choice(
    uow: UnitOfWork, office: Office, team: Team, referral: Referral, slot: str | None
) -> Referral:
    booking = uow.plan.live_booking(referral.id)
    if slot is None or (booking is not None and booking.slot == slot):
        return referral
    if slot == WAIT:
        return wait_instead(uow, office, referral) if booking is not None else referral
    if booking is None:
        book_chosen(uow, office, team, referral, slot)
        return referral_of(uow, referral.id)
    called = load_called(uow, booking.id)
    move(uow, office, called, slot)
    slot_freed(uow, office, team, called.meeting.id)
    return referral_of(uow, referral.id)


def _flag(uow: UnitOfWork, office: Office, team: Team, referral: Referral, *, outside: bool) -> Referral:
    """Flags for referrer and coordinator, in open words that do not say why."""
    booking = uow.plan.live_booking(referral.id)
    day = meeting_of(uow, booking.meeting).day if booking else None
    flagged_referral = with_time(uow, team, with_flag(referral, OUTSIDE, raised=outside), day)
    if flagged_referral.flags == referral.flags:
        return referral
    uow.cases.save_referral(flagged_referral)
    if booking is not None:
        called = load_called(uow, booking.id)
        if booking.status is BookingStatus.PROPOSED and team.rules.coordinator_confirms:
            show_proposal(uow, office, called, edit=True)
        tell_flags(uow, office, called, referral.flags)
    return flagged_referral
