"""The referrer hears once per time that everybody asked for comes."""

from __future__ import annotations

from schedules.domain.coming import counts_as_coming
from schedules.domain.plan import Answer
from schedules.ports import UnitOfWork
from schedules.services.called import Called
from schedules.services.facts import called_facts, case_facts
from schedules.services.letters import About, language_of, tell, told
from schedules.services.office import Office
from schedules.texts.referrer import all_accepted


def tell_all_accepted(uow: UnitOfWork, office: Office, called: Called) -> None:
    """Tell the referrer if everybody comes, be it that they need not say so, and it was not told before."""
    asked = [i for i in uow.plan.invitations(called.booking.id) if i.must_answer]
    people = uow.organisation.people([i.person for i in asked])
    coming = [counts_as_coming(i, called.booking, called.team, people.get(i.person)) for i in asked]
    if not asked or not all(coming):
        return
    referrer = uow.organisation.people([called.referral.referrer]).get(called.referral.referrer)
    topic = f"accepted:{called.booking.id}:{called.booking.sequence}"
    if referrer is None or told(uow, referrer, topic):
        return
    message = all_accepted(
        case_facts(uow, called.team, called.referral, called.booking),
        language_of(referrer, called.team, office),
        called=called_facts(uow, called.team, called.referral, called.booking),
        some_silent=any(i.answer is not Answer.ACCEPTED for i in asked),
    )
    about = About(called.booking.id, called.meeting.id, expires_at=called.meeting.starts_at)
    tell(uow, office, referrer, message, topic, about)
