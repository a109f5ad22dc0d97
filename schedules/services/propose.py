"""Give a referral its slot, held until the coordinator or the referrer's few minutes have decided."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from schedules.domain.assignment import Assignment, Choice, Wish
from schedules.domain.cases import Referral, ReferralStatus
from schedules.domain.organisation import Team
from schedules.domain.plan import Booking, BookingStatus, Seat
from schedules.domain.schedule import calls_at
from schedules.errors import TimeTaken
from schedules.ports import Due, DueKind, UnitOfWork
from schedules.services.called import Called
from schedules.services.facts import BookingFacts, booking_facts, meeting_of
from schedules.services.flags import tell_flags, with_flag, with_time
from schedules.services.horizon import (
    Horizon,
    load_enough,
    load_horizon,
    load_openings,
    passed_over_facts,
    wish_of,
)
from schedules.services.office import Office, new_id
from schedules.services.proposal_card import show_proposal, tell_waiting
from schedules.services.release_question import was_asked, withdraw_question

BY_CHOICE = "waits_by_choice"
LAPSED = "lapsed:"  # and the id of the meeting at which nobody confirmed its time


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a referral has got: its booking with its facts, or why none; and what was looked at."""

    booking: Booking | None
    facts: BookingFacts | None
    wish: Wish
    assignment: Assignment
    horizon: Horizon


def seats_of(choice: Choice) -> tuple[Seat, ...]:
    """The choice's representatives in their parties' seats."""
    return tuple(Seat(party, person) for party, person in choice.representatives)


def propose(
    uow: UnitOfWork,
    office: Office,
    horizon: Horizon,
    referral: Referral,
    assignment: Assignment,
    choice: Choice,
) -> tuple[Booking, BookingFacts]:
    """Book the chosen slot as a proposal and tell whoever decides about it. Raises SlotTaken."""
    team, meeting = horizon.team, meeting_of(uow, choice.meeting)
    booking_id = new_id()
    booking = Booking(
        id=booking_id,
        referral=referral.id,
        team=team.id,
        meeting=meeting.id,
        slot=choice.slot,
        status=BookingStatus.PROPOSED,
        uid=f"{booking_id}@{office.mail_from.email.rpartition('@')[2]}",
        sequence=0,
        calls_at=calls_at(office.now(), meeting, team.rules, office.zone, office.is_holiday),
        created_at=office.now(),
        seats=seats_of(choice),
    )
    uow.plan.add_booking(booking, *horizon.span(choice))
    active = _settled(referral)
    if active.status is not ReferralStatus.ACTIVE:
        active = replace(active, status=ReferralStatus.ACTIVE)
    active = with_time(uow, team, active, meeting.day)
    if active != referral:
        uow.cases.save_referral(active)
    plan_call(uow, booking)
    if was_asked(uow, meeting):
        withdraw_question(uow, office, team, meeting)
    called = Called(team, active, booking, meeting)
    facts = booking_facts(uow, team, active, booking, meeting)
    show_proposal(uow, office, called, passed_over_facts(uow, assignment), first=True, facts=facts)
    tell_flags(uow, office, called, referral.flags)
    return booking, facts


def book_chosen(uow: UnitOfWork, office: Office, team: Team, referral: Referral, slot: str) -> Booking:
    """Book the very slot that was chosen for a referral that waits. Raises TimeTaken, SlotTaken."""
    horizon = load_horizon(uow, office, team)
    choice = horizon.choice_for(wish_of(office, team, referral), slot)
    if choice is None:
        raise TimeTaken(referral=referral.id)
    return propose_chosen(uow, office, horizon, referral, choice)


def propose_chosen(
    uow: UnitOfWork, office: Office, horizon: Horizon, referral: Referral, choice: Choice
) -> Booking:
    """Book what a person has chosen. Raises SlotTaken."""
    return propose(uow, office, horizon, referral, Assignment(choice, ()), choice)[0]


def plan_call(uow: UnitOfWork, booking: Booking) -> None:
    """Plan the moment when the proposal confirms itself."""
    if booking.calls_at is not None:
        uow.due.plan(Due(new_id(), DueKind.CALL, booking.id, booking.team, booking.calls_at))


def lapsed_from(referral: Referral, meeting: str) -> Referral:
    """The referral flagged so that it is not given a time in that meeting by itself."""
    return with_flag(_settled(referral), f"{LAPSED}{meeting}", raised=True)


def _settled(referral: Referral) -> Referral:
    """Without what was said of how it waits."""
    flags = tuple(f for f in referral.flags if f != BY_CHOICE and not f.startswith(LAPSED))
    return referral if flags == referral.flags else replace(referral, flags=flags)


def book_or_wait(uow: UnitOfWork, office: Office, team: Team, referral: Referral) -> Placed:
    """The earliest suitable slot, or a place on the waiting list with the coordinator told."""
    wish = wish_of(office, team, referral)
    horizon = load_enough(uow, office, team, wish)
    assignment = horizon.assign(wish)
    if assignment.choice is None:
        waiting = replace(referral, status=ReferralStatus.WAITING)
        uow.cases.save_referral(waiting)
        tell_waiting(uow, office, team, waiting, passed_over_facts(uow, assignment))
        return Placed(None, None, wish, assignment, horizon)
    booking, facts = propose(uow, office, horizon, referral, assignment, assignment.choice)
    return Placed(booking, facts, wish, assignment, horizon)


def book_waiting(
    uow: UnitOfWork, office: Office, team: Team, freed: Collection[str] = (), but: str | None = None
) -> tuple[Booking, ...]:
    """Book the waiting referrals that now have a suitable slot, in their order, before any newcomer.

    Whoever chose to wait is only given a time in one of the `freed` meetings, and a case whose time lapsed
    none in that meeting. `but` is left waiting.
    """
    booked = []
    for referral in uow.cases.waiting(team.id):
        if referral.id == but:
            continue
        horizon = load_openings(uow, office, team)
        only = freed if BY_CHOICE in referral.flags else horizon.meetings
        open_to_it = [meeting for meeting in only if f"{LAPSED}{meeting}" not in referral.flags]
        assignment = horizon.assign(wish_of(office, team, referral), open_to_it)
        if assignment.choice is not None:
            booking, _ = propose(uow, office, horizon, referral, assignment, assignment.choice)
            booked.append(booking)
    return tuple(booked)


def slot_freed(uow: UnitOfWork, office: Office, team: Team, meeting: str, but: str | None = None) -> None:
    """Whatever frees a slot books the waiting referrals that it suits, in the same transaction."""
    book_waiting(uow, office, team, [meeting_of(uow, meeting).id], but)
    people_freed(uow, office, team)


def people_freed(uow: UnitOfWork, office: Office, team: Team, *, here: bool = False) -> None:
    """Representatives are free again who serve other teams too: the next tick books who waits there.

    Not in this transaction, which holds only its own team's lock. `here`: look at this team's own as well.
    """
    ours = {person for member in team.parties for person in member.representatives}
    sharing = {
        other.id: other for member in team.parties for other in uow.organisation.teams_of(member.party)
    }
    for other in sharing.values():
        if other.id == team.id and not here:
            continue
        theirs = {person for member in other.parties for person in member.representatives}
        if ours & theirs and uow.cases.waiting(other.id):
            # Each occasion is a subject of its own, since a row that was done stays done.
            uow.due.plan(Due(new_id(), DueKind.WAITING, new_id(), other.id, office.now()))
