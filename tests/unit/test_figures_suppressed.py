"""What may not be shown, case by case as docs/figures.md tells it."""

from __future__ import annotations

from schedules.domain.figures.disclosure import Shown, showable
from schedules.domain.figures.month import Month, Period
from schedules.domain.figures.tally import MEN, OTHERS, WOMEN, Row, Tally

JANUARY, FEBRUARY = Month(2026, 1), Month(2026, 2)
FIRST, BOTH = Period(JANUARY, JANUARY), Period(JANUARY, FEBRUARY)


def population(women: int, men: int, others: int = 0, month: Month = JANUARY) -> Tally:
    tally = Tally()
    add(tally, women, men, others, month)
    return tally


def add(tally: Tally, women: int, men: int, others: int, month: Month) -> None:
    counts = [(WOMEN, women), (MEN, men), (OTHERS, others)]
    when = [(gender, month) for gender, n in counts for _ in range(n)]
    if tally.rows:
        tally.counts["all"].update(when)
    else:
        tally.add(Row("all"), when)


def shown(tally: Tally, period: Period = FIRST, before: frozenset[Shown] = frozenset()) -> set[str]:
    return {one.who for one in showable(tally, period, before)}


def test_all_is_shown_when_every_group_is_five_or_more_or_nobody() -> None:
    assert shown(population(5, 5)) == {"women", "men", "total"}
    assert shown(population(5, 0)) == {"women", "men", "total"}
    assert shown(population(0, 0)) == {"women", "men", "total"}


def test_fewer_than_five_are_not_shown_and_not_to_be_had_by_subtraction() -> None:
    assert shown(population(4, 9)) == {"total"}
    assert shown(population(2, 2)) == set()


def test_two_of_unknown_gender_are_not_to_be_had_from_the_total() -> None:
    """Nine women, eight men, two more: total and women and men would tell; one is left out."""
    assert shown(population(9, 8, 2)) == {"total", "women"}
    assert shown(population(9, 8, 5)) == {"total", "women", "men"}


def test_a_month_more_does_not_tell_who_came_in_that_month() -> None:
    """Ten in January; two more in February: January is shown, January and February together are not."""
    tally = population(10, 0)
    add(tally, 2, 0, 0, FEBRUARY)
    first = showable(tally, FIRST, ())
    assert {one.who for one in first} == {"women", "men", "total"}
    assert shown(tally, BOTH, first) == {"men"}
    # Asked the other way round, it is January that is not shown.
    both = showable(tally, BOTH, ())
    assert {one.who for one in both} == {"women", "men", "total"}
    assert shown(tally, FIRST, both) == {"men"}


def test_a_chain_of_periods_does_not_tell_either() -> None:
    """Months 1-3, 2-4 and 2-3 and 1-4 together would give each end; the ends have three each."""
    tally = population(3, 0)
    for n, women in ((1, 6), (2, 6), (3, 3)):
        add(tally, women, 0, 0, JANUARY.plus(n))
    spans = [Period(JANUARY.plus(a), JANUARY.plus(b)) for a, b in ((0, 2), (1, 3), (1, 2), (0, 3))]
    known: frozenset[Shown] = frozenset()
    for span in spans:
        known |= showable(tally, span, known)
    periods = {one.period for one in known if one.who == "total"}
    assert periods == {spans[0], spans[1]}


def test_the_remainder_of_a_whole_is_a_group_too() -> None:
    """20 cases, 18 of them urgent: that two are not is not told."""
    tally = population(20, 0)
    tally.each("urgent", "all", [(["yes"], (WOMEN, JANUARY))] * 18, ["yes"])
    assert Shown("all", "total", FIRST) in showable(tally, FIRST, ())
    assert Shown("urgent:yes", "total", FIRST) not in showable(tally, FIRST, ())


def test_one_small_party_takes_another_with_it() -> None:
    """Raised by: 12, 8, 6 and 2. The two are hidden, and so are the six: the rest of 28 would tell."""
    tally = population(28, 0)
    by = [party for party, n in (("a", 12), ("b", 8), ("c", 6), ("d", 2)) for _ in range(n)]
    tally.split("by", "all", [(party, (WOMEN, JANUARY)) for party in by], ["a", "b", "c", "d"])
    found = {one.row for one in showable(tally, FIRST, ()) if one.who == "total"}
    assert found == {"all", "by:a", "by:b"}


def test_what_was_shown_of_a_row_that_is_gone_does_not_matter() -> None:
    assert shown(population(9, 9), before=frozenset({Shown("old", "women", BOTH)})) == {
        "total",
        "women",
        "men",
    }
