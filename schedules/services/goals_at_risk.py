"""The goals of the coordinator's teams that are at risk while they can still be reached.

Figures are counted by the database, two statements for all teams: a page is built often.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from schedules.domain.calendar import takes_part
from schedules.domain.cases import Referral, ReferralStatus
from schedules.domain.figures.month import Month, term_of
from schedules.domain.goals import (
    PartyAttendance,
    behind,
    first_contact_at_risk,
    meetings_needed,
    reachable,
    silent_of,
)
from schedules.domain.home import (
    AttendanceAtRisk,
    CaseAtRisk,
    CaseLink,
    GoalAtRisk,
    PersonsAtRisk,
    SilentCall,
)
from schedules.domain.organisation import Team
from schedules.domain.plan import Meeting
from schedules.ports import UnitOfWork
from schedules.services.coming import when_of
from schedules.services.flags import LATER, goal_date
from schedules.services.office import Office

Coming = Sequence[tuple[Team, Sequence[tuple[Meeting, int]]]]
"""Each team with its coming meetings, by start, and how many times of each are taken."""


def goals_at_risk(
    uow: UnitOfWork, office: Office, coming: Coming, silent: Sequence[SilentCall]
) -> tuple[GoalAtRisk, ...]:
    """Attendance first, then the year's persons, then single cases; each team in its turn."""
    return (
        *_attendance(uow, office, coming, silent),
        *_persons(uow, office, coming),
        *(one for team, _ in coming for one in _cases(uow, office, team)),
    )


def _attendance(
    uow: UnitOfWork, office: Office, coming: Coming, silent: Sequence[SilentCall]
) -> Iterator[AttendanceAtRisk]:
    teams = {team.id: (team, meetings) for team, meetings in coming if team.goals.attendance_percent}
    term = term_of(Month.of(office.today()))
    found = uow.facts.attendance(teams, term) if teams else ()
    parties = uow.organisation.parties({one.party for one in found}) if found else {}
    for one in found:
        team, meetings = teams[one.team]
        left = _left(team, one, [meeting for meeting, _ in meetings if Month.of(meeting.day) in term])
        goal = team.goals.attendance_percent or 0
        needed = meetings_needed(one.called, one.came, left, goal)
        if needed is not None and one.party in parties:
            name = parties[one.party].name
            asked = silent_of(silent, team.name, name)
            yield AttendanceAtRisk(team.name, name, one.called, one.came, goal, needed, left, asked)


def _left(team: Team, one: PartyAttendance, meetings: Sequence[Meeting]) -> int:
    """At how many of the meetings the party takes part by its rhythm."""
    members = [member for member in team.parties if member.party == one.party]
    return sum(any(takes_part(member, meeting) for member in members) for meeting in meetings)


def _persons(uow: UnitOfWork, office: Office, coming: Coming) -> Iterator[PersonsAtRisk]:
    goals = {team.id: team.goals.cases_with_two_parties_per_year or 0 for team, _ in coming}
    wanted = [team for team, goal in goals.items() if goal]
    today = office.today()
    met = uow.facts.met_two_organisations(wanted, Month(today.year, 1)) if wanted else {}
    for team, meetings in coming:
        goal, so_far = goals[team.id], met.get(team.id, 0)
        planned = [
            (len(meeting.slots), taken) for meeting, taken in meetings if meeting.day.year == today.year
        ]
        free = sum(slots - taken for slots, taken in planned)
        left = sum(slots for slots, _ in planned)
        if behind(so_far, goal, today) and reachable(so_far, left, goal, today):
            yield PersonsAtRisk(team.name, goal, free)


def _cases(uow: UnitOfWork, office: Office, team: Team) -> Iterator[CaseAtRisk]:
    """Cases without a time, and those whose time is flagged as later; the day itself is shown to nobody."""
    if team.goals.first_contact_days is None:
        return
    for referral in uow.cases.of_team(team.id, [ReferralStatus.ACTIVE, ReferralStatus.WAITING]):
        if referral.status is ReferralStatus.WAITING or LATER in referral.flags:
            yield from _case(uow, office, team, referral)


def _case(uow: UnitOfWork, office: Office, team: Team, referral: Referral) -> Iterator[CaseAtRisk]:
    last = goal_date(team, uow.cases.protected(referral.id).sick_leave_start)
    booking = uow.plan.live_booking(referral.id)
    when = when_of(uow, booking) if booking else None
    if last is None or not first_contact_at_risk(last, when.day if when else None, office.today()):
        return
    if not any(report.held for report in uow.outcomes.of_referral(referral.id)):
        link = CaseLink(referral.id, referral.reference, booking.id if booking else None)
        yield CaseAtRisk(link, team.name, when)
