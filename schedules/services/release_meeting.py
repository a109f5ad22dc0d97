"""Release a meeting to which no case is booked: it is cancelled, and the representatives hear of it."""

from __future__ import annotations

from schedules.domain.authority import Command
from schedules.domain.calendar import meeting_offers
from schedules.domain.figures.facts import MeetingState
from schedules.domain.organisation import Rhythm, Team
from schedules.domain.plan import Meeting
from schedules.errors import Outdated
from schedules.ports import UnitOfWork
from schedules.services.authority import person
from schedules.services.cancel_meeting import end_meeting
from schedules.services.facts import meeting_facts, meeting_of
from schedules.services.letters import About, language_of, tell
from schedules.services.office import Office
from schedules.services.replanning import changeable
from schedules.texts.release import released


def release_meeting(office: Office, actor: str, meeting_id: str) -> None:
    """Cancel a meeting without cases. Raises NotFound, NotAllowed; Outdated if a case is booked by now."""
    with office.unit_of_work() as uow:
        team_id = meeting_of(uow, meeting_id).team

    def work(uow: UnitOfWork) -> None:
        team, meeting = changeable(uow, office, Command.RELEASE_MEETING, actor, meeting_id)
        if uow.plan.live_bookings(meeting.id):
            raise Outdated(meeting=meeting_id)
        acting = person(uow, actor)
        uow.audit.record(actor, acting.party, "meeting.release", meeting.id, office.now())
        end_meeting(uow, office, team, meeting, MeetingState.RELEASED)
        _tell_representatives(uow, office, team, meeting)

    office.change_plan(team_id, work)


def _tell_representatives(uow: UnitOfWork, office: Office, team: Team, meeting: Meeting) -> None:
    """Each party's first representative who would be there; who comes on request expects nothing."""
    everybody = {who for member in team.parties for who in member.representatives}
    absences = uow.plan.absences(everybody, office.today())
    (offer,) = meeting_offers(team, [meeting], (), absences, office.today())
    regular = [m.party for m in team.parties if m.rhythm is not Rhythm.ON_REQUEST]
    first = dict.fromkeys(who for party in regular for who in offer.attending.get(party, ())[:1])
    for who in uow.organisation.people(first).values():
        message = released(meeting_facts(team, meeting), language_of(who, team, office))
        tell(uow, office, who, message, f"released:{meeting.id}", About(meeting=meeting.id))
