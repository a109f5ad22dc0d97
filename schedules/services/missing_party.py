"""No representative of a party can come, or the case is not theirs: what the coordinator can do about it.

Each way is looked at before it happens; a look changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from schedules.domain.assignment import Assignment, Choice, PassedOver, Reason
from schedules.domain.authority import Command
from schedules.domain.facts import Called as CalledFacts
from schedules.domain.facts import CaseFacts, Contact, PassedOverFacts, TimeOffer
from schedules.domain.organisation import Person
from schedules.domain.plan import Answer, Decline, DeclineReason, Seat
from schedules.errors import Outdated
from schedules.ports import UnitOfWork
from schedules.services.authority import Subject, person, require
from schedules.services.call_parties import call_again, replace_representative
from schedules.services.called import Called
from schedules.services.cards import Cards
from schedules.services.decide_booking import move
from schedules.services.decline import comes_no_longer
from schedules.services.deputies import comes_for_party, free_deputies, record_no, with_seats
from schedules.services.facts import called_facts, case_facts, contact
from schedules.services.horizon import Horizon, load_without_decliners, passed_over_names, wish_of
from schedules.services.invited import Invited, current_invited, seat_of, team_of_invitation
from schedules.services.letters import About, language_of, tell
from schedules.services.office import Office
from schedules.services.propose import people_freed, slot_freed
from schedules.services.tell_accepted import tell_all_accepted
from schedules.services.ways_without_party import contact_of, decline_of
from schedules.texts.missing import NoRepresentative, asked_again, contact_asked, held_without

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Missing:
    """A declined seat as the coordinator looks at it; names, and open facts."""

    invitation: str
    case: CaseFacts
    party: str
    person: str
    reason: DeclineReason | None


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


@dataclass(frozen=True, slots=True)
class ToContact:
    """Whom the party has for it, and how to reach them; when they were asked before."""

    missing: Missing
    contact: Contact | None
    asked_on: date | None


@dataclass(frozen=True, slots=True)
class Again:
    """Whether the representative `comes` still, so that they are asked again; else who is called instead.

    `instead` is a name, None if nobody is free.
    """

    missing: Missing
    comes: bool
    instead: str | None = None


class NextTimeChanged(Outdated):
    """The next suitable time is not the one that was shown."""

    def __init__(self, preview: NextTime) -> None:
        super().__init__(invitation=preview.missing.invitation)
        self.preview = preview


@dataclass(frozen=True, slots=True)
class _Case:
    """What all of the ways need."""

    invited: Invited
    acting: Person
    decline: Decline | None

    @property
    def called(self) -> Called:
        return self.invited.called

    @property
    def party(self) -> str:
        return self.invited.invitation.party or ""


# --- the next suitable time --------------------------------------------------------------------------


def preview_next_time(office: Office, actor: str, public_id: str) -> NextTime:
    """The next suitable time. Raises NotFound, NotAllowed, Outdated."""
    with office.unit_of_work() as uow:
        found = _case(uow, actor, public_id)
        assignment, horizon = _next_time(uow, office, found)
        return _next_preview(uow, found, assignment, horizon)


def move_to_next_time(office: Office, actor: str, public_id: str, slot: str) -> Called:
    """Move the case to the time that was shown. Raises NextTimeChanged; as `preview_next_time`."""

    def work(uow: UnitOfWork, found: _Case) -> Called:
        assignment, horizon = _next_time(uow, office, found)
        if assignment.choice is None or assignment.choice.slot != slot:
            raise NextTimeChanged(_next_preview(uow, found, assignment, horizon))
        moved = move(uow, office, found.called, slot)
        slot_freed(uow, office, found.called.team, found.called.meeting.id)
        return moved

    return _carry_out(office, actor, public_id, "booking.move", work)


def _next_time(uow: UnitOfWork, office: Office, found: _Case) -> tuple[Assignment, Horizon]:
    called = found.called
    horizon = load_without_decliners(uow, office, called.team, called.booking.id)
    return horizon.assign(wish_of(office, called.team, called.referral)), horizon


def _next_preview(uow: UnitOfWork, found: _Case, assignment: Assignment, horizon: Horizon) -> NextTime:
    here = found.called.meeting.id
    passed = [
        PassedOver(p.meeting, p.day, Reason.NO_REPRESENTATIVE, (found.party,)) if p.meeting == here else p
        for p in assignment.passed_over
    ]
    choice = assignment.choice
    return NextTime(
        missing=_missing(uow, found),
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
        found = _case(uow, actor, public_id)
        left = replace(found.called.booking, seats=_others(found))
        return Without(
            missing=_missing(uow, found),
            called=called_facts(uow, found.called.team, found.called.referral, left),
            for_good=_not_theirs(found),
        )


def hold_without(office: Office, actor: str, public_id: str) -> Called:
    """Hold the meeting without the party: its seat is taken away, its representative's part ends.

    A party that is needed but cannot come is asked again if the case moves; one whose case it is not is
    taken off the referral. Raises as `preview_without`.
    """

    def work(uow: UnitOfWork, found: _Case) -> Called:
        called = found.called
        if _not_theirs(found):
            parties = tuple(p for p in called.referral.parties if p != found.party)
            called = replace(called, referral=replace(called.referral, parties=parties))
            uow.cases.save_referral(called.referral)
        _on_record(uow, office, found)
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

    return _carry_out(office, actor, public_id, "seat.hold_without", work)


def _others(found: _Case) -> tuple[Seat, ...]:
    """The seats that are left. Raises Outdated: without them it is no meeting."""
    left = tuple(seat for seat in found.called.booking.seats if seat.party != found.party)
    if not left:
        raise Outdated(invitation=found.invited.invitation.id)
    return left


def _not_theirs(found: _Case) -> bool:
    return found.decline is not None and found.decline.reason is DeclineReason.NOT_OUR_CASE


def _tell_held_without(uow: UnitOfWork, office: Office, called: Called, found: _Case) -> None:
    referrer = uow.organisation.people([called.referral.referrer]).get(called.referral.referrer)
    if referrer is None or referrer.id == found.acting.id:
        return
    message = held_without(
        case_facts(uow, called.team, called.referral, called.booking),
        _party_name(uow, found),
        language_of(referrer, called.team, office),
        called=called_facts(uow, called.team, called.referral, called.booking),
    )
    about = About(called.booking.id, called.meeting.id, expires_at=called.meeting.starts_at)
    tell(uow, office, referrer, message, f"held_without:{called.booking.id}:{called.booking.sequence}", about)


# --- the party's contact -----------------------------------------------------------------------------


def preview_contact(office: Office, actor: str, public_id: str) -> ToContact:
    """Whom to ask for somebody else. Raises NotFound, NotAllowed, Outdated."""
    with office.unit_of_work() as uow:
        found = _case(uow, actor, public_id)
        who = contact_of(uow, found.called, found.party)
        asked = found.decline.contact_asked_at if found.decline else None
        return ToContact(
            missing=_missing(uow, found),
            contact=contact(who) if who else None,
            asked_on=office.local(asked).date() if asked else None,
        )


def ask_contact(office: Office, actor: str, public_id: str) -> Called:
    """Write to the party's contact, open facts only. Asked on the same day, it is not sent twice."""

    def work(uow: UnitOfWork, found: _Case) -> Called:
        called = found.called
        who = contact_of(uow, called, found.party)
        if who is None:
            raise Outdated(invitation=found.invited.invitation.id)
        said = _on_record(uow, office, found)
        asked = said.contact_asked_at
        if asked is not None and office.local(asked).date() == office.today():
            return called
        uow.plan.save_decline(replace(said, contact=who.id, contact_asked_at=office.now()))
        case = case_facts(uow, called.team, called.referral, called.booking)
        message = contact_asked(case, _words_about(uow, found), language_of(who, called.team, office))
        about = About(called.booking.id, called.meeting.id, expires_at=called.meeting.starts_at)
        topic = f"contact_asked:{said.id}:{office.today().isoformat()}"
        tell(uow, office, who, message, topic, about)
        return called

    return _carry_out(office, actor, public_id, "seat.ask_contact", work)


