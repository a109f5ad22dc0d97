"""The figures as a message in Chromium, in both colour themes: charts, alternative texts, axe-core.

`SAMTID_SCREENSHOTS=1 pytest tests/browser/test_figures_message.py` writes the docs' picture anew; with a
folder instead of 1 it leaves a picture of each theme there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

from schedules.services.letters import About, tell
from schedules.texts.report_message import report_message
from schedules.texts.words import Words
from tests.browser.test_coordinators_day import _keep, look, visit
from tests.support.chromium import Chromium
from tests.support.report_examples import an_example
from tests.support.rig import Rig, rig
from tests.support.samtid_process import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import ViewportSize

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """The process leader has been sent a term's figures."""
    with rig(tmp_path_factory.mktemp("reported")) as found:
        with found.office.unit_of_work() as uow:
            message = report_message(an_example(), Words("sv"))
            tell(uow, found.office, found.person("birgitta"), message, "term", About())
            uow.commit()
        found.settle()
        yield found
        assert found.local.workspace.problems() == ()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_charts_are_seen_and_read_aloud(
    chromium: Chromium, reported: Rig, theme: Literal["light", "dark"]
) -> None:
    birgitta = reported.actor("birgitta")
    address = f"{reported.url}/?as={birgitta.user_id}&at={birgitta.direct_message}"
    tall: ViewportSize = {"width": 1000, "height": 2600}
    page = visit(chromium, address, tall, theme)
    pictures = page.locator("figure img.picture")
    pictures.last.wait_for()
    page.wait_for_function("[...document.images].every((one) => one.complete && one.naturalWidth > 0)")
    assert [one.get_attribute("alt") for one in pictures.all()] == [
        chart.alt for chart in report_message(an_example(), Words("sv")).charts
    ]
    assert page.get_by_role("img", name="Stapeldiagram: Närvaro").count() == 1
    look(page, f"figures-message-{theme}")
    if os.environ.get("SAMTID_SCREENSHOTS") == "1" and theme == "dark":
        _keep(page, Path(ROOT / "docs" / "images" / "figures-message.png"))
