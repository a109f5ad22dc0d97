"""Somebody called has proposed another time: the coordinator hears of it, and may hold on to the time."""

from __future__ import annotations

from datetime import datetime, timedelta

from schedules.domain.authority import Command
from schedules.domain.replies import TimeProposed
from schedules.errors import NotFound, Outdated
from schedules.ports import UnitOfWork
from schedules.services.answer_invitation import Invited
from schedules.services.authority import Subject, person, require
from schedules.services.call_mails import CallMail, counter_refused, send_refusal
from schedules.services.coordination import coordinator_now
from schedules.services.facts import case_facts
from schedules.services.invited import current_invited, team_of_invitation
from schedules.services.letters import About, language_of, tell
from schedules.services.office import Office
from schedules.texts.decision import time_proposed

LONGEST_AHEAD = timedelta(days=730)
"""A proposed time further off is a mistake of a program; it is not repeated."""


def tell_time_proposed(
    uow: UnitOfWork, office: Office, invited: Invited, proposed: TimeProposed, digest: str
) -> None:
    """Ask the coordinator. `digest` (hex) tells this proposal from others of the same person."""
    called, invitation = invited.called, invited.invitation
    coordinator = coordinator_now(uow, office, called.team)
    if coordinator is None:
        return
    party = uow.organisation.parties([invitation.party or ""]).get(invitation.party or "")
    message = time_proposed(
        case_facts(uow, called.team, called.referral, called.booking),
        person(uow, invitation.person).name,
        party.name if party else None,
        language_of(coordinator, called.team, office),
        start=_wall_time(office, proposed.start),
        proposal=f"{invitation.public_id}:{digest[:16]}",
        booking_id=called.booking.id,
        referral_id=called.referral.id,
    )
    about = About(called.booking.id, called.meeting.id, expires_at=called.meeting.starts_at)
    tell(uow, office, coordinator, message, f"time_proposed:{invitation.id}:{digest[:16]}", about)


def refuse_counter(office: Office, actor: str, proposal: str) -> None:
    """Hold on to the time: whoever proposed another gets METHOD:DECLINECOUNTER (RFC 5546 3.2.8), once.

    `proposal` is what the coordinator's button carries.

    Raises:
        NotFound, NotAllowed, LockTimeout.
        Outdated: the time has changed since, the call has ended, or the meeting has begun.
    """
    public_id, _, digest = proposal.partition(":")
    if not digest:
        raise NotFound(proposal=proposal)

    def work(uow: UnitOfWork) -> None:
        invited = current_invited(uow, public_id)
        called, invitation = invited.called, invited.invitation
        acting = require(
            uow, Command.REFUSE_TIME, actor, Subject(invitation.id, called.team, called.referral)
        )
        if called.meeting.starts_at <= office.now():
            raise Outdated(invitation=invitation.id)
        reader = person(uow, invitation.person)
        if counter_refused(uow, reader, invitation, digest):
            return
        uow.audit.record(actor, acting.party, "counter.refuse", invitation.id, office.now())
        party = uow.organisation.parties([reader.party]).get(reader.party)
        case = case_facts(uow, called.team, called.referral, called.booking)
        call = CallMail(called.team, called.booking, case, invitation, reader, party)
        send_refusal(uow, office, call, digest, called.meeting.starts_at)

    office.change_plan(team_of_invitation(office, public_id), work)


def _wall_time(office: Office, proposed: datetime | None) -> datetime | None:
    """The proposed time where the meeting is, unless it is out of all reason."""
    if proposed is None:
        return None
    aware = proposed if proposed.tzinfo else proposed.replace(tzinfo=office.zone)
    if not office.now() - LONGEST_AHEAD < aware < office.now() + LONGEST_AHEAD:
        return None
    return office.local(aware).replace(tzinfo=None)
