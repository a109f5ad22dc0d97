"""The report's files: safe against formulas, complete, and de-identified."""

from __future__ import annotations

import csv
import json
import struct
import zipfile
from io import BytesIO, StringIO
from xml.etree import ElementTree as ET

import pytest

from schedules.reports.charts import png
from schedules.reports.csv_file import csv_bytes, harmless
from schedules.reports.json_file import json_bytes
from schedules.reports.xlsx_file import xlsx_bytes
from schedules.texts.report_charts import report_charts
from schedules.texts.report_message import report_message
from schedules.texts.report_tables import tables
from schedules.texts.words import Words
from tests.support.report_examples import NAMES, an_example

SWEDISH = Words("sv")
EVIL = {
    "kommun": '=HYPERLINK("http://evil.example";"Tierps kommun")',
    "fk": "+1+1",
    "af": "@SUM(1)",
    "vc": "\t=1",
}
EVIL_TITLE = "-2+3 [Tierp]: */?\\"


def csv_rows(raw: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(raw.decode("utf-8-sig"))))


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", "\r=1", "\n=1", "  =1", "＝1"])
def test_what_begins_like_a_formula_is_defused(text: str) -> None:
    assert harmless(text) == f"'{text}"


def test_numbers_and_words_stay() -> None:
    assert [harmless(one) for one in (5, 2.5, None, "Tierp", "1–4 = few")] == [
        5,
        2.5,
        None,
        "Tierp",
        "1–4 = few",
    ]


def test_no_cell_of_the_csv_is_a_formula() -> None:
    rows = csv_rows(csv_bytes(an_example(EVIL, EVIL_TITLE), SWEDISH))
    assert not [
        cell for row in rows for cell in row if cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t"))
    ]
    assert ["'+1+1", "12", "8", "20", "33", ""] in rows


def test_the_workbook_holds_texts_and_numbers_only() -> None:
    raw = xlsx_bytes(an_example(EVIL, EVIL_TITLE), SWEDISH, report_charts(an_example(), SWEDISH))
    with zipfile.ZipFile(BytesIO(raw)) as book:
        assert book.testzip() is None
        sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        assert len(sheets) == 2 + len(tables(an_example(), SWEDISH))
        trees = [ET.fromstring(book.read(name)) for name in sheets]
        strings = book.read("xl/sharedStrings.xml").decode()
        pictures = [name for name in book.namelist() if name.endswith(".png")]
    assert not [cell for tree in trees for cell in tree.iter() if cell.tag.endswith("}f")]
    assert "=HYPERLINK" in strings
    assert len(pictures) == 4


def test_json_speaks_in_keys_and_leaves_out_what_is_suppressed() -> None:
    data = json.loads(json_bytes(an_example()))
    rows = {(one["row"], one["of"]): one for one in data["counts"]}
    whole = {"row": "persons_met", "of": None, "within": None, "women": 36, "men": 24, "total": 60}
    assert rows["persons_met", None] == whole
    assert rows["raised_by", "vc"]["total"] is rows["raised_by", "af"]["total"] is None
    assert rows["raised_by", "fk"]["total"] == 20
    assert data["evenness_percent"] is None
    assert data["waiting"]["total"] == {"median_days": 34.5, "ninetieth_days": 58, "within_goal_percent": 67}
    meetings = {"planned": 10, "held": 9, "cancelled": 1, "moved": 0, "released": 0}
    assert data["meetings"] == {**meetings, "slots_offered": 36, "slots_used": 36}
    assert data["parties"][3]["attendance_percent"] == 67
    assert data["goals"] == {"two_organisations": 30, "attendance_percent": 85, "first_contact_days": 35}
    assert (data["from"], data["to"], data["suppressed_below"]) == ("2026-07", "2026-12", 5)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_table_has_a_cell_a_column_and_every_row_its_words(language: str) -> None:
    found = tables(an_example(), Words(language))
    assert len({table.title for table in found}) == len(found) == 16
    for table in found:
        assert table.rows
        assert all(len(row) == len(table.columns) and row[0] for row in table.rows), table.key


def test_the_yearly_sheet_in_the_terms_of_sus() -> None:
    """60 started; 20 left, 12 of them as planned and 8 broken off."""
    sus = next(table for table in tables(an_example(), SWEDISH) if table.key == "sus")
    assert [(row[0], row[3]) for row in sus.rows] == [
        ("Deltagare som har startat", 60),
        ("Deltagare som har slutat", 20),
        ("– varav avslutade", 12),
        ("– varav avbrutna", 8),
    ]


def test_charts_are_pictures_with_a_title() -> None:
    found = report_charts(an_example(), SWEDISH)
    assert [chart.name for chart in found] == ["persons", "raised_by", "attendance", "follow_up"]
    for chart in found:
        drawn = png(chart)
        assert drawn.startswith(b"\x89PNG\r\n\x1a\n")
        width, height = struct.unpack(">II", drawn[16:24])
        assert width == 1280
        assert 300 < height < 2000
        assert chart.title
        png.cache_clear()
        assert png(chart) == drawn


def test_each_chart_is_said_in_words() -> None:
    said = {chart.name: chart.alt for chart in report_charts(an_example(), SWEDISH)}
    assert said["attendance"] == (
        "Stapeldiagram: Närvaro vid möten som parten kallats till."
        " Samverkansteam Tierp, juli 2026–december 2026."
        " Tierps kommun: 100 % (9/9); Försäkringskassan: 100 % (9/9); Arbetsförmedlingen: 100 % (9/9);"
        " Vårdcentralen Tierp: 67 % (6/9); Mål 85 %."
    )
    assert "Personer vars ärende lyftes: kvinnor 36, män 24;" in said["persons"]
    assert "Vårdcentralen Tierp: dolt." in said["raised_by"]
    assert all(len(alt) < 2000 for alt in said.values())


def test_the_message_has_the_boards_figures_and_their_goals() -> None:
    message = report_message(an_example(), SWEDISH, ["Tierp", "osthammar"])
    lines = [line for section in message.sections for line in section.lines]
    assert "Personer med minst två organisationer på plats: 60 (kvinnor 36, män 24), mål 30" in lines
    assert "Vårdcentralen Tierp: 67 procent (6 av 9), under målet 85" in lines
    assert "Väntetid: median 34,5 dagar, nio av tio högst 58" in lines
    assert "Hållna möten: 9 av 10. Inställda: 1. Flyttade: 0." in lines
    assert "Arbetsförmedlingen: dolt (kvinnor dolt, män dolt)" in lines
    assert message.context is not None
    assert message.context.endswith("Tierp, osthammar.")


def test_no_id_of_a_fact_is_in_any_file() -> None:
    """The example's cases are e0 to e59; names of parties are all that is not a number or a word of ours."""
    raw = json_bytes(an_example()).decode() + csv_bytes(an_example(), SWEDISH).decode()
    assert not [n for n in range(60) if f'"e{n}"' in raw or f",e{n}," in raw]
    assert all(name in raw for name in NAMES.values())
