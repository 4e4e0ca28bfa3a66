"""A person finds a document and reads it; scripts are off, on a phone and at a desk."""

from __future__ import annotations

import re

import pytest

from tests.journeys.conftest import DESKTOP, PHONE, Visitor

SCREENS = pytest.mark.parametrize(
    "visitor",
    [{"size": PHONE}, pytest.param({"size": DESKTOP}, marks=pytest.mark.long)],
    indirect=True,
    ids=["phone", "desk"],
)


@SCREENS
def test_from_the_landing_to_a_document(visitor: Visitor) -> None:
    # given a visitor who does not know the place
    visitor.goes_to("/")
    assert visitor.heading().startswith("Votre santé vous suit.")
    # when they try the demonstration as Dominique and open the first document
    visitor.clicks("Essayer un carnet de démonstration", "button")
    assert visitor.heading() == "Bonjour Dominique"
    visitor.clicks("Documents")
    shared = "main li:not(:has-text('Ajouté par vous')):not(:has-text('Masqué')) a.cn-row__t >> nth=0"
    title = visitor.page.inner_text(shared)
    visitor.page.click(shared)
    # then they read it, who wrote it and who can see it
    assert visitor.heading() == title.replace("\u00a0", " ")
    assert visitor.sees("Qui peut voir ce document")
    assert visitor.sees("Votre médecin traitant")


@SCREENS
def test_the_list_of_accesses_tells_of_the_reading(visitor: Visitor) -> None:
    # given Dominique, who has read a document
    visitor.signs_in_as("dominique")
    visitor.goes_to("/documents")
    visitor.page.click("main a.cn-row__t >> nth=1")
    title = visitor.heading()
    # when she looks who has accessed her record
    visitor.goes_to("/acces")
    assert visitor.heading() == "Qui a accédé à mon carnet"
    assert visitor.sees("a déposé")
    visitor.clicks("Vos actions")
    # then her own reading stands there too
    assert title in visitor.page.inner_text("main").replace("\u00a0", " ")


@pytest.mark.parametrize("visitor", [{"scripts": True}], indirect=True)
def test_downloading_the_original(visitor: Visitor) -> None:
    # given a document on the screen
    visitor.signs_in_as("dominique")
    visitor.goes_to("/recherche?q=Synthèse médicale")
    visitor.page.click("main a:has-text('Synthèse médicale') >> nth=0")
    # when the original is asked for
    with visitor.page.expect_download() as waiting:
        visitor.page.get_by_role("link", name="Télécharger l’original").click()
    # then it comes as a file named after the document
    assert re.fullmatch(r"Synthèse médicale.*\.xml", waiting.value.suggested_filename)


@SCREENS
def test_another_language_is_kept(visitor: Visitor) -> None:
    # given Dominique on her home page
    visitor.signs_in_as("dominique")
    # when she chooses English
    visitor.page.get_by_role("link", name="English").last.click()
    # then this page and the next are in English
    assert visitor.heading() == "Hello Dominique"
    visitor.clicks("Accesses")
    assert visitor.heading() == "Who has accessed my health record"


@SCREENS
def test_signing_out(visitor: Visitor) -> None:
    # given somebody signed in
    visitor.signs_in_as("paul")
    # when they open the account menu and sign out
    visitor.page.click("summary")
    visitor.clicks("Se déconnecter", "button")
    # then they are told, and the record is closed
    assert visitor.sees("Vous avez quitté Carnet.")
    visitor.goes_to("/documents")
    assert visitor.heading() == "Se connecter"


def test_with_the_keyboard_alone(visitor: Visitor) -> None:
    # given Dominique on the list of her documents
    visitor.signs_in_as("dominique")
    visitor.goes_to("/documents")
    # when she skips the navigation and goes on to the first document by keys
    visitor.page.keyboard.press("Tab")
    assert visitor.page.locator(":focus").inner_text() == "Aller au contenu"
    visitor.page.keyboard.press("Enter")
    for _ in range(40):
        visitor.page.keyboard.press("Tab")
        if "cn-row__t" in (visitor.page.locator(":focus").get_attribute("class") or ""):
            break
    title = visitor.page.locator(":focus").inner_text().replace("\u00a0", " ")
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url("**/documents/*")
    # then she reads it
    assert visitor.heading() == title


@pytest.mark.parametrize(
    ("key", "words"), [("marc", "Votre carnet est fermé"), ("claire", "Vous avez refusé votre carnet")]
)
def test_a_record_that_is_not_open_says_why(visitor: Visitor, key: str, words: str) -> None:
    visitor.signs_in_as(key)
    assert visitor.heading() == words


def test_a_professional_is_told_that_this_is_not_their_page(visitor: Visitor) -> None:
    # given a doctor
    visitor.signs_in_as("dr-martin")
    assert visitor.heading() == "Trouver un patient"
    # when he asks for the pages of patients
    visitor.goes_to("/accueil")
    # then he is told so, and keeps his session
    assert visitor.heading() == "Accès non autorisé"
    visitor.clicks("Revenir à mes pages")
    assert visitor.heading() == "Trouver un patient"
