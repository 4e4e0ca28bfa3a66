"""A person finds what happened to them some years ago; with and without scripts, on a phone and at a desk."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import expect

from carnet.demo.cast import record_id
from carnet.health import reading
from tests.journeys.conftest import PHONE, Visitor
from tests.journeys.keyboard import Keyboard
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
    stay = visitor.page.locator("#liste li", has_text="Séjour en chirurgie").first
    expect(stay).to_contain_text(re.compile(r"Du\s18\sau\s19\smars"))
    expect(stay.get_by_role("link", name="Compte rendu opératoire")).to_be_visible()
    # and its source opens
    stay.get_by_role("link").first.click()
    expect(visitor.page).to_have_url(re.compile("/documents/"))


@pytest.mark.parametrize("visitor", [{"size": PHONE, "scripts": True}], indirect=True, ids=["phone-scripts"])
def test_by_the_keys_alone_to_a_year_and_on_to_what_came_before(visitor: Visitor) -> None:
    # given Dominique, who uses no pointer
    keys = Keyboard(visitor, "fr", scripts=True)
    visitor.signs_in_as("dominique")
    keys.follows(keys.finds("Histoire de santé"))
    shown = visitor.page.locator("#liste ol > li")
    before = shown.count()
    # when she goes on where the page ended
    keys.presses(keys.finds("Voir la suite"))
    # then what came before stands below, each line once
    expect(shown.nth(before)).to_be_attached()
    lines = [each.get_attribute("id") for each in shown.all()]
    assert len(set(lines)) == len(lines)
    # and when she looks for a word and keeps one year, few are left
    visitor.goes_to("/histoire")
    keys.types(visitor.page.locator("main input[name=q]"), "potassium")
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.locator("#compte")).to_contain_text("potassium")
    found = count(visitor)
    keys.presses(visitor.page.locator("#annees a.cn-chip", has_text=re.compile("^2023")))
    expect(visitor.page.locator("#annees a[aria-current]")).to_contain_text("2023")
    assert 0 < count(visitor) < found
    keys.ends()
