"""Tierp from 2018-04-01 to 2020-03-31 by commands alone: 28 meetings and 73 persons, and every other figure.

DOMAIN.md has Tierp's result. tests/replay/tierp/ has the script; the figures are counted from it by hand.
"""

from __future__ import annotations

from pathlib import Path

from tests.support.tierp_script import Tierp
from tests.support.tierp_tally import counted
from tests.support.tierp_report import said


def test_the_report_gives_every_figure(sqlite_template: Path, tmp_path: Path) -> None:
    tierp = Tierp(sqlite_template, tmp_path)
    try:
        made = tierp.run()
    finally:
        tierp.replay.it.database.close()
    got, want = said(made), counted(tierp.ledger, tierp.plan)
    bad = {k: (got.get(k, "-"), want.get(k, "-")) for k in {*got, *want} if got.get(k, "-") != want.get(k, "-")}
    for k in sorted(bad): print(k, bad[k])
    print(tierp.replay.ticks, tierp.replay.done, tierp.replay.failures)
    assert not bad
