"""What has to be seen to before a meeting: what the person needs, and whether they take part."""

from __future__ import annotations

from dataclasses import replace

from schedules.domain.authority import Command
from schedules.domain.cases import PersonTakesPart, Referral, ReferralStatus
from schedules.domain.plan import BookingStatus
from schedules.errors import Outdated
from schedules.ports import UnitOfWork
from schedules.services.authority import Subject, referral_of, require, team_of
from schedules.services.call_parties import replace_representative
from schedules.services.called import load_called
from schedules.services.deputies import with_seats
from schedules.services.flags import ARRANGED, with_flag
from schedules.services.office import Office
from schedules.services.proposal_card import show_proposal

LIVE = frozenset({ReferralStatus.ACTIVE, ReferralStatus.WAITING})


def needs_arranged(office: Office, actor: str, referral_id: str) -> Referral:
    """Note that what the person needs is arranged; new needs make it a task again.

    Noting it again changes nothing. Raises NotFound, NotAllowed, Outdated.
    """

    def work(uow: UnitOfWork) -> Referral:
        before = _allowed(uow, Command.ARRANGE_NEEDS, actor, referral_id)
        return _save(
            uow, office, Command.ARRANGE_NEEDS, actor, before, with_flag(before, ARRANGED, raised=True)
        )

    return office.change_plan(_team(office, referral_id), work)


def to_ask_person(office: Office, actor: str, referral_id: str) -> Referral:
    """The case whose form is to open. Raises NotFound, NotAllowed, Outdated."""
    with office.unit_of_work() as uow:
        return _allowed(uow, Command.RECORD_TAKING_PART, actor, referral_id)


def person_asked(office: Office, actor: str, referral_id: str, answer: PersonTakesPart) -> Referral:
    """Record whether, and how, the person takes part; the cards and entries of those called say so at once.

    The same answer again changes nothing. Raises NotFound, NotAllowed, Outdated.
    """

    def work(uow: UnitOfWork) -> Referral:
        before = _allowed(uow, Command.RECORD_TAKING_PART, actor, referral_id)
        after = _save(
            uow, office, Command.RECORD_TAKING_PART, actor, before, replace(before, person_takes_part=answer)
        )
        if after != before:
            _renew(uow, office, after)
        return after

    return office.change_plan(_team(office, referral_id), work)


def _team(office: Office, referral_id: str) -> str:
    with office.unit_of_work() as uow:
        return referral_of(uow, referral_id).team


def _allowed(uow: UnitOfWork, command: Command, actor: str, referral_id: str) -> Referral:
    referral = referral_of(uow, referral_id)
    require(uow, command, actor, Subject(referral_id, team_of(uow, referral.team), referral))
    if referral.status not in LIVE:
        raise Outdated(referral=referral_id)
    return referral


def _save(
    uow: UnitOfWork, office: Office, command: Command, actor: str, before: Referral, after: Referral
) -> Referral:
    if after != before:
        uow.cases.save_referral(after)
        acting = uow.organisation.people([actor])[actor]
        uow.audit.record(actor, acting.party, command.value, after.id, office.now())
    return after


def _renew(uow: UnitOfWork, office: Office, referral: Referral) -> None:
    """It stands on the cards and in the calendar entries, whose answers hold."""
    booking = uow.plan.live_booking(referral.id)
    if booking is None:
        return
    called = load_called(uow, booking.id)
    if booking.status is BookingStatus.PROPOSED:
        show_proposal(uow, office, called, edit=True)
    elif called.meeting.ends_at > office.now():
        renewed = with_seats(uow, called, booking.seats)
        replace_representative(uow, office, renewed, quiet=True, same_time=True)
