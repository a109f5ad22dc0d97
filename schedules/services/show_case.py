"""Show a case with its protected fields: only to those allowed, and on record before it opens."""

from __future__ import annotations

from dataclasses import replace

from schedules.domain.authority import Command
from schedules.domain.case_page import CalledPerson, CasePage
from schedules.domain.cases import Referral, ReferralStatus
from schedules.domain.organisation import Team
from schedules.domain.plan import Booking, BookingStatus
from schedules.errors import NotFound
from schedules.ports import UnitOfWork
from schedules.services.authority import Subject, carries, coordinates, referral_of, require, team_of
from schedules.services.facts import case_facts
from schedules.services.office import Office
from schedules.services.person_letter import letter_address


def show_case(office: Office, actor: str, public_id: str) -> CasePage:
    """The case of a referral, a booking or an invitation, by its public id.

    The audit row is committed before anything is returned (promise 6). Raises NotFound, NotAllowed.
    """
    with office.unit_of_work() as uow:
        referral = find_referral(uow, public_id)
        team = team_of(uow, referral.team)
        booking = uow.plan.live_booking(referral.id) or _held(uow, referral)
        invitations = uow.plan.invitations(booking.id) if booking else ()
        about = Subject(referral.id, team, referral, invitations)
        acting = require(uow, Command.SHOW_CASE, actor, about)
        uow.audit.record(actor, acting.party, "case.show", referral.id, office.now())
        letter = letter_address(uow, office, actor, referral.id, booking)
        page = replace(_page(uow, team, referral, booking, actor), letter=letter)
        uow.commit()
        return page


def _held(uow: UnitOfWork, referral: Referral) -> Booking | None:
    """The latest time at which the case was taken up; those called to it still see the case."""
    held = [report for report in uow.outcomes.of_referral(referral.id) if report.held]
    return uow.plan.booking(held[-1].booking) if held else None


def find_referral(uow: UnitOfWork, public_id: str) -> Referral:
    """The referral that an id of a referral, booking or invitation leads to. Raises NotFound."""
    referral = uow.cases.referral(public_id)
    if referral is not None:
        return referral
    invitation = uow.plan.invitation(public_id)
    booking = uow.plan.booking(invitation.booking if invitation else public_id)
    if booking is None:
        raise NotFound(id=public_id)
    return referral_of(uow, booking.referral)


def _page(uow: UnitOfWork, team: Team, referral: Referral, booking: Booking | None, actor: str) -> CasePage:
    protected = uow.cases.protected(referral.id)
    people = uow.organisation.people([referral.referrer, referral.owner])
    named = {*referral.parties, *protected.consent.parties, *(protected.known_to or ())}
    parties = {party.id: party.name for party in uow.organisation.parties(named).values()}
    return CasePage(
        referral=referral,
        protected=protected,
        team=team.name,
        referrer=people[referral.referrer].name if referral.referrer in people else "",
        owner=people[referral.owner].name if referral.owner in people else "",
        facts=case_facts(uow, team, referral, booking) if booking else None,
        called=called_people(uow, booking) if booking else (),
        parties=parties,
        buttons=(
            *_buttons(team, referral, booking, actor),
            *_result_button(uow, referral),
            *_block_button(team, referral, actor),
        ),
    )


def called_people(uow: UnitOfWork, booking: Booking) -> tuple[CalledPerson, ...]:
    """Who is called, with their answers; before the call, the seats."""
    invitations = uow.plan.invitations(booking.id)
    people = uow.organisation.people([i.person for i in invitations])
    parties = uow.organisation.parties([i.party for i in invitations if i.party])
    return tuple(
        CalledPerson(
            parties[i.party].name if i.party in parties else None,
            people[i.person].name,
            i.roles,
            i.answer,
            i.identity_known_at is not None,
        )
        for i in invitations
        if i.person in people
    )


def _result_button(uow: UnitOfWork, referral: Referral) -> tuple[tuple[str, str], ...]:
    return (("result_show", referral.id),) if uow.outcomes.of_referral(referral.id) else ()


def _block_button(team: Team, referral: Referral, actor: str) -> tuple[tuple[str, str], ...]:
    """The person may take the consent back at any time, also when the case has ended."""
    allowed = coordinates(team, actor) or carries(referral, actor)
    return (("consent_withdraw", referral.id),) if allowed else ()


def _buttons(
    team: Team, referral: Referral, booking: Booking | None, actor: str
) -> tuple[tuple[str, str], ...]:
    coordinator, carrier = coordinates(team, actor), carries(referral, actor)
    if not (coordinator or carrier):
        return ()
    if referral.status is ReferralStatus.RETURNED:
        return (("referral_mend", referral.id),) if carrier else ()
    if referral.status not in {ReferralStatus.ACTIVE, ReferralStatus.WAITING}:
        return ()
    actions: list[tuple[str, str]] = []
    if booking is not None:
        actions.extend(_booking_buttons(team, booking, coordinator=coordinator))
    actions.extend([("case_change", referral.id), ("details_open", referral.id)])
    actions.append(("booking_withdraw", booking.id if booking else referral.id))
    return tuple(actions)


def _booking_buttons(team: Team, booking: Booking, *, coordinator: bool) -> list[tuple[str, str]]:
    proposed = booking.status is BookingStatus.PROPOSED
    move = [("booking_move", booking.id)]
    if proposed and team.rules.coordinator_confirms:
        deciding = [("booking_confirm", booking.id), *move, ("booking_send_back", booking.id)]
        return deciding if coordinator else move
    if proposed:
        return [("booking_send_now", booking.id), *move]
    return move
