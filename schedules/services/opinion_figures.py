"""What a report says of the climate: surveys that are closed, pulses of half-years that are over."""

from __future__ import annotations

from collections.abc import Iterator

from schedules.domain.figures.month import Month, Period, term_of
from schedules.domain.figures.page import Page, PageKind
from schedules.domain.opinions import (
    WHOLE,
    Opinions,
    Place,
    PulseFigures,
    pulse_counted,
    pulse_figures,
    survey_figures,
)
from schedules.domain.organisation import Organisation
from schedules.ports import UnitOfWork


def opinions_of(uow: UnitOfWork, organisation: Organisation, page: Page, period: Period) -> Opinions:
    """The surveys that closed in the period, and the pulses of the half-years that lie wholly within it.

    Never of a part of a half-year, nor of a survey that is open: two reports could be subtracted.
    """
    place = _place(organisation, page)
    surveys = tuple(
        survey_figures(survey, uow.opinions.counted(survey.topic), place)
        for survey in uow.opinions.surveys()
        if survey.closed and Month.of(survey.last_day) in period
    )
    return Opinions(surveys, tuple(_pulses(uow, place, period)))


def _pulses(uow: UnitOfWork, place: Place, period: Period) -> Iterator[PulseFigures]:
    term = term_of(period.since)
    while term.until <= period.until:
        if term.since >= period.since and (counted := uow.opinions.counted(pulse_counted(term))):
            yield pulse_figures(term, counted, place)
        term = term_of(term.until.plus(1))


def _place(organisation: Organisation, page: Page) -> Place:
    if page.kind is PageKind.ASSOCIATION:
        return WHOLE
    if page.kind is PageKind.MUNICIPALITY:
        return Place(page.of)
    return next((Place(t.municipality, t.id) for t in organisation.teams if t.id == page.of), WHOLE)
