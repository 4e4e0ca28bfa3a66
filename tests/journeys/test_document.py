"""A person reads what is no structured text: pages as images with their text, older versions, words that were looked
for; scripts are off, on a phone and at a desk."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from uuid import UUID

import pikepdf
import pytest

from carnet.kernel import render
from tests import people
from tests.conftest import House
from tests.journeys.conftest import DESKTOP, PHONE, Visitor
from tests.kernel.render import samples
from tests.kernel.render.shown import ink, shown

SCREENS = pytest.mark.parametrize(
    "visitor",
    [{"size": PHONE}, pytest.param({"size": DESKTOP}, marks=pytest.mark.long)],
    indirect=True,
    ids=["phone", "desk"],
)
CHECKED = pytest.mark.parametrize(
    ("visitor", "language"),
    [
        ({"size": PHONE, "scripts": True}, "fr"),
        pytest.param({"size": DESKTOP, "scripts": True, "dark": True}, "en", marks=pytest.mark.long),
    ],
    indirect=["visitor"],
)


def scanned(patient: people.Resident) -> UUID:
    """A document of one page as PDF."""
    entry = replace(people.entry(title="Bilan sanguin"), media_type="application/pdf")
    data = samples.page(samples.lines("Bilan sanguin", "Ferritine : 8 microgrammes par litre"))
    return people.deposited(people.software(), patient, data, of=entry).id


def corrected(patient: people.Resident) -> tuple[UUID, UUID]:
    software, old = people.software(), people.entry(title="Bilan, premier envoi")
    first = people.deposited(software, patient, b"Ferritine : 80", of=old)
    new = people.entry(title="Bilan", replaces=(old.unique_id,))
    return first.id, people.deposited(software, patient, b"Ferritine : 8", of=new).id


@SCREENS
def test_the_pages_of_a_pdf_and_their_text(visitor: Visitor, house: House) -> None:
    # given a person with a PDF
    patient = people.a_patient()
    visitor.sits_as(patient.actor)
    visitor.goes_to(f"/documents/{scanned(patient)}")
    # when she looks at its page, then it is there, as large as its place was
    page = visitor.page.get_by_role("img", name="Page 1")
    box = page.bounding_box()
    assert box
    assert abs(box["height"] / box["width"] - 842 / 595) < 0.01
    # when she asks for the text, then she reads it
    assert not visitor.sees("Ferritine : 8 microgrammes par litre")
    visitor.page.get_by_text("Lire le texte").click()
    assert visitor.sees("Ferritine : 8 microgrammes par litre")
    # and the page alone opens large
    visitor.clicks("Agrandir")
    assert visitor.page.url.endswith("largeur=1600")


@SCREENS
def test_words_that_were_looked_for_are_marked_and_come_into_sight(visitor: Visitor, house: House) -> None:
    patient = people.a_patient()
    visitor.sits_as(patient.actor)
    visitor.goes_to(f"/documents/{scanned(patient)}?q=ferritine")
    visitor.clicks("Aller au premier passage")
    mark, page = visitor.page.locator("#passage-1"), visitor.page.get_by_role("img", name="Page 1")
    box, place = mark.bounding_box(), page.bounding_box()
    assert box
    assert place
    assert 0 < box["y"] < (visitor.page.viewport_size or {"height": 0})["height"]
    assert place["x"] < box["x"] < place["x"] + place["width"] / 2
    visitor.clicks("Ne plus surligner")
    assert visitor.page.locator("#passage-1").count() == 0


@SCREENS
def test_an_earlier_version_leads_to_the_one_in_force_and_back(visitor: Visitor, house: House) -> None:
    patient = people.a_patient()
    first, second = corrected(patient)
    visitor.sits_as(patient.actor)
    visitor.goes_to(f"/documents/{first}")
    assert visitor.sees("Ce document a été remplacé par une version plus récente")
    visitor.clicks("Lire la version en vigueur")
    assert visitor.page.url.endswith(str(second))
    visitor.page.get_by_text("1 version précédente").click()
    old = visitor.page.get_by_role("link", name="Bilan, premier envoi")
    assert "line-through" in old.evaluate("link => getComputedStyle(link.closest('s')).textDecorationLine")
    old.click()
    assert visitor.heading() == "Bilan, premier envoi"


@CHECKED
def test_every_kind_of_reading_is_without_a_fault(visitor: Visitor, language: str, house: House) -> None:
    patient = people.a_patient()
    locked = replace(people.entry(title="Scellé"), media_type="application/pdf")
    shown = [f"{scanned(patient)}?q=ferritine", *corrected(patient)]
    shown.append(people.deposited(people.software(), patient, samples.blank(1, "x"), of=locked).id)
    visitor.sits_as(patient.actor)
    visitor.speaks(language)
    size = visitor.page.viewport_size
    assert size
    for each in shown:
        visitor.goes_to(f"/documents/{each}")
        for summary in visitor.page.locator("main summary").all():
            summary.click()
        assert visitor.faults() == []
        assert visitor.sideways(320) <= 0
        visitor.page.set_viewport_size(size)


@pytest.mark.parametrize("visitor", [{"scripts": True}], indirect=True)
def test_on_paper_stand_name_birth_and_day_and_every_page(visitor: Visitor, house: House) -> None:
    patient = people.a_patient()
    entry = replace(people.entry(title="Trois pages"), media_type="application/pdf")
    whole = pikepdf.new()
    for _ in range(3):
        whole.pages.extend(pikepdf.open(BytesIO(samples.page(samples.lines("Ferritine")))).pages)
    document = people.deposited(people.software(), patient, samples.saved(whole), of=entry)
    visitor.sits_as(patient.actor)
    visitor.goes_to(f"/documents/{document.id}")
    printed = visitor.page.pdf(format="A4")
    paper = render.text(printed)
    count = render.page_count(printed)
    head = "CAMILLE ESSAI, naissance : 12 janvier 1985. Imprimé le"
    assert " ".join(paper.replace("\u00a0", " ").split()).count(head) == count, "whose it is stands on each sheet"
    assert all(f"{number} / {count}" in paper for number in range(1, count + 1))
    for act in ("Télécharger", "Masquer", "Link", f"/documents/{document.id}"):
        assert act not in paper
    assert "Qui peut voir" not in paper
    # Pages that were never scrolled to are printed too.
    assert render.page_count(printed) >= 3
    assert ink(shown(render.page_image(printed, 3, 800)), (0, 0, 1, 0.4)) > 20
