"""A coordinator's live page: what needs a decision, whom to chase, what to arrange, the next meetings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta

from schedules.domain.cases import Referral, ReferralStatus, Urgency
from schedules.domain.coming import counts_as_coming
from schedules.domain.home import (
    CallState,
    CaseLink,
    CoordinatorDesk,
    FailedDelivery,
    LedTeam,
    MeetingLine,
    Proposal,
    ReportedMeeting,
    SilentCall,
    Task,
    TaskKind,
    UnreportedMeeting,
    UntoldCase,
    UrgentCount,
    WaitingReferral,
)
from schedules.domain.organisation import Team
from schedules.domain.plan import Booking, BookingStatus, Invitation, Meeting, MeetingStatus
from schedules.domain.schedule import lapses_at, second_reminder_at
from schedules.ports import FailedLetter, UnitOfWork
from schedules.services.authority import referral_of
from schedules.services.bounced import bounced_addresses
from schedules.services.called import booking_of
from schedules.services.coming import NEXT, coming, when_of
from schedules.services.facts import meeting_facts, meeting_of
from schedules.services.home_seats import away_calls, declined_calls
from schedules.services.office import Office
from schedules.services.own_cases import tasks_of, untold_people
from schedules.services.release_question import was_asked
from schedules.services.remind import owed_an_answer
from schedules.services.urgent_cases import raised_this_term

LATELY = 14  # days for which a reported meeting stays on the page, so that its report can be changed


@dataclass(frozen=True, slots=True)
class _Case:
    """A live booking at a coming meeting, read once for all the lists."""

    team: Team
    meeting: Meeting
    booking: Booking
    referral: Referral
    calls: tuple[Invitation, ...]

    @property
    def link(self) -> CaseLink:
        return CaseLink(self.referral.id, self.referral.reference, self.booking.id)


def desk_of(uow: UnitOfWork, office: Office, teams: tuple[Team, ...], reader: str) -> CoordinatorDesk:
    """The page's part for the reader, who leads the teams; own calls stand among own times."""
    meetings = [(team, n, m) for team in teams for n, m in enumerate(coming(uow, office, team))]
    cases = {m.id: _cases(uow, team, m) for team, _, m in meetings}
    every = [case for found in cases.values() for case in found]
    booked = [case for case in every if case.booking.status is BookingStatus.BOOKED]
    unreported = tuple(u for team in teams for u in _unreported(uow, office, team))
    return CoordinatorDesk(
        proposals=tuple(_proposals(uow, office, every)),
        declined=(
            *(d for case in booked for d in declined_calls(uow, office, case.booking)),
            *(d for case in every for d in away_calls(uow, case.booking, case.meeting)),
        ),
        silent=tuple(s for m in cases for s in _silent(uow, office, cases[m], reader)),
        untold=tuple(u for case in booked for u in _untold(uow, case)),
        tasks=tuple(t for team in teams for t in (*_tasks(uow, team), *_untold_persons(uow, team))),
        waiting=tuple(w for team in teams for w in _waiting(uow, office, team)),
        failed=(*_failed(uow, teams), *bounced_addresses(uow, teams)),
        meetings=tuple(
            sorted(
                (_line(uow, team, m, cases[m.id]) for team, n, m in meetings if n < NEXT),
                key=_by_time,
            )
        ),
        urgent=tuple(count for team in teams for count in _urgent(uow, office, team)),
        empty=tuple(
            sorted(
                (
                    MeetingLine(m.id, meeting_facts(team, m), 0, len(m.slots))
                    for team, _, m in meetings
                    if not cases[m.id] and was_asked(uow, m)
                ),
                key=_by_time,
            )
        ),
        unreported=unreported,
        reported=tuple(
            r for team in teams for r in _reported(uow, office, team, {u.meeting for u in unreported})
        ),
        teams=tuple(LedTeam(t.id, t.name, t.rules.free_times_posts if t.channel else None) for t in teams),
    )


def _by_time(line: MeetingLine) -> tuple[date, time]:
    return line.facts.day, line.facts.start


def _urgent(uow: UnitOfWork, office: Office, team: Team) -> list[UrgentCount]:
    found = raised_this_term(uow, office, team)
    marked = sum(referral.urgency is Urgency.URGENT for referral in found)
    return [UrgentCount(team.id, team.name, marked)] if marked else []


def _cases(uow: UnitOfWork, team: Team, meeting: Meeting) -> list[_Case]:
    return [
        _Case(
            team,
            meeting,
            booking,
            referral_of(uow, booking.referral),
            tuple(i for i in uow.plan.invitations(booking.id) if i.must_answer),
        )
        for booking in uow.plan.live_bookings(meeting.id)
    ]


def _line(uow: UnitOfWork, team: Team, meeting: Meeting, cases: list[_Case]) -> MeetingLine:
    calls = tuple(state for case in cases for state in _states(uow, case))
    return MeetingLine(
        meeting.id, meeting_facts(team, meeting), len(cases), len(meeting.slots), calls, leads=True
    )


def _silent(uow: UnitOfWork, office: Office, cases: Iterable[_Case], reader: str) -> list[SilentCall]:
    """Who else has not answered, where silence is no answer: one line a person and meeting."""
    open_calls: dict[str, list[tuple[_Case, Invitation]]] = {}
    for case in cases:
        holders = {seat.representative for seat in case.booking.seats}
        for call in owed_an_answer(uow, case.team, case.booking.id):
            if call.person in holders and call.person != reader:
                open_calls.setdefault(call.person, []).append((case, call))
    lines = [_silent_call(uow, office, found) for found in open_calls.values()]
    return sorted(lines, key=lambda line: (line.party, line.person))


