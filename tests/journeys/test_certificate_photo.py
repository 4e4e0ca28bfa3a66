"""Checking a vaccination certificate with the phone's camera: the browser reads the code, the photo stays in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.conftest import PHONE, Visitor

pytestmark = pytest.mark.usefixtures("fits")

# This browser has no reader of codes: one that sees two on every photo, as that of a telephone would.
READER = (
    "window.BarcodeDetector = class {"
    " async detect() { return ['shc:/1', 'shc:/2'].map((rawValue) => ({ rawValue })); } };"
)
ICON = Path(__file__).parents[2] / "src/carnet/web/static/icon-192.png"


@pytest.mark.parametrize("visitor", [pytest.param({"size": PHONE, "scripts": True}, id="phone")], indirect=True)
def test_a_photo_fills_in_the_codes_where_the_browser_reads_them(visitor: Visitor) -> None:
    visitor.goes_to("/verifier/vaccins")
    assert not visitor.page.get_by_text("Photographier le code").is_visible()
    visitor.context.add_init_script(READER)
    visitor.page.reload()
    visitor.page.set_input_files("#photo", ICON)
    visitor.page.get_by_text("Le code est lu.").wait_for()
    assert visitor.page.input_value("#code") == "shc:/1\nshc:/2"
    assert visitor.faults() == []
    visitor.clicks("Vérifier", "button")
    assert visitor.heading() == "Vérifier un certificat de vaccination"
    assert visitor.sees("Code 2")
