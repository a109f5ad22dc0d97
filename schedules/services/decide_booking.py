"""The decisions about a booking: confirm, move, withdraw, send back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from schedules.domain.assignment import Choice
from schedules.domain.authority import Command
from schedules.domain.cases import Referral, ReferralStatus
from schedules.domain.facts import CaseFacts, ReferralOutcome, TimeOffer
from schedules.domain.figures.facts import Ending
from schedules.domain.plan import Booking, BookingStatus
from schedules.domain.schedule import calls_at
from schedules.errors import NotFound, Outdated, TimeTaken
from schedules.ports import DueKind, UnitOfWork
from schedules.services.authority import Subject, carries, coordinates, referral_of, require, team_of
from schedules.services.call_parties import call_parties, end_calls, update_calls
from schedules.services.called import Called, booking_of, load_called
from schedules.services.coordination import coordinator_now
from schedules.services.facts import case_facts, contact
from schedules.services.flags import tell_flags, with_time
from schedules.services.free_text import require_clean
from schedules.services.horizon import Horizon, load_without_decliners, wish_of
from schedules.services.keep_facts import call_kept, case_ended
from schedules.services.letters import About, language_of, tell
from schedules.services.office import Office
from schedules.services.proposal_card import close_proposal, show_proposal
from schedules.services.propose import BY_CHOICE, plan_call, seats_of, slot_freed
from schedules.services.release_question import withdraw_question
from schedules.services.submit_referral import show_outcome
from schedules.texts.decision import Decided
from schedules.texts.referrer import sent_back, withdrawn

BY_ITSELF = "samtid"


def team_of_booking(office: Office, booking: str) -> str:
    """The team whose lock a change of the booking needs. Raises NotFound."""
    with office.unit_of_work() as uow:
        return booking_of(uow, booking).team


def confirm_booking(office: Office, actor: str, booking: str) -> Called:
    """Confirm a proposal (the coordinator), or send it now (the referrer); the parties are called.

    Pressing the button again changes nothing.

    Raises:
        NotAllowed: the person may not confirm it.
        Outdated: the booking has ended.
    """

    def work(uow: UnitOfWork) -> Called:
        called = load_called(uow, booking)
        acting = require(uow, _confirming(called), actor, _about(called))
        if called.booking.status is BookingStatus.BOOKED:
            return called
        _require_live(called.booking)
        uow.audit.record(actor, acting.party, "booking.confirm", booking, office.now())
        return confirm(uow, office, called, Decided.CONFIRMED)

    return office.change_plan(team_of_booking(office, booking), work)


def confirm_by_itself(uow: UnitOfWork, office: Office, booking: str) -> bool:
    """The time to decide has passed: call the parties. False if it was decided before."""
    called = load_called(uow, booking)
    if called.booking.status is not BookingStatus.PROPOSED or called.meeting.starts_at <= office.now():
        return False
    uow.audit.record(BY_ITSELF, None, "booking.confirm", booking, office.now())
    confirm(uow, office, called, Decided.CONFIRMED_BY_ITSELF)
    return True


def confirm(uow: UnitOfWork, office: Office, called: Called, how: Decided) -> Called:
    """Call the parties and shrink the proposal's message to how it was decided, within the transaction."""
    booked = call_parties(uow, office, called.team, called.referral, called.booking)
    close_proposal(uow, office, called, how)
    return replace(called, booking=booked)


def _confirming(called: Called) -> Command:
    return Command.CONFIRM_TIME if called.team.rules.coordinator_confirms else Command.SEND_NOW


def _about(called: Called) -> Subject:
    return Subject(called.booking.id, called.team, called.referral)


def _require_live(booking: Booking) -> None:
    if not booking.live:
        raise Outdated(booking=booking.id)


def other_times(
    office: Office, actor: str, booking: str, limit: int = 10
) -> tuple[Called, tuple[TimeOffer, ...]]:
    """The next suitable times that the booking could move to. Raises NotAllowed, Outdated."""
    with office.unit_of_work() as uow:
        called = load_called(uow, booking)
        require(uow, Command.MOVE_BOOKING, actor, _about(called))
        _require_live(called.booking)
        horizon = load_without_decliners(uow, office, called.team, booking)
        choices = horizon.suitable(wish_of(office, called.team, called.referral), limit + 1)
        offers = [horizon.time_offer(c) for c in choices if c.meeting != called.booking.meeting]
        return called, tuple(offers[:limit])


