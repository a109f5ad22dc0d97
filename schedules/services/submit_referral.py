"""Raise a case (lyfta ett ärende): the referral and its booking in one transaction."""

from __future__ import annotations

from dataclasses import replace

from schedules.domain.assignment import Assignment
from schedules.domain.authority import Command
from schedules.domain.cases import Consent, Protected, Referral, ReferralStatus
from schedules.domain.commands import SubmitReferral
from schedules.domain.facts import ReferralOutcome
from schedules.domain.organisation import Person, Team
from schedules.domain.plan import BookingStatus
from schedules.domain.schedule import asked_after, details_at
from schedules.errors import Refused
from schedules.ports import Due, DueKind, UnitOfWork
from schedules.services.authority import (
    Subject,
    carries,
    person,
    referral_of,
    require,
    require_in_form,
    team_of,
)
from schedules.services.coordination import coordinator_now
from schedules.services.facts import booking_facts
from schedules.services.flags import LATER, OUTSIDE
from schedules.services.free_text import require_clean
from schedules.services.horizon import CHOICES, load_horizon, passed_over_facts, wish_of
from schedules.services.keep_facts import case_kept, case_raised
from schedules.services.office import Office, new_id
from schedules.services.propose import BY_CHOICE, Placed, book_or_wait, book_waiting


def submit_referral(office: Office, command: SubmitReferral) -> ReferralOutcome:
    """Store the referral and book the earliest suitable slot, or put it on the waiting list.

    The same form again (by view id), even edited, changes nothing and gives the referral it made.

    Raises:
        Refused: fields to be mended; nothing is stored.
        LockTimeout: somebody else is changing the plan; nothing is stored.
    """
    require_clean_words(office, command)
    return office.change_plan(command.team, lambda uow: submit_within(uow, office, command), command.view_id)


def require_clean_words(office: Office, command: SubmitReferral) -> None:
    """Raise Refused for free text that identifies a person."""
    require_clean(
        office,
        question=command.question,
        urgency_reason=command.urgency_reason,
        own_reference=command.own_reference,
    )


def submit_within(uow: UnitOfWork, office: Office, command: SubmitReferral) -> ReferralOutcome:
    """The same within a transaction that holds the team's lock."""
    actor = person(uow, command.actor)
    made = uow.cases.by_view(command.view_id) or _mended_before(uow, command)
    if made is not None:
        return show_outcome(uow, office, made, repeated=True)
    team = _team(uow, command, actor)
    owner = _owner(uow, command, actor)
    mended = _mended(uow, command)
    _refuse_known_reference(uow, office, command, team, mended)
    book_waiting(uow, office, team)
    referral = _referral(uow, office, command, actor, owner, team, mended)
    protected = _protected(uow, command, actor, team, mended)
    if mended is None:
        uow.cases.add_case(
            referral.case, team.id, referral.reference, actor.party, referral.owner, office.now()
        )
        uow.cases.add_referral(referral, protected)
        case_raised(uow, office, team, referral)
    else:
        uow.cases.set_owner(referral.case, referral.owner)
        uow.cases.save_referral(referral)
        uow.cases.save_protected(referral.id, protected)
        case_kept(uow, office, team, referral)
    uow.audit.record(actor.id, actor.party, "referral.submit", referral.id, office.now())
    placed = book_or_wait(uow, office, team, referral)
    when = details_at(office.now(), office.zone, office.is_holiday)
    uow.due.plan(Due(new_id(), DueKind.DETAILS, referral.id, team.id, when, asked_after(office.today())))
    return outcome(uow, team, referral_of(uow, referral.id), placed)


def _team(uow: UnitOfWork, command: SubmitReferral, actor: Person) -> Team:
    team = uow.organisation.team(command.team)
    if team is None:
        raise Refused({"team": "not_your_team"})
    require_in_form(uow, Command.RAISE_CASE, actor.id, Subject(team.id, team), team="not_your_team")
    others = tuple(p for p in command.parties if p != actor.party)
    if not others:
        raise Refused({"parties": "no_other_party"})
    if any(team.membership(party) is None for party in others):
        raise Refused({"parties": "party_not_in_team"})
    return team


def _owner(uow: UnitOfWork, command: SubmitReferral, actor: Person) -> Person:
    """The case's owner from the Slack user chosen in the form; the referrer if none was."""
    if command.case_owner is None:
        return actor
    owner = uow.organisation.person_by_slack(command.case_owner)
    if owner is None:
        raise Refused({"case_owner": "owner_unknown"})
    return owner


def _to_mend(uow: UnitOfWork, command: SubmitReferral) -> Referral | None:
    if command.mends is None:
        return None
    referral = referral_of(uow, command.mends)
    about = Subject(referral.id, team_of(uow, referral.team), referral)
    require(uow, Command.MEND_CASE, command.actor, about)
    return referral


def _mended_before(uow: UnitOfWork, command: SubmitReferral) -> Referral | None:
    """The returned referral if another form has mended it already."""
    referral = _to_mend(uow, command)
    return None if referral is None or referral.status is ReferralStatus.RETURNED else referral


