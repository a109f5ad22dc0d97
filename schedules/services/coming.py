"""The coming meetings of teams and people."""

from __future__ import annotations

from schedules.domain.facts import OwnCall
from schedules.domain.home import MeetingLine, When
from schedules.domain.organisation import Team
from schedules.domain.plan import Booking, Meeting, MeetingStatus
from schedules.ports import UnitOfWork
from schedules.services.authority import coordinates, person, team_of
from schedules.services.cards import own_calls
from schedules.services.facts import meeting_facts, meeting_of
from schedules.services.office import Office

NEXT = 3
"""How many of each team's coming meetings a page shows."""


def when_of(uow: UnitOfWork, booking: Booking) -> When:
    """The booking's local time."""
    meeting = meeting_of(uow, booking.meeting)
    slot = meeting.slot(booking.slot)
    return When(meeting.day, slot.start, slot.end)


def coming(uow: UnitOfWork, office: Office, team: Team) -> list[Meeting]:
    """The team's planned meetings that have not ended, by start."""
    return [
        m
        for m in uow.plan.meetings(team.id, office.today())
        if m.status is MeetingStatus.PLANNED and m.ends_at > office.now()
    ]


def in_counts(uow: UnitOfWork, office: Office, team: Team) -> tuple[MeetingLine, ...]:
    """How full the team's next meetings are, without any case."""
    taken = uow.plan.taken_slots(team.id, office.today())
    return tuple(
        MeetingLine(m.id, meeting_facts(team, m), sum(s.id in taken for s in m.slots), len(m.slots))
        for m in coming(uow, office, team)[:NEXT]
    )


def coming_calls(uow: UnitOfWork, office: Office, actor: str) -> tuple[OwnCall, ...]:
    """The person's own coming times, in order."""
    calls: list[OwnCall] = []
    for meeting_id in uow.plan.coming_meetings_of(actor, office.now()):
        meeting = meeting_of(uow, meeting_id)
        calls.extend(own_calls(uow, team_of(uow, meeting.team), actor, meeting_id))
    return tuple(calls)


def coming_meetings(office: Office, actor: str) -> tuple[MeetingLine, ...]:
    """The next meetings of the teams that the person's party belongs to or the person leads.

    Times and counts, and of the cases only those that the person is called to.
    """
    with office.unit_of_work() as uow:
        acting = person(uow, actor)
        teams = {
            t.id: t for t in (*uow.organisation.teams_of(acting.party), *uow.organisation.teams_led_by(actor))
        }
        lines = [
            _with_own(uow, line, team, actor)
            for team in teams.values()
            for line in in_counts(uow, office, team)
        ]
        return tuple(sorted(lines, key=lambda line: (line.facts.day, line.facts.start)))


def _with_own(uow: UnitOfWork, line: MeetingLine, team: Team, actor: str) -> MeetingLine:
    own = own_calls(uow, team, actor, line.meeting)
    leads = coordinates(team, actor)
    return MeetingLine(line.meeting, line.facts, line.taken, line.slots, leads=leads, own=own)
