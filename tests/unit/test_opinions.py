"""Who may see what of the answers: five or more, also by subtraction; the means and shares by hand."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.report_command import text
from bot.views.message import message_blocks
from schedules.domain.figures.measures import FEWEST
from schedules.domain.figures.month import Month, Period
from schedules.domain.opinions import (
    PEOPLE,
    WHOLE,
    Counted,
    Opinions,
    Place,
    Pulse,
    PulseFigures,
    Question,
    SurveyFigures,
    may_be_shown,
    place_of,
    pulse_figures,
    within,
)
from schedules.domain.organisation import Team
from schedules.reports.csv_file import csv_bytes
from schedules.reports.json_file import json_bytes
from schedules.texts.report_message import report_message
from schedules.texts.words import Words
from tests.support.report_examples import an_example
from tests.unit.block_kit import texts
from tests.unit.examples_views import BOTH, SV

TERM = Period(Month(2027, 1), Month(2027, 6))
TIERP, OSTHAMMAR, SEVERAL = Place("Tierp", "tierp"), Place("Östhammar", "osthammar"), Place()


def team(name: str, municipality: str) -> Team:
    return Team(name, name, "AAA", "p", municipality)


@pytest.mark.parametrize(
    ("teams", "place"),
    [
        ((), WHOLE),
        ((team("a", "M"),), Place("M", "a")),
        ((team("a", "M"), team("b", "M")), Place("M")),
        ((team("a", "M"), team("b", "N")), WHOLE),
        ((team("a", ""),), WHOLE),
    ],
)
def test_an_answer_counts_in_the_narrowest_place_that_has_all_of_somebodys_teams(
    teams: tuple[Team, ...], place: Place
) -> None:
    assert place_of(teams) == place


def test_fewer_than_five_are_not_shown_and_not_by_subtraction() -> None:
    assert may_be_shown({TIERP: 4}) == frozenset()
    assert may_be_shown({TIERP: 5}) == {WHOLE, Place("Tierp"), TIERP}
    assert may_be_shown({TIERP: 9, OSTHAMMAR: 4}) == {WHOLE}, "13 less 9 would be 4"
    assert may_be_shown({TIERP: 9, OSTHAMMAR: 4, SEVERAL: 1}) == {WHOLE, Place("Tierp"), TIERP}
    both = {TIERP: 9, OSTHAMMAR: 5}
    assert may_be_shown(both) == {WHOLE, Place("Tierp"), TIERP, Place("Östhammar"), OSTHAMMAR}
    within_one = {Place("M", "a"): 5, Place("M", "b"): 7, Place("M", "c"): 1}
    assert may_be_shown(within_one) == {WHOLE, Place("M"), Place("M", "b")}


places = st.builds(Place, st.sampled_from(["", "M", "N", "O"]), st.sampled_from(["", "a", "b", "c"])).map(
    lambda place: place if place.municipality else WHOLE
)


@given(st.dictionaries(places, st.integers(0, 12), max_size=9))
def test_no_sum_or_difference_of_what_is_shown_is_a_small_group(answers: dict[Place, int]) -> None:
    """Everything shown is a set of atoms: whatever sums and differences give a set, it is nobody or five."""
    shown = sorted(may_be_shown(answers))
    atoms = {one: frozenset(place for place in answers if within(place, one)) for one in shown}
    derived: set[frozenset[Place]] = set()
    for whole in shown:
        parts = [atoms[one] for one in shown if atoms[one] < atoms[whole]]
        chosen = chain.from_iterable(combinations(parts, n) for n in range(len(parts) + 1))
        derived |= {atoms[whole] - frozenset().union(*some) for some in chosen}
    sizes = [sum(answers[place] for place in some) for some in derived]
    assert not [size for size in sizes if 0 < size < FEWEST]


def counted(*given: tuple[Place, Pulse]) -> tuple[Counted, ...]:
    """Pulses as the counters have them."""
    people = Counter(place for place, _ in given)
    return (
        *(Counted(place, PEOPLE, "", n) for place, n in people.items()),
        *(Counted(place, "pulse", said, n) for (place, said), n in Counter(given).items()),
    )


def test_pulses_are_shares_of_at_least_five() -> None:
    five = [(TIERP, Pulse.CLEAR)] * 3 + [(TIERP, Pulse.PARTLY)] * 2
    made = pulse_figures(TERM, counted(*five), TIERP)
    assert (made.answers, made.percent) == (5, {Pulse.CLEAR: 60, Pulse.PARTLY: 40, Pulse.NOT_AT_ALL: 0})
    few = pulse_figures(TERM, counted(*five[:4]), TIERP)
    assert (few.answers, set(few.percent.values())) == (None, {None})


QUESTION = Question("trust", "Vi litar på varandra.", "We trust each other.")
HIDDEN: dict[Pulse, int | None] = dict.fromkeys(Pulse)
OPINIONS = Opinions(
    (
        SurveyFigures(2026, Month(2026, 10), 34, ((QUESTION, 4.1),)),
        SurveyFigures(2027, Month(2027, 10), None, ((QUESTION, None),)),
    ),
    (
        PulseFigures(TERM, 20, {Pulse.CLEAR: 60, Pulse.PARTLY: 30, Pulse.NOT_AT_ALL: 10}),
        PulseFigures(Period(Month(2027, 7), Month(2027, 12)), None, HIDDEN),
    ),
)


@pytest.mark.parametrize("words", BOTH)
def test_the_climate_stands_in_every_form_of_the_report(words: Words) -> None:
    published = replace(an_example(), opinions=OPINIONS)
    said = QUESTION.said(words.language)
    for whole in (csv_bytes(published, words).decode(), text(published, words)):
        assert said in whole
        assert words("report.climate.title", year=2026) in whole
        assert words("report.pulse.title") in whole
    data = json.loads(json_bytes(published))
    assert data["climate_surveys"][0] == {"year": 2026, "answers": 34, "means": {"trust": 4.1}}
    assert data["climate_surveys"][1] == {"year": 2027, "answers": None, "means": {"trust": None}}
    assert data["meeting_pulses"][0]["percent"] == {"clear": 60, "partly": 30, "not_at_all": 10}
    shown = "\n".join(texts(message_blocks(report_message(published, words))))
    assert words("report.climate.line", year=2026, mean=words.number(4.1), answers=34) in shown
    assert words("report.climate.few", year=2027) in shown


def test_without_opinions_the_report_says_nothing_of_them() -> None:
    assert SV("report.pulse.title") not in text(an_example(), SV)
