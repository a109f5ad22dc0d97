"""Move a meeting to another time, place or link: see what it means for each case, then confirm it.

Who can come at the new time keeps their seat; who cannot gives it to a free deputy. A case whose parties
cannot all come is given another time by the same plan as for a cancelled meeting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time

from schedules.domain.assignment import Busy, Choice, judge
from schedules.domain.authority import Command
from schedules.domain.meeting_times import by_hand, moved_meeting, obstacle
from schedules.domain.organisation import Team
from schedules.domain.plan import BookingStatus, Meeting
from schedules.domain.schedule import agenda_at
from schedules.errors import Refused
from schedules.ports import UnitOfWork
from schedules.services.authority import person
from schedules.services.call_parties import plan_moved_meeting, renew_entries
from schedules.services.called import Called
from schedules.services.facts import case_facts, meeting_facts, meeting_of
from schedules.services.free_text import require_clean
from schedules.services.horizon import Horizon, load_horizon, wish_of
from schedules.services.keep_facts import meeting_moved
from schedules.services.office import Office
from schedules.services.proposal_card import show_proposal
from schedules.services.release_question import withdraw_question
from schedules.services.replanning import (
    CasePlan,
    PlanChanged,
    Planned,
    PlanPreview,
    carry_out,
    cases_at,
    changeable,
    plan_cases,
    preview_of,
    without,
)
from schedules.services.tell_changes import Change, tell_changes
from schedules.texts.changes import News, NewsKind


@dataclass(frozen=True, slots=True)
class NewTime:
    """When and where the meeting is to be held instead; `start` is local wall time."""

    day: date
    start: time
    place: str
    link: str | None


def meeting_to_move(office: Office, actor: str, meeting_id: str) -> Meeting:
    """The meeting whose form is to open. Raises NotFound, NotAllowed, Outdated."""
    with office.unit_of_work() as uow:
        return changeable(uow, office, Command.MOVE_MEETING, actor, meeting_id)[1]


def preview_move(office: Office, actor: str, meeting_id: str, wanted: NewTime) -> PlanPreview:
    """What the move would mean for each case. Raises Refused, NotFound, NotAllowed, Outdated."""
    with office.unit_of_work() as uow:
        team, meeting = changeable(uow, office, Command.MOVE_MEETING, actor, meeting_id)
        target = _target(uow, office, team, meeting, wanted)
        return _preview(uow, team, target, _plan(uow, office, team, meeting, target))


def move_meeting(
    office: Office, actor: str, meeting_id: str, wanted: NewTime, fingerprint: str
) -> PlanPreview:
    """Carry out what was previewed; each person affected gets one message and one mail per UID.

    Raises:
        PlanChanged: another plan would be carried out now; it holds the new preview, nothing is changed.
        Refused, NotFound, NotAllowed, Outdated.
    """
    with office.unit_of_work() as uow:
        team_id = meeting_of(uow, meeting_id).team

    def work(uow: UnitOfWork) -> PlanPreview:
        team, meeting = changeable(uow, office, Command.MOVE_MEETING, actor, meeting_id)
        target = _target(uow, office, team, meeting, wanted)
        plan = _plan(uow, office, team, meeting, target)
        preview = _preview(uow, team, target, plan)
        if preview.fingerprint != fingerprint:
            raise PlanChanged(preview)
        acting = person(uow, actor)
        uow.audit.record(actor, acting.party, "meeting.move", meeting.id, office.now())
        move = _move_place if _same_time(meeting, target) else _move_time
        move(uow, office, team, meeting, target, plan)
        return preview

    return office.change_plan(team_id, work)


def _target(uow: UnitOfWork, office: Office, team: Team, meeting: Meeting, wanted: NewTime) -> Meeting:
    require_clean(office, place=wanted.place)
    moved = by_hand(meeting)
    if (wanted.day, wanted.start) != (meeting.day, meeting.start):
        moved = moved_meeting(meeting, wanted.day, wanted.start, office.zone, office.is_holiday)
        others = uow.plan.meetings(team.id, office.today())
        if found := obstacle(team, moved, others, office.now(), office.is_holiday):
            raise Refused({"start" if found.at_start else "day": found.value})
    target = replace(moved, place=wanted.place, link=wanted.link)
    if meeting_facts(team, target) == meeting_facts(team, meeting):
        raise Refused({"day": "meeting_unchanged"})
    return target


def _same_time(meeting: Meeting, target: Meeting) -> bool:
    return meeting.starts_at == target.starts_at


def _preview(uow: UnitOfWork, team: Team, target: Meeting, plan: CasePlan) -> PlanPreview:
    return preview_of(uow, team, target.id, (meeting_facts(team, target),), plan)


# --- who stays, who goes -----------------------------------------------------------------------------


def _plan(uow: UnitOfWork, office: Office, team: Team, meeting: Meeting, target: Meeting) -> CasePlan:
    horizon = load_horizon(uow, office, team, changed=target)
    cases = cases_at(uow, [meeting])
    if _same_time(meeting, target):
        return CasePlan(horizon, tuple(_as_before(one) for one in cases))
    free = without(horizon.busy, cases)
    staying = [p for one in cases if (p := _stays(office, horizon, one, target, free)) is not None]
    settled = {one.called.booking.id for one in staying}
    leaving: Sequence[Called] = [one for one in cases if one.booking.id not in settled]
    return plan_cases(uow, office, team, horizon, leaving, (), staying)


def _as_before(called: Called) -> Planned:
    booking = called.booking
    seats = tuple((seat.party, seat.representative) for seat in booking.seats)
    return Planned(called, Choice(booking.meeting, booking.slot, seats))


def _stays(office: Office, horizon: Horizon, called: Called, target: Meeting, busy: Busy) -> Planned | None:
    """The case in its own slot at the new time, if every party can come.

    Who was called to a time before the new one has had notice enough: the lead time holds for a meeting
    that comes earlier only.
    """
    wish = wish_of(office, called.team, called.referral)
    if target.starts_at > called.meeting.starts_at:
        wish = replace(wish, earliest=min(wish.earliest, target.day))
    offer = next(o for o in horizon.offers if o.id == target.id)
    slot = next(s for s in offer.slots if s.id == called.booking.slot)
    holders = {seat.party: seat.representative for seat in called.booking.seats}
    attending = {
        party: tuple(sorted(people, key=lambda who, party=party: who != holders.get(party)))  # type: ignore[misc]  # lambda's default
        for party, people in offer.attending.items()
    }
    own = replace(offer, slots=(replace(slot, taken=False, reserved=False),), attending=attending)
    found = judge(wish, own, busy)
    return Planned(called, found) if isinstance(found, Choice) else None


# --- carrying it out ---------------------------------------------------------------------------------


def _move_time(
    uow: UnitOfWork, office: Office, team: Team, meeting: Meeting, target: Meeting, plan: CasePlan
) -> None:
    again = agenda_at(target, team.rules, office.zone, office.is_holiday) > office.now()
    saved = replace(target, agenda_sent_at=None if again else meeting.agenda_sent_at)
    uow.plan.save_meeting(saved)
    meeting_moved(uow, team, meeting, target)
    plan_moved_meeting(uow, office, team, saved)
    withdraw_question(uow, office, team, meeting)
    changes = carry_out(uow, office, team, plan)
    news = News(NewsKind.RELOCATED, meeting_facts(team, meeting), meeting_facts(team, target))
    tell_changes(uow, office, team, news, changes, meeting.id)


def _move_place(
    uow: UnitOfWork, office: Office, team: Team, meeting: Meeting, target: Meeting, plan: CasePlan
) -> None:
    uow.plan.save_meeting(target)
    changes = [_renew(uow, office, one.called, target) for one in plan.cases]
    news = News(NewsKind.PLACE, meeting_facts(team, meeting), meeting_facts(team, target))
    tell_changes(uow, office, team, news, changes, meeting.id)


def _renew(uow: UnitOfWork, office: Office, called: Called, target: Meeting) -> Change:
    before = case_facts(uow, called.team, called.referral, called.booking, called.meeting)
    proposed = called.booking.status is BookingStatus.PROPOSED
    slot = target.slot(called.booking.slot)
    booking = replace(called.booking, sequence=called.booking.sequence + (0 if proposed else 1))
    uow.plan.save_booking(booking, slot.starts_at, slot.ends_at)
    renewed = replace(called, booking=booking, meeting=target)
    if proposed:
        show_proposal(uow, office, renewed, edit=True)
    else:
        renew_entries(uow, office, renewed)
    people = tuple(i.person for i in uow.plan.invitations(booking.id))
    return Change(called.referral, before, booking, people)
