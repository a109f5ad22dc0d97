"""A message that was given up: the coordinator hears of it once, and calls instead."""

from __future__ import annotations

from schedules.domain.organisation import Team
from schedules.ports import Channel, FailedLetter, UnitOfWork
from schedules.services.authority import referral_of
from schedules.services.coordination import coordinator_now
from schedules.services.facts import meeting_facts
from schedules.services.letters import About, language_of, tell, told
from schedules.services.office import Office
from schedules.texts.decision import delivery_failed


def report_failures(office: Office) -> int:
    """Tell each team's coordinator about failed deliveries not told before; how many."""
    with office.unit_of_work() as uow:
        organisation = uow.organisation.load()
        teams = [
            team
            for team in (organisation.teams if organisation else ())
            if any(_is_owed(uow, office, team, letter) for letter in uow.outbox.failed([team.id]))
        ]
    return sum(_report_team(office, team) for team in teams)


def _report_team(office: Office, team: Team) -> int:
    return office.change_plan(team.id, lambda uow: _report(uow, office, team))


def _report(uow: UnitOfWork, office: Office, team: Team) -> int:
    owed = [letter for letter in uow.outbox.failed([team.id]) if _is_owed(uow, office, team, letter)]
    for letter in owed:
        _tell(uow, office, team, letter)
    return len(owed)


def _topic(letter: FailedLetter) -> str:
    return f"failed:{letter.id}"


def _is_owed(uow: UnitOfWork, office: Office, team: Team, letter: FailedLetter) -> bool:
    """Whether the coordinator is still to be told.

    Nobody is if the letter was to an unknown address, or if the coordinator is who cannot be reached: App
    Home shows it, and asking again at every tick would change nothing.
    """
    coordinator = coordinator_now(uow, office, team)
    person = uow.organisation.person_by_address(letter.recipient)
    if coordinator is None or person is None or person.id == coordinator.id:
        return False
    return not told(uow, coordinator, _topic(letter))


def _tell(uow: UnitOfWork, office: Office, team: Team, letter: FailedLetter) -> None:
    coordinator = coordinator_now(uow, office, team)
    person = uow.organisation.person_by_address(letter.recipient)
    meeting = uow.plan.meeting(letter.meeting) if letter.meeting else None
    if coordinator is None or person is None:
        return
    booking = uow.plan.booking(letter.booking) if letter.booking else None
    case = booking.referral if booking else letter.referral
    message = delivery_failed(
        meeting_facts(team, meeting) if meeting else None,
        person.name,
        language_of(coordinator, team, office),
        by_mail=letter.channel is Channel.MAIL,
        reference=referral_of(uow, case).reference if case else None,
    )
    about = About(meeting=letter.meeting, referral=letter.referral)
    tell(uow, office, coordinator, message, _topic(letter), about)