# --- theirs after all --------------------------------------------------------------------------------


def preview_again(office: Office, actor: str, public_id: str) -> Again:
    """Who would be told that the case is theirs. Raises NotFound, NotAllowed, Outdated."""
    with office.unit_of_work() as uow:
        found = _case(uow, actor, public_id)
        _require_not_theirs(found)
        missing = _missing(uow, found)
        if comes_for_party(uow, office, found.invited):
            return Again(missing, comes=True)
        free = free_deputies(uow, office, found.invited)
        return Again(missing, comes=False, instead=free[0].name if free else None)


def ask_again(office: Office, actor: str, public_id: str) -> None:
    """Answer "not our case": it is. The representative is asked anew, or who else can come is called.

    Raises as `preview_again`.
    """

    def work(uow: UnitOfWork, found: _Case) -> None:
        _require_not_theirs(found)
        uow.plan.remove_declines(found.invited.invitation.id)
        if comes_for_party(uow, office, found.invited):
            _ask_anew(uow, office, found)
        else:
            comes_no_longer(uow, office, found.invited)

    _carry_out(office, actor, public_id, "seat.ask_again", work)


def _ask_anew(uow: UnitOfWork, office: Office, found: _Case) -> None:
    called = with_seats(uow, found.called, found.called.booking.seats)
    asked = call_again(uow, office, called, found.invited.invitation)
    who = person(uow, asked.person)
    if not who.slack:  # by mail the new invitation says it
        return
    message = asked_again(
        case_facts(uow, called.team, called.referral, called.booking),
        _party_name(uow, found),
        language_of(who, called.team, office),
        public_id=asked.public_id,
        referral_id=called.referral.id,
    )
    about = About(called.booking.id, called.meeting.id, expires_at=called.meeting.starts_at)
    tell(uow, office, who, message, f"asked_again:{asked.public_id}", about)


