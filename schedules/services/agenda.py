"""What everybody called hears about a meeting as a whole: agenda, additions, the day before, the morning."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from schedules.domain.chat import ChatMessage
from schedules.domain.facts import MeetingFacts, OwnCall
from schedules.domain.figures.facts import MeetingState
from schedules.domain.organisation import Team
from schedules.domain.plan import Answer, Meeting
from schedules.ports import UnitOfWork
from schedules.services.called import Called
from schedules.services.cards import own_calls
from schedules.services.facts import meeting_facts
from schedules.services.keep_facts import meeting_kept
from schedules.services.letters import About, language_of, post_in_channel, tell
from schedules.services.office import Office
from schedules.services.release_question import ask_release
from schedules.texts.agenda import addition, channel_agenda, own_agenda
from schedules.texts.reminders import day_before, morning

Words = Callable[[MeetingFacts, Sequence[OwnCall], str], ChatMessage | None]


def send_agenda(uow: UnitOfWork, office: Office, team: Team, meeting: Meeting) -> None:
    """Each called person's own agenda (ärendelista); times and counts only in the team's channel."""
    _tell_everybody(uow, office, team, meeting, "agenda", own_agenda)
    ask_release(uow, office, team, meeting)
    _tell_channel(uow, office, team, meeting)
    # Last: whoever changes the plan may remember nothing of it until the commit.
    uow.plan.mark_agenda_sent(meeting.id, office.now())
    meeting_kept(uow, team, meeting, MeetingState.PLANNED)


def _tell_channel(uow: UnitOfWork, office: Office, team: Team, meeting: Meeting) -> None:
    if team.channel is None:
        return
    taken = len(uow.plan.live_bookings(meeting.id))
    language = team.rules.language or office.language
    message = channel_agenda(meeting_facts(team, meeting), taken, len(meeting.slots) - taken, language)
    about = About(meeting=meeting.id, expires_at=meeting.starts_at)
    post_in_channel(uow, office, team.channel, message, f"agenda:{meeting.id}", about)


def send_addition(
    uow: UnitOfWork, office: Office, called: Called, people: Collection[str] | None = None
) -> None:
    """A case called after the agenda left: an addition (tillägg) to those called, or to some."""
    for invitation in uow.plan.invitations(called.booking.id):
        if people is not None and invitation.person not in people:
            continue
        calls = own_calls(uow, called.team, invitation.person, called.meeting.id)
        added = tuple(c for c in calls if c.public_id == invitation.public_id)
        topic = f"addition:{called.booking.id}:{called.booking.sequence}"
        _tell(uow, office, called.team, called.meeting, invitation.person, added, topic, addition)


def send_day_before(uow: UnitOfWork, office: Office, team: Team, meeting: Meeting) -> None:
    """The workday before: a reminder with the own times, not to those who have said no."""
    _tell_everybody(uow, office, team, meeting, "day_before", day_before, coming=True)


def send_morning(uow: UnitOfWork, office: Office, team: Team, meeting: Meeting) -> None:
    """In the morning: the meeting link, not to those who have said no."""
    _tell_everybody(uow, office, team, meeting, "morning", morning, coming=True)


def people_called(uow: UnitOfWork, meeting: str) -> tuple[str, ...]:
    """Everybody with a live invitation to a booking of the meeting, each once."""
    called: dict[str, None] = {}
    for booking in uow.plan.live_bookings(meeting):
        called |= dict.fromkeys(i.person for i in uow.plan.invitations(booking.id))
    return tuple(called)


def _tell_everybody(
    uow: UnitOfWork,
    office: Office,
    team: Team,
    meeting: Meeting,
    topic: str,
    words: Words,
    *,
    coming: bool = False,
) -> None:
    for person in people_called(uow, meeting.id):
        calls = own_calls(uow, team, person, meeting.id)
        if coming:
            calls = tuple(c for c in calls if c.answer is not Answer.DECLINED)
        _tell(uow, office, team, meeting, person, calls, f"{topic}:{meeting.id}", words)


def _tell(
    uow: UnitOfWork,
    office: Office,
    team: Team,
    meeting: Meeting,
    person_id: str,
    calls: tuple[OwnCall, ...],
    topic: str,
    words: Words,
) -> None:
    person = uow.organisation.people([person_id]).get(person_id)
    if person is None or not calls:
        return
    message = words(meeting_facts(team, meeting), calls, language_of(person, team, office))
    if message is None:
        return
    about = About(meeting=meeting.id, expires_at=meeting.ends_at)
    tell(uow, office, person, message, topic, about)
