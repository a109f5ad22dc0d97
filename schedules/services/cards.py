"""The one current direct message per person and meeting (DESIGN.md, "The quiet bot")."""

from __future__ import annotations

from schedules.domain.coming import silence_is_yes
from schedules.domain.facts import OwnCall
from schedules.domain.organisation import Person, Team
from schedules.domain.plan import Booking, Invitation, Meeting, Role
from schedules.ports import UnitOfWork
from schedules.services.authority import referral_of, team_of
from schedules.services.facts import case_facts, meeting_facts, meeting_of, own_call, whom_to_tell
from schedules.services.letters import About, drop_card, edit_card, language_of, show_card, told
from schedules.services.office import Office
from schedules.texts.card import ended_card, own_card
from schedules.texts.phrases import Telling


def card_topic(meeting: str) -> str:
    """The chat stream of a person's messages about one meeting."""
    return f"meeting:{meeting}"


def own_calls(uow: UnitOfWork, team: Team, person: str, meeting: str) -> tuple[OwnCall, ...]:
    """The person's own cases at a meeting, by time."""
    calls = []
    reader = uow.organisation.people([person]).get(person)
    invitations = uow.plan.invitations_of(person, meeting)
    if len(invitations) > 1:
        uow.plan.live_bookings(meeting)  # read at once, rather than one by one below
    for invitation in invitations:
        booking = uow.plan.booking(invitation.booking)
        if booking is not None and booking.live:
            calls.append(called_to(uow, team, reader, invitation, booking))
    return tuple(calls)


def called_to(
    uow: UnitOfWork, team: Team, reader: Person | None, invitation: Invitation, booking: Booking
) -> OwnCall:
    """One case of a card."""
    referral = referral_of(uow, booking.referral)
    silent = reader is not None and silence_is_yes(booking, team, reader)
    seat = next((s for s in booking.seats if s.party == invitation.party), None)
    case = case_facts(uow, team, referral, booking)
    return own_call(uow, case, referral, invitation, seat, need_not_answer=silent)


def renew_card(uow: UnitOfWork, office: Office, meeting: Meeting, person: str, *, notify: bool) -> None:
    """Bring a person's card up to date: a new message if something was added or moved, else an edit."""
    found = uow.organisation.people([person]).get(person)
    if found is None or not found.slack:
        return  # without Slack the calendar invitation says it all: one mail per booking
    team = team_of(uow, meeting.team)
    language = language_of(found, team, office)
    calls = own_calls(uow, team, person, meeting.id)
    about = About(meeting=meeting.id, expires_at=meeting.ends_at)
    topic = card_topic(meeting.id)
    facts = meeting_facts(team, meeting)
    if not calls:
        drop_card(uow, office, found, ended_card(facts, language), topic, About(meeting=meeting.id))
    else:
        send = show_card if notify else edit_card
        message = own_card(
            facts,
            calls,
            language,
            telling=_telling(uow, calls),
            agenda_sent=notify and meeting.agenda_sent_at is not None,
        )
        send(uow, office, found, message, topic, about)


def _telling(uow: UnitOfWork, calls: tuple[OwnCall, ...]) -> Telling:
    """For each case that the reader raised: whom to tell, and who has ticked that they know."""
    telling = {}
    for call in calls:
        if Role.REFERRER in call.roles:
            booking = uow.plan.live_booking(call.referral)
            telling[call.referral] = whom_to_tell(uow, booking.id) if booking else ()
    return telling


def renew_cards_of(uow: UnitOfWork, office: Office, booking: str, meeting_id: str, answered: str) -> None:
    """Edit the cards that an answer changes: the speaker's, their party's, and the referrer's.

    A card shows its reader's own answer, whom else of the party is asked, and, to the referrer, who is to be
    told whom the case concerns, and knows; nothing of the others. Who has `answered` from another message,
    and has no card of that meeting yet, gets it now: it shows the answer.
    """
    meeting = meeting_of(uow, meeting_id)
    people = uow.organisation.people([answered])
    has_card = answered in people and told(uow, people[answered], card_topic(meeting_id))
    calls = uow.plan.invitations(booking)
    parties = {call.party for call in calls if call.person == answered}
    for call in calls:
        first = call.person == answered and not has_card
        if call.person == answered or call.party in parties or Role.REFERRER in call.roles:
            renew_card(uow, office, meeting, call.person, notify=first)
