"""A person finds what happened to them some years ago; with and without scripts, on a phone and at a desk."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import expect

from carnet.demo.cast import record_id
from carnet.health import reading
from tests.journeys.conftest import Visitor
from tests.journeys.lists import SCREENS, count

pytestmark = pytest.mark.usefixtures("fits")


@pytest.fixture(scope="module", autouse=True)
def read(server: str) -> None:
    while reading.read_record(record_id("dominique")):
        time.sleep(0.1)


@SCREENS
def test_a_stay_of_some_years_ago_is_found_in_three_acts(visitor: Visitor) -> None:
    # given Dominique at home, who was operated on in 2024
    visitor.signs_in_as("dominique")
    # when she opens her history, keeps the hospital, and that year
    visitor.clicks("Histoire de santé")
    everything = count(visitor)
    visitor.page.locator("#choix a.cn-chip", has_text="Hôpital").click()
    expect(visitor.page.locator("#choix a[aria-current]")).to_contain_text("Hôpital")
    visitor.page.locator("#annees a.cn-chip", has_text=re.compile("^2024")).click()
    expect(visitor.page.locator("#annees a[aria-current]")).to_contain_text("2024")
    # then her stay is there, with its days and what was written in it
    assert 0 < count(visitor) < everything
    stay = visitor.page.locator("#liste li", has_text="Séjour à l").first
    expect(stay).to_contain_text(re.compile(r"Du\s18\sau\s19\smars"))
    expect(stay.get_by_role("link", name="Compte rendu opératoire")).to_be_visible()
    assert visitor.faults() == []
    # and its source opens
    stay.get_by_role("link").first.click()
    expect(visitor.page).to_have_url(re.compile("/documents/"))


def test_the_history_goes_on_where_the_page_ended(visitor: Visitor) -> None:
    visitor.signs_in_as("dominique")
    visitor.goes_to("/histoire")
    shown = visitor.page.locator("#liste ol > li")
    first = shown.first.get_attribute("id")
    visitor.clicks("Voir la suite")
    expect(visitor.page.locator(f"#{first}")).to_have_count(0)
    assert shown.count() > 0
    visitor.clicks("Revenir au début")
    expect(shown.first).to_have_attribute("id", first or "")
