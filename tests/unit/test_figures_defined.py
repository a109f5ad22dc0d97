"""Every figure of a report has one definition in docs/figures.md, and a case counted by hand."""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest

from schedules.reports.json_file import as_data
from tests.support.report_examples import an_example
from tests.support.samtid_process import ROOT

DOCS = (ROOT / "docs" / "figures.md").read_text(encoding="utf-8")
BY_HAND = (ROOT / "tests" / "unit" / "test_figures_by_hand.py").read_text(encoding="utf-8")
DATA = json.loads(json.dumps(as_data(an_example())))


def figures() -> set[str]:
    """The names of all figures in the JSON; of a table's rows the table's."""
    party = set(DATA["parties"][0]) - {"party"}
    rows = {one["row"] for one in DATA["counts"]}
    return {*rows, *DATA["waiting"]["total"], *DATA["meetings"], *party, "evenness_percent"}


def defined() -> Counter[str]:
    """The names in the part of the docs that defines: `like_this`."""
    part = DOCS[DOCS.index("\n## Counts\n") : DOCS.index("\n**Goals** come from")]
    return Counter(re.findall(r"`([a-z_]+)`", part)) - Counter(["like_this", "first_contact_days"])


def test_each_figure_is_defined_once_and_nothing_else_is() -> None:
    assert defined() == Counter(figures())


@pytest.mark.parametrize("name", sorted(figures()))
def test_each_figure_is_counted_by_hand(name: str) -> None:
    short = {"evenness_percent": "evenness", "attendance_percent": "attendance"}.get(name, name)
    assert re.search(rf'["\.]{short}\b', BY_HAND), f"no test by hand of {name}"