def _require_not_theirs(found: _Case) -> None:
    if not _not_theirs(found):
        raise Outdated(invitation=found.invited.invitation.id)


# --- what they share ---------------------------------------------------------------------------------


def _case(uow: UnitOfWork, actor: str, public_id: str) -> _Case:
    invited = current_invited(uow, public_id)
    about = Subject(invited.invitation.id, invited.called.team, invited.called.referral)
    acting = require(uow, Command.SETTLE_SEAT, actor, about)
    if invited.invitation.answer is not Answer.DECLINED or not invited.invitation.must_answer:
        raise Outdated(invitation=invited.invitation.id)
    seat_of(invited)
    return _Case(invited, acting, decline_of(uow, invited.invitation))


def _on_record(uow: UnitOfWork, office: Office, found: _Case) -> Decline:
    """The no that was said; that of an absence or a handover becomes one when somebody acts on it."""
    if found.decline is not None:
        return found.decline
    return record_no(uow, office, found.invited, None, None)


def _carry_out(
    office: Office, actor: str, public_id: str, action: str, work: Callable[[UnitOfWork, _Case], T]
) -> T:
    def within(uow: UnitOfWork) -> T:
        found = _case(uow, actor, public_id)
        if found.called.meeting.starts_at <= office.now():
            raise Outdated(invitation=found.invited.invitation.id)
        uow.audit.record(actor, found.acting.party, action, found.invited.invitation.id, office.now())
        return work(uow, found)

    return office.change_plan(team_of_invitation(office, public_id), within)


def _missing(uow: UnitOfWork, found: _Case) -> Missing:
    called, who = found.called, _words_about(uow, found)
    case = case_facts(uow, called.team, called.referral, called.booking)
    return Missing(found.invited.invitation.public_id, case, who.party, who.person, who.reason)


def _words_about(uow: UnitOfWork, found: _Case) -> NoRepresentative:
    decliner = uow.organisation.people([found.invited.invitation.person])
    name = decliner[found.invited.invitation.person].name if decliner else ""
    return NoRepresentative(name, _party_name(uow, found), found.decline.reason if found.decline else None)


def _party_name(uow: UnitOfWork, found: _Case) -> str:
    party = uow.organisation.parties([found.party]).get(found.party)
    return party.name if party else ""
