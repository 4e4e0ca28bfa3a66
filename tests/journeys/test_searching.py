"""A person looks for a word that they remember; scripts are off, on a phone and at a desk."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest
from playwright.sync_api import expect

from carnet.demo.cast import record_id
from carnet.documents import extracting
from carnet.documents.actions import deposit
from carnet.formats.terminology import document_types
from carnet.kernel.actor import Purpose
from carnet.people.queries import actor_by_key
from tests import people
from tests.journeys.conftest import DESKTOP, PHONE, Visitor
from tests.kernel.render import samples

SCREENS = pytest.mark.parametrize(
    "visitor",
    [{"size": PHONE}, pytest.param({"size": DESKTOP}, marks=pytest.mark.long)],
    indirect=True,
    ids=["phone", "desk"],
)
TITLE = "Courrier du centre de rééducation"


@pytest.fixture(scope="module")
def letter(server: str) -> str:
    """A letter of two pages in Dominique's record; the second tells of a thing that nothing else tells of."""
    first, second = (
        pikepdf.open(BytesIO(samples.page(samples.lines(text))))
        for text in ("Madame,", "nous vous prêtons un déambulateur pour trois semaines.")
    )
    first.pages.extend(second.pages)
    software = actor_by_key("hopital")
    assert software is not None
    entry = people.entry(type_code="11490-0", title=TITLE)
    deposit(
        software,
        Purpose.DEPOSIT,
        record_id=record_id("dominique"),
        entry=replace(entry, media_type="application/pdf", format=document_types.default_format("application/pdf")),
        content=samples.saved(first),
    )
    while extracting.extract(record_id("dominique")):
        time.sleep(0.1)
    return TITLE


@SCREENS
def test_a_letter_is_found_by_a_word_of_its_second_page_in_two_acts(visitor: Visitor, letter: str) -> None:
    # given Dominique on the list of her documents, who remembers one word
    visitor.signs_in_as("dominique")
    visitor.goes_to("/documents")
    # when she types it, with an ending of her own
    visitor.page.fill("main input[name=q]", "deambulateurs")
    visitor.page.press("main input[name=q]", "Enter")
    # then the letter is shown, with the words around hers and the page that they stand on
    assert visitor.page.inner_text("main mark") == "déambulateur"
    assert visitor.sees("Page 2")
    # and when she opens it, it is that letter, at that page
    visitor.page.click("main a.cn-row__t")
    assert visitor.heading() == letter
    assert re.search(r"/documents/[0-9a-f-]{36}\?q=deambulateurs#page-2$", visitor.page.url)


@SCREENS
def test_a_typing_error_is_mended(visitor: Visitor, letter: str) -> None:
    # given Dominique, who mistypes
    visitor.signs_in_as("dominique")
    visitor.goes_to("/recherche?q=le+deambulatuer")
    assert visitor.sees("Rien pour « le deambulatuer »")
    # when she follows what is proposed
    visitor.clicks("Vouliez-vous dire « le déambulateur » ?")
    # then she finds it
    assert visitor.page.input_value("main input[name=q]") == "le déambulateur"
    assert visitor.page.inner_text("main a.cn-row__t") == letter


@SCREENS
def test_one_type_is_chosen_among_those_found(visitor: Visitor, letter: str) -> None:
    # given what Dominique finds of her doctor, of several types
    visitor.signs_in_as("dominique")
    visitor.goes_to("/recherche?q=Martin")
    chips = visitor.page.locator("main a.cn-chip")
    assert chips.count() > 2
    every, first = (int(chips.nth(at).locator(".n").inner_text()) for at in (0, 1))
    assert visitor.page.inner_text("#compte").startswith(f"{every} documents")
    # when she chooses one
    chips.nth(1).click()
    # then only those are left, and all can be had again
    assert visitor.page.inner_text("#compte").startswith(f"{first} document")
    assert visitor.page.locator("main a.cn-chip[aria-current]").inner_text().endswith(str(first))
    visitor.page.locator("main a.cn-chip").first.click()
    assert visitor.page.inner_text("#compte").startswith(f"{every} documents")


def test_more_results_follow(visitor: Visitor) -> None:
    # given more results than a page holds
    visitor.signs_in_as("dominique")
    visitor.goes_to("/recherche?q=Dr")
    every = int(visitor.page.inner_text("#compte").split()[0])
    seen = visitor.page.locator("main a.cn-row__t").evaluate_all("links => links.map(link => link.href)")
    assert every > len(seen) == 20
    # when she goes on to the last page
    while visitor.page.get_by_role("link", name="Voir les résultats suivants").count():
        visitor.clicks("Voir les résultats suivants")
        seen += visitor.page.locator("main a.cn-row__t").evaluate_all("links => links.map(link => link.href)")
    # then each has been shown once
    assert len(seen) == len(set(seen)) == every
    visitor.clicks("Revenir aux premiers résultats")
    assert visitor.page.locator("main a.cn-row__t").first.get_attribute("href") in seen[0]


def test_in_english_too(visitor: Visitor, letter: str) -> None:
    visitor.signs_in_as("dominique")
    visitor.speaks("en")
    visitor.goes_to("/recherche?q=déambulateur")
    assert visitor.heading() == "Search"
    assert visitor.page.inner_text("#compte") == "1 document for “déambulateur”."


@pytest.mark.parametrize(
    "visitor",
    [{"size": PHONE, "scripts": True}, pytest.param({"scripts": True}, marks=pytest.mark.long)],
    indirect=True,
    ids=["phone", "desk"],
)
def test_results_follow_what_is_typed(visitor: Visitor, letter: str) -> None:
    # given Dominique on the page of the search, with her hands on the keys
    visitor.signs_in_as("dominique")
    visitor.goes_to("/recherche")
    box = visitor.page.locator("main input[name=q]")
    box.focus()
    # when she types, letter by letter, then thinks for a moment
    visitor.page.keyboard.type("deambu", delay=60)
    # then the letter stands there before the word is whole
    expect(visitor.page.locator("#compte")).to_have_text("1 document pour « deambu ».")
    expect(visitor.page.locator("#resultats a.cn-row__t")).to_have_text(letter)
    visitor.page.keyboard.type("lateur", delay=60)
    # and stays, she has been told, and her keys are still in the box, with all that she typed
    expect(visitor.page.locator("#resultats a.cn-row__t")).to_have_text(letter)
    expect(visitor.page.locator("#compte[role=status]")).to_contain_text("1 document")
    expect(box).to_be_focused()
    expect(box).to_have_value("deambulateur")
    visitor.page.wait_for_url("**/recherche?q=deambulateur")
    # and when she takes back what she typed, nothing is left of it
    for _ in "deambulateur":
        visitor.page.keyboard.press("Backspace", delay=10)
    expect(visitor.page.get_by_text("Que cherchez-vous")).to_be_visible()
    expect(visitor.page.locator("#resultats a.cn-row__t")).to_have_count(0)
    assert visitor.faults() == []