def _silent_call(uow: UnitOfWork, office: Office, found: list[tuple[_Case, Invitation]]) -> SilentCall:
    first, call = found[0]
    name, party = _who(uow, call)
    reminded = second_reminder_at(first.meeting, office.zone, office.is_holiday)
    deputies = {
        _name(uow, seat.stand_in)
        for case, _ in found
        for seat in case.booking.seats
        if seat.representative == call.person and seat.stand_in
    }
    return SilentCall(
        meeting=first.meeting.id,
        team=first.team.name,
        day=first.meeting.day,
        invitation=call.public_id,
        person=name,
        party=party or "",
        cases=tuple(case.link for case, _ in found),
        reminded=reminded <= office.now() and call.called_at < reminded,
        deputy=", ".join(sorted(deputies)) or None,
    )


def _untold(uow: UnitOfWork, case: _Case) -> list[UntoldCase]:
    names = untold_people(uow, case.booking)
    if not names:
        return []
    return [UntoldCase(case.link, when_of(uow, case.booking), names, _name(uow, case.referral.referrer))]


def _tasks(uow: UnitOfWork, team: Team) -> list[Task]:
    """What is to be arranged for the team's live cases. Only that there are needs is read, not which."""
    found: list[Task] = []
    for referral in uow.cases.of_team(team.id, [ReferralStatus.ACTIVE, ReferralStatus.WAITING]):
        kinds = tasks_of(referral, uow.cases.protected(referral.id))
        booking = uow.plan.live_booking(referral.id) if kinds else None
        link = CaseLink(referral.id, referral.reference, booking.id if booking else None)
        when = when_of(uow, booking) if booking else None
        found.extend(Task(kind, link, _name(uow, referral.referrer), when) for kind in kinds)
    return found


def _untold_persons(uow: UnitOfWork, team: Team) -> list[Task]:
    """Persons who were not at a meeting and are to be told what came of it."""
    found = []
    for report in uow.outcomes.owed_feedback(team.id):
        referral, booking = referral_of(uow, report.referral), booking_of(uow, report.booking)
        link = CaseLink(referral.id, referral.reference, booking.id)
        who = _name(uow, referral.referrer)
        found.append(Task(TaskKind.FEEDBACK, link, who, when_of(uow, booking)))
    return found


def _unreported(uow: UnitOfWork, office: Office, team: Team) -> list[UnreportedMeeting]:
    counted = Counter(booking.meeting for booking in uow.plan.unreported(team.id, office.now()))
    meetings = [meeting_of(uow, meeting) for meeting in counted]
    return [UnreportedMeeting(m.id, meeting_facts(team, m), counted[m.id]) for m in meetings]


def _reported(uow: UnitOfWork, office: Office, team: Team, left: Collection[str]) -> list[ReportedMeeting]:
    """The meetings held these weeks of which nothing is left to report, the latest first."""
    since = office.today() - timedelta(days=LATELY)
    held = [m for m in uow.plan.meetings(team.id, since) if m.status is MeetingStatus.HELD]
    return [ReportedMeeting(m.id, meeting_facts(team, m)) for m in reversed(held) if m.id not in left]


def _who(uow: UnitOfWork, call: Invitation) -> tuple[str, str | None]:
    named = uow.organisation.parties([call.party]) if call.party else {}
    return _name(uow, call.person), named[call.party].name if call.party in named else None


def _name(uow: UnitOfWork, person: str) -> str:
    found = uow.organisation.people([person]).get(person)
    return found.name if found else ""


def _proposals(uow: UnitOfWork, office: Office, cases: Iterable[_Case]) -> list[Proposal]:
    return [
        _proposal(uow, office, case)
        for case in cases
        if case.booking.status is BookingStatus.PROPOSED and case.team.rules.coordinator_confirms
    ]


def _proposal(uow: UnitOfWork, office: Office, case: _Case) -> Proposal:
    referral, booking = case.referral, case.booking
    parties = uow.organisation.parties(referral.parties)
    lapses = lapses_at(office.now(), case.meeting, office.zone, office.is_holiday)
    ends = office.local(lapses if booking.calls_at is None else booking.calls_at)
    when = (ends.date(), ends.time())
    return Proposal(
        booking=booking.id,
        referral=referral.id,
        reference=referral.reference,
        team=case.team.name,
        when=when_of(uow, booking),
        referrer=_name(uow, referral.referrer),
        parties=tuple(parties[p].name for p in referral.parties if p in parties),
        categories=referral.categories,
        urgency=referral.urgency,
        flags=tuple(f for f in referral.flags if f in {"later_than_goal", "outside_target_group"}),
        confirms_itself=None if booking.calls_at is None else when,
        lapses=when if booking.calls_at is None else None,
    )


def _states(uow: UnitOfWork, case: _Case) -> list[CallState]:
    people = uow.organisation.people([call.person for call in case.calls])
    return [
        CallState(
            reference=case.referral.reference,
            party=party,
            person=name,
            answer=call.answer,
            identity_known=call.identity_known_at is not None,
            counts_as_coming=counts_as_coming(call, case.booking, case.team, people.get(call.person)),
        )
        for call in case.calls
        for name, party in [_who(uow, call)]
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
    return tuple(_delivery(uow, letter) for letter in uow.outbox.failed([team.id for team in teams]))


def _delivery(uow: UnitOfWork, letter: FailedLetter) -> FailedDelivery:
    who = uow.organisation.person_by_address(letter.recipient)
    booking = uow.plan.booking(letter.booking) if letter.booking else None
    referral = booking.referral if booking else letter.referral
    return FailedDelivery(
        person=who.name if who else "",
        channel=letter.channel.value,
        reference=referral_of(uow, referral).reference if referral else None,
        referral=referral,
        phone=who.phone if who else None,
    )
