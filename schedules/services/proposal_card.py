"""Who decides about a proposal hears of it, and hears when it is decided."""

from __future__ import annotations

from datetime import datetime

from schedules.domain.cases import Referral
from schedules.domain.chat import ChatMessage
from schedules.domain.facts import PassedOverFacts
from schedules.domain.organisation import Person, Team
from schedules.domain.plan import BookingStatus
from schedules.domain.schedule import lapses_at
from schedules.ports import Due, DueKind, UnitOfWork
from schedules.services.authority import referral_of
from schedules.services.called import Called
from schedules.services.coordination import coordinator_now
from schedules.services.facts import BookingFacts, booking_facts, case_facts
from schedules.services.horizon import load_horizon, passed_over_names, wish_of
from schedules.services.letters import About, drop_card, edit_card, language_of, show_card, tell, told
from schedules.services.office import Office, new_id
from schedules.texts.decision import Decided, proposal, proposal_decided, waiting_for_slot
from schedules.texts.referrer import minutes_running


def proposal_topic(booking: str) -> str:
    """The chat stream of the messages about a proposal."""
    return f"booking:{booking}"


def _decider(uow: UnitOfWork, office: Office, called: Called) -> Person | None:
    if called.team.rules.coordinator_confirms:
        return coordinator_now(uow, office, called.team)
    return uow.organisation.people([called.referral.referrer]).get(called.referral.referrer)


def _holders(uow: UnitOfWork, called: Called) -> list[Person]:
    """Whoever has, or has had, the proposal's message: coordinators take turns when they are away."""
    team, topic = called.team, proposal_topic(called.booking.id)
    handed = {person for h in uow.plan.handovers(team.id) for person in (h.person, h.successor)}
    asked = {team.coordinator, *team.coordinator_deputies, *handed, called.referral.referrer}
    return [person for person in uow.organisation.people(asked).values() if told(uow, person, topic)]


def show_proposal(
    uow: UnitOfWork,
    office: Office,
    called: Called,
    passed_over: tuple[PassedOverFacts, ...] = (),
    *,
    first: bool = False,
    edit: bool = False,
    facts: BookingFacts | None = None,
) -> None:
    """Post the proposal to the coordinator, or the running minutes to the referrer; or edit it in place.

    `first`: the booking is new, so that nobody has heard of it yet. `facts` are the booking's, where they
    are at hand.
    """
    person = _decider(uow, office, called)
    booking = called.booking
    if booking.status is not BookingStatus.PROPOSED:
        return
    lapses = _plan_lapse(uow, office, called)
    if person is None:
        return
    if edit and not passed_over:
        passed_over = _passed_over_now(uow, office, called)
    facts = facts or booking_facts(uow, called.team, called.referral, booking, called.meeting)
    message = _proposal(office, called, facts, passed_over, lapses, language_of(person, called.team, office))
    about = About(booking.id, booking.meeting, expires_at=called.meeting.starts_at)
    topic = proposal_topic(booking.id)
    if edit and told(uow, person, topic):
        edit_card(uow, office, person, message, topic, about)
    else:
        show_card(uow, office, person, message, topic, about, first=first)


def _proposal(
    office: Office,
    called: Called,
    facts: BookingFacts,
    passed_over: tuple[PassedOverFacts, ...],
    lapses: datetime | None,
    language: str,
) -> ChatMessage:
    booking = called.booking
    case, people = facts.case, facts.called
    deadline = office.local(booking.calls_at) if booking.calls_at is not None else None
    if called.team.rules.coordinator_confirms or deadline is None:
        return proposal(
            case,
            language,
            booking_id=booking.id,
            referral_id=called.referral.id,
            deadline=deadline,
            lapses=office.local(lapses) if lapses else None,
            flags=called.referral.flags,
            passed_over=passed_over,
            called=people,
        )
    return minutes_running(
        case,
        language,
        booking_id=booking.id,
        referral_id=called.referral.id,
        calls_at=deadline,
        called=people,
        passed_over=passed_over,
        later_than_goal="later_than_goal" in called.referral.flags,
    )


def _plan_lapse(uow: UnitOfWork, office: Office, called: Called) -> datetime | None:
    """Plan when a time that never confirms itself is given up; whoever holds it now is the one asked.

    One row a meeting day, so that a proposal that was moved lapses before its new meeting.
    """
    booking, meeting = called.booking, called.meeting
    if booking.calls_at is not None:
        return None
    at = lapses_at(office.now(), meeting, office.zone, office.is_holiday)
    uow.due.plan(Due(new_id(), DueKind.LAPSE, booking.id, called.team.id, at, meeting.day.toordinal()))
    return at


def _passed_over_now(uow: UnitOfWork, office: Office, called: Called) -> tuple[PassedOverFacts, ...]:
    """Why none of the earlier meetings, as it stands when the message is edited."""
    horizon = load_horizon(uow, office, called.team, called.booking.id)
    wish = wish_of(office, called.team, called.referral)
    return passed_over_names(uow, horizon.passed_over_before(wish, called.meeting.id))


def close_proposal(uow: UnitOfWork, office: Office, called: Called, how: Decided) -> None:
    """Shrink the proposal's message to how it was decided."""
    for person in _holders(uow, called):
        _drop(uow, office, called, person, how)


def _drop(uow: UnitOfWork, office: Office, called: Called, person: Person, how: Decided) -> None:
    case = case_facts(uow, called.team, called.referral, called.booking)
    message = proposal_decided(how, case, language_of(person, called.team, office))
    about = About(called.booking.id, called.booking.meeting)
    drop_card(uow, office, person, message, proposal_topic(called.booking.id), about)


def pass_on_proposals(uow: UnitOfWork, office: Office, team: Team, was: str | None = None) -> bool:
    """Show the open proposals to who coordinates today, if somebody else had them. False if nobody did.

    `was` is the coordinator before the team changed hands.
    """
    acting = coordinator_now(uow, office, team)
    key = f"proposals.held_by.{team.id}"
    before = uow.settings.get(key) or was or team.coordinator
    if acting is None or acting.id == before or not team.rules.coordinator_confirms:
        return False
    uow.settings.set(key, acting.id)
    for meeting in uow.plan.meetings(team.id, office.today()):
        for booking in uow.plan.live_bookings(meeting.id):
            if booking.status is BookingStatus.PROPOSED and meeting.starts_at > office.now():
                referral = referral_of(uow, booking.referral)
                _pass_on(uow, office, Called(team, referral, booking, meeting), acting)
    return True


def _pass_on(uow: UnitOfWork, office: Office, called: Called, acting: Person) -> None:
    for person in _holders(uow, called):
        if person.id != acting.id:
            _drop(uow, office, called, person, Decided.PASSED_ON)
    show_proposal(uow, office, called)


def tell_waiting(
    uow: UnitOfWork, office: Office, team: Team, referral: Referral, passed_over: tuple[PassedOverFacts, ...]
) -> None:
    """Tell the coordinator that a referral found no slot."""
    person = coordinator_now(uow, office, team)
    if person is None:
        return
    language = language_of(person, team, office)
    message = waiting_for_slot(
        referral.reference,
        team.name,
        language,
        referral_id=referral.id,
        passed_over=passed_over,
        to_coordinator=True,
        flags=referral.flags,
    )
    tell(uow, office, person, message, f"waiting:{referral.id}", About(referral=referral.id))
