"""Call the parties to a booking, and keep the calls right when it moves or ends (promise 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from schedules.domain.calls import Call, calls_for, changes
from schedules.domain.cases import Referral
from schedules.domain.duty import Absence
from schedules.domain.organisation import Team
from schedules.domain.plan import Answer, Booking, BookingStatus, Invitation, Meeting, Role
from schedules.domain.schedule import (
    agenda_at,
    asked_before,
    day_before_at,
    details_at,
    first_reminder_at,
    morning_at,
    released_at,
    report_at,
    second_reminder_at,
)
from schedules.ports import Due, DueKind, UnitOfWork
from schedules.services.agenda import send_addition
from schedules.services.away import away_on
from schedules.services.called import Called
from schedules.services.cards import Cards, renew_card
from schedules.services.coordination import coordinator_at
from schedules.services.entries import Entries
from schedules.services.facts import meeting_of
from schedules.services.free_times import plan_posts
from schedules.services.office import Office, new_id
from schedules.texts.mail import MailKind

MEETING_DUES = (
    DueKind.AGENDA,
    DueKind.DAY_BEFORE,
    DueKind.MORNING,
    DueKind.WAITING,
    DueKind.FREE_TIMES,
    DueKind.REPORT,
    DueKind.PULSE,
)
REMINDERS = (DueKind.UNANSWERED_FIRST, DueKind.UNANSWERED_SECOND, DueKind.IDENTITY)


def call_parties(
    uow: UnitOfWork, office: Office, team: Team, referral: Referral, booking: Booking
) -> Booking:
    """Turn a proposed booking into a booked one: invitations, mails, cards and reminders."""
    meeting = meeting_of(uow, booking.meeting)
    slot = meeting.slot(booking.slot)
    called = replace(booking, status=BookingStatus.BOOKED, calls_at=None)
    uow.plan.save_booking(called, slot.starts_at, slot.ends_at)
    uow.due.drop_for(booking.id, [DueKind.CALL, DueKind.LAPSE], office.now(), "called")
    update_calls(uow, office, Called(team, referral, called, meeting), called)
    return called


def update_calls(
    uow: UnitOfWork,
    office: Office,
    called: Called,
    before: Booking,
    *,
    was: Meeting | None = None,
    quiet: bool = False,
) -> None:
    """Make the invitations what the booking needs now.

    Those who stay get an update with their answers reset and new public ids, those who drop out a
    cancellation of their part at the time they had (`before`), those who are new an invitation. The
    caller has raised `sequence`, and tells of the change itself if it is to be `quiet` in chat. `was` is
    the meeting as it was, where it has moved itself.
    """
    booking, meeting = called.booking, called.meeting
    called_before = uow.plan.invitations(booking.id)
    change = changes(called_before, calls_of(uow, called))
    if change.leaving:
        earlier = Entries(uow, office, called.at(before, was or meeting_of(uow, before.meeting)))
        for invitation in change.leaving:
            earlier.end(invitation, MailKind.YOUR_PART_ENDED)
    entries = Entries(uow, office, called, first=not called_before)
    for invitation, call in change.staying:
        entries.invite(_renewed(office, invitation, call, booking), MailKind.CHANGED)
    away = away_on(uow, [call.person for call in change.new], meeting.day)
    for call in change.new:
        entries.invite(_unless_away(_new(office, call, booking), away), MailKind.NEW)
    cards = Cards(uow, office, meeting)
    cards.cases.know(booking.id, entries.case)
    for invitation in uow.plan.invitations(booking.id):
        cards.renew(invitation.person, notify=not quiet)
    if before.meeting != booking.meeting:
        cards_before = Cards(uow, office, meeting_of(uow, before.meeting))
        for person in [*(i.person for i in change.leaving), *(i.person for i, _ in change.staying)]:
            cards_before.renew(person, notify=False)
    else:
        for invitation in change.leaving:
            cards.renew(invitation.person, notify=False)
    if meeting.agenda_sent_at is not None and not quiet:
        send_addition(uow, office, called)
    plan_reminders(uow, office, called, first=not called_before)


def calls_of(uow: UnitOfWork, called: Called) -> tuple[Call, ...]:
    """Who is to be called to the booking, the coordinator of its meeting's day among them."""
    coordinator = coordinator_at(uow, called.team, called.meeting.day)
    return calls_for(coordinator, called.referral, called.booking)


