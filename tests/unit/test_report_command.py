"""What `samtid report` is told, and how it hands the report out."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.report_command import Asked, CannotReport, hand_out, page_asked, period_asked, rendered
from bot.report_formats import ReportFormat
from schedules.domain.figures.month import Month, Period
from schedules.domain.figures.page import WHOLE, Page, PageKind
from schedules.texts.words import Words
from tests.support.report_examples import an_example

ENGLISH = Words("en")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (Asked("2026-01", "2026-02"), WHOLE),
        (Asked("2026-01", "2026-02", association=True), WHOLE),
        (Asked("2026-01", "2026-02", team="tierp"), Page(PageKind.TEAM, "tierp")),
        (Asked("2026-01", "2026-02", municipality="Tierp"), Page(PageKind.MUNICIPALITY, "Tierp")),
    ],
)
def test_one_page(asked: Asked, expected: Page) -> None:
    assert page_asked(asked, ENGLISH) == expected
    assert period_asked(asked, ENGLISH) == Period(Month(2026, 1), Month(2026, 2))


def test_two_pages_are_refused() -> None:
    with pytest.raises(CannotReport, match="Choose only one"):
        page_asked(Asked("2026-01", "2026-02", team="tierp", association=True), ENGLISH)


@pytest.mark.parametrize(
    ("since", "until", "problem"),
    [("2026-13", "2026-12", "2026-13 is no month"), ("2026-02", "2026-01", "comes after the last")],
)
def test_months_that_cannot_be(since: str, until: str, problem: str) -> None:
    with pytest.raises(CannotReport, match=problem):
        period_asked(Asked(since, until), ENGLISH)


def test_text_for_the_terminal_has_every_table() -> None:
    printed = rendered(an_example(), ReportFormat.TEXT, ENGLISH).decode()
    assert "Samverkansteam Tierp, July 2026–December 2026" in printed
    assert "Participants in the terms of SUS" in printed
    assert "hidden" in printed


def test_files_and_charts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for form, begins in (
        (ReportFormat.CSV, b"\xef\xbb\xbf"),
        (ReportFormat.XLSX, b"PK"),
        (ReportFormat.JSON, b"{"),
    ):
        out = tmp_path / f"r.{form}"
        hand_out(an_example(), form, out, ENGLISH)
        assert out.read_bytes().startswith(begins)
    hand_out(an_example(), ReportFormat.PNG, tmp_path / "charts", ENGLISH)
    drawn = {path.name for path in (tmp_path / "charts").iterdir()}
    assert drawn == {"persons.png", "raised_by.png", "attendance.png", "follow_up.png"}
    assert capsys.readouterr().out.count("Wrote ") == 7


def test_a_file_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(CannotReport, match=r"no/r\.json: No such file"):
        hand_out(an_example(), ReportFormat.JSON, tmp_path / "no" / "r.json", ENGLISH)
