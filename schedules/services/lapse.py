"""A held time that nobody has confirmed goes to others, and its case back to the waiting list."""

from __future__ import annotations

from dataclasses import replace

from schedules.domain.cases import ReferralStatus
from schedules.ports import Due, DueKind, UnitOfWork
from schedules.services.called import Called
from schedules.services.coordination import coordinator_at
from schedules.services.decide_booking import BY_ITSELF, end_booking
from schedules.services.facts import case_facts
from schedules.services.flags import with_time
from schedules.services.letters import About, language_of, tell
from schedules.services.office import Office, new_id
from schedules.services.propose import lapsed_from
from schedules.texts.decision import Decided, lapsed


def lapse(uow: UnitOfWork, office: Office, called: Called) -> None:
    """Give the time up, within the transaction; coordinator and referrer hear of it.

    The case is not put back into the same meeting by itself. Whatever frees another time books it, and at
    the latest when that meeting begins it gets the next time that suits.
    """
    referral = lapsed_from(called.referral, called.meeting.id)
    waiting = replace(referral, status=ReferralStatus.WAITING)
    uow.cases.save_referral(with_time(uow, called.team, waiting, None))
    uow.audit.record(BY_ITSELF, None, "booking.lapse", called.booking.id, office.now())
    end_booking(uow, office, referral.id, Decided.LAPSED, rebook_waiting=False)
    _tell(uow, office, called)
    # An occasion of its own: nothing else may happen in the team before then.
    uow.due.plan(Due(new_id(), DueKind.WAITING, new_id(), called.team.id, called.meeting.starts_at))


def _tell(uow: UnitOfWork, office: Office, called: Called) -> None:
    team, referral = called.team, called.referral
    case = case_facts(uow, team, referral, called.booking, called.meeting)
    coordinator = coordinator_at(uow, team, office.today())
    for who in uow.organisation.people(dict.fromkeys((coordinator, referral.referrer))).values():
        message = lapsed(
            case,
            language_of(who, team, office),
            referral_id=referral.id,
            to_coordinator=who.id == coordinator,
        )
        about = About(called.booking.id, called.meeting.id)
        tell(uow, office, who, message, f"lapsed:{called.booking.id}", about)
