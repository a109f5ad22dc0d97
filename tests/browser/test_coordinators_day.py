"""A coordinator's working day in Chromium: axe-core finds nothing serious, and the README gets its pictures.

`SAMTID_SCREENSHOTS=1 pytest tests/browser/test_coordinators_day.py` writes the pictures of docs/images anew;
with a folder instead of 1 it leaves a picture of every view there.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

from tests.support.chromium import WIDE, Chromium, calm, serious
from tests.support.links import answer_links, letter_link
from tests.support.raised import absent, call_parties, decline, raise_case
from tests.support.raising import raised
from tests.support.rig import Rig, rig
from tests.support.samtid_process import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Page, ViewportSize

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
TALL: ViewportSize = {"width": 1280, "height": 1320}
README = {"day-home", "day-cancel", "day-decline", "day-answer"}


@pytest.fixture
def day(tmp_path: Path, chromium: Chromium) -> Iterator[Rig]:
    """A Thursday: something to confirm, somebody who cannot come, somebody who is silent."""
    with rig(tmp_path) as found:
        absent(found, "sofia")
        call_parties(found, others=["fk", "af"])
        decline(found, "daniel")
        raised(found, "samuel", parties=["fk"], person_takes_part="not_yet_asked").close(everything=True)
        found.settle()
        found.pass_time(days=3)
        raise_case(found, others=["fk", "af"], urgent=True)
        found.settle()
        yield found
        chromium.clear()
        assert found.local.workspace.problems() == ()


def visit(
    chromium: Chromium,
    address: str,
    viewport: ViewportSize = WIDE,
    scheme: Literal["light", "dark"] = "light",
) -> Page:
    page = chromium.tabs("sv-SE").open(viewport, 10_000, color_scheme=scheme, reduced_motion="reduce")
    go(page, address)
    return page


def go(page: Page, address: str) -> None:
    """Show another page in the same tab."""
    page.goto(address)
    if "as=" in address:
        page.wait_for_selector("body[data-live]")
        calm(page)


def home_of(r: Rig, who: str, at: str = "home") -> str:
    """Address of the workspace as somebody sees it."""
    return f"{r.url}/?as={r.person(who).slack[0]}&at={at}"


def look(page: Page, name: str) -> None:
    """Nothing serious for axe-core; a picture where one is asked for."""
    assert serious(page) == []
    wanted = os.environ.get("SAMTID_SCREENSHOTS")
    if wanted == "1" and name in README:
        _keep(page, ROOT / "docs" / "images" / f"{name}.png")
    elif wanted and wanted != "1":
        _keep(page, Path(wanted) / f"{name}.png")


def _keep(page: Page, path: Path) -> None:
    """In 128 colours: a third of the size, and nobody sees it."""
    from PIL import Image

    image = Image.open(io.BytesIO(page.screenshot(full_page=True)))
    image.convert("RGB").quantize(128).save(path, optimize=True)


def with_modal(page: Page, label: str) -> None:
    """Press the first button of that name and wait for what opens."""
    page.get_by_role("button", name=label, exact=True).first.click()
    page.locator("#modal[open] #modal-form").wait_for()
    page.wait_for_function("document.querySelector('#modal').contains(document.activeElement)")


def test_the_coordinators_pages(chromium: Chromium, day: Rig) -> None:
    home = visit(chromium, home_of(day, "helena"))
    home.get_by_role("heading", name="Tider att bekräfta").wait_for()
    home.set_viewport_size(TALL)
    look(home, "day-home")
    home.set_viewport_size(WIDE)
    for name, label in [
        ("day-cancel", "Ställ in mötet"),
        ("case", "Visa ärendet"),
        ("absence", "Lägg in frånvaro"),
        ("handover", "Lämna över uppdrag"),
        ("close", "Stäng en period"),
        ("extra", "Lägg till ett möte"),
        ("urgent", "Visa vilka och varför"),
        ("record", "Skriv in ett svar"),
    ]:
        with_modal(home, label)
        look(home, name)
        home.keyboard.press("Escape")
        home.get_by_role("dialog").wait_for(state="hidden")


def test_the_representatives_pages(chromium: Chromium, day: Rig) -> None:
    page = visit(chromium, home_of(day, "nasrin", ""))
    with_modal(page, "Jag kan inte")
    look(page, "day-decline")
    day.actor("maja").click("case_show")
    letter = letter_link(day, "maja")
    go(page, home_of(day, "maja", ""))
    page.get_by_role("dialog").wait_for()
    look(page, "case-maja")
    with_modal(page, "Ändra ärendet")
    look(page, "case-change")
    page.set_viewport_size({"width": 800, "height": 900})
    go(page, str(letter))
    look(page, "letter")
    page.set_viewport_size({"width": 400, "height": 900})
    go(page, answer_links(day, "nasrin")[0])
    look(page, "day-answer")
