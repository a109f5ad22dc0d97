"""The charts as pictures: told apart without seeing colours, and the docs show them as they are drawn today.

`SAMTID_SCREENSHOTS=1 pytest tests/unit/test_charts_drawn.py` writes the charts of docs/images anew.
"""

from __future__ import annotations

import io
import os
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageChops

from schedules.domain.chart import Chart
from schedules.reports.charts import CARD, DARK_BLUE, INK, LIGHT_BLUE, ORANGE, png
from schedules.texts.report_charts import report_charts
from schedules.texts.words import Words
from tests.support.report_examples import an_example
from tests.support.samtid_process import ROOT

IMAGES = ROOT / "docs" / "images"
CHARTS = {chart.name: chart for chart in report_charts(an_example(), Words("sv"))}
# Machado, Oliveira and Fernandes (2009), complete; in linear RGB.
SEEN_BY: dict[str, list[list[float]]] = {
    "everybody": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def luminance(colour: str, seen_by: str) -> float:
    """Relative luminance (WCAG 2.2) of a colour as somebody sees it."""
    channels = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.array(SEEN_BY[seen_by]) @ linear, 0, 1)
    return float(seen @ np.array([0.2126, 0.7152, 0.0722]))


def contrast(one: str, other: str, seen_by: str) -> float:
    light, dark = sorted((luminance(one, seen_by), luminance(other, seen_by)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("seen_by", SEEN_BY)
def test_women_and_men_are_told_apart_by_lightness_alone(seen_by: str) -> None:
    assert contrast(DARK_BLUE, ORANGE, seen_by) >= 3
    assert contrast(INK, CARD, seen_by) >= 7
    assert contrast(INK, LIGHT_BLUE, seen_by) >= 4.5  # a bar's edge


def image(raw: bytes) -> Image.Image:
    return Image.open(io.BytesIO(raw)).convert("RGB")


def unlike(one: Image.Image, other: Image.Image) -> float:
    """The share of pixels that plainly differ."""
    if one.size != other.size:
        return 1.0
    return float(np.mean(np.asarray(ImageChops.difference(one, other)).max(axis=2) > 60))


def grey(chart: Chart) -> Image.Image:
    return image(png(chart)).convert("L").convert("RGB")


def test_women_and_men_stay_apart_in_grey() -> None:
    """The same figures the other way round give another picture even without colours."""
    chart = CHARTS["persons"]
    women, men = chart.bars
    turned = replace(chart, bars=(replace(men, label=women.label), replace(women, label=men.label)))
    assert unlike(grey(chart), grey(turned)) > 0.01


@pytest.mark.parametrize("name", CHARTS)
def test_the_docs_show_the_chart_as_it_is_drawn(name: str) -> None:
    path, drawn = IMAGES / f"figures-{name}.png", png(CHARTS[name])
    if os.environ.get("SAMTID_SCREENSHOTS") == "1":
        path.write_bytes(drawn)
    assert unlike(image(path.read_bytes()), image(drawn)) < 0.005
    assert f"images/{path.name}" in (ROOT / "docs" / "figures.md").read_text(encoding="utf-8")


def test_what_is_hidden_has_no_bar() -> None:
    """Of the chart itself nobody can read how long a hidden bar would be."""
    bars = CHARTS["raised_by"].bars[0]
    assert [value for value, said in zip(bars.values, bars.said, strict=True) if said == "dolt"] == [
        None,
        None,
    ]
    shown = replace(CHARTS["raised_by"], bars=(replace(bars, values=(30, 20, 0, 0)),))
    assert unlike(image(png(CHARTS["raised_by"])), image(png(shown))) < 0.005  # italics aside
