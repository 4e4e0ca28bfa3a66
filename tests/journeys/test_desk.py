"""A doctor's ten seconds by the keys: a patient scanned into the field, the next document beside the list, two printed
as one PDF, and a value found."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from carnet.formats.ins import parse
from carnet.formats.ins_datamatrix import InsTraits, written
from carnet.kernel import render
from tests.cast import TEST_OID
from tests.health.reports import a_report
from tests.health.test_pace import at_rest
from tests.journeys.conftest import NARROW, Visitor
from tests.people import a_doctor, a_patient, authorised, deposited, entry, software

WIDE = pytest.mark.parametrize("visitor", [{"scripts": True, "size": (1280, 900)}], indirect=True)


@WIDE
def test_a_patient_is_scanned_read_through_printed_and_searched(visitor: Visitor) -> None:
    # Given somebody with three documents, one of which is a structured report of a laboratory
    patient = a_patient()
    for title in ("Courrier du service", "Ordonnance de sortie"):
        deposited(software(), patient, f"Texte : {title}.".encode(), of=entry(title=title))
    a_report(patient, "4.6")
    at_rest()
    doctor = authorised(patient, a_doctor())
    visitor.sits_as(doctor)
    visitor.goes_to("/pro/")
    page = visitor.page
    assert not visitor.faults()
    # When her datamatrix is scanned into the field that a key leads to
    page.keyboard.press("p")
    expect(page.locator("#patient")).to_be_focused()
    printed = InsTraits(parse(patient.ins, TEST_OID), "CAMILLE", "ESSAI", "F", date(1985, 1, 12), "51215")
    page.keyboard.insert_text(written(printed))
    page.keyboard.press("Enter")
    page.wait_for_url("**/pro/carnets/*")
    # Then her documents are read one after the other beside the list
    page.goto(f"{page.url.partition('?')[0]}/documents?periode=tout")
    assert not visitor.faults()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    beside = page.locator("#apercu")
    expect(beside).to_be_visible()
    first = beside.get_by_role("heading").first.inner_text()
    page.keyboard.press("j")
    expect(beside.get_by_role("heading").first).not_to_have_text(first)
    expect(page.get_by_text("2 sur 3")).to_be_visible()
    page.keyboard.press("k")
    expect(beside.get_by_role("heading").first).to_have_text(first)
    assert beside.bounding_box()["x"] > page.locator("#documents").bounding_box()["x"]  # type: ignore[index]
    # And two are printed as one
    listed = page.url
    prints_two(visitor)
    page.goto(listed)
    # And a value is found with its day and what the laboratory says of it
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.insert_text("tsh")
    page.keyboard.press("Enter")
    page.wait_for_url("**/recherche?*")
    row = page.get_by_role("row").filter(has_text="TSH").first
    expect(row).to_contain_text("4,6")
    expect(row).to_contain_text("Au-dessus des valeurs du laboratoire")
    assert not visitor.faults()
    # And whoever is disturbed by the keys turns them off
    visitor.goes_to("/pro/")
    expect(page.locator("#file").get_by_role("link", name="ESSAI Camille")).to_be_visible()
    page.get_by_role("button", name="Désactiver les raccourcis").click()
    page.keyboard.press("p")
    expect(page.locator("#patient")).not_to_be_focused()
    for where in ("/pro/", f"/pro/carnets/{patient.record_id}/documents"):
        visitor.goes_to(where)
        assert visitor.sideways(NARROW[0]) <= 0


def prints_two(visitor: Visitor) -> None:
    page, listed = visitor.page, visitor.page.url
    page.get_by_role("checkbox", name="Analyses").check()
    page.get_by_role("checkbox", name="Courrier du service").check()
    fields = page.evaluate("[...new FormData(document.querySelector('form:has([name=document])'))]")
    with page.expect_response("**/documents/imprimer") as answered:
        page.get_by_role("button", name="Imprimer les documents cochés").click()
    assert (answered.value.status, answered.value.headers["content-type"]) == (200, "application/pdf")
    # The browser keeps what it shows to itself: the same is sent once more.
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": visitor.base, "Referer": listed}
    again = page.request.post(answered.value.url, data=urlencode([tuple(each) for each in fields]), headers=headers)
    pages = render.texts(again.body())
    assert len(pages) == 2
    assert any("Texte : Courrier du service." in each and "ESSAI Camille" in each for each in pages)
    assert any("TSH" in each and "4,6" in each.replace(".", ",") for each in pages)
