"""A meeting to which no case is booked when its agenda is due: the coordinator is asked to release it.

Asked once a meeting, whatever happens afterwards; withdrawn when a case is booked or the meeting ends.
"""

from __future__ import annotations

from schedules.domain.organisation import Team
from schedules.domain.plan import Meeting
from schedules.domain.workdays import workdays_between
from schedules.ports import UnitOfWork
from schedules.services.coordination import coordinator_now
from schedules.services.facts import meeting_facts
from schedules.services.letters import About, drop_card, language_of, show_card
from schedules.services.office import Office
from schedules.texts.release import question_closed, release_question

NOTICE_WORKDAYS = 2
"""A release nearer to the meeting reaches nobody in time; then it is not asked for."""

ASKED = "asked"
SETTLED = "settled"


def ask_release(uow: UnitOfWork, office: Office, team: Team, meeting: Meeting) -> None:
    """Ask, unless a case is booked, it was asked before, or the meeting is too near."""
    coordinator = coordinator_now(uow, office, team)
    if coordinator is None or uow.settings.get(_key(meeting)) or uow.plan.live_bookings(meeting.id):
        return
    if workdays_between(office.today(), meeting.day, office.is_holiday) < NOTICE_WORKDAYS:
        return
    uow.settings.set(_key(meeting), ASKED)
    message = release_question(
        meeting_facts(team, meeting), meeting.id, language_of(coordinator, team, office)
    )
    about = About(meeting=meeting.id, expires_at=meeting.starts_at)
    show_card(uow, office, coordinator, message, _topic(meeting), about)


def withdraw_question(
    uow: UnitOfWork, office: Office, team: Team, meeting: Meeting, *, cancelled: bool = False
) -> None:
    """The question is settled: a case is booked, or the meeting is cancelled or moved."""
    if uow.settings.get(_key(meeting)) != ASKED:
        return
    uow.settings.set(_key(meeting), SETTLED)
    # Whoever coordinated when it was asked has it; nothing is sent to somebody who was not asked.
    for leader in uow.organisation.people([team.coordinator, *team.coordinator_deputies]).values():
        message = question_closed(
            meeting_facts(team, meeting), language_of(leader, team, office), cancelled=cancelled
        )
        drop_card(uow, office, leader, message, _topic(meeting), About(meeting=meeting.id))


def was_asked(uow: UnitOfWork, meeting: Meeting) -> bool:
    """Whether the coordinator was asked, and nothing has settled it since."""
    # It is asked when the agenda leaves: most meetings need no look at the settings.
    return meeting.agenda_sent_at is not None and uow.settings.get(_key(meeting)) == ASKED


def _key(meeting: Meeting) -> str:
    return f"release.{meeting.id}"


def _topic(meeting: Meeting) -> str:
    return f"release:{meeting.id}"
