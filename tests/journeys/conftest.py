"""Visitors of the journeys: who sits at which screen, and what they do there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from carnet.kernel.actor import Actor
from tests.sessions import COOKIE, session_of

PHONE, DESKTOP, NARROW = (390, 844), (1280, 900), (320, 700)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A journey is made in one way in the short run (which one is told by its name), and in all of them in the long
    one."""
    ways = defaultdict[tuple[object, ...], list[pytest.Item]](list)
    for item in items:
        if "tests/journeys/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
            if item.get_closest_marker("long") is None:
                ways[_journey(item)].append(item)
    for name, found in ways.items():
        chosen = crc32(repr(name).encode()) % len(found)
        for number, item in enumerate(found):
            if number != chosen:
                item.add_marker(pytest.mark.long)


def _journey(item: pytest.Item) -> tuple[object, ...]:
    """Its name, with all that it turns on but who sits at which screen."""
    callspec = getattr(item, "callspec", None)
    given = {} if callspec is None else callspec.params
    if "visitor" not in given:
        return (item.nodeid,)
    others = {name: repr(value) for name, value in given.items() if name not in {"visitor", "language"}}
    return item.path.name, getattr(item, "originalname", item.name), tuple(sorted(others.items()))


@dataclass
class Visitor:
    """Somebody at a screen. `given`, `when` and `then` of a journey are calls on it."""

    base: str
    context: BrowserContext
    page: Page

    def goes_to(self, path: str) -> None:
        self.page.goto(self.base + path)

    def signs_in_as(self, key: str) -> None:
        self.goes_to("/demo/connexion")
        self.page.click(f"button[value={key}]")
        self.page.wait_for_url(lambda url: "/demo/" not in url)
        if self.page.url.endswith("/pro/situation"):
            self.page.click("main form button >> nth=0")
            self.page.wait_for_url("**/pro/")

    def sits_as(self, who: Actor) -> None:
        """Signed in already, as somebody made for one test."""
        self.context.add_cookies([{"name": COOKIE, "value": session_of(who), "url": self.base}])

    def speaks(self, language: str) -> None:
        self.context.add_cookies([{"name": "carnet_language", "value": language, "url": self.base}])

    def clicks(self, name: str, role: Any = "link") -> None:
        self.page.get_by_role(role, name=name).first.click()
        self.page.wait_for_load_state()

    def sees(self, text: str) -> bool:
        return self.page.get_by_text(text).first.is_visible()

    def heading(self) -> str:
        return self.page.inner_text("h1").replace("\u00a0", " ")

    def faults(self) -> list[str]:
        """What the accessibility rules (axe) find on this page."""
        # Of what passes nothing is asked: telling it takes as long as looking.
        asked = {"runOnly": RULES, "resultTypes": ["violations"]}
        found = Axe().run(self.page, options=asked).response["violations"]
        return [f"{fault['id']}: {node['html'][:100]}" for fault in found for node in fault["nodes"]]

    def sideways(self, width: int) -> int:
        """By how many pixels the page is wider than a screen of this width."""
        height = (self.page.viewport_size or {"height": 800})["height"]
        self.page.set_viewport_size({"width": width, "height": height})
        wider: int = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        return wider

    def sideways_enlarged(self) -> int:
        """The same on this screen, with letters twice as large."""
        wider: int = self.page.evaluate(
            "{ const root = document.documentElement; root.style.fontSize = '200%';"
            " const wider = root.scrollWidth - window.innerWidth; root.style.fontSize = ''; wider }"
        )
        return wider


@pytest.fixture
def visitor(request: pytest.FixtureRequest, browser: Browser, server: str) -> Iterator[Visitor]:
    """At a desktop with scripts off, unless `@pytest.mark.parametrize("visitor", [{…}], indirect=True)` says else."""
    settings = {"size": DESKTOP, "scripts": False, "dark": False} | getattr(request, "param", {})
    width, height = settings["size"]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        java_script_enabled=settings["scripts"],
        color_scheme="dark" if settings["dark"] else "light",
        locale="fr-FR",
    )
    yield Visitor(server, context, context.new_page())
    context.close()


@pytest.fixture
def fits(visitor: Visitor) -> Iterator[None]:
    """Where a journey ends, the page is accessible and fits the narrowest screen (axe needs a page with scripts)."""
    yield
    scripted = visitor.page.evaluate("typeof htmx") == "object"
    assert not (visitor.faults() if scripted else [])
    assert visitor.sideways(NARROW[0]) <= 0
