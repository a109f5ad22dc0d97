"""An extra meeting: everyone takes part, and whoever waits is booked. Or a single time for one case.

Both are previewed by doing them and not committing, so that the preview cannot differ from the act.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from hashlib import sha256

from schedules.domain.assignment import Choice, PassedOver, Reason, judge
from schedules.domain.authority import Command
from schedules.domain.cases import Referral, ReferralStatus
from schedules.domain.facts import MeetingFacts, TimeOffer
from schedules.domain.meeting_times import ExtraMeeting, extra_meeting, obstacle
from schedules.domain.organisation import Team
from schedules.domain.plan import Booking, BookingStatus, Meeting
from schedules.errors import Outdated, Refused
from schedules.ports import UnitOfWork
from schedules.services.authority import Subject, person, referral_of, require, team_of
from schedules.services.call_parties import plan_meeting
from schedules.services.called import Called, load_called
from schedules.services.decide_booking import confirm, move_to
from schedules.services.facts import meeting_facts
from schedules.services.free_text import require_clean
from schedules.services.horizon import Horizon, load_horizon, wish_of
from schedules.services.office import Office, new_id
from schedules.services.propose import book_waiting, propose_chosen, slot_freed
from schedules.services.replanning import CaseMove, PlanChanged, PlanPreview
from schedules.texts.decision import Decided

Work = Callable[[UnitOfWork], PlanPreview]


@dataclass(frozen=True, slots=True)
class SingleTime:
    """A time outside the series for one case (flerpartsmöte); its `slots` is one."""

    referral: str
    time: ExtraMeeting


def preview_extra(office: Office, actor: str, team_id: str, wanted: ExtraMeeting) -> PlanPreview:
    """Which waiting cases the meeting would take. Raises Refused, NotFound, NotAllowed."""
    return _dry_run(office, team_id, lambda uow: _add(uow, office, actor, team_id, wanted))


def add_extra_meeting(
    office: Office, actor: str, team_id: str, wanted: ExtraMeeting, fingerprint: str
) -> PlanPreview:
    """Add the meeting and book whoever waits. Raises PlanChanged, Refused, NotFound, NotAllowed."""
    return _carry_out(office, team_id, fingerprint, lambda uow: _add(uow, office, actor, team_id, wanted))


def preview_single(office: Office, actor: str, team_id: str, wanted: SingleTime) -> PlanPreview:
    """What the single time would mean. Raises Refused (naming who is not free), NotAllowed, Outdated."""
    return _dry_run(office, team_id, lambda uow: _add_single(uow, office, actor, team_id, wanted))


def add_single_time(
    office: Office, actor: str, team_id: str, wanted: SingleTime, fingerprint: str
) -> PlanPreview:
    """Give the case its time; the coordinator's choice confirms it. Raises PlanChanged as the preview."""
    return _carry_out(
        office, team_id, fingerprint, lambda uow: _add_single(uow, office, actor, team_id, wanted)
    )


def cases_to_choose(office: Office, actor: str, team_id: str) -> tuple[Team, tuple[tuple[str, str], ...]]:
    """The team's waiting and booked cases: (referral id, reference). Raises NotFound, NotAllowed."""
    with office.unit_of_work() as uow:
        team = team_of(uow, team_id)
        require(uow, Command.ADD_MEETING, actor, Subject(team_id, team))
        found = uow.cases.of_team(team_id, [ReferralStatus.WAITING, ReferralStatus.ACTIVE])
        return team, tuple((r.id, r.reference) for r in found if _can_move(uow, office, r))


def team_to_extend(office: Office, actor: str, team_id: str) -> Team:
    """The team whose form is to open. Raises NotFound, NotAllowed."""
    with office.unit_of_work() as uow:
        team = team_of(uow, team_id)
        require(uow, Command.ADD_MEETING, actor, Subject(team_id, team))
        return team


def _dry_run(office: Office, team_id: str, work: Work) -> PlanPreview:
    with office.unit_of_work() as uow:
        uow.lock_teams([team_id])
        return work(uow)  # left without a commit: nothing has happened


def _carry_out(office: Office, team_id: str, fingerprint: str, work: Work) -> PlanPreview:
    def checked(uow: UnitOfWork) -> PlanPreview:
        preview = work(uow)
        if preview.fingerprint != fingerprint:
            raise PlanChanged(preview)
        return preview

    return office.change_plan(team_id, checked)


# --- an extra meeting --------------------------------------------------------------------------------


def _add(uow: UnitOfWork, office: Office, actor: str, team_id: str, wanted: ExtraMeeting) -> PlanPreview:
    team, meeting = _new_meeting(uow, office, actor, team_id, wanted)
    uow.audit.record(actor, person(uow, actor).party, "meeting.add", meeting.id, office.now())
    plan_meeting(uow, office, team, meeting)
    booked = book_waiting(uow, office, team, [meeting.id])
    return _preview(uow, team, meeting, booked)


