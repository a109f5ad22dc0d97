"""Rows to open facts: the only way from the store to anything that is sent."""

from __future__ import annotations

from dataclasses import dataclass

from schedules.domain.calls import calls_for
from schedules.domain.cases import Referral
from schedules.domain.facts import Called, CaseFacts, Contact, MeetingFacts, OwnCall
from schedules.domain.organisation import Person, Team
from schedules.domain.plan import Answer, Booking, Invitation, Meeting, Role, Seat
from schedules.errors import NotFound
from schedules.ports import UnitOfWork
from schedules.services.coordination import coordinator_at
from schedules.texts.phrases import ToTell


def contact(person: Person | None) -> Contact:
    """How to reach a colleague."""
    return Contact(person.name, person.phone, person.email) if person else Contact("")


def meeting_facts(team: Team, meeting: Meeting) -> MeetingFacts:
    """When and where the team meets."""
    return MeetingFacts(team.name, meeting.day, meeting.start, meeting.end, meeting.place, meeting.link)


def meeting_of(uow: UnitOfWork, meeting_id: str) -> Meeting:
    """The meeting. Raises NotFound."""
    meeting = uow.plan.meeting(meeting_id)
    if meeting is None:
        raise NotFound(meeting=meeting_id)
    return meeting


@dataclass(frozen=True, slots=True)
class MeetingSeen:
    """A team's meeting as all its cases are seen: `coordinator` is who leads it on its day (person id)."""

    team: Team
    meeting: Meeting
    facts: MeetingFacts
    coordinator: str


def meeting_seen(uow: UnitOfWork, team: Team, meeting: Meeting) -> MeetingSeen:
    """The meeting, to look at several of its cases."""
    return MeetingSeen(team, meeting, meeting_facts(team, meeting), coordinator_at(uow, team, meeting.day))


def case_facts(
    uow: UnitOfWork, team: Team, referral: Referral, booking: Booking, meeting: Meeting | None = None
) -> CaseFacts:
    """One booking as those called may see it; `meeting` is its meeting, where it is at hand."""
    if meeting is None:
        meeting = meeting_of(uow, booking.meeting)
    return case_seen(uow, meeting_seen(uow, team, meeting), referral, booking)


def case_seen(uow: UnitOfWork, seen: MeetingSeen, referral: Referral, booking: Booking) -> CaseFacts:
    """The same of one of the meeting's bookings.

    Its parties are those that have a seat: a meeting may be held without one that was asked for.
    """
    slot = seen.meeting.slot(booking.slot)
    seated = {seat.party for seat in booking.seats}
    parties = uow.organisation.parties(referral.parties)
    people = uow.organisation.people([referral.referrer, seen.coordinator])
    referrer = people.get(referral.referrer)
    return CaseFacts(
        reference=referral.reference,
        meeting=seen.facts,
        start=slot.start,
        end=slot.end,
        parties=tuple(parties[p].name for p in referral.parties if p in parties and p in seated),
        categories=referral.categories,
        urgency=referral.urgency,
        person_takes_part=referral.person_takes_part,
        referrer=referrer.name if referrer else "",
        coordinator=contact(people.get(seen.coordinator)),
    )


@dataclass(frozen=True, slots=True)
class BookingFacts:
    """A booking as those called may see it, and who is, or will be, called."""

    case: CaseFacts
    called: tuple[Called, ...]


def booking_facts(
    uow: UnitOfWork, team: Team, referral: Referral, booking: Booking, meeting: Meeting | None = None
) -> BookingFacts:
    """Both at once; `meeting` is the booking's, where it is at hand."""
    if meeting is None:
        meeting = meeting_of(uow, booking.meeting)
    seen = meeting_seen(uow, team, meeting)
    return BookingFacts(
        case_seen(uow, seen, referral, booking), called_seen(uow, seen.coordinator, referral, booking)
    )


def own_call(
    uow: UnitOfWork,
    case: CaseFacts,
    referral: str,
    invitation: Invitation,
    seat: Seat | None = None,
    *,
    need_not_answer: bool = False,
) -> OwnCall:
    """One line of somebody's card, about the referral with that id.

    `seat` is the one that the reader holds or stands in for.
    """
    both = uow.organisation.people([seat.representative, seat.stand_in]) if seat and seat.stand_in else {}
    names = {person.id: person.name for person in both.values() if person.id != invitation.person}
    party = uow.organisation.parties([invitation.party]) if invitation.party else {}
    return OwnCall(
        case=case,
        public_id=invitation.public_id,
        referral=referral,
        party=party[invitation.party].name if invitation.party in party else None,
        roles=invitation.roles,
        answer=invitation.answer,
        identity_known=invitation.identity_known_at is not None,
        instead_of=names.get(seat.representative) if seat else None,
        also_asked=names.get(seat.stand_in or "") if seat else None,
        need_not_answer=need_not_answer,
    )


def whom_to_tell(uow: UnitOfWork, booking: str) -> tuple[ToTell, ...]:
    """The called representatives whom the referrer tells whom the case concerns, and who knows.

    Not those who cannot come, nor those who stand in: who has not got the seat need not know.
    """
    found = uow.plan.booking(booking)
    standing_in = {seat.stand_in for seat in found.seats} if found else set()
    asked = [
        i
        for i in uow.plan.invitations(booking)
        if i.must_answer
        and i.answer is not Answer.DECLINED
        and i.person not in standing_in
        and not {Role.REFERRER, Role.OWNER} & set(i.roles)
    ]
    people = uow.organisation.people([i.person for i in asked])
    parties = uow.organisation.parties([i.party for i in asked if i.party])
    return tuple(
        ToTell(
            people[i.person].name,
            parties[i.party].name if i.party in parties else None,
            knows=i.identity_known_at is not None,
        )
        for i in asked
        if i.person in people
    )


def called_facts(
    uow: UnitOfWork, team: Team, referral: Referral, booking: Booking, meeting: Meeting | None = None
) -> tuple[Called, ...]:
    """Who is, or will be, called, by name; `meeting` is the booking's, where it is at hand."""
    if meeting is None:
        meeting = meeting_of(uow, booking.meeting)
    return called_seen(uow, coordinator_at(uow, team, meeting.day), referral, booking)


def called_seen(
    uow: UnitOfWork, coordinator: str, referral: Referral, booking: Booking
) -> tuple[Called, ...]:
    """The same where it is known who coordinates on that day (person id)."""
    calls = calls_for(coordinator, referral, booking)
    people = uow.organisation.people([c.person for c in calls])
    parties = uow.organisation.parties([c.party for c in calls if c.party])
    return tuple(
        Called(parties[c.party].name if c.party in parties else None, people[c.person].name, c.roles)
        for c in calls
        if c.person in people
    )
