"""On the coordinator's page: seats whose holder cannot come."""

from __future__ import annotations

from schedules.domain.home import DeclinedCall
from schedules.domain.plan import Answer, Booking, BookingStatus, Invitation, Meeting
from schedules.ports import UnitOfWork
from schedules.services.authority import referral_of
from schedules.services.called import load_called
from schedules.services.coming import when_of
from schedules.services.duty_desk import seats_without_anybody
from schedules.services.office import Office
from schedules.services.ways_without_party import decline_of, ways_without


def declined_calls(uow: UnitOfWork, office: Office, booking: Booking) -> tuple[DeclinedCall, ...]:
    """The parties that have nobody, with what can be done about it."""
    declined = [i for i in uow.plan.invitations(booking.id) if i.must_answer and i.answer is Answer.DECLINED]
    return tuple(_declined(uow, office, booking, invitation) for invitation in declined)


def away_calls(uow: UnitOfWork, booking: Booking, meeting: Meeting) -> tuple[DeclinedCall, ...]:
    """Nobody is called yet, but who would be is away and nobody of the party's others is free."""
    if booking.status is not BookingStatus.PROPOSED:
        return ()
    referral, when = referral_of(uow, booking.referral), when_of(uow, booking)
    return tuple(
        DeclinedCall(booking.id, referral.id, referral.reference, when, party, who)
        for party, who in seats_without_anybody(uow, booking, meeting)
    )


def _declined(uow: UnitOfWork, office: Office, booking: Booking, invitation: Invitation) -> DeclinedCall:
    said = decline_of(uow, invitation)
    reason = said.reason if said else None
    asked = said.contact_asked_at if said else None
    return DeclinedCall(
        booking=booking.id,
        referral=booking.referral,
        reference=referral_of(uow, booking.referral).reference,
        when=when_of(uow, booking),
        party=_party(uow, invitation.party),
        person=_name(uow, invitation.person),
        invitation=invitation.public_id,
        reason=reason,
        ways=ways_without(uow, load_called(uow, booking.id), invitation, reason),
        contact=_name(uow, said.contact) if said and said.contact else None,
        contact_asked_on=office.local(asked).date() if asked else None,
    )


def _party(uow: UnitOfWork, party: str | None) -> str:
    found = uow.organisation.parties([party or ""]).get(party or "")
    return found.name if found else ""


def _name(uow: UnitOfWork, person: str) -> str:
    found = uow.organisation.people([person]).get(person)
    return found.name if found else ""
