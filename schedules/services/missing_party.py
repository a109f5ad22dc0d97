"""No representative of a party can come, or the case is not theirs: another time, or the meeting without it.

Each way is looked at before it happens; a look changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from schedules.domain.assignment import Assignment, Choice, PassedOver, Reason
from schedules.domain.facts import Called as CalledFacts
from schedules.domain.facts import PassedOverFacts, TimeOffer
from schedules.domain.plan import Seat
from schedules.errors import Outdated
from schedules.ports import UnitOfWork
from schedules.services.call_parties import replace_representative
from schedules.services.called import Called
from schedules.services.cards import Cards
from schedules.services.decide_booking import move
from schedules.services.declined_seat import (
    DeclinedSeat,
    Missing,
    act_on,
    declined_seat,
    missing_of,
    on_record,
    party_name,
)
from schedules.services.deputies import with_seats
from schedules.services.facts import called_facts, case_facts
from schedules.services.horizon import Horizon, load_without_decliners, passed_over_names, wish_of
from schedules.services.letters import About, language_of, tell
from schedules.services.office import Office
from schedules.services.propose import people_freed, slot_freed
from schedules.services.tell_accepted import tell_all_accepted
from schedules.texts.missing import held_without


@dataclass(frozen=True, slots=True)
class NextTime:
    """Where the case would go, who would be called there, and why not earlier; `time` None if nowhere."""

    missing: Missing
    time: TimeOffer | None
    called: tuple[CalledFacts, ...]
    passed_over: tuple[PassedOverFacts, ...]


@dataclass(frozen=True, slots=True)
class Without:
    """The meeting without the party: who comes all the same. `for_good`: not asked at a new time either."""

    missing: Missing
    called: tuple[CalledFacts, ...]
    for_good: bool


class NextTimeChanged(Outdated):
    """The next suitable time is not the one that was shown."""

    def __init__(self, preview: NextTime) -> None:
        super().__init__(invitation=preview.missing.invitation)
        self.preview = preview


# --- the next suitable time --------------------------------------------------------------------------


def preview_next_time(office: Office, actor: str, public_id: str) -> NextTime:
    """The next suitable time. Raises NotFound, NotAllowed, Outdated."""
    with office.unit_of_work() as uow:
        found = declined_seat(uow, office, actor, public_id)
        assignment, horizon = _next_time(uow, office, found)
        return _next_preview(uow, found, assignment, horizon)


def move_to_next_time(office: Office, actor: str, public_id: str, slot: str) -> Called:
    """Move the case to the time that was shown. Raises NextTimeChanged; as `preview_next_time`."""

    def work(uow: UnitOfWork, found: DeclinedSeat) -> Called:
        assignment, horizon = _next_time(uow, office, found)
        if assignment.choice is None or assignment.choice.slot != slot:
            raise NextTimeChanged(_next_preview(uow, found, assignment, horizon))
        moved = move(uow, office, found.called, slot)
        slot_freed(uow, office, found.called.team, found.called.meeting.id)
        return moved

    return act_on(office, actor, public_id, "booking.move", work)


def _next_time(uow: UnitOfWork, office: Office, found: DeclinedSeat) -> tuple[Assignment, Horizon]:
    called = found.called
    horizon = load_without_decliners(uow, office, called.team, called.booking.id)
    return horizon.assign(wish_of(office, called.team, called.referral)), horizon


def _next_preview(uow: UnitOfWork, found: DeclinedSeat, assignment: Assignment, horizon: Horizon) -> NextTime:
    here = found.called.meeting.id
    passed = [
        PassedOver(p.meeting, p.day, Reason.NO_REPRESENTATIVE, (found.party,)) if p.meeting == here else p
        for p in assignment.passed_over
    ]
    choice = assignment.choice
    return NextTime(
        missing=missing_of(uow, found),
        time=horizon.time_offer(choice) if choice else None,
        called=_would_be_called(uow, found.called, choice) if choice else (),
        passed_over=passed_over_names(uow, passed),
    )


def _would_be_called(uow: UnitOfWork, called: Called, choice: Choice) -> tuple[CalledFacts, ...]:
    seats = dict(choice.representatives)
    people = uow.organisation.people(seats.values())
    parties = uow.organisation.parties(seats)
    now = {c.party: c for c in called_facts(uow, called.team, called.referral, called.booking) if c.party}
    return tuple(
        replace(now[parties[party].name], person=people[who].name)
        if parties[party].name in now
        else CalledFacts(parties[party].name, people[who].name, ())
        for party, who in seats.items()
    )


# --- without the party -------------------------------------------------------------------------------


def preview_without(office: Office, actor: str, public_id: str) -> Without:
    """Who comes if the meeting is held without the party. Raises NotFound, NotAllowed, Outdated."""
    with office.unit_of_work() as uow:
        found = declined_seat(uow, office, actor, public_id)
        left = replace(found.called.booking, seats=_others(found))
        return Without(
            missing=missing_of(uow, found),
            called=called_facts(uow, found.called.team, found.called.referral, left),
            for_good=found.not_theirs,
        )


def hold_without(office: Office, actor: str, public_id: str) -> Called:
    """Hold the meeting without the party: its seat is taken away, its representative's part ends.

    A party that is needed but cannot come is asked again if the case moves; one whose case it is not is
    taken off the referral. Raises as `preview_without`.
    """

    def work(uow: UnitOfWork, found: DeclinedSeat) -> Called:
        called = found.called
        if found.not_theirs:
            parties = tuple(p for p in called.referral.parties if p != found.party)
            called = replace(called, referral=replace(called.referral, parties=parties))
            uow.cases.save_referral(called.referral)
        on_record(uow, office, found)
        changed = with_seats(uow, called, _others(found))
        # Which parties are called stands in everybody's entry.
        replace_representative(uow, office, changed, quiet=True, same_time=True)
        cards = Cards(uow, office, changed.meeting)
        for invitation in uow.plan.invitations(changed.booking.id):
            cards.renew(invitation.person, notify=False)
        _tell_held_without(uow, office, changed, found)
        tell_all_accepted(uow, office, changed)
        people_freed(uow, office, changed.team, here=True)
        return changed

    return act_on(office, actor, public_id, "seat.hold_without", work)


def _others(found: DeclinedSeat) -> tuple[Seat, ...]:
    """The seats that are left. Raises Outdated: without them it is no meeting."""
    left = tuple(seat for seat in found.called.booking.seats if seat.party != found.party)
    if not left:
        raise Outdated(invitation=found.invited.invitation.id)
    return left


def _tell_held_without(uow: UnitOfWork, office: Office, called: Called, found: DeclinedSeat) -> None:
    referrer = uow.organisation.people([called.referral.referrer]).get(called.referral.referrer)
    if referrer is None or referrer.id == found.acting.id:
        return
    message = held_without(
        case_facts(uow, called.team, called.referral, called.booking),
        party_name(uow, found),
        language_of(referrer, called.team, office),
        called=called_facts(uow, called.team, called.referral, called.booking),
    )
    about = About(called.booking.id, called.meeting.id, expires_at=called.meeting.starts_at)
    tell(uow, office, referrer, message, f"held_without:{called.booking.id}:{called.booking.sequence}", about)
