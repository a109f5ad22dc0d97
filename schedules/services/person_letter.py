"""The letter to the person: its address, and what it says. Open facts only, and not the person's name."""

from __future__ import annotations

from dataclasses import dataclass

from schedules.domain.authority import Command
from schedules.domain.facts import CaseFacts
from schedules.domain.plan import Booking, BookingStatus
from schedules.errors import NotFound, Outdated
from schedules.ports import UnitOfWork
from schedules.services.authority import Subject, carries, coordinates, referral_of, require, team_of
from schedules.services.facts import case_facts
from schedules.services.links import LetterLink
from schedules.services.office import Office


@dataclass(frozen=True, slots=True)
class LetterPage:
    """What the letter is written from, and the reader's language."""

    case: CaseFacts
    language: str


def letter_address(
    uow: UnitOfWork, office: Office, actor: str, referral_id: str, booking: Booking | None
) -> str | None:
    """The letter's address for somebody who carries or coordinates the case; None without a booked time."""
    referral = referral_of(uow, referral_id)
    allowed = carries(referral, actor) or coordinates(team_of(uow, referral.team), actor)
    if not allowed or office.links is None or not _is_booked(booking):
        return None
    return office.links.letter(LetterLink(referral_id, actor))


def open_letter(office: Office, link: LetterLink) -> LetterPage:
    """The letter; the audit row is committed before anything is returned (promise 6).

    Raises:
        NotFound.
        NotAllowed: the reader carries or coordinates the case no longer.
        Outdated: the case has no booked time.
    """
    with office.unit_of_work() as uow:
        referral = referral_of(uow, link.referral)
        team = team_of(uow, referral.team)
        about = Subject(referral.id, team, referral)
        reader = require(uow, Command.SHOW_LETTER, link.reader, about)
        booking = uow.plan.live_booking(referral.id)
        if booking is None or not _is_booked(booking):
            raise Outdated(referral=referral.id)
        uow.audit.record(reader.id, reader.party, "letter.show.by_link", referral.id, office.now())
        page = LetterPage(case_facts(uow, team, referral, booking), team.rules.language or office.language)
        uow.commit()
        return page


def letter_link(office: Office, token: str) -> LetterLink:
    """What the token leads to. Raises NotFound: not ours, or its time is up."""
    link = office.links.letter_of(token) if office.links else None
    if link is None:
        raise NotFound
    return link


def _is_booked(booking: Booking | None) -> bool:
    return booking is not None and booking.status is BookingStatus.BOOKED