def _mended(uow: UnitOfWork, command: SubmitReferral) -> Referral | None:
    referral = _to_mend(uow, command)
    if referral is not None and referral.team != command.team:
        team = uow.organisation.team(referral.team)
        raise Refused({"team": "mended_other_team"}, team=team.name if team else referral.team)
    return referral


def _refuse_known_reference(
    uow: UnitOfWork, office: Office, command: SubmitReferral, team: Team, mended: Referral | None
) -> None:
    if not command.own_reference:
        return
    known = uow.cases.by_own_reference(command.team, command.own_reference)
    if known is None or (mended is not None and known.id == mended.id):
        return
    facts = {"reference": known.reference, "status": known.status.value}
    if carries(known, command.actor):
        raise Refused({"own_reference": "own_reference_active"}, **facts)
    leader = coordinator_now(uow, office, team)
    reach = ", ".join(part for part in (leader.name, leader.phone) if part) if leader else team.name
    raise Refused({"own_reference": "own_reference_active_elsewhere"}, coordinator=reach, **facts)


def _referral(
    uow: UnitOfWork,
    office: Office,
    command: SubmitReferral,
    actor: Person,
    owner: Person,
    team: Team,
    mended: Referral | None,
) -> Referral:
    year = office.today().year
    return Referral(
        id=mended.id if mended else new_id(),
        case=mended.case if mended else new_id(),
        reference=(
            mended.reference if mended else uow.cases.next_reference(team.id, team.reference_prefix, year)
        ),
        team=team.id,
        referrer=actor.id,
        owner=owner.id,
        status=ReferralStatus.ACTIVE,
        parties=_all_parties(actor, command),
        categories=command.categories,
        person_takes_part=command.person_takes_part,
        urgency=command.urgency,
        not_before=command.not_before,
        submitted_at=office.now(),
        flags=tuple(flag for flag in mended.flags if flag == OUTSIDE) if mended else (),
        view_id=command.view_id,
    )


def _all_parties(actor: Person, command: SubmitReferral) -> tuple[str, ...]:
    return (actor.party, *(p for p in dict.fromkeys(command.parties) if p != actor.party))


def _protected(
    uow: UnitOfWork, command: SubmitReferral, actor: Person, team: Team, mended: Referral | None
) -> Protected:
    coordinator = uow.organisation.people([team.coordinator]).get(team.coordinator)
    consent_parties = [*_all_parties(actor, command), *([coordinator.party] if coordinator else [])]
    consent = Consent(tuple(dict.fromkeys(consent_parties)), command.consent_date, actor.id)
    fresh = Protected(
        question=command.question,
        consent=consent,
        urgency_reason=command.urgency_reason,
        own_reference=command.own_reference,
    )
    if mended is None:
        return fresh
    return replace(
        uow.cases.protected(mended.id),
        question=fresh.question,
        consent=consent,
        urgency_reason=fresh.urgency_reason,
        own_reference=fresh.own_reference,
        return_reason=None,
    )


def show_outcome(
    uow: UnitOfWork, office: Office, referral: Referral, *, repeated: bool = False
) -> ReferralOutcome:
    """Where a referral stands now, in the shape that its form shows."""
    team = team_of(uow, referral.team)
    booking = uow.plan.live_booking(referral.id)
    horizon = load_horizon(uow, office, team, booking.id if booking else None)
    wish, assignment, facts = wish_of(office, team, referral), Assignment(None, ()), None
    if booking is not None:
        facts = booking_facts(uow, team, referral, booking, horizon.meetings.get(booking.meeting))
    elif referral.status is ReferralStatus.WAITING:
        assignment = horizon.assign(wish)
    found = outcome(uow, team, referral, Placed(booking, facts, wish, assignment, horizon))
    return replace(found, repeated=repeated)


def outcome(uow: UnitOfWork, team: Team, referral: Referral, placed: Placed) -> ReferralOutcome:
    """What the form answers: the time, who is called, why not earlier, and the next two times."""
    booking, facts, horizon = placed.booking, placed.facts, placed.horizon
    proposed = booking is not None and booking.status is BookingStatus.PROPOSED
    confirms = team.rules.coordinator_confirms
    choices = horizon.suitable(placed.wish, CHOICES)
    others = [c for c in choices if booking is None or c.meeting != booking.meeting]
    return ReferralOutcome(
        referral=referral.id,
        reference=referral.reference,
        team=team.name,
        status=referral.status,
        case=facts.case if facts else None,
        called=facts.called if facts else (),
        passed_over=passed_over_facts(uow, placed.assignment),
        alternatives=tuple(horizon.time_offer(c) for c in others[: CHOICES - 1]),
        awaits_coordinator=proposed and confirms,
        invite_delay_minutes=team.rules.invite_delay_minutes if proposed and not confirms else None,
        booking=booking.id if booking else None,
        later_than_goal=LATER in referral.flags,
        waits_by_choice=BY_CHOICE in referral.flags,
    )
