"""Change a case that has a time or waits for one: parties, question, taking part, urgency.

Who hears of it: a party that is added is called, one that is taken away has its part ended. To those who
stay nothing happens in time or place, so that their answers and buttons hold; where the words of their
calendar entry change, the entry follows by mail, and a card in chat is edited without a notification. Only
who prepares for other questions than before gets a message.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256

from schedules.domain.assignment import Assignment, Choice, PassedOver, Wish, judge
from schedules.domain.authority import Command
from schedules.domain.cases import Consent, Protected, Referral
from schedules.domain.change_case import ON_THE_INVITATION, ChangeCase, Changed, what_changed
from schedules.domain.facts import CaseFacts, PassedOverFacts, TimeOffer
from schedules.domain.organisation import Team
from schedules.domain.plan import Booking, BookingStatus, MeetingStatus, Seat
from schedules.errors import Outdated, Refused, SamtidError
from schedules.ports import UnitOfWork
from schedules.services.authority import Subject, referral_of, require, team_of
from schedules.services.call_parties import replace_representative
from schedules.services.called import Called, load_called
from schedules.services.change_form import LIVE, coordinators_party, fingerprint_of, parties_covered
from schedules.services.decide_booking import move
from schedules.services.facts import case_facts
from schedules.services.free_text import require_clean
from schedules.services.horizon import Horizon, load_horizon, passed_over_names, wish_of
from schedules.services.keep_facts import case_kept
from schedules.services.office import Office
from schedules.services.proposal_card import show_proposal
from schedules.services.propose import book_waiting, people_freed, slot_freed
from schedules.services.tell_case_changed import tell_case_changed


@dataclass(frozen=True, slots=True)
class MovePreview:
    """A party cannot be at the booked time: why, and the next time that suits all. Nothing has happened."""

    before: CaseFacts
    why: PassedOverFacts
    after: TimeOffer
    passed_over: tuple[PassedOverFacts, ...]
    fingerprint: str


class MoveNeeded(SamtidError):
    """The change moves the case to another time, which is to be confirmed first."""

    def __init__(self, preview: MovePreview) -> None:
        super().__init__(reference=preview.before.reference)
        self.preview = preview


@dataclass(frozen=True, slots=True)
class CaseChanged:
    """What was changed, nothing if it was so already. `facts` are those of the time it has now, if any."""

    what: tuple[Changed, ...]
    facts: CaseFacts | None
    booked_now: bool = False


def change_case(office: Office, command: ChangeCase) -> CaseChanged:
    """Carry the change out, in one transaction. The same form again changes nothing.

    Raises:
        Refused: fields to be mended; nothing is stored.
        MoveNeeded: a party cannot be at the booked time; it holds the preview, nothing is stored.
        Outdated: somebody else has changed the case since, or it has ended.
        NotFound, NotAllowed, LockTimeout.
    """
    require_clean(office, question=command.question, urgency_reason=command.urgency_reason)
    with office.unit_of_work() as uow:
        team = referral_of(uow, command.referral).team
    return office.change_plan(team, lambda uow: _change(uow, office, command))


@dataclass(frozen=True, slots=True)
class _Wish:
    """The case before and after; `what` differs in open words."""

    team: Team
    before: Referral
    after: Referral
    protected: Protected
    what: tuple[Changed, ...]

    @property
    def added(self) -> tuple[str, ...]:
        return tuple(p for p in self.after.parties if p not in self.before.parties)


def _change(uow: UnitOfWork, office: Office, command: ChangeCase) -> CaseChanged:
    referral = referral_of(uow, command.referral)
    team = team_of(uow, referral.team)
    acting = require(uow, Command.CHANGE_CASE, command.actor, Subject(referral.id, team, referral))
    if referral.status not in LIVE:
        raise Outdated(referral=referral.id)
    stored = uow.cases.protected(referral.id)
    wanted = _wanted_referral(team, referral, command)
    protected = _wanted_protected(uow, team, stored, wanted, command)
    booking = uow.plan.live_booking(referral.id)
    if (wanted, protected) == (referral, stored):
        return CaseChanged((), case_facts(uow, team, referral, booking) if booking else None)
    if command.seen != fingerprint_of(referral, stored):
        raise Outdated(referral=referral.id)
    uow.audit.record(command.actor, acting.party, "case.change", referral.id, office.now())
    if protected.consent != stored.consent:
        uow.audit.record(command.actor, acting.party, "consent.renew", referral.id, office.now())
    uow.cases.save_referral(wanted)
    uow.cases.save_protected(referral.id, protected)
    case_kept(uow, office, team, wanted)
    wish = _Wish(team, referral, wanted, protected, what_changed(referral, wanted, stored, protected))
    if booking is None:
        return _change_waiting(uow, office, command, wish)
    return _change_booked(uow, office, command, wish, load_called(uow, booking.id))


def _wanted_referral(team: Team, referral: Referral, command: ChangeCase) -> Referral:
    own = referral.parties[0]
    chosen = dict.fromkeys(p for p in command.parties if p != own)
    if not chosen:
        raise Refused({"parties": "no_other_party"})
    if any(p not in referral.parties and team.membership(p) is None for p in chosen):
        raise Refused({"parties": "party_not_in_team"})
    # Those who are there already keep their order, so that choosing the same anew is no change.
    kept = [p for p in referral.parties if p in chosen]
    return replace(
        referral,
        parties=(own, *kept, *(p for p in chosen if p not in kept)),
        categories=command.categories,
        person_takes_part=command.person_takes_part,
        urgency=command.urgency,
    )


def _wanted_protected(
    uow: UnitOfWork, team: Team, stored: Protected, wanted: Referral, command: ChangeCase
) -> Protected:
    covered = parties_covered(uow, team, stored)
    consent = stored.consent
    if any(p not in covered for p in wanted.parties):
        if command.consent_date is None:
            raise Refused({"consent": "consent_outside"})
        leading = coordinators_party(uow, team)
        named = dict.fromkeys((*wanted.parties, *([leading] if leading else [])))
        consent = Consent(tuple(named), command.consent_date, command.actor)
    return replace(stored, question=command.question, urgency_reason=command.urgency_reason, consent=consent)


# --- a case that waits ---------------------------------------------------------------------------------


def _change_waiting(uow: UnitOfWork, office: Office, command: ChangeCase, wish: _Wish) -> CaseChanged:
    """It may suit a free time now; whoever comes before it in the queue still does."""
    book_waiting(uow, office, wish.team)
    booking = uow.plan.live_booking(wish.after.id)
    if booking is None:
        tell_case_changed(uow, office, command.actor, wish.team, wish.after, None, wish.what)
        return CaseChanged(wish.what, None)
    called = load_called(uow, booking.id)
    return CaseChanged(wish.what, _facts(uow, called), booked_now=True)


def _facts(uow: UnitOfWork, called: Called) -> CaseFacts:
    return case_facts(uow, called.team, called.referral, called.booking, called.meeting)


# --- a case that has a time ----------------------------------------------------------------------------


def _change_booked(
    uow: UnitOfWork, office: Office, command: ChangeCase, wish: _Wish, called: Called
) -> CaseChanged:
    if called.meeting.starts_at <= office.now() or called.meeting.status is not MeetingStatus.PLANNED:
        raise Outdated(booking=called.booking.id)
    horizon = load_horizon(uow, office, wish.team, called.booking.id)
    seats = _seats_here(horizon, wish, called)
    if isinstance(seats, PassedOver):
        return _change_and_move(uow, office, command, wish, called, horizon, seats)
    freed = {s.representative for s in called.booking.seats} - {s.representative for s in seats}
    invited = {i.person for i in uow.plan.invitations(called.booking.id)}
    here = _stay(uow, office, wish, called, seats)
    if freed:
        people_freed(uow, office, wish.team, here=True)
    tell_case_changed(uow, office, command.actor, wish.team, wish.after, here.booking, wish.what, invited)
    return CaseChanged(wish.what, _facts(uow, here))


def _seats_here(horizon: Horizon, wish: _Wish, called: Called) -> tuple[Seat, ...] | PassedOver:
    """The seats at the booked time: those who stay keep theirs; or why an added party cannot be there."""
    kept = tuple(s for s in called.booking.seats if s.party in wish.after.parties)
    if not wish.added:
        return kept
    offer = next(o for o in horizon.offers if o.id == called.meeting.id)
    slot = next(s for s in offer.slots if s.id == called.booking.slot)
    attending = {p: people for p, people in offer.attending.items() if p in wish.added}
    attending |= {s.party: (s.representative,) for s in kept}
    here = replace(offer, slots=(replace(slot, taken=False, reserved=False),), attending=attending)
    parties = (*(s.party for s in kept), *wish.added)
    found = judge(Wish(parties, wish.after.urgency, offer.day), here, horizon.busy)
    if isinstance(found, PassedOver):
        return found
    return tuple(Seat(party, representative) for party, representative in found.representatives)


def _stay(uow: UnitOfWork, office: Office, wish: _Wish, called: Called, seats: tuple[Seat, ...]) -> Called:
    proposed = called.booking.status is BookingStatus.PROPOSED
    noticed = bool(ON_THE_INVITATION.intersection(wish.what))
    raised = called.booking.sequence + (1 if noticed and not proposed else 0)
    booking = replace(called.booking, seats=seats, sequence=raised)
    here = replace(called, referral=wish.after, booking=booking)
    if booking != called.booking:
        slot = called.meeting.slot(booking.slot)
        uow.plan.save_booking(booking, slot.starts_at, slot.ends_at)
    if proposed:
        show_proposal(uow, office, here, edit=True)
    elif noticed:
        replace_representative(uow, office, here, same_time=True)
    return here


# --- a case that has to move ---------------------------------------------------------------------------


def _change_and_move(
    uow: UnitOfWork,
    office: Office,
    command: ChangeCase,
    wish: _Wish,
    called: Called,
    horizon: Horizon,
    why: PassedOver,
) -> CaseChanged:
    found = horizon.assign(wish_of(office, wish.team, wish.after))
    if found.choice is None:
        raise Refused({"parties": "no_time_for_parties"})
    preview = _preview(uow, horizon, wish, called, why, found, found.choice)
    if preview.fingerprint != command.plan:
        raise MoveNeeded(preview)
    moved = move(uow, office, replace(called, referral=wish.after), found.choice.slot)
    slot_freed(uow, office, wish.team, called.meeting.id)
    return CaseChanged(wish.what, _facts(uow, moved))


def _preview(
    uow: UnitOfWork,
    horizon: Horizon,
    wish: _Wish,
    called: Called,
    why: PassedOver,
    found: Assignment,
    choice: Choice,
) -> MovePreview:
    (reason,) = passed_over_names(uow, [why])
    earlier = [p for p in found.passed_over if p.meeting != called.meeting.id]
    return MovePreview(
        before=case_facts(uow, wish.team, wish.before, called.booking, called.meeting),
        why=reason,
        after=horizon.time_offer(choice),
        passed_over=passed_over_names(uow, earlier),
        fingerprint=_plan(called.booking, wish.after, choice),
    )


def _plan(booking: Booking, after: Referral, choice: Choice) -> str:
    """The same for the same change of the same booking to the same slot and people."""
    plan = (booking.id, booking.sequence, booking.slot, after.parties, choice.slot, choice.representatives)
    return sha256(repr(plan).encode()).hexdigest()
