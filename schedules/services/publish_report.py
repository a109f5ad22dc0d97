"""Make a report: from the facts alone, remembering what it shows (docs/figures.md)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from schedules.domain.authority import Command
from schedules.domain.figures.closing import closing
from schedules.domain.figures.disclosure import Shown
from schedules.domain.figures.month import Month, Period, last_finished_term
from schedules.domain.figures.page import WHOLE, Page, PageKind, Published, same_pages
from schedules.domain.figures.report import counted, report_of
from schedules.domain.organisation import Organisation, Person, Team
from schedules.errors import NotFound, SamtidError
from schedules.ports import UnitOfWork
from schedules.services.authority import refused
from schedules.services.letters import About, language_of, tell
from schedules.services.office import Office, new_id
from schedules.services.opinion_figures import opinions_of
from schedules.texts.report_message import report_message
from schedules.texts.words import Words


class MonthNotOver(SamtidError):
    """A report takes whole months that are over."""


def publish(office: Office, page: Page, period: Period, actor: str) -> Published:
    """The page's report, made and remembered in one transaction; `actor` is whoever asked, for the record.

    Raises:
        NotFound: there is no such team or municipality.
        MonthNotOver: the period reaches into the present month or beyond it.
        LockTimeout: somebody else held one of the teams for too long.
    """
    with office.unit_of_work() as uow:
        made = _made(uow, office, page, period, actor)
        uow.commit()
        return made


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asked for: the last finished term of a page, by its title, and the other pages' names."""

    page: Page
    period: Period
    title: str
    others: tuple[str, ...]


def statistics(office: Office, person: str, wanted: str) -> Wanted:
    """The page of that name, among those that the person may see. Reads the organisation only.

    `wanted` is a team's id or name or a municipality's; empty for the widest page.

    Raises:
        NotAllowed: the person is no coordinator, process leader or administrator.
        NotFound: no page of theirs has that name.
    """
    with office.unit_of_work() as uow:
        organisation = organisation_of(uow)
        pages = pages_for(organisation, person)
    names = {page: _title(organisation, page) for page in pages}
    named = [p for p in pages if not wanted or wanted.casefold() in {p.of.casefold(), names[p].casefold()}]
    if not named:
        raise NotFound(page=wanted)
    others = () if wanted else tuple(dict.fromkeys(page.of or names[page] for page in pages))
    return Wanted(named[0], last_finished_term(office.today()), names[named[0]], others)


def send_statistics(office: Office, person: Person, wanted: Wanted) -> None:
    """Make the report and owe it to the person, in one transaction: charts are drawn when it is sent.

    Raises:
        LockTimeout: somebody else held one of the teams for too long.
    """
    with office.unit_of_work() as uow:
        made = _made(uow, office, wanted.page, wanted.period, person.id)
        others = wanted.others if len(wanted.others) > 1 else ()
        message = report_message(made, Words(language_of(person, None, office)), others)
        tell(uow, office, person, message, f"statistics:{new_id()}", About())
        uow.commit()


def _made(uow: UnitOfWork, office: Office, page: Page, period: Period, actor: str) -> Published:
    organisation = organisation_of(uow)
    uow.lock_teams([team.id for team in organisation.teams if page.has(team)])
    made = published(uow, organisation, page, period, office.today())
    uow.audit.record(actor, None, "report_made", f"{page.key} {period.since} {period.until}", office.now())
    return made


def published(
    uow: UnitOfWork, organisation: Organisation, page: Page, period: Period, today: date
) -> Published:
    """The same within a transaction that holds the locks of the page's teams."""
    if period.until >= Month.of(today):
        raise MonthNotOver
    teams = tuple(team for team in organisation.teams if page.has(team))
    if not teams and page != WHOLE:
        raise NotFound(page=page.of)
    pages = [one.key for one in same_pages(organisation, page)]
    facts, parties = uow.facts.read(page), _parties(organisation, teams)
    closed = {month: counts for key in reversed(pages) for month, counts in uow.facts.closed(key).items()}
    counts = counted(facts, parties, closed)
    report, shown = report_of(
        facts,
        counts,
        period,
        parties=parties,
        goals=[team.goals for team in teams],
        shown_before=frozenset[Shown]().union(*(uow.facts.shown(key) for key in pages)),
    )
    for key in pages:
        uow.facts.remember(key, shown)
        uow.facts.close(key, closing(counts, period, closed))
    names = {party.id: party.name for party in organisation.parties}
    opinions = opinions_of(uow, organisation, page, period)
    return Published(page, _title(organisation, page), organisation.association, report, names, opinions)


def organisation_of(uow: UnitOfWork) -> Organisation:
    """The organisation. Raises NotFound before the first apply."""
    organisation = uow.organisation.load()
    if organisation is None:
        raise NotFound
    return organisation


def pages_for(organisation: Organisation, person: str) -> tuple[Page, ...]:
    """What the person may see the figures of, the widest first.

    Raises:
        NotAllowed: the person is no coordinator, process leader or administrator.
    """
    led = [t for t in organisation.teams if person == t.coordinator or person in t.coordinator_deputies]
    everything = person in {*organisation.process_leaders, *organisation.administrators}
    if not everything and not led:
        raise refused(Command.SHOW_FIGURES, person, "figures")
    if not everything:
        return tuple(Page(PageKind.TEAM, team.id) for team in led)
    places = sorted({team.municipality for team in organisation.teams if team.municipality})
    return (
        WHOLE,
        *(Page(PageKind.MUNICIPALITY, place) for place in places),
        *(Page(PageKind.TEAM, team.id) for team in organisation.teams),
    )


def _parties(organisation: Organisation, teams: Iterable[Team]) -> tuple[str, ...]:
    """The members of the teams, in the order of the organisation."""
    members = {membership.party for team in teams for membership in team.parties}
    return tuple(party.id for party in organisation.parties if party.id in members)


def _title(organisation: Organisation, page: Page) -> str:
    if page.kind is PageKind.TEAM:
        return next(team.name for team in organisation.teams if team.id == page.of)
    return page.of or organisation.association
