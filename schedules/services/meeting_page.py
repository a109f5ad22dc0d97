"""The coordinator's page of one meeting: the agenda in order, who comes, who knows, what is reported."""

from __future__ import annotations

from schedules.domain.authority import Command
from schedules.domain.coming import counts_as_coming
from schedules.domain.home import CallState
from schedules.domain.meeting_page import AgendaCase, MeetingPage
from schedules.domain.organisation import Team
from schedules.domain.plan import Booking, BookingStatus, Meeting
from schedules.ports import UnitOfWork
from schedules.services.authority import Subject, referral_of, require, team_of
from schedules.services.facts import case_facts, meeting_facts, meeting_of
from schedules.services.office import Office
from schedules.services.sealed import seal_of


def meeting_page(office: Office, actor: str, meeting_id: str) -> MeetingPage:
    """The meeting with its cases, open facts only. Raises NotFound, NotAllowed."""
    with office.unit_of_work() as uow:
        meeting = meeting_of(uow, meeting_id)
        team = team_of(uow, meeting.team)
        require(uow, Command.SHOW_MEETING, actor, Subject(meeting_id, team))
        found = {b.id: b for b in uow.plan.live_bookings(meeting_id)}
        for report in uow.outcomes.of_meeting(meeting_id):
            booking = uow.plan.booking(report.booking)
            if booking is not None and booking.meeting == meeting_id:
                found[booking.id] = booking
        in_order = sorted(found.values(), key=lambda one: meeting.slot(one.slot).starts_at)
        cases = tuple(_case(uow, office, team, meeting, booking) for booking in in_order)
        return MeetingPage(meeting_id, meeting_facts(team, meeting), cases)


def _case(uow: UnitOfWork, office: Office, team: Team, meeting: Meeting, booking: Booking) -> AgendaCase:
    referral = referral_of(uow, booking.referral)
    ended = meeting.slot(booking.slot).ends_at <= office.now()
    return AgendaCase(
        booking=booking.id,
        referral=referral.id,
        facts=case_facts(uow, team, referral, booking, meeting),
        calls=_calls(uow, team, booking, referral.reference),
        proposed=booking.status is BookingStatus.PROPOSED,
        may_report=ended and booking.status is BookingStatus.BOOKED,
        reported=uow.outcomes.of_booking(booking.id) is not None,
        seal=seal_of(uow, referral.case),
    )


def _calls(uow: UnitOfWork, team: Team, booking: Booking, reference: str) -> tuple[CallState, ...]:
    invited = [i for i in uow.plan.invitations(booking.id) if i.must_answer]
    people = uow.organisation.people([i.person for i in invited])
    parties = uow.organisation.parties([i.party for i in invited if i.party])
    return tuple(
        CallState(
            reference=reference,
            party=parties[i.party].name if i.party in parties else None,
            person=people[i.person].name,
            answer=i.answer,
            identity_known=i.identity_known_at is not None,
            counts_as_coming=counts_as_coming(i, booking, team, people[i.person]),
        )
        for i in invited
        if i.person in people
    )
