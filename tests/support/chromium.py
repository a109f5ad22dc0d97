"""Chromium for the browser tests: one a worker, whose tabs are used again.

Measured in processor time: a context of one's own takes a second, one more tab half a second, and another
address in a tab that is there a sixth. So a test gets tabs that others are done with, made as good as new.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.programs import require_chromium, require_node_module

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Playwright, ViewportSize

WIDE: ViewportSize = {"width": 1280, "height": 800}
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
_PLAIN: dict[str, Any] = {"media": "null", "color_scheme": "light", "reduced_motion": "no-preference"}
_SERIOUS = ("serious", "critical")
_FOUND = """
async ([options, impacts]) => {
    const {violations} = await axe.run({...options, resultTypes: ['violations']});
    return violations
        .filter((one) => !impacts.length || impacts.includes(one.impact))
        .flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 160)}`));
}
"""


@dataclass
class Tabs:
    """The tabs of one language, with or without JavaScript. `heard` is what their pages complained of."""

    context: BrowserContext
    free: list[Page] = field(default_factory=list)
    taken: list[Page] = field(default_factory=list)
    heard: list[tuple[str, str]] = field(default_factory=list)

    def open(self, viewport: ViewportSize, timeout: float, **media: Any) -> Page:
        """An empty tab; `media` as `emulate_media` takes it, `timeout` in milliseconds."""
        page = self.free.pop() if self.free else self._made()
        page.set_default_timeout(timeout)
        page.set_viewport_size(viewport)
        page.emulate_media(**{**_PLAIN, **media})
        page.bring_to_front()  # one behind another is drawn once a second
        self.taken.append(page)
        return page

    def _made(self) -> Page:
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.heard.append(("pageerror", str(error))))
        page.on("console", lambda said: self.heard.append((said.type, said.text)))
        page.on("requestfailed", lambda request: self.heard.append(("requestfailed", request.url)))
        return page

    def put_back(self, page: Page) -> None:
        """Leave the page; its tab is for whoever comes next."""
        self.taken.remove(page)
        page.goto("about:blank")
        self.free.append(page)

    def clear(self) -> None:
        """Put every tab back, and forget what was kept and heard."""
        for page in tuple(self.taken):
            self.put_back(page)
        self.context.clear_cookies()
        self.heard.clear()


@dataclass
class Chromium:
    """A running browser and its tabs."""

    playwright: Playwright
    browser: Browser
    _tabs: dict[tuple[str, bool], Tabs] = field(default_factory=dict)

    def tabs(self, locale: str = "en-US", *, javascript: bool = True) -> Tabs:
        """Tabs that share everything but what they show."""
        kind = locale, javascript
        if kind not in self._tabs:
            context = self.browser.new_context(locale=locale, java_script_enabled=javascript)
            self._tabs[kind] = Tabs(context)
        return self._tabs[kind]

    def clear(self) -> None:
        """As before any test."""
        for tabs in self._tabs.values():
            tabs.clear()

    def close(self) -> None:
        """End it."""
        self.browser.close()
        self.playwright.stop()


_running: list[Chromium] = []


def _started() -> Chromium:
    if not _running:
        path = require_chromium()
        from playwright.sync_api import sync_playwright

        playwright = sync_playwright().start()
        browser = playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
        _running.append(Chromium(playwright, browser))
    return _running[0]


@pytest.fixture
def chromium() -> Iterator[Chromium]:
    """The worker's browser, as before any test."""
    found = _started()
    yield found
    found.clear()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> Iterator[None]:
    """After the last test with a browser it ends: its event loop would be in the way of others."""
    yield
    if _running and (nextitem is None or nextitem.get_closest_marker("browser") is None):
        _running.pop().close()


def serious(page: Page) -> list[str]:
    """What axe-core finds serious or critical, as "rule: element"."""
    return violations(page, {}, _SERIOUS)


def violations(page: Page, options: dict[str, Any], impacts: tuple[str, ...] = ()) -> list[str]:
    """What axe-core finds with its `options`, of these impacts or of any, as "rule: element"."""
    if not page.evaluate("'axe' in window"):
        page.evaluate((require_node_module("axe-core") / "axe.min.js").read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(_FOUND, [options, list(impacts)])
    return found


def calm(page: Page) -> None:
    """Wait until nothing is asked of the server or being put in place."""
    page.wait_for_function("() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')")