def renew_entries(uow: UnitOfWork, office: Office, called: Called) -> None:
    """The same time at another place: every attendee gets the entry again, and the answers stand.

    RFC 5546 3.2.2.1: who has answered need not answer again unless the time changes. The caller has raised
    `sequence`, and tells of the change in chat.
    """
    entries, cards = Entries(uow, office, called), Cards(uow, office, called.meeting)
    for invitation in uow.plan.invitations(called.booking.id):
        renewed = replace(invitation, last_sequence=called.booking.sequence)
        entries.invite(renewed, MailKind.PLACE)
        cards.renew(invitation.person, notify=False)


def replace_representative(
    uow: UnitOfWork, office: Office, called: Called, *, quiet: bool = False, same_time: bool = False
) -> None:
    """Call the new holder of a seat and take the old one out; the others' calendars do not change.

    So too with the coordinator's place. The referrer, who has somebody else to tell whom the case concerns,
    gets a new card unless `quiet`: then the caller tells of the change itself in chat.

    With `same_time` the words of the entry have changed, though neither time nor place: the others get them,
    and keep their answers and buttons. Parties may then be added and taken away as well.
    """
    booking, meeting = called.booking, called.meeting
    change = changes(uow.plan.invitations(booking.id), calls_of(uow, called))
    entries, cards = Entries(uow, office, called), Cards(uow, office, meeting)
    for invitation in change.leaving:
        entries.end(invitation, MailKind.YOUR_PART_ENDED)
        cards.renew(invitation.person, notify=False)
    for invitation, call in change.staying:
        if (invitation.roles, invitation.party) != (call.roles, call.party):
            entries.invite(*_in_new_roles(office, invitation, call, booking))
            cards.renew(invitation.person, notify=not quiet)
        elif same_time:
            entries.invite(replace(invitation, last_sequence=booking.sequence), MailKind.SAME_TIME)
            cards.renew(invitation.person, notify=False)
    for call in change.new:
        entries.invite(_new(office, call, booking), MailKind.NEW)
        cards.renew(call.person, notify=not quiet)
    if same_time and not change.new:
        return
    for invitation, _ in change.staying:
        if Role.REFERRER in invitation.roles:
            cards.renew(invitation.person, notify=not quiet)
    if meeting.agenda_sent_at is not None and not quiet:
        send_addition(uow, office, called, {call.person for call in change.new})
    plan_reminders(uow, office, called)


def call_again(uow: UnitOfWork, office: Office, called: Called, invitation: Invitation) -> Invitation:
    """Ask somebody anew for the same time, the answer reset; `sequence` is already raised.

    The card is changed in silence: the caller says why.
    """
    call = Call(invitation.person, invitation.party, invitation.roles)
    asked = _renewed(office, invitation, call, called.booking)
    Entries(uow, office, called).invite(asked, MailKind.CHANGED)
    renew_card(uow, office, called.meeting, asked.person, notify=False)
    plan_reminders(uow, office, called)
    return asked


def end_calls(uow: UnitOfWork, office: Office, called: Called) -> None:
    """Cancel the whole booking in every calendar and shrink the messages. `sequence` is already raised."""
    invited = uow.plan.invitations(called.booking.id)
    entries, cards = Entries(uow, office, called), Cards(uow, office, called.meeting)
    for invitation in invited:
        entries.end(invitation, MailKind.CANCELLED)
    for invitation in invited:
        cards.renew(invitation.person, notify=False)
    uow.due.drop_for(called.booking.id, [*REMINDERS, DueKind.CALL, DueKind.LAPSE], office.now(), "ended")


def plan_meeting(uow: UnitOfWork, office: Office, team: Team, meeting: Meeting) -> None:
    """Plan what is due for a meeting at a time of its own, from its agenda to the pulse when it is over."""
    for kind, when in _meeting_times(office, team, meeting).items():
        uow.due.plan(Due(new_id(), kind, meeting.id, team.id, when))
    plan_posts(uow, office, team, meeting)


def plan_moved_meeting(uow: UnitOfWork, office: Office, team: Team, meeting: Meeting) -> None:
    """Plan the same for a meeting that has moved, also what was done already at its old time.

    What was planned first is dropped rather than moved: a row that was done stays done, and the new round
    must be the only one.
    """
    plan_meeting(uow, office, team, meeting)
    uow.due.drop_for(meeting.id, MEETING_DUES, office.now(), "moved")
    round_ = int(office.now().timestamp()) // 60
    plan_posts(uow, office, team, meeting, round_)
    for kind, when in _meeting_times(office, team, meeting).items():
        if when > office.now() or (kind is DueKind.AGENDA and meeting.agenda_sent_at is None):
            uow.due.plan(Due(new_id(), kind, meeting.id, team.id, when, round_))


