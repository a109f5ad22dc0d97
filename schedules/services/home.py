"""The page of one person (App Home) and the lists of `/samtid ärenden`, `möten` and `kontakter`."""

from __future__ import annotations

from schedules.domain.cases import Referral, ReferralStatus, Urgency
from schedules.domain.coming import counts_as_coming
from schedules.domain.facts import OwnCall
from schedules.domain.home import (
    CallState,
    CoordinatorDesk,
    DeclinedCall,
    FailedDelivery,
    HomePage,
    LedTeam,
    MeetingLine,
    OwnCase,
    Proposal,
    SilentCall,
    TeamContacts,
    UrgentCount,
    WaitingReferral,
)
from schedules.domain.organisation import Person, Team
from schedules.domain.plan import Booking, BookingStatus, Invitation, Meeting, MeetingStatus
from schedules.domain.schedule import lapses_at
from schedules.ports import FailedLetter, UnitOfWork
from schedules.services.authority import person, referral_of, require_coordinator, team_of
from schedules.services.bounced import bounced_addresses
from schedules.services.cards import own_calls
from schedules.services.coordination import coordinator_now
from schedules.services.duty_desk import duty_desk
from schedules.services.facts import contact, meeting_facts, meeting_of
from schedules.services.home_seats import away_calls, declined_calls, silent_calls, when_of
from schedules.services.letters import language_of
from schedules.services.live_home import home_opened
from schedules.services.office import Office
from schedules.services.release_question import was_asked
from schedules.services.urgent_cases import raised_this_term

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
        return HomePage(
            name=acting.name,
            language=language_of(acting, None, office),
            may_raise=bool(uow.organisation.teams_of(acting.party)),
            coordinator=_desk(uow, office, led) if led else None,
            calls=coming_calls(uow, office, actor),
            cases=_own_cases(uow, actor),
            comes_unless_declined=acting.comes_unless_declined if _represents(uow, acting) else None,
            duty=duty_desk(uow, office, actor),
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
        return tuple(_team_contacts(uow, office, team) for team in uow.organisation.teams_of(acting.party))


def _team_contacts(uow: UnitOfWork, office: Office, team: Team) -> TeamContacts:
    people = uow.organisation.people({p for m in team.parties for p in m.representatives})
    parties = uow.organisation.parties([m.party for m in team.parties])
    return TeamContacts(
        team=team.name,
        coordinator=contact(coordinator_now(uow, office, team)),
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


def set_comes_unless_declined(office: Office, actor: str, *, comes: bool) -> None:
    """The person's own "I come unless I say otherwise". Cards say so from their next change on."""
    with office.unit_of_work() as uow:
        acting = person(uow, actor)
        uow.organisation.set_comes_unless_declined(actor, comes=comes)
        action = "person.comes_unless_declined" if comes else "person.answers_each_call"
        uow.audit.record(actor, acting.party, action, actor, office.now())
        uow.commit()


def _represents(uow: UnitOfWork, acting: Person) -> bool:
    """Whether the person sits for their party in any team."""
    teams = uow.organisation.teams_of(acting.party)
    return any(acting.id in m.representatives for team in teams for m in team.parties)


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
        when=when_of(uow, booking) if booking else None,
        booking=booking.id if booking else None,
        proposed=proposed,
        can_send_now=proposed and not team.rules.coordinator_confirms and actor == referral.referrer,
        accepted=_coming_of(uow, team, booking, asked),
        asked=len(booking.seats) if asked and booking else 0,
        missing=uow.cases.protected(referral.id).missing,
    )


def _coming_of(uow: UnitOfWork, team: Team, booking: Booking | None, asked: list[Invitation]) -> int:
    if booking is None:
        return 0
    people = uow.organisation.people([i.person for i in asked])
    return sum(counts_as_coming(i, booking, team, people.get(i.person)) for i in asked)


def _coming(uow: UnitOfWork, office: Office, team: Team) -> list[Meeting]:
    return [
        m
        for m in uow.plan.meetings(team.id, office.today())
        if m.status is MeetingStatus.PLANNED and m.ends_at > office.now()
    ]


def _desk(uow: UnitOfWork, office: Office, teams: tuple[Team, ...]) -> CoordinatorDesk:
    proposals: list[Proposal] = []
    declined: list[DeclinedCall] = []
    silent: list[SilentCall] = []
    meetings: list[MeetingLine] = []
    empty: list[MeetingLine] = []
    for team in teams:
        for place, meeting in enumerate(_coming(uow, office, team)):
            bookings = uow.plan.live_bookings(meeting.id)
            proposals.extend(_proposals(uow, office, team, bookings))
            booked = [b for b in bookings if b.status is BookingStatus.BOOKED]
            states = [(b, _states(uow, team, b)) for b in booked]
            declined.extend(d for b in booked for d in declined_calls(uow, office, b))
            declined.extend(d for b in bookings for d in away_calls(uow, b, meeting))
            silent.extend(s for b in booked for s in silent_calls(uow, office, team, b))
            facts = meeting_facts(team, meeting)
            if was_asked(uow, meeting) and not bookings:
                empty.append(MeetingLine(meeting.id, facts, 0, len(meeting.slots)))
            if place < COMING:
                calls = tuple(state for _, found in states for state in found)
                meetings.append(MeetingLine(meeting.id, facts, len(bookings), len(meeting.slots), calls))
    return CoordinatorDesk(
        proposals=tuple(proposals),
        declined=tuple(declined),
        silent=tuple(silent),
        waiting=tuple(w for team in teams for w in _waiting(uow, office, team)),
        failed=(*_failed(uow, teams), *bounced_addresses(uow, teams)),
        meetings=tuple(sorted(meetings, key=lambda line: (line.facts.day, line.facts.start))),
        urgent=tuple(count for team in teams for count in _urgent(uow, office, team)),
        empty=tuple(sorted(empty, key=lambda line: (line.facts.day, line.facts.start))),
        teams=tuple(LedTeam(t.id, t.name, t.rules.free_times_posts if t.channel else None) for t in teams),
    )


def _urgent(uow: UnitOfWork, office: Office, team: Team) -> list[UrgentCount]:
    found = raised_this_term(uow, office, team)
    marked = sum(referral.urgency is Urgency.URGENT for referral in found)
    return [UrgentCount(team.id, team.name, marked)] if marked else []


def _proposals(uow: UnitOfWork, office: Office, team: Team, bookings: tuple[Booking, ...]) -> list[Proposal]:
    if not team.rules.coordinator_confirms:
        return []
    waiting = [b for b in bookings if b.status is BookingStatus.PROPOSED]
    return [_proposal(uow, office, team, b) for b in waiting]


def _proposal(uow: UnitOfWork, office: Office, team: Team, booking: Booking) -> Proposal:
    referral = referral_of(uow, booking.referral)
    parties = uow.organisation.parties(referral.parties)
    referrer = uow.organisation.people([referral.referrer]).get(referral.referrer)
    meeting = meeting_of(uow, booking.meeting)
    lapses = lapses_at(office.now(), meeting, office.zone, office.is_holiday)
    ends = office.local(lapses if booking.calls_at is None else booking.calls_at)
    when = (ends.date(), ends.time())
    return Proposal(
        booking=booking.id,
        referral=referral.id,
        reference=referral.reference,
        team=team.name,
        when=when_of(uow, booking),
        referrer=referrer.name if referrer else "",
        parties=tuple(parties[p].name for p in referral.parties if p in parties),
        categories=referral.categories,
        urgency=referral.urgency,
        flags=tuple(f for f in referral.flags if f in {"later_than_goal", "outside_target_group"}),
        confirms_itself=None if booking.calls_at is None else when,
        lapses=when if booking.calls_at is None else None,
    )


def _states(uow: UnitOfWork, team: Team, booking: Booking) -> list[CallState]:
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
            counts_as_coming=counts_as_coming(i, booking, team, people.get(i.person)),
        )
        for i in invitations
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
        FailedDelivery(who.name if who else "", letter.channel.value, _reference(uow, letter))
        for letter in uow.outbox.failed([team.id for team in teams])
        for who in [uow.organisation.person_by_address(letter.recipient)]
    )


def _reference(uow: UnitOfWork, letter: FailedLetter) -> str | None:
    booking = uow.plan.booking(letter.booking) if letter.booking else None
    case = booking.referral if booking else letter.referral
    return referral_of(uow, case).reference if case else None


def invitations_to_record(office: Office, actor: str, meeting_id: str) -> tuple[tuple[str, str], ...]:
    """For the coordinator who records somebody's answer: (public id, "case: person") of a meeting's calls."""
    with office.unit_of_work() as uow:
        meeting = meeting_of(uow, meeting_id)
        require_coordinator(team_of(uow, meeting.team), actor)
        return tuple(
            (i.public_id, f"{referral_of(uow, b.referral).reference}: {_name(uow, i.person)}")
            for b in uow.plan.live_bookings(meeting_id)
            for i in uow.plan.invitations(b.id)
            if i.must_answer
        )


def _name(uow: UnitOfWork, person_id: str) -> str:
    found: Person | None = uow.organisation.people([person_id]).get(person_id)
    return found.name if found else ""