def move_booking(office: Office, actor: str, booking: str, slot: str) -> Called:
    """Move the booking to another slot; it keeps its UID. A coordinator's choice confirms it as well.

    Raises:
        NotAllowed: neither the referrer, the owner nor the coordinator.
        Outdated: the booking has ended; as TimeTaken: the slot no longer suits. Nothing is changed.
    """

    def work(uow: UnitOfWork) -> Called:
        called = load_called(uow, booking)
        acting = require(uow, Command.MOVE_BOOKING, actor, _about(called))
        _require_live(called.booking)
        if called.booking.slot == slot:
            return called
        moved_to = move(uow, office, called, slot)
        uow.audit.record(actor, acting.party, "booking.move", booking, office.now())
        proposed = moved_to.booking.status is BookingStatus.PROPOSED
        if proposed and called.team.rules.coordinator_confirms and coordinates(called.team, actor):
            moved_to = confirm(uow, office, moved_to, Decided.MOVED)
        slot_freed(uow, office, called.team, called.meeting.id)
        return moved_to

    return office.change_plan(team_of_booking(office, booking), work)


def move(uow: UnitOfWork, office: Office, called: Called, slot: str) -> Called:
    """Carry the move out within the transaction. Raises TimeTaken, SlotTaken."""
    horizon = load_without_decliners(uow, office, called.team, called.booking.id)
    choice = horizon.choice_for(wish_of(office, called.team, called.referral), slot)
    if choice is None:
        raise TimeTaken(booking=called.booking.id)
    return move_to(uow, office, called, horizon, choice)


def move_to(uow: UnitOfWork, office: Office, called: Called, horizon: Horizon, choice: Choice) -> Called:
    """The same for a choice that is known to suit. Raises SlotTaken."""
    meeting = horizon.meetings[choice.meeting]
    proposed = called.booking.status is BookingStatus.PROPOSED
    deadline = calls_at(office.now(), meeting, called.team.rules, office.zone, office.is_holiday)
    booking = replace(
        called.booking,
        meeting=meeting.id,
        slot=choice.slot,
        seats=seats_of(choice),
        sequence=called.booking.sequence + (0 if proposed else 1),
        calls_at=deadline if proposed else None,
    )
    uow.plan.save_booking(booking, *horizon.span(choice))
    referral = with_time(uow, called.team, called.referral, meeting.day)
    if referral != called.referral:
        uow.cases.save_referral(referral)
    moved_to = Called(called.team, referral, booking, meeting)
    if proposed:
        plan_call(uow, booking)
        show_proposal(uow, office, moved_to, edit=True)
    else:
        update_calls(uow, office, moved_to, called.booking)
    tell_flags(uow, office, moved_to, called.referral.flags)
    withdraw_question(uow, office, called.team, meeting)
    return moved_to


def withdraw_referral(office: Office, actor: str, public_id: str) -> Referral:
    """Take a case back, by its booking's or its referral's id: the slot is free, every calendar cleared.

    Raises NotFound, NotAllowed. Withdrawing again changes nothing.
    """
    team, referral_id = _locate(office, public_id)

    def work(uow: UnitOfWork) -> Referral:
        referral = referral_of(uow, referral_id)
        about = Subject(referral.id, team_of(uow, team), referral)
        acting = require(uow, Command.WITHDRAW_CASE, actor, about)
        if referral.status in {ReferralStatus.REVOKED, ReferralStatus.COMPLETED}:
            return referral
        uow.audit.record(actor, acting.party, "referral.withdraw", referral.id, office.now())
        case_ended(uow, office, team_of(uow, team), referral, office.today(), Ending.BROKEN_OFF)
        return end_referral(uow, office, referral, actor)

    return office.change_plan(team, work)


def end_referral(uow: UnitOfWork, office: Office, referral: Referral, actor: str) -> Referral:
    """The case is not taken up any more, within the transaction; why, nobody is told."""
    revoked = replace(referral, status=ReferralStatus.REVOKED)
    uow.cases.save_referral(revoked)
    uow.due.drop_for(referral.id, [DueKind.DETAILS], office.now(), "withdrawn")
    booking = uow.plan.live_booking(referral.id)
    invited = uow.plan.invitations(booking.id) if booking else ()
    end_booking(uow, office, referral.id, Decided.WITHDRAWN)
    if booking is not None:
        people = uow.organisation.people([i.person for i in invited])
        unmailed = [person.id for person in people.values() if not person.email]
        _tell_withdrawn(uow, office, load_called(uow, booking.id), actor, unmailed)
    return revoked


def _tell_withdrawn(
    uow: UnitOfWork, office: Office, called: Called, actor: str, unmailed: Collection[str]
) -> None:
    """Those who carry the case hear of it, unless they took it back themselves; so does who gets no mail."""
    told = {called.referral.referrer, called.referral.owner, *unmailed} - {actor}
    case = case_facts(uow, called.team, called.referral, called.booking)
    for who in uow.organisation.people(told).values():
        language = language_of(who, called.team, office)
        message = withdrawn(case, language, carries=carries(called.referral, who.id))
        tell(
            uow,
            office,
            who,
            message,
            f"withdrawn:{called.booking.id}",
            About(called.booking.id, called.meeting.id),
        )


