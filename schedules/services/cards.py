"""The one current direct message per person and meeting (DESIGN.md, "The quiet bot")."""

from __future__ import annotations

from schedules.domain.cases import Referral
from schedules.domain.coming import silence_is_yes
from schedules.domain.facts import CaseFacts, OwnCall
from schedules.domain.organisation import Person, Team
from schedules.domain.plan import Booking, Invitation, Meeting, Role
from schedules.ports import UnitOfWork
from schedules.services.authority import referral_of, team_of
from schedules.services.called import booking_of
from schedules.services.facts import (
    case_facts,
    case_seen,
    meeting_facts,
    meeting_of,
    meeting_seen,
    own_call,
    whom_to_tell,
)
from schedules.services.letters import About, drop_card, edit_card, language_of, show_card, told
from schedules.services.office import Office
from schedules.texts.card import ended_card, own_card
from schedules.texts.phrases import Telling


def card_topic(meeting: str) -> str:
    """The chat stream of a person's messages about one meeting."""
    return f"meeting:{meeting}"


class MeetingCases:
    """A meeting's cases as its cards show them: each is put into facts once for all who are called to it."""

    def __init__(self, uow: UnitOfWork, team: Team, meeting: str) -> None:
        self._uow = uow
        self._team = team
        self._meeting = meeting
        self._seen = meeting_seen(uow, team, meeting_of(uow, meeting))
        self._bookings: dict[str, Booking] = {}
        self._referrals: dict[str, Referral] = {}
        self._facts: dict[str, CaseFacts] = {}

    def know(self, booking: str, case: CaseFacts) -> None:
        """Take one of the cases as it is at hand."""
        self._facts[booking] = case

    def own_calls(self, reader: Person) -> tuple[OwnCall, ...]:
        """The reader's own cases, by time."""
        calls = self._uow.plan.invitations_of(reader.id, self._meeting)
        if len(calls) > 1:
            self._read_at_once()
        return tuple(self._own_call(reader, call) for call in calls)

    def _read_at_once(self) -> None:
        if not self._bookings:
            self._bookings = {one.id: one for one in self._uow.plan.live_bookings(self._meeting)}
            self._referrals = self._uow.cases.at_meeting(self._meeting)

    def _own_call(self, reader: Person, call: Invitation) -> OwnCall:
        booking = self._bookings.get(call.booking) or booking_of(self._uow, call.booking)
        if booking.id not in self._facts:
            referral = self._referrals.get(booking.referral) or referral_of(self._uow, booking.referral)
            self._facts[booking.id] = case_seen(self._uow, self._seen, referral, booking)
        return called_to(self._uow, self._team, reader, call, booking, self._facts[booking.id])


def own_calls(uow: UnitOfWork, team: Team, person: str, meeting: str) -> tuple[OwnCall, ...]:
    """One person's own cases at a meeting, by time."""
    reader = uow.organisation.people([person]).get(person)
    return MeetingCases(uow, team, meeting).own_calls(reader) if reader is not None else ()


def called_to(
    uow: UnitOfWork,
    team: Team,
    reader: Person,
    invitation: Invitation,
    booking: Booking,
    case: CaseFacts | None = None,
) -> OwnCall:
    """One case of a card; `case` are the booking's facts, where they are at hand."""
    if case is None:
        case = case_facts(uow, team, referral_of(uow, booking.referral), booking)
    silent = silence_is_yes(booking, team, reader)
    seat = next((s for s in booking.seats if s.party == invitation.party), None)
    return own_call(uow, case, booking.referral, invitation, seat, need_not_answer=silent)


class Cards:
    """The cards of one meeting's people, for renewing several at once."""

    def __init__(self, uow: UnitOfWork, office: Office, meeting: Meeting) -> None:
        self._uow = uow
        self._office = office
        self._meeting = meeting
        self._team = team_of(uow, meeting.team)
        self._facts = meeting_facts(self._team, meeting)
        self.cases = MeetingCases(uow, self._team, meeting.id)

    def renew(self, person: str, *, notify: bool) -> None:
        """Bring a card up to date: a new message if something was added or moved, else an edit."""
        found = self._uow.organisation.people([person]).get(person)
        if found is None or not found.slack:
            return  # without Slack the calendar invitation says it all: one mail per booking
        language = language_of(found, self._team, self._office)
        calls = self.cases.own_calls(found)
        meeting, topic = self._meeting, card_topic(self._meeting.id)
        if not calls:
            message, about = ended_card(self._facts, language), About(meeting=meeting.id)
            drop_card(self._uow, self._office, found, message, topic, about)
            return
        message = own_card(
            self._facts,
            calls,
            language,
            telling=_telling(self._uow, calls),
            agenda_sent=notify and meeting.agenda_sent_at is not None,
        )
        send = show_card if notify else edit_card
        send(
            self._uow,
            self._office,
            found,
            message,
            topic,
            About(meeting=meeting.id, expires_at=meeting.ends_at),
        )


def renew_card(uow: UnitOfWork, office: Office, meeting: Meeting, person: str, *, notify: bool) -> None:
    """The same for one person's."""
    Cards(uow, office, meeting).renew(person, notify=notify)


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
    people = uow.organisation.people([answered])
    has_card = answered in people and told(uow, people[answered], card_topic(meeting_id))
    cards = Cards(uow, office, meeting_of(uow, meeting_id))
    uow.plan.invitations_of(answered, meeting_id)  # reads all of the meeting, the booking's among them
    calls = uow.plan.invitations(booking)
    parties = {call.party for call in calls if call.person == answered}
    for call in calls:
        first = call.person == answered and not has_card
        if call.person == answered or call.party in parties or Role.REFERRER in call.roles:
            cards.renew(call.person, notify=first)
