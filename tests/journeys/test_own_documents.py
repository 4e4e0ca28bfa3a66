"""A person hides documents, arranges them, says what is not theirs; on a phone and at a desk, scripts on and off."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from carnet.cli.token import token_for
from tests.api.caller import Caller
from tests.cast import identifier
from tests.journeys.conftest import Visitor
from tests.journeys.lists import SCREENS, chip, count, ends, plain

pytestmark = pytest.mark.usefixtures("fits")


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


@SCREENS
def test_hiding_a_document_from_ones_doctors(visitor: Visitor, titles_for_dr_nguyen: Callable[[], list[str]]) -> None:
    # given a document that the cardiologist's software finds
    visitor.signs_in_as("dominique")
    visitor.goes_to("/documents")
    known = titles_for_dr_nguyen()
    rows = [(row, plain(row.inner_text())) for row in visitor.page.locator("#liste a.cn-row__t").all()]
    row, title = next((row, title) for row, title in rows if known.count(title) == 1)
    # when she reads what hiding does, and hides it
    row.click()
    visitor.clicks("Masquer")
    assert visitor.sees("votre médecin traitant, qui le remplace ou l’assiste, et l’auteur du document")
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
    ends(visitor)
    visitor.clicks("Signaler ce document", "button")
    assert visitor.heading() == "Se connecter"
    assert visitor.sees("Ce que vous aviez écrit est gardé trente minutes.")
    # then her words are there again once she has signed in
    visitor.page.get_by_role("link", name=re.compile("FranceConnect")).click()
    visitor.page.click("button[value=dominique]")
    visitor.page.wait_for_url("**/pas-le-mien")
    assert visitor.sees("Ce que vous aviez écrit est toujours là.")
    assert field.input_value() == "Je n'étais pas là ce jour."
