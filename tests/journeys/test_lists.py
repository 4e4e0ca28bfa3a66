"""A person finds, hides and arranges documents; with and without scripts, on a phone and at a desk."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Visitor
from tests.journeys.lists import SCREENS, chip, count, ends

pytestmark = pytest.mark.usefixtures("fits")

SCRIPTS = pytest.mark.parametrize("visitor", [{"scripts": True}], indirect=True)


@SCREENS
def test_finding_a_document_by_filters(visitor: Visitor) -> None:
    # given Dominique among all her documents
    visitor.signs_in_as("dominique")
    visitor.goes_to("/documents")
    everything = count(visitor)
    # when she keeps the results of laboratories, and of them those of one year
    chip(visitor, "Résultats de biologie")
    results = count(visitor)
    chip(visitor, "2023")
    # then few are left, all of that year, and the address can be kept
    assert 0 < count(visitor) < results < everything
    expect(visitor.page.locator("#liste h2")).to_have_text(["2023"])
    assert "annee=2023" in visitor.page.url
    # and when she takes both choices back, everything is there again
    visitor.page.get_by_role("link", name="Retirer ce choix : 2023").click()
    expect(visitor.page.locator("#compte")).to_have_text(re.compile(f"^{results} "))
    visitor.page.locator("#filtres a", has_text="Tous").click()
    expect(visitor.page.locator("#compte")).to_have_text(re.compile(f"^{everything} "))


@SCREENS
def test_going_on_to_older_documents(visitor: Visitor) -> None:
    # given the first page of the list
    visitor.signs_in_as("dominique")
    visitor.goes_to("/documents")
    first = visitor.page.locator("#liste a.cn-row__t").first.get_attribute("href")
    # when she asks for more
    visitor.clicks("Voir plus de documents")
    expect(visitor.page.get_by_role("heading", name=re.compile("suite"))).to_be_visible()
    # then the older ones are there, after the first ones where the page was not left
    addresses = visitor.page.eval_on_selector_all("#liste a.cn-row__t", "all => all.map(one => one.href)")
    assert len(set(addresses)) == len(addresses)
    if visitor.page.evaluate("typeof htmx") == "object":
        while visitor.page.get_by_text("Voir plus de documents").is_visible():
            before = len(addresses)
            visitor.clicks("Voir plus de documents")
            expect(visitor.page.locator("#liste a.cn-row__t")).not_to_have_count(before)
            addresses = visitor.page.eval_on_selector_all("#liste a.cn-row__t", "all => all.map(one => one.href)")
        assert len(set(addresses)) == len(addresses) == count(visitor)
        assert addresses[0].endswith(first or "-")


@SCREENS
def test_in_english_all_the_way(visitor: Visitor) -> None:
    # given Dominique who has chosen English before she signs in
    visitor.goes_to("/")
    visitor.page.get_by_role("link", name="English").last.click()
    visitor.clicks("Try a demonstration health record", "button")
    assert visitor.heading() == "Hello Dominique"
    # when she keeps the hidden documents of her list
    visitor.clicks("Documents")
    chip(visitor, "Lab results|Test results|results")
    # then the list speaks English
    assert re.match(r"\d+ documents?", visitor.page.inner_text("#compte"))
    visitor.page.click("main a.cn-row__t >> nth=0")
    visitor.clicks("Hide")
    assert visitor.heading() == "Who sees this document"


@SCREENS
def test_who_does_not_want_a_record_is_told_how(visitor: Visitor) -> None:
    visitor.goes_to("/")
    visitor.clicks("Refuser mon carnet")
    assert visitor.heading() == "Refuser mon carnet"
    assert visitor.sees("Vous en avez le droit")


@SCRIPTS
def test_filters_by_keyboard_alone(visitor: Visitor) -> None:
    # given the list, and the keyboard on a filter
    visitor.signs_in_as("dominique")
    visitor.goes_to("/documents")
    visitor.page.locator("#filtres a", has_text="Résultats de biologie").focus()
    chosen = visitor.page.evaluate("document.activeElement.id")
    # when it is chosen
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.locator(f"#{chosen}[aria-current]")).to_be_attached()
    # then the keyboard is still there, on the choice that can be taken back
    expect(visitor.page.locator(f"#{chosen}")).to_be_focused()
    # No hand is faster than htmx, which takes a new link into its care some 20 ms after showing it.
    visitor.page.wait_for_timeout(300)
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.locator("#f-tous[aria-current]")).to_be_attached()
    expect(visitor.page.locator(f"#{chosen}")).to_be_focused()


@SCRIPTS
def test_a_fragment_is_fetched_and_the_page_stays(visitor: Visitor) -> None:
    # given the list with a mark that a new page would not have
    visitor.signs_in_as("dominique")
    visitor.goes_to("/documents")
    visitor.page.evaluate("window.mark = 1")
    # when a filter is chosen, and left by the way back
    chip(visitor, "Comptes rendus")
    assert visitor.page.evaluate("window.mark") == 1
    assert "categorie=" in visitor.page.url
    visitor.page.go_back()
    expect(visitor.page.locator("#f-tous[aria-current]")).to_be_attached()
    # then nothing of the list was kept in the browser
    kept = visitor.page.evaluate("[...Object.keys(sessionStorage), ...Object.keys(localStorage)]")
    assert kept == ["htmx-current-path-for-history"]
    # and a session that ends sends the whole page to sign in
    ends(visitor)
    visitor.page.locator("#filtres a", has_text="Comptes rendus").click()
    visitor.page.wait_for_url("**/connexion?raison=expiree*")
    assert visitor.heading() == "Se connecter"
