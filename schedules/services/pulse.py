"""The pulse: when a meeting is over, whoever was called there may say in a word how it was.

No message of its own (DESIGN.md, "The quiet bot"): the question stands on the card that the reader has of the
meeting, put there without a notification, and is gone after ten workdays. Who has answered is kept as long as
that, so that nobody answers twice; what they said is one added to the half-year's counters.
"""

from __future__ import annotations

from collections.abc import Iterator

from schedules.domain.authority import Command
from schedules.domain.chat import Section
from schedules.domain.figures.month import Month, term_of
from schedules.domain.opinions import (
    PEOPLE,
    PULSE_FOR_WORKDAYS,
    Pulse,
    place_of,
    pulse_asked,
    pulse_counted,
)
from schedules.domain.organisation import Person, Team
from schedules.domain.plan import Answer, Booking, BookingStatus, Invitation, Meeting, MeetingStatus, Role
from schedules.domain.schedule import DAY_BEFORE_AT, at
from schedules.domain.workdays import add_workdays
from schedules.errors import Outdated
from schedules.ports import Due, DueKind, UnitOfWork
from schedules.services.authority import Subject, require, team_of
from schedules.services.cards import called_to, card_topic
from schedules.services.facts import meeting_facts, meeting_of
from schedules.services.letters import About, edit_card, language_of, told
from schedules.services.office import Office, new_id
from schedules.texts.opinions import card_after, pulse_section, pulse_thanks
from schedules.texts.words import Words

OVER = frozenset({MeetingStatus.PLANNED, MeetingStatus.HELD})
QUESTION = "pulse"
Calls = tuple[tuple[Booking, Invitation], ...]


def ask_pulse(uow: UnitOfWork, office: Office, team: Team, meeting: Meeting) -> bool:
    """Put the question on the cards of those who were called. False if nobody is asked."""
    if not team.rules.pulse or meeting.status not in OVER:
        return False
    calls = tuple(_calls(uow, meeting))
    asked = [one for one in _people(uow, calls) if told(uow, one, card_topic(meeting.id))]
    uow.opinions.ask(pulse_asked(meeting.id), [person.id for person in asked])
    for person in asked:
        question = pulse_section(meeting.id, _words(team, person, office))
        _edit(uow, office, team, meeting, calls, person, question)
    if asked:
        ends = add_workdays(office.today(), PULSE_FOR_WORKDAYS, office.is_holiday)
        when = at(ends, DAY_BEFORE_AT, office.zone)
        uow.due.plan(Due(new_id(), DueKind.PULSE_ENDS, meeting.id, team.id, when, meeting.day.toordinal()))
    return bool(asked)


def end_pulse(uow: UnitOfWork, office: Office, team: Team, meeting: Meeting) -> bool:
    """Take the question away where it was not answered, and forget who was asked."""
    owing = [
        person for person, answered in uow.opinions.asked(pulse_asked(meeting.id)).items() if not answered
    ]
    calls = tuple(_calls(uow, meeting)) if owing else ()
    for person in uow.organisation.people(owing).values():
        _edit(uow, office, team, meeting, calls, person)
    uow.opinions.forget(pulse_asked(meeting.id))
    return bool(owing)


def answer_pulse(office: Office, actor: str, meeting_id: str, said: Pulse) -> None:
    """Count what was said; the same person again changes nothing.

    Raises NotFound, NotAllowed, LockTimeout; Outdated: nobody is asked any more.
    """
    with office.unit_of_work() as uow:
        meeting = meeting_of(uow, meeting_id)
        team = team_of(uow, meeting.team)
        serves = [one for one in uow.organisation.teams_served_by(actor) if one.id == team.id]
        acting = require(
            uow, Command.PULSE, actor, Subject(meeting_id, team, person=actor, teams=tuple(serves))
        )
        if actor not in uow.opinions.asked(pulse_asked(meeting_id)):
            raise Outdated(meeting=meeting_id)
        if not uow.opinions.take(pulse_asked(meeting_id), actor):
            return
        term = term_of(Month.of(office.today()))
        uow.opinions.add(pulse_counted(term), place_of([team]), [(PEOPLE, ""), (QUESTION, said.value)])
        thanks = pulse_thanks(_words(team, acting, office))
        _edit(uow, office, team, meeting, tuple(_calls(uow, meeting)), acting, thanks)
        uow.commit()


def _people(uow: UnitOfWork, calls: Calls) -> tuple[Person, ...]:
    """Who represented a party or coordinates, of the cases that were not given up; each once."""
    came = dict.fromkeys(i.person for _, i in calls if _asks(i))
    people = uow.organisation.people(came)
    return tuple(people[one] for one in came if one in people and people[one].slack)


def _asks(invitation: Invitation) -> bool:
    represents = invitation.must_answer and invitation.answer is not Answer.DECLINED
    return represents or Role.COORDINATOR in invitation.roles


def _calls(uow: UnitOfWork, meeting: Meeting) -> Iterator[tuple[Booking, Invitation]]:
    """The calls to the meeting's cases: those reported as taken up, and those not reported yet."""
    booked = [one for one in uow.plan.live_bookings(meeting.id) if one.status is BookingStatus.BOOKED]
    reported = [uow.plan.booking(one.booking) for one in uow.outcomes.of_meeting(meeting.id) if one.held]
    for booking in (*reported, *booked):
        if booking is not None:
            yield from ((booking, invitation) for invitation in uow.plan.invitations(booking.id))


def _edit(
    uow: UnitOfWork,
    office: Office,
    team: Team,
    meeting: Meeting,
    everybody: Calls,
    person: Person,
    *more: Section,
) -> None:
    """The reader's card, now that the meeting is over."""
    calls = [called_to(uow, team, person, i, b) for b, i in everybody if i.person == person.id]
    if not calls:
        return
    in_order = sorted(calls, key=lambda call: call.case.start)
    message = card_after(meeting_facts(team, meeting), in_order, language_of(person, team, office), *more)
    edit_card(uow, office, person, message, card_topic(meeting.id), About(meeting=meeting.id))


def _words(team: Team, person: Person, office: Office) -> Words:
    return Words(language_of(person, team, office))
