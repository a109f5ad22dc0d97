"""The answer page and the letter in Chromium: WCAG 2.2 AA by axe-core, by keyboard, in a narrow window."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from schedules.domain.opinions import Question, Questionnaire
from schedules.services.climate_survey import apply_questionnaire
from tests.support.chromium import WIDE, Chromium, violations
from tests.support.links import answer_links, form_link, letter_link
from tests.support.raised import call_parties, value
from tests.support.rig import Rig, rig

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture
def r(tmp_path: Path, chromium: Chromium) -> Iterator[Rig]:
    with rig(tmp_path) as found:
        call_parties(found)
        yield found
        chromium.clear()
        assert found.local.workspace.problems() == ()


def link_of(r: Rig, name: str) -> str:
    """The answer page, the letter, the survey, or a page that only says that there is none."""
    if name == "form":
        return survey_link(r)
    if name == "letter":
        r.actor("maja").click("case_show")
        return str(letter_link(r, "maja"))
    found = answer_links(r, "nasrin")[-1]
    return found if name == "answer" else found + "0"


def survey_link(r: Rig) -> str:
    """The year's survey, which opens today, of somebody without Slack."""
    questions = (Question("trust", "Vi litar på varandra.", "We trust each other."),)
    today = r.office.today()
    apply_questionnaire(r.office, Questionnaire(today.month, today.day, questions), "test")
    r.settle()
    return form_link(r, "petter", "enkat")


def visit(chromium: Chromium, url: str) -> Page:
    """Open a page, which needs no JavaScript of its own."""
    page = chromium.tabs().open(WIDE, 5000)
    page.goto(url)
    return page


@pytest.mark.parametrize("name", ["answer", "letter", "unknown", "form"])
def test_axe_finds_nothing(chromium: Chromium, r: Rig, name: str) -> None:
    """In both languages, light and dark, on a telephone and on a screen."""
    url = link_of(r, name)
    page = visit(chromium, url)
    for language in ("sv", "en"):
        page.goto(f"{url}?lang={language}")
        for width, dark in product((360, 1280), (False, True)):
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme="dark" if dark else "light", reduced_motion="reduce")
            assert violations(page, _RULES) == [], (language, width, dark)
            assert page.evaluate("document.documentElement.scrollWidth") == width


def test_the_axe_check_can_fail(chromium: Chromium, r: Rig) -> None:
    page = visit(chromium, link_of(r, "answer"))
    page.evaluate("document.querySelector('h1').innerHTML = '<img src=data:,>'")
    assert violations(page, _RULES)


def test_answering_by_keyboard_without_javascript(chromium: Chromium, r: Rig) -> None:
    tabs = chromium.tabs(javascript=False)
    page = tabs.open(WIDE, 5000)
    page.goto(link_of(r, "answer"))
    page.get_by_role("radio", name="Något annat").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("Du har svarat att du inte kan komma").wait_for()
    assert value(r, "SELECT answer FROM invitation WHERE person = 'nasrin'") == "declined"
    assert tabs.heard == []
    r.settle()


def test_what_is_missing_is_said_beside_the_field_and_reached_by_link(chromium: Chromium, r: Rig) -> None:
    page = visit(chromium, link_of(r, "answer"))
    page.evaluate("document.querySelectorAll('[required]').forEach(one => one.required = false)")
    page.get_by_role("button", name="Skicka att jag inte kan").click()
    page.get_by_role("alert").get_by_role("link", name="Välj varför du inte kan komma.").click()
    assert page.url.endswith("#reason-0")
    assert violations(page, _RULES) == []
    group = page.get_by_role("group", name="Välj varför")
    described = str(group.get_attribute("aria-describedby"))
    assert page.locator(f"#{described}").inner_text() == "Välj varför du inte kan komma."


def test_the_printed_letter_is_one_page_without_what_is_only_for_the_screen(
    chromium: Chromium, r: Rig
) -> None:
    page = visit(chromium, link_of(r, "letter"))
    page.emulate_media(media="print")
    assert not page.get_by_text("Du skriver ut med Ctrl+P").is_visible()
    assert not page.get_by_role("link", name="English").is_visible()
    assert page.get_by_role("heading", name="Ett möte om ditt stöd").is_visible()
    assert page.pdf(format="A4", prefer_css_page_size=True).count(b"/Type /Page\n") == 1
