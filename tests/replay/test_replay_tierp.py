"""Tierp from 2018-04-01 to 2020-03-31 by commands alone: 28 meetings and 73 persons, and every other figure.

DOMAIN.md has Tierp's result; tests/replay/tierp has what happened, line by line. The report is compared with
what is counted from those lines alone, and with what of it may be shown.
"""

from __future__ import annotations

from pathlib import Path

from tests.support.plan_rows import rows
from tests.support.tierp_ledger import by_person, lines
from tests.support.tierp_report import said
from tests.support.tierp_script import Tierp, begun
from tests.support.tierp_tally import Figures, counted, shown

LEFT_OUT = 61  # a man, raised in November 2019


def persons(figures: Figures, row: str) -> tuple[float | None, ...]:
    return tuple(figures[f"{row} {who}"] for who in ("women", "men", "total"))


def check_every_figure(tierp: Tierp, expected: tuple[int, int, int]) -> None:
    """The report, figure by figure, is the ledger's count; what may not be shown is not."""
    report = said(tierp.report())
    assert report == shown(counted(tierp.ledger, tierp.plan))
    assert report["meetings held"] == 28
    for row in ("persons_met", "two_organisations"):
        assert persons(report, row) == expected


def check_all_delivered(tierp: Tierp) -> None:
    """Nothing that was due is left, and the process leader has got the four terms' reports."""
    database = tierp.replay.it.database
    assert rows(database, "SELECT id FROM outbox WHERE status NOT IN ('sent', 'superseded', 'dropped')") == []
    terms = "SELECT id FROM outbox WHERE stream LIKE 'chat:U0001:term:%' AND status = 'sent'"
    assert len(rows(database, terms)) == 4


def test_73_persons_at_28_meetings_and_one_person_fewer_gives_72(
    sqlite_template: Path, tmp_path: Path
) -> None:
    """The second replay parts from the first on the day on which the person would have been raised."""
    (tmp_path / "fewer").mkdir()
    tierp = begun(sqlite_template, tmp_path)
    tierp.until(tierp.raised(LEFT_OUT))
    fewer = tierp.without(LEFT_OUT, tmp_path / "fewer")
    try:
        check_every_figure(tierp, (44, 29, 73))
        check_all_delivered(tierp)
        check_every_figure(fewer, (44, 28, 72))
    finally:
        tierp.replay.it.database.close()
        fewer.replay.it.database.close()


def test_the_ledger_is_as_hard_as_life() -> None:
    """What a wrong count could trip over is in it: no count of lines, times or referrals is 73."""
    people = by_person(lines())
    met = [person for person in people.values() if any(line.held for line in person)]
    assert len(met) == 73
    assert len(people) > 73
    assert sum(line.held for line in lines()) > 73
    ways = {line.outcome for line in lines()}
    assert {"not_held", "moved", "withdrawn", "new_meeting"} <= ways
    assert any(len(line.present) == 1 for person in met for line in person)
    assert {said.how for line in lines() for said in line.answers} == {"+", "~", "!"}
