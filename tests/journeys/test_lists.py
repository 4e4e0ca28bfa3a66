"""A person finds, hides and arranges documents; with and without scripts, on a phone and at a desk."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from carnet.cli.token import token_for
from tests.api.caller import Caller
from tests.cast import identifier
from tests.journeys.conftest import DESKTOP, NARROW, PHONE, Visitor

SCREENS = pytest.mark.parametrize(
    "visitor",
    [{"size": PHONE}, {"size": DESKTOP}, {"size": PHONE, "scripts": True, "dark": True}, {"scripts": True}],
    indirect=True,
    ids=["phone", "desk", "phone-scripts-dark", "desk-scripts"],
)
SCRIPTS = pytest.mark.parametrize("visitor", [{"scripts": True}], indirect=True)


@pytest.fixture
def titles_for_dr_nguyen(server: str) -> Callable[[], list[str]]:
    """Of the documents that the cardiologist's software finds."""
    software = Caller(server, token_for("dr-nguyen"))
    query = {"patient.identifier": identifier("dominique"), "status": "current", "_count": "200"}

    def titles() -> list[str]:
        answer = software.get("DocumentReference", query)
        assert answer.status_code == 200
        return [entry["resource"]["content"][0]["attachment"]["title"] for entry in answer.json().get("entry", [])]

    return titles


@pytest.fixture(autouse=True)
def fits(visitor: Visitor) -> Iterator[None]:
    """Where a journey ends, the page is accessible and fits the narrowest screen."""
    yield
    scripted = visitor.page.evaluate("typeof htmx") == "object"
    assert not (visitor.faults() if scripted else [])
    assert visitor.sideways(NARROW[0]) <= 0


def _plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'")


def count(visitor: Visitor) -> int:
    found = re.match(r"\d+", visitor.page.inner_text("#compte"))
    assert found
    return int(found[0])


def chip(visitor: Visitor, name: str) -> None:
    link = visitor.page.locator("#filtres a.cn-chip", has_text=re.compile(name)).first
    if not link.is_visible():
        visitor.page.click("#filtres summary")
    link.click()
    expect(visitor.page.locator("#filtres a[aria-current]", has_text=re.compile(name)).first).to_be_attached()


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
        assert len(addresses) == count(visitor)
        assert addresses[0].endswith(first or "-")


@SCREENS
def test_hiding_a_document_from_ones_doctors(visitor: Visitor, titles_for_dr_nguyen: Callable[[], list[str]]) -> None:
    # given a document that the cardiologist's software finds
    visitor.signs_in_as("dominique")
    visitor.goes_to("/documents")
    known = titles_for_dr_nguyen()
    rows = [(row, _plain(row.inner_text())) for row in visitor.page.locator("#liste a.cn-row__t").all()]
    row, title = next((row, title) for row, title in rows if known.count(title) == 1)
    # when she reads what hiding does, and hides it
    row.click()
    visitor.clicks("Masquer")
    assert visitor.sees("votre médecin traitant et l’auteur du document continueront de le voir")
    visitor.clicks("Masquer ce document", "button")
    # then she is told, and the software finds it no more
    expect(visitor.page.locator("[role=status]")).to_contain_text("Le document est masqué.")
    assert title not in titles_for_dr_nguyen()
    # and when she takes it back, it does
    visitor.clicks("Annuler", "button")
    expect(visitor.page.locator("[role=status]")).to_contain_text("Le document est visible.")
    assert title in titles_for_dr_nguyen()