def _locate(office: Office, public_id: str) -> tuple[str, str]:
    with office.unit_of_work() as uow:
        booking = uow.plan.booking(public_id)
        if booking is not None:
            return booking.team, booking.referral
        referral = uow.cases.referral(public_id)
        if referral is None:
            raise NotFound(id=public_id)
        return referral.team, referral.id


def end_booking(
    uow: UnitOfWork, office: Office, referral_id: str, how: Decided, *, rebook_waiting: bool = True
) -> None:
    """End the referral's live booking, if any; the slot goes to whoever waits for it."""
    booking = uow.plan.live_booking(referral_id)
    if booking is None:
        return
    called = load_called(uow, booking.id)
    slot = called.meeting.slot(booking.slot)
    ended = replace(booking, status=BookingStatus.CANCELLED, sequence=booking.sequence + 1, calls_at=None)
    uow.plan.save_booking(ended, slot.starts_at, slot.ends_at)
    if booking.status is BookingStatus.PROPOSED:
        close_proposal(uow, office, called, how)
    else:
        call_kept(uow, office, called, cancelled=True)
    end_calls(uow, office, replace(called, booking=ended))
    but = None if rebook_waiting else referral_id
    slot_freed(uow, office, called.team, called.meeting.id, but)


def to_send_back(office: Office, actor: str, booking: str) -> Called:
    """The booking whose form is to open. Raises NotFound, NotAllowed, Outdated."""
    with office.unit_of_work() as uow:
        called = load_called(uow, booking)
        require(uow, Command.SEND_BACK, actor, _about(called))
        _require_live(called.booking)
        return called


def send_back(office: Office, actor: str, booking: str, reason: str) -> Referral:
    """Send a referral back to be mended; the reason is free text, so it is shown only in the form.

    Raises Refused, NotAllowed, Outdated.
    """
    require_clean(office, reason=reason)

    def work(uow: UnitOfWork) -> Referral:
        called = load_called(uow, booking)
        acting = require(uow, Command.SEND_BACK, actor, _about(called))
        if called.referral.status is ReferralStatus.RETURNED:
            return called.referral
        _require_live(called.booking)
        returned = replace(called.referral, status=ReferralStatus.RETURNED)
        uow.cases.save_referral(returned)
        protected = uow.cases.protected(returned.id)
        uow.cases.save_protected(returned.id, replace(protected, return_reason=reason))
        uow.audit.record(actor, acting.party, "booking.send_back", booking, office.now())
        end_booking(uow, office, returned.id, Decided.SENT_BACK)
        _tell_sent_back(uow, office, replace(called, referral=returned))
        return returned

    return office.change_plan(team_of_booking(office, booking), work)


def _tell_sent_back(uow: UnitOfWork, office: Office, called: Called) -> None:
    referrer = uow.organisation.people([called.referral.referrer]).get(called.referral.referrer)
    if referrer is None:
        return
    language = language_of(referrer, called.team, office)
    coordinator = coordinator_now(uow, office, called.team)
    message = sent_back(
        called.referral.reference,
        language,
        referral_id=called.referral.id,
        coordinator=contact(coordinator),
    )
    tell(
        uow,
        office,
        referrer,
        message,
        f"returned:{called.booking.id}",
        About(called.booking.id, called.meeting.id),
    )


def wait_instead(uow: UnitOfWork, office: Office, referral: Referral) -> Referral:
    """Give the time up and wait for an earlier one that falls free (the form's choice `wait`)."""
    waiting = replace(
        referral,
        status=ReferralStatus.WAITING,
        flags=tuple(dict.fromkeys((*referral.flags, BY_CHOICE))),
    )
    uow.cases.save_referral(waiting)
    end_booking(uow, office, referral.id, Decided.WAITS, rebook_waiting=False)
    return waiting


def outcome_of(office: Office, actor: str, referral_id: str) -> ReferralOutcome:
    """Where a referral stands, for those who carry or coordinate it."""
    with office.unit_of_work() as uow:
        referral = referral_of(uow, referral_id)
        about = Subject(referral.id, team_of(uow, referral.team), referral)
        require(uow, Command.FILL_IN_DETAILS, actor, about)
        return show_outcome(uow, office, referral)


def facts_of(office: Office, called: Called) -> CaseFacts:
    """The booking's open facts, for a form about it."""
    with office.unit_of_work() as uow:
        return case_facts(uow, called.team, called.referral, called.booking)
