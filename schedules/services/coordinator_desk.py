"""A coordinator's live page: what needs a decision, whom to chase, what to arrange, the next meetings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time

from schedules.domain.cases import Referral, ReferralStatus
from schedules.domain.home import (
    CallState,
    CaseLink,
    CoordinatorDesk,
    DeclinedCall,
    FailedDelivery,
    MeetingLine,
    Proposal,
    SilentCall,
    Task,
    UntoldCase,
    WaitingReferral,
)
from schedules.domain.organisation import AnswerRule, Team
from schedules.domain.plan import Answer, Booking, BookingStatus, Invitation, Meeting
from schedules.ports import UnitOfWork
from schedules.services.authority import referral_of
from schedules.services.coming import NEXT, coming, when_of
from schedules.services.facts import meeting_facts
from schedules.services.office import Office
from schedules.services.own_cases import tasks_of, untold_people


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


def desk_of(uow: UnitOfWork, office: Office, teams: tuple[Team, ...]) -> CoordinatorDesk:
    """The page's part for those who lead the teams."""
    meetings = [(team, n, m) for team in teams for n, m in enumerate(coming(uow, office, team))]
    cases = {m.id: _cases(uow, team, m) for team, _, m in meetings}
    every = [case for found in cases.values() for case in found]
    booked = [case for case in every if case.booking.status is BookingStatus.BOOKED]
    return CoordinatorDesk(
        proposals=tuple(_proposals(uow, office, every)),
        declined=tuple(d for case in booked for d in _declined(uow, case)),
        silent=tuple(s for m in cases for s in _silent(uow, cases[m])),
        untold=tuple(u for case in booked for u in _untold(uow, case)),
        tasks=tuple(t for team in teams for t in _tasks(uow, team)),
        waiting=tuple(w for team in teams for w in _waiting(uow, office, team)),
        failed=_failed(uow, teams),
        meetings=tuple(
            sorted(
                (_line(uow, team, m, cases[m.id]) for team, n, m in meetings if n < NEXT),
                key=lambda line: (line.facts.day, line.facts.start),
            )
        ),
    )


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


def _silent(uow: UnitOfWork, cases: Iterable[_Case]) -> list[SilentCall]:
    """Who has not answered, where silence is no answer: one line a person and meeting."""
    open_calls: dict[str, list[tuple[_Case, Invitation]]] = {}
    for case in cases:
        if case.team.rules.answers is AnswerRule.REQUIRED:
            for call in case.calls:
                if call.answer is Answer.NEEDS_ACTION:
                    open_calls.setdefault(call.person, []).append((case, call))
    lines = [_silent_call(uow, found) for found in open_calls.values()]
    return sorted(lines, key=lambda line: (line.party, line.person))


def _silent_call(uow: UnitOfWork, found: list[tuple[_Case, Invitation]]) -> SilentCall:
    first, call = found[0]
    name, party = _who(uow, call)
    return SilentCall(
        meeting=first.meeting.id,
        team=first.team.name,
        day=first.meeting.day,
        invitation=call.public_id,
        person=name,
        party=party or "",
        cases=tuple(case.link for case, _ in found),
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
    itself: tuple[date, time] | None = None
    if booking.calls_at is not None:
        local = office.local(booking.calls_at)
        itself = (local.date(), local.time())
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
        confirms_itself=itself,
    )


def _states(uow: UnitOfWork, case: _Case) -> list[CallState]:
    return [
        CallState(
            reference=case.referral.reference,
            party=party,
            person=name,
            answer=call.answer,
            identity_known=call.identity_known_at is not None,
        )
        for call in case.calls
        for name, party in [_who(uow, call)]
    ]


def _declined(uow: UnitOfWork, case: _Case) -> list[DeclinedCall]:
    return [
        DeclinedCall(
            booking=case.booking.id,
            referral=case.referral.id,
            reference=case.referral.reference,
            when=when_of(uow, case.booking),
            party=party or "",
            person=name,
        )
        for call in case.calls
        if call.answer is Answer.DECLINED
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
    return tuple(
        FailedDelivery(who.name if who else "", letter.channel.value, _reference(uow, letter.booking))
        for letter in uow.outbox.failed([team.id for team in teams])
        for who in [uow.organisation.person_by_address(letter.recipient)]
    )


def _reference(uow: UnitOfWork, booking_id: str | None) -> str | None:
    booking = uow.plan.booking(booking_id) if booking_id else None
    return referral_of(uow, booking.referral).reference if booking else None