def _meeting_times(office: Office, team: Team, meeting: Meeting) -> dict[DueKind, datetime]:
    holiday, zone = office.is_holiday, office.zone
    times = {
        DueKind.AGENDA: agenda_at(meeting, team.rules, zone, holiday),
        DueKind.DAY_BEFORE: day_before_at(meeting, zone, holiday),
        DueKind.MORNING: morning_at(meeting, zone),
        DueKind.WAITING: released_at(meeting, zone),
        DueKind.REPORT: report_at(meeting, zone, holiday),
        DueKind.PULSE: meeting.ends_at,
    }
    return {kind: when for kind, when in times.items() if when is not None}


def plan_reminders(uow: UnitOfWork, office: Office, called: Called, *, first: bool = False) -> None:
    """Plan what is due for a called booking; one round per SEQUENCE, so a new time reminds anew.

    Somebody called after a reminder's time gets no reminder: the call itself is one. `first`: nobody was
    called to the booking before, so that there are no reminders of it to replace.
    """
    holiday, zone, booking = office.is_holiday, office.zone, called.booking
    if not first:
        uow.due.drop_for(booking.id, REMINDERS, office.now(), "replaced")
    times = {
        DueKind.UNANSWERED_FIRST: first_reminder_at(office.now(), zone, holiday),
        DueKind.UNANSWERED_SECOND: second_reminder_at(called.meeting, zone, holiday),
        DueKind.IDENTITY: day_before_at(called.meeting, zone, holiday),
    }
    day, last_day = (office.local(times[k]).date() for k in REMINDERS[:2])
    if day == last_day:
        del times[DueKind.UNANSWERED_FIRST]  # nobody is asked twice on one day
    for kind, when in times.items():
        if when > office.now():
            uow.due.plan(Due(new_id(), kind, booking.id, called.team.id, when, booking.sequence))
    _plan_details(uow, office, called)
    plan_meeting(uow, office, called.team, called.meeting)


def _plan_details(uow: UnitOfWork, office: Office, called: Called) -> None:
    """Ask for missing details before the meeting, however short the time: at the latest in its morning."""
    holiday, zone, meeting = office.is_holiday, office.zone, called.meeting
    first = details_at(called.referral.submitted_at, zone, holiday)
    usual = second_reminder_at(meeting, zone, holiday)
    times = (
        *((usual,) if usual > first else ()),
        day_before_at(meeting, zone, holiday),
        morning_at(meeting, zone),
    )
    again = next((time for time in times if time > office.now()), None)
    if again is not None:
        asked = asked_before(meeting.day)
        uow.due.plan(Due(new_id(), DueKind.DETAILS, called.referral.id, called.team.id, again, asked))


def _new(office: Office, call: Call, booking: Booking) -> Invitation:
    return Invitation(
        id=new_id(),
        public_id=new_id(),
        booking=booking.id,
        person=call.person,
        party=call.party,
        roles=call.roles,
        answer=Answer.NEEDS_ACTION,
        answered_at=None,
        answered_by=None,
        # Who raised or owns the case knows whom it concerns; nobody has to tell them.
        identity_known_at=office.now() if {Role.REFERRER, Role.OWNER} & set(call.roles) else None,
        last_sequence=booking.sequence,
        called_at=office.now(),
    )


def _unless_away(invitation: Invitation, away: Mapping[str, Absence]) -> Invitation:
    """A representative who is away, and for whom nobody comes, is not waited for."""
    absence = away.get(invitation.person)
    if absence is None or not invitation.must_answer:
        return invitation
    at = invitation.called_at
    return replace(invitation, answer=Answer.DECLINED, answered_at=at, answered_by=absence.cause)


def _in_new_roles(
    office: Office, invitation: Invitation, call: Call, booking: Booking
) -> tuple[Invitation, MailKind]:
    """The time is as it was: what somebody has answered who still sits for the party stands.

    So does the no of an absence, when whoever is away coordinated as well.
    """
    now = replace(invitation, roles=call.roles, last_sequence=booking.sequence)
    if invitation.must_answer and now.must_answer and invitation.party == call.party:
        return now, MailKind.SAME_TIME
    return _renewed(office, invitation, call, booking), MailKind.CHANGED


def _renewed(office: Office, invitation: Invitation, call: Call, booking: Booking) -> Invitation:
    """A new time: the answer reset and a new public id; who knows whom it concerns still knows."""
    return replace(
        invitation,
        public_id=new_id(),
        roles=call.roles,
        party=call.party,
        answer=Answer.NEEDS_ACTION,
        answered_at=None,
        answered_by=None,
        last_sequence=booking.sequence,
        called_at=office.now(),
    )
