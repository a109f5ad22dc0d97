"""A coordinator's working day in Chromium: axe-core finds nothing serious, and the README gets its pictures.

`SAMTID_SCREENSHOTS=1 pytest tests/browser/test_coordinators_day.py` writes the pictures of docs/images anew;
with a folder instead of 1 it leaves a picture of every view there.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.links import answer_links, letter_link
from tests.support.programs import require_chromium, require_node_module
from tests.support.raised import absent, call_parties, decline, raise_case
from tests.support.raising import raised
from tests.support.rig import Rig, rig
from tests.support.samtid_process import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, ViewportSize

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
WIDE: ViewportSize = {"width": 1280, "height": 800}
TALL: ViewportSize = {"width": 1280, "height": 1320}
README = {"day-home", "day-cancel", "day-decline", "day-answer"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = require_chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield found
        found.close()


@pytest.fixture
def day(tmp_path: Path, browser: Browser) -> Iterator[Rig]:
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
        for context in browser.contexts:
            context.close()
        assert found.local.workspace.problems() == ()


def visit(browser: Browser, address: str, **how: object) -> Page:
    page = browser.new_page(**{"viewport": WIDE, "reduced_motion": "reduce", "locale": "sv-SE", **how})  # type: ignore[arg-type]  # one dict of several sorts
    page.set_default_timeout(10_000)
    page.goto(address)
    if "as=" in address:
        page.wait_for_selector("body[data-live]")
    return page


def as_person(browser: Browser, r: Rig, who: str, at: str = "home") -> Page:
    return visit(browser, f"{r.url}/?as={r.person(who).slack[0]}&at={at}")


def look(page: Page, name: str) -> None:
    """Nothing serious for axe-core; a picture where one is asked for."""
    source = (require_node_module("axe-core") / "axe.min.js").read_text(encoding="utf-8")
    page.evaluate(source)
    found = page.evaluate("axe.run()")["violations"]
    worst = [
        f"{one['id']}: {node['html'][:160]}"
        for one in found
        for node in one["nodes"]
        if one["impact"] in {"serious", "critical"}
    ]
    assert worst == []
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


def test_the_coordinators_pages(browser: Browser, day: Rig) -> None:
    home = as_person(browser, day, "helena")
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
    home.close()


def test_the_representatives_pages(browser: Browser, day: Rig) -> None:
    page = as_person(browser, day, "nasrin", "")
    with_modal(page, "Jag kan inte")
    look(page, "day-decline")
    page.close()
    narrow = {"width": 400, "height": 900}
    look(visit(browser, answer_links(day, "nasrin")[0], viewport=narrow), "day-answer")
    day.actor("maja").click("case_show")
    letter = letter_link(day, "maja")
    case = as_person(browser, day, "maja", "")
    case.get_by_role("dialog").wait_for()
    look(case, "case-maja")
    with_modal(case, "Ändra ärendet")
    look(case, "case-change")
    case.close()
    look(visit(browser, str(letter), viewport={"width": 800, "height": 900}), "letter")
