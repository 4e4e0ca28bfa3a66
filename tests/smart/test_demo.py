"""The doctor's software of the demonstration, in a real browser: a patient is open in it, and so is their record."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page


def opened(browser: Browser, server: str, patient: str, way: str, doctor: str = "dr-martin") -> Page:
    page = browser.new_context().new_page()
    page.goto(f"{server}/demo/logiciel")
    page.select_option("#soignant", doctor)
    page.select_option("#patient", patient)
    page.get_by_role("button", name=way).click()
    return page


@pytest.mark.long
def test_a_click_opens_the_record_or_an_app(browser: Browser, server: str) -> None:
    page = opened(browser, server, "dominique", "Ouvrir son carnet")
    assert "/pro/carnets/" in page.url
    assert page.url.rstrip("/").count("/") == len(["http:", "", "h", "pro", "carnets", "x"]) - 1
    assert "PAT-TROIS" in page.inner_text("body")
    page.context.close()

    page = opened(browser, server, "dominique", "Lancer une application")
    page.get_by_role("button", name="Laisser entrer cette application").click()
    page.get_by_text("Documents visibles").wait_for()
    assert "PAT-TROIS" in page.inner_text("#application h2")
    assert "code=" not in page.url
    page.goto(f"{server}/demo/application")
    page.get_by_text("depuis le logiciel du cabinet.").wait_for()
    page.context.close()

    page = opened(browser, server, "dominique", "Ouvrir son carnet", doctor="dr-inconnu")
    assert page.url.endswith("/accord")
    page.context.close()
