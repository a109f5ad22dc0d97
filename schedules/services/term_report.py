"""The term's report to the process leaders: the association, and each municipality for its steering group."""

from __future__ import annotations

from schedules.domain.figures.month import Period, last_finished_term
from schedules.domain.figures.page import WHOLE, Page, PageKind
from schedules.domain.organisation import Organisation
from schedules.domain.workdays import add_workdays, quiet_until
from schedules.ports import UnitOfWork
from schedules.services.letters import About, language_of, tell
from schedules.services.office import Office
from schedules.services.publish_report import organisation_of, published
from schedules.texts.report_message import report_message
from schedules.texts.words import Words

AFTER_WORKDAYS = 10
"""Meetings are reported within days; the report waits for the last of the term's."""

_REPORTED = "term_reported"


def send_term_reports(office: Office) -> bool:
    """Send the last finished term's reports, once; whether they were sent now.

    A database that has never reported begins with the term that is under way.
    """
    term = last_finished_term(office.today())
    with office.unit_of_work() as uow:
        reported = uow.settings.get(_REPORTED)
        if reported == str(term.until) or not _may_send(office, term, first=reported is None):
            return False
        organisation = uow.organisation.load()
        if organisation is None:
            return False
        uow.lock_teams([team.id for team in organisation.teams])
        reported = uow.settings.get(_REPORTED)  # another process may have been first
        if reported == str(term.until):
            return False
        if reported is not None:
            _send(uow, office, term)
        uow.settings.set(_REPORTED, str(term.until))
        uow.commit()
        return reported is not None


def _may_send(office: Office, term: Period, *, first: bool) -> bool:
    """On a workday between 8 and 17, when the term has been over for long enough."""
    if first:
        return True
    ripe = add_workdays(term.until.plus(1).first_day, AFTER_WORKDAYS, office.is_holiday)
    now = office.now()
    return office.today() >= ripe and quiet_until(now, office.zone, office.is_holiday) == now


def _send(uow: UnitOfWork, office: Office, term: Period) -> None:
    organisation = organisation_of(uow)
    people = uow.organisation.people(organisation.process_leaders)
    for page in term_pages(organisation):
        made = published(uow, organisation, page, term, office.today())
        for leader in people.values():
            message = report_message(made, Words(language_of(leader, None, office)))
            tell(uow, office, leader, message, f"term:{term.until}:{page.key}", About())


def term_pages(organisation: Organisation) -> tuple[Page, ...]:
    """The association, then each municipality unless there is only one."""
    places = sorted({team.municipality for team in organisation.teams if team.municipality})
    return (WHOLE, *(Page(PageKind.MUNICIPALITY, place) for place in places if len(places) > 1))