def _new_meeting(
    uow: UnitOfWork, office: Office, actor: str, team_id: str, wanted: ExtraMeeting
) -> tuple[Team, Meeting]:
    team = team_of(uow, team_id)
    require(uow, Command.ADD_MEETING, actor, Subject(team_id, team))
    require_clean(office, place=wanted.place)
    meeting = extra_meeting(team, wanted, office.zone, new_id)
    others = uow.plan.meetings(team_id, office.today())
    if found := obstacle(team, meeting, others, office.now(), office.is_holiday):
        raise Refused({"start" if found.at_start else "day": found.value})
    uow.plan.save_meeting(meeting)
    return team, meeting


def _preview(uow: UnitOfWork, team: Team, meeting: Meeting, booked: Iterable[Booking]) -> PlanPreview:
    moves = tuple(_case(uow, booking) for booking in booked)
    facts = meeting_facts(team, meeting)
    return PlanPreview(team.id, (facts,), moves, _fingerprint(facts, moves, booked))


def _case(uow: UnitOfWork, booking: Booking) -> CaseMove:
    called = load_called(uow, booking.id)
    slot = called.meeting.slot(booking.slot)
    after = TimeOffer(slot.id, called.meeting.day, slot.start, slot.end)
    return CaseMove(called.referral.reference, None, after)


def _fingerprint(facts: MeetingFacts, moves: Iterable[CaseMove], booked: Iterable[Booking]) -> str:
    """Without ids: those of a new meeting and its bookings are new each time."""
    cases = [(m.reference, m.after.day, m.after.start) for m in moves if m.after is not None]
    seats = [booking.seats for booking in booked]
    return sha256(repr((facts, cases, seats)).encode()).hexdigest()


# --- a single time for one case ----------------------------------------------------------------------


def _can_move(uow: UnitOfWork, office: Office, referral: Referral) -> bool:
    booking = uow.plan.live_booking(referral.id)
    if booking is None:
        return referral.status is ReferralStatus.WAITING
    return load_called(uow, booking.id).meeting.starts_at > office.now()


def _add_single(uow: UnitOfWork, office: Office, actor: str, team_id: str, wanted: SingleTime) -> PlanPreview:
    referral = referral_of(uow, wanted.referral)
    if referral.team != team_id or not _can_move(uow, office, referral):
        raise Outdated(referral=wanted.referral)
    team, meeting = _new_meeting(uow, office, actor, team_id, wanted.time)
    booking = uow.plan.live_booking(referral.id)
    horizon = load_horizon(uow, office, team, booking.id if booking else None)
    choice = _everybody(uow, office, horizon, referral, meeting)
    uow.audit.record(actor, person(uow, actor).party, "meeting.add_single", meeting.id, office.now())
    plan_meeting(uow, office, team, meeting)
    if booking is None:
        booked = _confirmed(
            uow, office, propose_chosen(uow, office, horizon, referral, choice), Decided.CONFIRMED
        )
    else:
        before = load_called(uow, booking.id)
        booked = _confirmed(uow, office, move_to(uow, office, before, horizon, choice).booking, Decided.MOVED)
        slot_freed(uow, office, team, before.meeting.id)
    return _preview(uow, team, meeting, [booked])


def _confirmed(uow: UnitOfWork, office: Office, booking: Booking, how: Decided) -> Booking:
    """What the coordinator chooses is confirmed by that, where there is anything to confirm."""
    called: Called = load_called(uow, booking.id)
    if booking.status is BookingStatus.PROPOSED and called.team.rules.coordinator_confirms:
        return confirm(uow, office, called, how).booking
    return booking


def _everybody(
    uow: UnitOfWork, office: Office, horizon: Horizon, referral: Referral, meeting: Meeting
) -> Choice:
    """Who sits for each party then. Raises Refused with the parties and people who are not free.

    The coordinator chooses the day, so the lead time does not bind; the person's own "not before" does.
    """
    offer = next(o for o in horizon.offers if o.id == meeting.id)
    wish = wish_of(office, horizon.team, referral)
    found = judge(replace(wish, earliest=min(wish.earliest, meeting.day)), offer, horizon.busy)
    if isinstance(found, Choice):
        return found
    if found.reason is Reason.BEFORE_WISH:
        raise Refused({"day": "single_before_wish"})
    raise Refused({"start": "single_not_free"}, people=_not_free(uow, horizon.team, found))


def _not_free(uow: UnitOfWork, team: Team, found: PassedOver) -> str:
    """The parties that have nobody, each with its representatives: "AF (Daniel, Sofia)"."""
    parties = uow.organisation.parties(found.parties)
    told = []
    for party in found.parties:
        member = team.membership(party)
        people = uow.organisation.people(member.representatives if member else ())
        names = [people[who].name for who in (member.representatives if member else ()) if who in people]
        told.append(f"{parties[party].name} ({', '.join(names)})" if names else parties[party].name)
    return "; ".join(told)
