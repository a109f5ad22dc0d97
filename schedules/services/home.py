"""The page of one person (App Home): everything that waits for them, by role."""

from __future__ import annotations

from schedules.domain.authority import Command
from schedules.domain.home import HomePage
from schedules.domain.organisation import Person
from schedules.ports import UnitOfWork
from schedules.services.authority import Subject, person, referral_of, require, team_of
from schedules.services.coming import coming_calls
from schedules.services.coordinator_desk import desk_of
from schedules.services.duty_desk import duty_desk
from schedules.services.facts import meeting_of
from schedules.services.follow_up import follow_ups_of
from schedules.services.letters import language_of
from schedules.services.office import Office
from schedules.services.overview import overview_of
from schedules.services.own_cases import cases_of

FIRST_PAGES = "1"
"""A page just opened: every list at its beginning."""


def open_home(office: Office, user: str) -> None:
    """Remember that somebody uses their page, so that it is kept live; their lists begin anew."""
    turn_home(office, user, FIRST_PAGES)


def turn_home(office: Office, user: str, starts: str) -> None:
    """Remember where the lists of somebody's page begin, so that a live page stays where it was turned to."""
    with office.unit_of_work() as uow:
        if uow.pages.starts(user) != starts:
            uow.pages.turn(user, starts)
            uow.commit()


def home_starts(office: Office, user: str) -> str:
    """What `turn_home` remembered."""
    with office.unit_of_work() as uow:
        return uow.pages.starts(user) or FIRST_PAGES


def home_page(office: Office, actor: str) -> HomePage:
    """Everything that waits for the person, by role. Raises NotAllowed for somebody unknown."""
    with office.unit_of_work() as uow:
        acting = person(uow, actor)
        led = uow.organisation.teams_led_by(actor)
        teams = uow.organisation.teams_of(acting.party)
        represents = any(actor in m.representatives for t in teams for m in t.parties)
        return HomePage(
            name=acting.name,
            language=language_of(acting, None, office),
            may_raise=bool(teams),
            represents=represents,
            coordinator=desk_of(uow, office, led, actor) if led else None,
            calls=coming_calls(uow, office, actor),
            cases=cases_of(uow, actor),
            overview=overview_of(uow, office, acting),
            comes_unless_declined=acting.comes_unless_declined if represents else None,
            duty=duty_desk(uow, office, actor),
            follow_ups=follow_ups_of(uow, actor, led),
        )


def set_language(office: Office, actor: str, language: str) -> None:
    """The person's own choice, which goes before the file's."""
    with office.unit_of_work() as uow:
        acting = person(uow, actor)
        uow.organisation.set_language(actor, language)
        uow.audit.record(actor, acting.party, "person.set_language", actor, office.now())
        uow.commit()


def set_comes_unless_declined(office: Office, actor: str, *, comes: bool) -> None:
    """The person's own "I come unless I say otherwise". Cards say so from their next change on."""
    with office.unit_of_work() as uow:
        acting = person(uow, actor)
        uow.organisation.set_comes_unless_declined(actor, comes=comes)
        action = "person.comes_unless_declined" if comes else "person.answers_each_call"
        uow.audit.record(actor, acting.party, action, actor, office.now())
        uow.commit()


def invitations_to_record(office: Office, actor: str, meeting_id: str) -> tuple[tuple[str, str], ...]:
    """For the coordinator who records somebody's answer: (public id, "case: person") of a meeting's calls."""
    with office.unit_of_work() as uow:
        meeting = meeting_of(uow, meeting_id)
        about = Subject(meeting_id, team_of(uow, meeting.team))
        require(uow, Command.RECORD_ANSWERS, actor, about)
        return tuple(
            (i.public_id, f"{referral_of(uow, b.referral).reference}: {_name(uow, i.person)}")
            for b in uow.plan.live_bookings(meeting_id)
            for i in uow.plan.invitations(b.id)
            if i.must_answer
        )


def _name(uow: UnitOfWork, person_id: str) -> str:
    found: Person | None = uow.organisation.people([person_id]).get(person_id)
    return found.name if found else ""
