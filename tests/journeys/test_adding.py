"""A person adds papers and files, replaces them and takes them back: with and without scripts, on a phone and at a
desk."""

from __future__ import annotations

from io import BytesIO
from uuid import uuid4

import pytest
from django.utils import timezone
from PIL import Image, ImageDraw
from playwright.sync_api import FilePayload, Route

from tests.journeys.conftest import DESKTOP, PHONE, Visitor
from tests.journeys.test_every_page import checked
from tests.kernel.render.samples import lines, page

PHONE_WITH, DESK_WITHOUT = {"size": PHONE, "scripts": True}, {"size": DESKTOP}
BOTH = pytest.mark.parametrize(
    "visitor",
    [PHONE_WITH, pytest.param(DESK_WITHOUT, marks=pytest.mark.long)],
    indirect=True,
    ids=["phone", "desk-no-script"],
)


def photograph(text: str) -> FilePayload:
    """A paper on a table."""
    picture = Image.new("RGB", (900, 1200), "#8a6f52")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((60, 60, 840, 1140), fill="#fdfdf8")
    for line in range(12):
        pen.text((120, 140 + line * 70), f"{text}, ligne {line + 1}", fill="#222", font_size=34)
    out = BytesIO()
    picture.save(out, "JPEG", quality=80)
    return {"name": "IMG_20250312_101112.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def a_file(name: str, data: bytes, media_type: str = "application/pdf") -> FilePayload:
    return {"name": name, "mimeType": media_type, "buffer": data}


def sends(visitor: Visitor, field: str, *files: FilePayload) -> None:
    """With scripts the files leave as soon as they are chosen, without them on the button."""
    visitor.page.set_input_files(f"#{field}", list(files))
    button = visitor.page.locator(f"form:has(#{field}) button")
    if button.is_visible():
        button.click()
    visitor.page.wait_for_url(lambda url: url.rstrip("/").count("/") >= 5)
    visitor.page.wait_for_load_state()


def described(visitor: Visitor, title: str, day: str = "12 3 2025") -> None:
    visitor.page.fill("#titre", title)
    visitor.page.fill("#jour", day)


@BOTH
def test_three_photographs_become_one_document(visitor: Visitor) -> None:
    # given Dominique with a paper of three pages
    title = f"Bilan du genou {uuid4().hex[:6]}"
    visitor.signs_in_as("dominique")
    visitor.goes_to("/documents")
    visitor.clicks("Ajouter")
    assert visitor.heading() == "Ajouter un document"
    # when she takes a picture of the first, then adds the others
    sends(visitor, "photo", photograph("Première page"))
    assert visitor.heading() == "Qu’est-ce que c’est\u202f?"
    assert visitor.sees("1 page")
    sends(visitor, "fichier", photograph("Deuxième page"), photograph("Troisième page"))
    visitor.page.get_by_role("heading", name="3 pages").wait_for()
    # and says what it is
    described(visitor, title, f"{timezone.localdate():%d %m %Y}")
    visitor.page.select_option("#type", label="Compte rendu ou courrier")
    visitor.clicks("Ajouter à mon carnet", "button")
    # then it is in her record, as her own
    assert visitor.heading() == title
    assert visitor.sees("Le document est dans votre carnet.")
    assert visitor.page.locator("main >> text=Ajouté par vous").first.is_visible()
    visitor.goes_to("/documents")
    assert visitor.sees(title)


def test_a_file_is_proposed_with_its_type_title_and_date(visitor: Visitor) -> None:
    # given a file that says what it is
    visitor.signs_in_as("jean")
    visitor.goes_to("/documents/ajouter")
    # when Jean sends it
    sends(visitor, "fichier", a_file("Ordonnance Dr Martin 12-03-2025.pdf", a_prescription()))
    # then the form has it already
    assert visitor.page.input_value("#titre") == "Ordonnance Dr Martin"
    assert visitor.page.input_value("#jour") == "12/03/2025"
    assert visitor.page.locator("#type option:checked").inner_text() == "Ordonnance ou document de soins"
    # and he may give it up
    visitor.clicks("Ne rien ajouter, et effacer ces fichiers", "button")
    assert visitor.heading() == "Ajouter un document"
    assert not visitor.page.get_by_text("Vous avez commencé un ajout").count()


def a_prescription() -> bytes:
    return page(lines("ORDONNANCE", "1 comprimé le matin"))


@BOTH
def test_what_is_missing_is_said_and_nothing_is_lost(visitor: Visitor) -> None:
    visitor.signs_in_as("paul")
    visitor.goes_to("/documents/ajouter")
    sends(visitor, "photo", photograph("Une page"))
    # when the form is sent without a title and with a date of tomorrow
    visitor.page.fill("#titre", "")
    visitor.page.fill("#jour", "1 1 2099")
    visitor.clicks("Ajouter à mon carnet", "button")
    # then each fault leads to its field, and the picture is still there
    summary = visitor.page.locator(".nhsuk-error-summary")
    assert summary.get_by_role("link").all_inner_texts() == [
        "Saisissez un titre",
        "Écrivez une date passée\u00a0: celle-ci n’est pas encore venue",
    ]
    assert visitor.sees("Page 1")
    # and who comes back later finds it
    visitor.goes_to("/documents/ajouter")
    visitor.clicks("Continuer")
    assert visitor.sees("Page 1")
    visitor.clicks("Ne rien ajouter, et effacer ces fichiers", "button")


@BOTH
def test_a_file_that_is_not_taken_is_explained(visitor: Visitor) -> None:
    visitor.signs_in_as("paul")
    visitor.goes_to("/documents/ajouter")
    visitor.page.set_input_files("#fichier", [a_file("virus.exe", b"MZ" + bytes(100), "application/pdf")])
    button = visitor.page.locator("form:has(#fichier) button")
    if button.is_visible():
        button.click()
    visitor.page.get_by_text("n’est pas d’un genre accepté").first.wait_for()
    assert visitor.heading() == "Ajouter un document"


@pytest.mark.parametrize("visitor", [PHONE_WITH], indirect=True)
def test_a_broken_connection_loses_nothing_that_has_come(visitor: Visitor) -> None:
    # given a connection that breaks at the second picture
    visitor.signs_in_as("paul")
    visitor.goes_to("/documents/ajouter")
    count = 0

    def breaking(route: Route) -> None:
        nonlocal count
        count += 1
        if count == 2:
            route.abort("connectionreset")
        else:
            route.continue_()

    visitor.page.route("**/fichiers", breaking)
    # when three are sent
    visitor.page.set_input_files("#fichier", [photograph(f"Page {n}") for n in range(3)])
    # then it is said, and the rest follows
    visitor.page.get_by_text("L’envoi s’est interrompu. Ce qui était déjà reçu est gardé.").wait_for()
    assert visitor.faults() == []
    visitor.clicks("Réessayer", "button")
    visitor.page.get_by_role("heading", name="3 pages").wait_for()
    visitor.clicks("Ne rien ajouter, et effacer ces fichiers", "button")


@BOTH
def test_a_new_version_and_taking_it_back(visitor: Visitor) -> None:
    # given a document that Jean has added
    title = f"Courrier {uuid4().hex[:6]}"
    visitor.signs_in_as("jean")
    visitor.goes_to("/documents/ajouter")
    sends(visitor, "fichier", a_file("lettre.pdf", a_prescription()))
    described(visitor, title)
    visitor.page.check("#qui-2")
    visitor.clicks("Ajouter à mon carnet", "button")
    assert visitor.sees("Il est masqué\u00a0: parmi vos soignants, seul votre médecin traitant le voit.")
    # when he replaces it
    visitor.clicks("Remplacer")
    assert visitor.heading() == "Remplacer un document"
    sends(visitor, "photo", photograph("La bonne page"))
    described(visitor, f"{title} corrigé")
    visitor.clicks("Remplacer l’ancienne version", "button")
    # then the new one stands in its place
    assert visitor.sees("La nouvelle version est dans votre carnet.")
    visitor.goes_to("/documents")
    assert visitor.page.get_by_role("link", name=title).count() == 1
    # when he deletes it
    visitor.page.get_by_role("link", name=title).click()
    visitor.clicks("Supprimer")
    assert visitor.heading() == "Supprimer ce document\u202f?"
    visitor.clicks("Supprimer", "button")
    # then neither is there any more
    assert visitor.sees("Le document est supprimé.")
    assert visitor.page.get_by_role("link", name=title).count() == 0


@pytest.mark.parametrize(
    ("visitor", "language"),
    [
        pytest.param({"size": PHONE, "scripts": True}, "fr", marks=pytest.mark.long),
        ({"size": PHONE, "dark": True, "scripts": True}, "en"),
        pytest.param({"size": DESKTOP, "dark": True, "scripts": True}, "fr", marks=pytest.mark.long),
        pytest.param({"size": DESKTOP, "scripts": True}, "en", marks=pytest.mark.long),
    ],
    indirect=["visitor"],
)
def test_the_pages_of_adding_are_accessible(visitor: Visitor, language: str) -> None:
    visitor.signs_in_as("dominique")
    visitor.speaks(language)
    visitor.goes_to("/documents/ajouter")
    found = checked(visitor, "start")
    sends(visitor, "fichier", photograph("Page 1"), photograph("Page 2"))
    visitor.page.locator(".cn-pages li").nth(1).wait_for()
    found += checked(visitor, "details")
    visitor.page.fill("#titre", "")
    visitor.page.locator("main form:has(#titre) button").click()
    visitor.page.locator(".nhsuk-error-summary").wait_for()
    found += checked(visitor, "faults")
    described(visitor, "Papier")
    visitor.page.locator("main form:has(#titre) button").click()
    visitor.page.wait_for_url("**fait=ajoute")
    found += checked(visitor, "added")
    visitor.page.locator("main a[href$=supprimer]").click()
    found += checked(visitor, "remove")
    visitor.page.locator("main form button").click()
    visitor.page.wait_for_url("**fait=supprime")
    assert found + checked(visitor, "list") == []