@SCREENS
def test_arranging_documents_in_ones_own_way(visitor: Visitor) -> None:
    # given Dominique with a document before her
    visitor.signs_in_as("dominique")
    visitor.goes_to("/documents")
    visitor.page.click("main a.cn-row__t >> nth=4")
    title = visitor.heading()
    # when she pins it, puts it into a folder of her own and gives it a tag
    visitor.clicks("Ranger")
    visitor.page.get_by_label(re.compile("^Épingler")).check()
    visitor.page.get_by_label("Un nouveau classeur").check()
    visitor.page.get_by_label("Nom du nouveau classeur").fill("Mes seins")
    visitor.page.get_by_label("Étiquettes").fill("à montrer")
    visitor.clicks("Enregistrer", "button")
    assert visitor.sees("C’est rangé.")
    # then each of the three finds it in her list, alone
    for name in ("Épinglés", "Mes seins", "à montrer"):
        visitor.goes_to("/documents")
        chip(visitor, name)
        expect(visitor.page.locator("#compte")).to_have_text(re.compile("^1 "))
        assert visitor.page.inner_text("#liste a.cn-row__t").replace("\u00a0", " ") == title
    # and the folder goes away without it
    visitor.goes_to("/documents")
    chip(visitor, "Mes seins")
    visitor.clicks("Renommer ou retirer ce classeur")
    visitor.clicks("Retirer le classeur", "button")
    visitor.page.get_by_role("link", name=title).first.click()
    visitor.clicks("Ranger")
    visitor.page.get_by_label(re.compile("^Épingler")).uncheck()
    visitor.page.get_by_label("Étiquettes").fill("")
    visitor.clicks("Enregistrer", "button")


@SCREENS
def test_a_document_that_is_somebody_elses(visitor: Visitor) -> None:
    # given a document that Dominique does not know
    visitor.signs_in_as("dominique")
    visitor.goes_to("/documents")
    before = count(visitor)
    visitor.page.click("main a.cn-row__t >> nth=6")
    # when she says so
    visitor.clicks("Ce document n’est pas le mien")
    visitor.page.get_by_label("Ce qui ne va pas (facultatif)").fill("Je n'ai jamais vu ce médecin.")
    visitor.clicks("Signaler ce document", "button")
    # then it has left her list, until she takes it back
    assert visitor.sees("Ce document n’est plus dans votre liste.")
    visitor.goes_to("/documents")
    assert count(visitor) == before - 1
    visitor.goes_to("/documents?vue=autrui")
    visitor.page.click("main a.cn-row__t")
    visitor.clicks("Ce document n’est pas le mien")
    visitor.clicks("Annuler", "button")
    visitor.goes_to("/documents")
    assert count(visitor) == before


@SCREENS
def test_a_session_that_ends_while_she_writes(visitor: Visitor) -> None:
    # given Dominique writing
    visitor.signs_in_as("dominique")
    visitor.goes_to("/documents")
    visitor.page.click("main a.cn-row__t >> nth=3")
    visitor.clicks("Ce document n’est pas le mien")
    field = visitor.page.get_by_label("Ce qui ne va pas (facultatif)")
    field.fill("Je n'étais pas là ce jour.")
    # when her session ends before she sends
    _ends(visitor)
    visitor.clicks("Signaler ce document", "button")
    assert visitor.heading() == "Se connecter"
    assert visitor.sees("Ce que vous aviez écrit est gardé trente minutes.")
    # then her words are there again once she has signed in
    visitor.page.get_by_role("link", name=re.compile("FranceConnect")).click()
    visitor.page.click("button[value=dominique]")
    visitor.page.wait_for_url("**/pas-le-mien")
    assert visitor.sees("Ce que vous aviez écrit est toujours là.")
    assert field.input_value() == "Je n'étais pas là ce jour."


def _ends(visitor: Visitor) -> None:
    """The session has lain idle too long: its « seen » is moved, not the clock."""
    from django.contrib.sessions.backends.db import SessionStore

    key = next(cookie["value"] for cookie in visitor.context.cookies() if cookie["name"] == "carnet_session")
    session = SessionStore(key)
    session["seen"] -= 3600
    session.save()


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
    _ends(visitor)
    visitor.page.locator("#filtres a", has_text="Comptes rendus").click()
    visitor.page.wait_for_url("**/connexion?raison=expiree*")
    assert visitor.heading() == "Se connecter"
