"""Every document of the corpus on its page, on a phone and at a desk: an album to be looked at (`build/album`), and
what can be checked without eyes."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from carnet.documents import intake
from carnet.documents.rules import DepositRefused
from tests import people
from tests.corpus import cda_bytes, cda_facts, needs_corpus
from tests.journeys.conftest import DESKTOP, PHONE, Visitor

pytestmark = [pytest.mark.long, needs_corpus]

ALBUM = Path(__file__).resolve().parents[2] / "build" / "album"


@pytest.fixture(scope="module")
def reader(house: object) -> people.Resident:
    return people.a_patient()


@pytest.fixture(scope="module")
def shelf(reader: people.Resident) -> dict[str, UUID]:
    """The whole corpus in one record: documents by file."""
    return {facts["file"]: deposited(facts, reader) for facts in cda_facts()}


def deposited(facts: dict[str, Any], patient: people.Resident) -> UUID:
    """Under new numbers, since some stand twice in the corpus."""
    data = cda_bytes(facts)
    try:
        told = intake.read_cda(data)
    except DepositRefused:
        told = people.entry(title=facts["title"] or facts["file"])
    entry = replace(told, unique_id=f"2.25.{uuid4().int}", media_type="text/xml", labels=frozenset(), replaces=())
    return people.deposited(people.software(), patient, data, of=entry).id


@pytest.mark.parametrize(
    "visitor",
    [{"size": PHONE, "scripts": True}, {"size": DESKTOP, "scripts": True}],
    indirect=True,
    ids=["phone", "desk"],
)
@pytest.mark.parametrize("file", [facts["file"] for facts in cda_facts()])
def test_a_document_is_read_in_comfort(
    visitor: Visitor, file: str, shelf: dict[str, UUID], reader: people.Resident
) -> None:
    visitor.sits_as(reader.actor)
    visitor.goes_to(f"/documents/{shelf[file]}")
    _all_images(visitor)
    size = visitor.page.viewport_size
    assert size
    ALBUM.mkdir(parents=True, exist_ok=True)
    visitor.page.screenshot(path=ALBUM / f"{Path(file).stem}-{size['width']}.png", full_page=True)
    assert visitor.faults() == []
    assert visitor.sideways(size["width"]) <= 0
    levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", visitor.page.locator("main").inner_html())]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels
    assert visitor.page.locator(".cn-narrative, .cn-leaf, .cn-pre").first.is_visible()
    assert broken_images(visitor) == []


def _all_images(visitor: Visitor) -> None:
    """Those that wait to be scrolled to as well."""
    visitor.page.evaluate("document.querySelectorAll('img[loading=lazy]').forEach(img => img.loading = 'eager')")
    visitor.page.evaluate("Promise.all([...document.images].map(img => img.decode().catch(() => 0)))")


def broken_images(visitor: Visitor) -> list[str]:
    found: list[str] = visitor.page.evaluate(
        "[...document.images].filter(img => !img.naturalWidth).map(img => img.src.slice(0, 80))"
    )
    return found
