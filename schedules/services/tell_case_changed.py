"""Who hears that a case was changed while its time stays: those who prepare for it, and who carries it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from schedules.domain.cases import Referral
from schedules.domain.change_case import ON_THE_INVITATION, TO_PREPARE, Changed
from schedules.domain.organisation import Person, Team
from schedules.domain.plan import Booking, BookingStatus
from schedules.ports import UnitOfWork
from schedules.services.facts import case_facts
from schedules.services.letters import About, language_of, tell
from schedules.services.office import Office, new_id
from schedules.texts.case_changed import case_changed


def tell_case_changed(
    uow: UnitOfWork,
    office: Office,
    actor: str,
    team: Team,
    referral: Referral,
    booking: Booking | None,
    what: Sequence[Changed],
    called_before: Collection[str] = (),
) -> None:
    """One message to each; nothing to whoever has made the change, or is only now called.

    `called_before` are those who were called to the case before the change.

    Who can be reached by mail alone has the changed invitation as their one mail.
    """
    if not what:
        return
    case = case_facts(uow, team, referral, booking) if booking else None
    about = About(booking.id, booking.meeting) if booking else About(referral=referral.id)
    mailed = booking is not None and booking.status is BookingStatus.BOOKED
    mailed = mailed and bool(ON_THE_INVITATION.intersection(what))
    topic = f"changed:{referral.id}:{new_id()}"
    for who in _concerned(uow, referral, booking, what, called_before):
        if who.id == actor or (mailed and not who.slack):
            continue
        message = case_changed(
            referral.reference, case, what, language_of(who, team, office), referral_id=referral.id
        )
        tell(uow, office, who, message, topic, about)


def _concerned(
    uow: UnitOfWork,
    referral: Referral,
    booking: Booking | None,
    what: Sequence[Changed],
    called_before: Collection[str],
) -> list[Person]:
    called = uow.plan.invitations(booking.id) if booking and TO_PREPARE.intersection(what) else ()
    preparing = [i.person for i in called if i.person in called_before]
    return list(uow.organisation.people({referral.referrer, referral.owner, *preparing}).values())
