"""A person takes a copy of the whole record, with and without scripts."""

from __future__ import annotations

import zipfile

import pytest

from tests.journeys.conftest import DESKTOP, PHONE, Visitor
from tests.journeys.test_every_page import checked


@pytest.mark.parametrize(
    ("visitor", "language"),
    [
        ({"size": PHONE, "scripts": True}, "fr"),
        pytest.param({"size": DESKTOP, "scripts": True, "dark": True}, "en", marks=pytest.mark.long),
    ],
    indirect=["visitor"],
    ids=["phone-fr", "desk-dark-en"],
)
def test_its_pages_are_accessible(visitor: Visitor, language: str) -> None:
    visitor.signs_in_as("jean")
    visitor.speaks(language)
    visitor.goes_to("/export")
    found = checked(visitor, "before")
    prepared(visitor)
    found += checked(visitor, "ready")
    visitor.page.click("button[value=effacer]")
    assert found == []


def prepared(visitor: Visitor) -> None:
    visitor.page.click("button[value=preparer]")
    for _ in range(60):
        visitor.goes_to("/export")
        if visitor.page.locator("a[href='/export/carnet.zip']").count():
            return
        visitor.page.wait_for_timeout(500)
    raise AssertionError("the copy is not ready")


@pytest.mark.parametrize(
    "visitor",
    [{"size": PHONE, "scripts": True}, pytest.param({"size": DESKTOP}, marks=pytest.mark.long)],
    indirect=True,
)
def test_a_copy_of_the_whole_record(visitor: Visitor) -> None:
    # given Dominique, who finds the way in the menu of her account
    visitor.signs_in_as("dominique")
    visitor.goes_to("/accueil")
    visitor.page.click("summary")
    visitor.page.click("a[href='/export']")
    # when she asks for a copy and waits for it
    prepared(visitor)
    # then she downloads it
    with visitor.page.expect_download() as waiting:
        visitor.page.click("a[href='/export/carnet.zip']")
    assert waiting.value.suggested_filename.startswith("carnet-20")
    with zipfile.ZipFile(waiting.value.path()) as archive:
        assert "LISEZMOI.html" in archive.namelist()
        assert len([name for name in archive.namelist() if name.startswith("originals/")]) >= 40
    # and leaves nothing behind
    visitor.page.click("button[value=effacer]")
    assert not visitor.page.locator("a[href='/export/carnet.zip']").count()
