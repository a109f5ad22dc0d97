"""The page of one person (App Home) and the lists of `/samtid ärenden`, `möten` and `kontakter`."""

from __future__ import annotations

from datetime import date, time

from schedules.domain.authority import Command
from schedules.domain.cases import Referral, ReferralStatus
from schedules.domain.facts import OwnCall
from schedules.domain.home import (
    CallState,
    CoordinatorDesk,
    DeclinedCall,
    FailedDelivery,
    HomePage,
    MeetingLine,
    OwnCase,
    Proposal,
    TeamContacts,
    WaitingReferral,
    When,
)
from schedules.domain.organisation import Person, Team
from schedules.domain.plan import Answer, Booking, BookingStatus, Meeting, MeetingStatus
from schedules.ports import UnitOfWork
from schedules.services.authority import Subject, person, referral_of, require, team_of
from schedules.services.cards import own_calls
from schedules.services.facts import contact, meeting_facts, meeting_of
from schedules.services.letters import language_of
from schedules.services.live_home import home_opened
from schedules.services.office import Office

COMING = 3
OPEN = (ReferralStatus.ACTIVE, ReferralStatus.WAITING, ReferralStatus.RETURNED)


def open_home(office: Office, user: str) -> None:
    """Remember that somebody uses their page, so that it is kept live."""
    with office.unit_of_work() as uow:
        if uow.settings.get(home_opened(user)) is None:
            uow.settings.set(home_opened(user), "1")
            uow.commit()


def home_page(office: Office, actor: str) -> HomePage:
    """Everything that waits for the person, by role. Raises NotAllowed for somebody unknown."""
    with office.unit_of_work() as uow:
        acting = person(uow, actor)
        led = uow.organisation.teams_led_by(actor)
        teams = uow.organisation.teams_of(acting.party)
        return HomePage(
            name=acting.name,
            language=language_of(acting, None, office),
            may_raise=bool(teams),
            represents=any(actor in m.representatives for t in teams for m in t.parties),
            coordinator=_desk(uow, office, led) if led else None,
            calls=coming_calls(uow, office, actor),
            cases=_own_cases(uow, actor),
        )


def own_cases(office: Office, actor: str) -> tuple[OwnCase, ...]:
    """The cases that the person raised or owns and that are not ended."""
    with office.unit_of_work() as uow:
        person(uow, actor)
        return _own_cases(uow, actor)


def coming_meetings(office: Office, actor: str, limit: int = 10) -> tuple[MeetingLine, ...]:
    """The next meetings of the teams of the person's party: times and counts, no cases."""
    with office.unit_of_work() as uow:
        acting = person(uow, actor)
        lines = [
            MeetingLine(m.id, meeting_facts(t, m), len(uow.plan.live_bookings(m.id)), len(m.slots))
            for t in uow.organisation.teams_of(acting.party)
            for m in _coming(uow, office, t)[:COMING]
        ]
        return tuple(sorted(lines, key=lambda line: (line.facts.day, line.facts.start))[:limit])


def contacts(office: Office, actor: str) -> tuple[TeamContacts, ...]:
    """Whom to reach in each team of the person's party."""
    with office.unit_of_work() as uow:
        acting = person(uow, actor)
        return tuple(_team_contacts(uow, team) for team in uow.organisation.teams_of(acting.party))


def _team_contacts(uow: UnitOfWork, team: Team) -> TeamContacts:
    people = uow.organisation.people(
        {team.coordinator, *(p for m in team.parties for p in m.representatives)}
    )
    parties = uow.organisation.parties([m.party for m in team.parties])
    return TeamContacts(
        team=team.name,
        coordinator=contact(people.get(team.coordinator)),
        parties=tuple(
            (parties[m.party].name, tuple(people[p].name for p in m.representatives if p in people))
            for m in team.parties
            if m.party in parties
        ),
    )


def set_language(office: Office, actor: str, language: str) -> None:
    """The person's own choice, which goes before the file's."""
    with office.unit_of_work() as uow:
        acting = person(uow, actor)
        uow.organisation.set_language(actor, language)
        uow.audit.record(actor, acting.party, "person.set_language", actor, office.now())
        uow.commit()


def coming_calls(uow: UnitOfWork, office: Office, actor: str) -> tuple[OwnCall, ...]:
    """The person's own coming times, in order."""
    calls: list[OwnCall] = []
    for meeting_id in uow.plan.coming_meetings_of(actor, office.now()):
        meeting = meeting_of(uow, meeting_id)
        calls.extend(own_calls(uow, team_of(uow, meeting.team), actor, meeting_id))
    return tuple(calls)


def _own_cases(uow: UnitOfWork, actor: str) -> tuple[OwnCase, ...]:
    return tuple(_own_case(uow, actor, referral) for referral in uow.cases.of_person(actor, OPEN))


def _own_case(uow: UnitOfWork, actor: str, referral: Referral) -> OwnCase:
    team = team_of(uow, referral.team)
    booking = uow.plan.live_booking(referral.id)
    asked = [i for i in uow.plan.invitations(booking.id) if i.must_answer] if booking else []
    proposed = booking is not None and booking.status is BookingStatus.PROPOSED
    return OwnCase(
        referral=referral.id,
        reference=referral.reference,
        team=team.name,
        status=referral.status,
        when=_when(uow, booking) if booking else None,
        booking=booking.id if booking else None,
        proposed=proposed,
        can_send_now=proposed and not team.rules.coordinator_confirms and actor == referral.referrer,
        accepted=sum(i.answer is Answer.ACCEPTED for i in asked),
        asked=len(asked),
        missing=uow.cases.protected(referral.id).missing,
    )


