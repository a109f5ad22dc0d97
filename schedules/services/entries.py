"""What stands in the calendars of those who are called to a booking (promise 4)."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from schedules.domain.facts import CaseFacts
from schedules.domain.plan import Invitation
from schedules.ports import UnitOfWork
from schedules.services.call_mails import CallMail, send_call
from schedules.services.called import Called
from schedules.services.facts import case_facts
from schedules.services.office import Office
from schedules.texts.mail import MailKind


class Entries:
    """One booking's entries as they are sent out.

    `first`: nobody was called to the booking before, so that no earlier mail can be waiting.
    """

    def __init__(self, uow: UnitOfWork, office: Office, called: Called, *, first: bool = False) -> None:
        self._uow = uow
        self._office = office
        self._called = called
        self._first = first

    def invite(self, invitation: Invitation, kind: MailKind) -> None:
        """Save a call and send its entry."""
        self._uow.plan.save_invitation(invitation)
        self._mail(invitation, kind)

    def end(self, invitation: Invitation, kind: MailKind) -> None:
        """Save that a call has ended and take its entry back."""
        ended = replace(invitation, live=False, last_sequence=self._called.booking.sequence)
        self._uow.plan.save_invitation(ended)
        self._mail(ended, kind)

    @cached_property
    def case(self) -> CaseFacts:
        """Put together once for all who are called."""
        called = self._called
        return case_facts(self._uow, called.team, called.referral, called.booking, called.meeting)

    def _mail(self, invitation: Invitation, kind: MailKind) -> None:
        uow, called = self._uow, self._called
        person = uow.organisation.people([invitation.person])[invitation.person]
        party = uow.organisation.parties([person.party]).get(person.party)
        call = CallMail(called.team, called.booking, self.case, invitation, person, party)
        send_call(uow, self._office, call, kind, called.meeting.ends_at, first=self._first)
