"""Whom a report is about: a team, a municipality's teams, or the whole association."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from schedules.domain.figures.month import Period
from schedules.domain.figures.report import Report
from schedules.domain.opinions import Opinions
from schedules.domain.organisation import Organisation, Team


class PageKind(StrEnum):
    """How wide a page is."""

    TEAM = "team"
    MUNICIPALITY = "municipality"
    ASSOCIATION = "association"


@dataclass(frozen=True, slots=True)
class Page:
    """A page: `of` is the team's id or the municipality's name, empty for the association."""

    kind: PageKind
    of: str = ""

    @property
    def key(self) -> str:
        """The page's name in the store."""
        return f"{self.kind} {self.of}".strip()

    def has(self, team: Team) -> bool:
        """Whether the team belongs to the page."""
        return self.kind is PageKind.ASSOCIATION or self.of == getattr(team, _FIELD[self.kind])


_FIELD = {PageKind.TEAM: "id", PageKind.MUNICIPALITY: "municipality"}
WHOLE = Page(PageKind.ASSOCIATION)


@dataclass(frozen=True, slots=True)
class Published:
    """A report with its names: of the page, the association and the parties by id."""

    page: Page
    title: str
    association: str
    report: Report
    names: Mapping[str, str]
    opinions: Opinions = field(default_factory=Opinions)

    @property
    def period(self) -> Period:
        """The report's months."""
        return self.report.period


def same_pages(organisation: Organisation, page: Page) -> tuple[Page, ...]:
    """The page, and every other one with just the same teams: a municipality with one team is that team."""
    teams = _teams(organisation.teams, page)
    candidates = (
        WHOLE,
        *(Page(PageKind.MUNICIPALITY, name) for name in sorted({t.municipality for t in organisation.teams})),
        *(Page(PageKind.TEAM, team.id) for team in organisation.teams),
    )
    others = (one for one in candidates if one != page and teams and _teams(organisation.teams, one) == teams)
    return page, *others


def _teams(teams: Iterable[Team], page: Page) -> frozenset[str]:
    return frozenset(team.id for team in teams if page.has(team))