def _when(uow: UnitOfWork, booking: Booking) -> When:
    meeting = meeting_of(uow, booking.meeting)
    slot = meeting.slot(booking.slot)
    return When(meeting.day, slot.start, slot.end)


def _coming(uow: UnitOfWork, office: Office, team: Team) -> list[Meeting]:
    return [
        m
        for m in uow.plan.meetings(team.id, office.today())
        if m.status is MeetingStatus.PLANNED and m.ends_at > office.now()
    ]


def _desk(uow: UnitOfWork, office: Office, teams: tuple[Team, ...]) -> CoordinatorDesk:
    proposals: list[Proposal] = []
    declined: list[DeclinedCall] = []
    meetings: list[MeetingLine] = []
    for team in teams:
        for place, meeting in enumerate(_coming(uow, office, team)):
            bookings = uow.plan.live_bookings(meeting.id)
            proposals.extend(_proposals(uow, office, team, bookings))
            states = [(b, _states(uow, b)) for b in bookings if b.status is BookingStatus.BOOKED]
            declined.extend(d for b, s in states for d in _declined(uow, b, s))
            if place < COMING:
                facts = meeting_facts(team, meeting)
                calls = tuple(state for _, found in states for state in found)
                meetings.append(MeetingLine(meeting.id, facts, len(bookings), len(meeting.slots), calls))
    return CoordinatorDesk(
        proposals=tuple(proposals),
        declined=tuple(declined),
        waiting=tuple(w for team in teams for w in _waiting(uow, office, team)),
        failed=_failed(uow, teams),
        meetings=tuple(sorted(meetings, key=lambda line: (line.facts.day, line.facts.start))),
    )


def _proposals(uow: UnitOfWork, office: Office, team: Team, bookings: tuple[Booking, ...]) -> list[Proposal]:
    if not team.rules.coordinator_confirms:
        return []
    waiting = [b for b in bookings if b.status is BookingStatus.PROPOSED]
    return [_proposal(uow, office, team, b) for b in waiting]


def _proposal(uow: UnitOfWork, office: Office, team: Team, booking: Booking) -> Proposal:
    referral = referral_of(uow, booking.referral)
    parties = uow.organisation.parties(referral.parties)
    referrer = uow.organisation.people([referral.referrer]).get(referral.referrer)
    itself: tuple[date, time] | None = None
    if booking.calls_at is not None:
        local = office.local(booking.calls_at)
        itself = (local.date(), local.time())
    return Proposal(
        booking=booking.id,
        referral=referral.id,
        reference=referral.reference,
        team=team.name,
        when=_when(uow, booking),
        referrer=referrer.name if referrer else "",
        parties=tuple(parties[p].name for p in referral.parties if p in parties),
        categories=referral.categories,
        urgency=referral.urgency,
        flags=tuple(f for f in referral.flags if f in {"later_than_goal", "outside_target_group"}),
        confirms_itself=itself,
    )


def _states(uow: UnitOfWork, booking: Booking) -> list[CallState]:
    reference = referral_of(uow, booking.referral).reference
    invitations = [i for i in uow.plan.invitations(booking.id) if i.must_answer]
    people = uow.organisation.people([i.person for i in invitations])
    parties = uow.organisation.parties([i.party for i in invitations if i.party])
    return [
        CallState(
            reference=reference,
            party=parties[i.party].name if i.party in parties else None,
            person=people[i.person].name if i.person in people else "",
            answer=i.answer,
            identity_known=i.identity_known_at is not None,
        )
        for i in invitations
    ]


def _declined(uow: UnitOfWork, booking: Booking, states: list[CallState]) -> list[DeclinedCall]:
    return [
        DeclinedCall(
            booking=booking.id,
            referral=booking.referral,
            reference=state.reference,
            when=_when(uow, booking),
            party=state.party or "",
            person=state.person,
        )
        for state in states
        if state.answer is Answer.DECLINED
    ]


def _waiting(uow: UnitOfWork, office: Office, team: Team) -> list[WaitingReferral]:
    found = []
    for referral in uow.cases.waiting(team.id):
        parties = uow.organisation.parties(referral.parties)
        found.append(
            WaitingReferral(
                referral=referral.id,
                reference=referral.reference,
                team=team.name,
                parties=tuple(parties[p].name for p in referral.parties if p in parties),
                since=office.local(referral.submitted_at).date(),
                urgency=referral.urgency,
            )
        )
    return found


def _failed(uow: UnitOfWork, teams: tuple[Team, ...]) -> tuple[FailedDelivery, ...]:
    return tuple(
        FailedDelivery(who.name if who else "", letter.channel.value, _reference(uow, letter.booking))
        for letter in uow.outbox.failed([team.id for team in teams])
        for who in [uow.organisation.person_by_address(letter.recipient)]
    )


def _reference(uow: UnitOfWork, booking_id: str | None) -> str | None:
    booking = uow.plan.booking(booking_id) if booking_id else None
    return referral_of(uow, booking.referral).reference if booking else None


def invitations_to_record(office: Office, actor: str, meeting_id: str) -> tuple[tuple[str, str], ...]:
    """For the coordinator who records somebody's answer: (public id, "case: person") of a meeting's calls."""
    with office.unit_of_work() as uow:
        meeting = meeting_of(uow, meeting_id)
        about = Subject(meeting_id, team_of(uow, meeting.team))
        require(uow, Command.RECORD_ANSWERS, actor, about)
        return tuple(
            (i.public_id, f"{referral_of(uow, b.referral).reference}: {_name(uow, i.person)}")
            for b in uow.plan.live_bookings(meeting_id)
            for i in uow.plan.invitations(b.id)
            if i.must_answer
        )


def _name(uow: UnitOfWork, person_id: str) -> str:
    found: Person | None = uow.organisation.people([person_id]).get(person_id)
    return found.name if found else ""
