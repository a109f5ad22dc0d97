"""The yearly climate survey: opened by the tick, answered once each, reminded once, closed after three weeks.

It is kept that somebody answered, until it closes; and, apart from that, how many gave which answer. No audit
row says that somebody answered: its time would tell, beside a copy of the counters, what.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from schedules.codec import decode, encode
from schedules.domain.authority import Command
from schedules.domain.opinions import (
    PEOPLE,
    REMIND_AFTER_WORKDAYS,
    SCALE,
    Question,
    Questionnaire,
    Survey,
    place_of,
)
from schedules.domain.organisation import Organisation, Person, Team
from schedules.domain.workdays import add_workdays, quiet_until
from schedules.errors import NotFound, Outdated, Refused
from schedules.ports import UnitOfWork
from schedules.services.authority import Subject, require
from schedules.services.letters import About, drop_card, language_of, show_card
from schedules.services.links import SURVEY_PAGE, FormLink
from schedules.services.office import Office
from schedules.texts.opinions import survey_card, survey_ended

_FILE = "survey.file"


@dataclass(frozen=True, slots=True)
class SurveyShown:
    """What the form asks."""

    year: int
    questions: tuple[Question, ...]


def apply_questionnaire(office: Office, questionnaire: Questionnaire, actor: str) -> None:
    """Ask these questions from the next survey on; one that is open keeps its own."""
    with office.unit_of_work() as uow:
        uow.settings.set(_FILE, encode(questionnaire))
        uow.audit.record(actor, None, "survey.apply", "survey", office.now())
        uow.commit()


def run_surveys(office: Office) -> bool:
    """Open, remind or close, in working hours; whether something was done."""
    now = office.now()
    with office.unit_of_work() as uow:
        if quiet_until(now, office.zone, office.is_holiday) != now or _next(uow, office) is None:
            return False
        organisation = uow.organisation.load()
        if organisation is None:
            return False
        uow.lock_teams([team.id for team in organisation.teams])
        survey = _next(uow, office)  # another process may have been first
        if survey is None:
            return False
        _step(uow, office, organisation, survey)
        uow.commit()
        return True


def open_survey(office: Office, actor: str, year: str) -> SurveyShown:
    """The form. Raises NotFound, NotAllowed; Outdated: it is closed, or the person has answered."""
    with office.unit_of_work() as uow:
        survey = _asked(uow, office, actor, year)
        if uow.opinions.asked(survey.topic).get(actor, True):
            raise Outdated(survey=year)
        return SurveyShown(survey.year, survey.questions)


def answer_survey(office: Office, actor: str, year: str, answers: Mapping[str, str]) -> None:
    """Count the answers (question id to a value of the scale); the same person again changes nothing.

    Raises Refused for a question without an answer; NotFound, NotAllowed; Outdated: it is closed.
    """
    with office.unit_of_work() as uow:
        survey = _asked(uow, office, actor, year)
        wrong = [one.id for one in survey.questions if answers.get(one.id) not in SCALE]
        if wrong:
            raise Refused(dict.fromkeys(wrong, "choose"))
        if not uow.opinions.take(survey.topic, actor):
            return
        given = [(PEOPLE, ""), *((one.id, answers[one.id]) for one in survey.questions)]
        uow.opinions.add(survey.topic, place_of(uow.organisation.teams_served_by(actor)), given)
        _tell_ended(uow, office, survey, uow.organisation.people([actor]).values(), answered=True)
        uow.commit()


def everybody_of(teams: tuple[Team, ...]) -> tuple[str, ...]:
    """Who represents a party in the teams or coordinates one, deputies too, each once."""
    people: dict[str, None] = {}
    for team in teams:
        people |= dict.fromkeys((team.coordinator, *team.coordinator_deputies))
        people |= {person: None for member in team.parties for person in member.representatives}
    return tuple(people)


def _asked(uow: UnitOfWork, office: Office, actor: str, year: str) -> Survey:
    survey = next((one for one in uow.opinions.surveys() if str(one.year) == year), None)
    if survey is None:
        raise NotFound(survey=year)
    teams = uow.organisation.teams_served_by(actor)
    require(uow, Command.SURVEY, actor, Subject(survey.topic, person=actor, teams=teams))
    if survey.closed or office.today() > survey.last_day:
        raise Outdated(survey=year)
    return survey


# --- by the tick ---------------------------------------------------------------------------------------


def _next(uow: UnitOfWork, office: Office) -> Survey | None:
    """The survey with which something is to be done now: one that is open, or the year's that should be."""
    kept = uow.settings.get(_FILE)
    surveys = uow.opinions.surveys()
    today = office.today()
    if surveys and not surveys[-1].closed:
        survey = surveys[-1]
        over = today > survey.last_day
        ripe = add_workdays(survey.opened_on, REMIND_AFTER_WORKDAYS, office.is_holiday)
        return survey if over or (today >= ripe and not survey.reminded) else None
    if kept is None or any(one.year == today.year for one in surveys):
        return None
    file = decode(Questionnaire, kept)
    survey = Survey(today.year, today, file.questions, 0)
    late = today > replace(survey, opened_on=file.opens(today.year)).last_day
    return None if today < file.opens(today.year) or late else survey


def _step(uow: UnitOfWork, office: Office, organisation: Organisation, survey: Survey) -> None:
    asked = uow.opinions.asked(survey.topic)
    owing = uow.organisation.people([person for person, answered in asked.items() if not answered])
    if not survey.asked:
        _open(uow, office, organisation, survey)
    elif office.today() > survey.last_day:
        _tell_ended(uow, office, survey, owing.values(), answered=False)
        uow.opinions.forget(survey.topic)
        uow.opinions.save_survey(replace(survey, closed=True))
    else:
        _ask(uow, office, survey, owing.values(), reminder=True)
        uow.opinions.save_survey(replace(survey, reminded=True))


def _open(uow: UnitOfWork, office: Office, organisation: Organisation, survey: Survey) -> None:
    people = uow.organisation.people(everybody_of(organisation.teams))
    reached = [person for person in people.values() if person.slack or _page(office, survey, person)]
    uow.opinions.ask(survey.topic, [person.id for person in reached])
    uow.opinions.save_survey(replace(survey, asked=max(len(reached), 1)))
    uow.audit.record("samtid", None, "survey.open", survey.topic, office.now())
    _ask(uow, office, survey, reached, reminder=False)


def _ask(
    uow: UnitOfWork, office: Office, survey: Survey, people: Iterable[Person], *, reminder: bool
) -> None:
    for person in people:
        language = language_of(person, None, office)
        page = _page(office, survey, person)
        message = survey_card(survey.year, survey.last_day, language, reminder=reminder, page=page)
        show_card(uow, office, person, message, survey.topic, About())


def _page(office: Office, survey: Survey, person: Person) -> str | None:
    """The form of a reader without Slack, where we have pages that people reach."""
    if person.slack or not person.email or office.links is None:
        return None
    return office.links.form(SURVEY_PAGE, FormLink(str(survey.year), person.id))


def _tell_ended(
    uow: UnitOfWork, office: Office, survey: Survey, people: Iterable[Person], *, answered: bool
) -> None:
    for person in people:
        message = survey_ended(language_of(person, None, office), answered=answered)
        drop_card(uow, office, person, message, survey.topic, About())
