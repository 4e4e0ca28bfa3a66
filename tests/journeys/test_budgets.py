"""The budgets of a page, measured in a real browser on a slow line, and at the server. Other work on the machine only
ever slows a page down: the best of a few runs is what the page itself takes."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx2
import pytest
from playwright.sync_api import Browser

from carnet.people.queries import actor_by_key
from tests.journeys.conftest import PHONE
from tests.sessions import COOKIE, session_of

FIRST_LOAD, HTML = 100_000, 12_000
FIRST_PAINT = 1000
SERVER = 60
RUNS, REQUESTS = 5, 40
# 1.6 Mbit/s, and 150 ms to every answer.
LINE = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 200_000}
PAGES = ("/", "/accueil", "/documents")

_MEASURED = """() => new Promise(done => {
  let shift = 0;
  new PerformanceObserver(list => list.getEntries().forEach(entry => shift += entry.value))
    .observe({type: 'layout-shift', buffered: true});
  new PerformanceObserver(list => list.getEntriesByName('first-contentful-paint').forEach(paint =>
    setTimeout(() => done([
      paint.startTime, shift,
      [...performance.getEntriesByType('resource'), ...performance.getEntriesByType('navigation')]
        .reduce((sum, entry) => sum + entry.encodedBodySize, 0),
      performance.getEntriesByType('navigation')[0].encodedBodySize,
    ]), 300))
  ).observe({type: 'paint', buffered: true});
})"""


@dataclass(frozen=True)
class Load:
    """Milliseconds to the first paint, how far things moved, bytes on the line, and those of the page itself."""

    paint: float
    shift: float
    weight: int
    html: int


@pytest.fixture
def signed_in(server: str) -> str:
    person = actor_by_key("dominique")
    assert person
    return session_of(person)


def first_load(browser: Browser, address: str, session: str) -> Load:
    """By somebody whose browser has never been here, on a phone."""
    context = browser.new_context(viewport={"width": PHONE[0], "height": PHONE[1]}, locale="fr-FR")
    context.add_cookies([{"name": COOKIE, "value": session, "url": address}])
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", LINE)
    page.goto(address)
    # A page that nobody looks at is not painted.
    page.screenshot()
    load = Load(*page.evaluate(_MEASURED))
    context.close()
    return load


def best(measure: Callable[[], float], limit: float) -> float:
    found = [measure()]
    while min(found) > limit and len(found) < RUNS:
        found.append(measure())
    return min(found)


@pytest.mark.parametrize("path", PAGES)
def test_a_first_load_is_light_and_does_not_move(browser: Browser, server: str, signed_in: str, path: str) -> None:
    load = first_load(browser, server + path, signed_in)
    assert load.weight <= FIRST_LOAD
    assert load.html <= HTML
    assert load.shift == 0


@pytest.mark.long
@pytest.mark.parametrize("path", PAGES)
def test_it_is_soon_there_on_a_slow_line_and_does_not_move_then_either(
    browser: Browser, server: str, signed_in: str, path: str
) -> None:
    loads = []

    def paint() -> float:
        loads.append(first_load(browser, server + path, signed_in))
        return loads[-1].paint

    assert best(paint, FIRST_PAINT) <= FIRST_PAINT
    assert [load.shift for load in loads] == [0] * len(loads)


@pytest.mark.parametrize("path", PAGES[1:])
def test_the_server_makes_a_page_of_the_rich_record_in_time(server: str, signed_in: str, path: str) -> None:
    """The quickest of forty: other tests run beside this one."""
    assert best(lambda: min(times(server, signed_in, path)), SERVER) <= SERVER


@pytest.mark.long
@pytest.mark.parametrize("path", PAGES[1:])
def test_nineteen_of_twenty_are_as_quick(server: str, signed_in: str, path: str) -> None:
    assert best(lambda: statistics.quantiles(times(server, signed_in, path), n=20)[-1], SERVER) <= SERVER


def times(server: str, signed_in: str, path: str) -> list[float]:
    """Of forty requests, in ms."""
    found = []
    with httpx2.Client(base_url=server, cookies={COOKIE: signed_in}) as client:
        for _ in range(REQUESTS):
            began = time.perf_counter()
            assert client.get(path).status_code == 200
            found.append(1000 * (time.perf_counter() - began))
    return found
